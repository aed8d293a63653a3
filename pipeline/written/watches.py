"""A watch list as people write it, in an event's event.yaml or for a series in config.yaml.

Only describes and builds it; whether its kind takes its options is the source's to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from pipeline import text
from pipeline.model import Event, Rules, Watch
from pipeline.written.filemodel import Duration, Every, FileModel, Id, Line

_PATTERN_LIMIT = 200


def _parse_pattern(value: object) -> str:
    """Check a regular expression; the text stays as written."""
    if isinstance(value, str) and 0 < len(value) <= _PATTERN_LIMIT:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(
                f"{value!r} is no regular expression ({error}); "
                "put a backslash before signs that are meant as such"
            ) from error
        return value
    raise ValueError(
        f"{value!r} is no pattern; write words of the title in quotes, "
        f"{_PATTERN_LIMIT} characters at most"
    )


Pattern = Annotated[
    str,
    BeforeValidator(_parse_pattern),
    WithJsonSchema({"type": "string", "examples": ["TeaConf 2031", "trailer|teaser"]}),
]


class FallbackFile(FileModel):
    """A fuller way to a list; keys that are not named here belong to the kind."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Line]

    kind: Line = Field(description="A kind that shows the whole list, such as yt-dlp.")


class WatchFile(FileModel):
    """A video list to watch; keys that are not named here belong to the kind (docs/sources.md)."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Line]

    kind: Line = Field(description="file, youtube, …")
    id: Id | None = Field(None, description="A name for the list; made from its address if absent.")
    only_this_event: bool | None = Field(
        None,
        description="Does every video belong to this event? "
        "True by default for playlists and files, false for channels.",
    )
    every: Every | None = Field(
        None, description="How often to look, instead of by the event's age."
    )
    min_duration: Duration | None = Field(
        None, description='Pass over shorter videos, in quotes: "5:00"; "1:01" if absent.'
    )
    title_matches: Pattern | None = Field(
        None, description="Take only videos whose title matches this regular expression."
    )
    ignore: list[Pattern] = Field(
        [], description="Pass over videos whose title matches one of these regular expressions."
    )
    fallback: FallbackFile | None = Field(
        None, description="A fuller way to the same list, for when this one may miss videos."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What config.yaml says of watch lists: `series` by their id, `options` by kind of source.

    `options` stand below those of each list of the kind, `base` for instance.
    """

    series: Mapping[str, tuple[Watch, ...]] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def join(self, event: Event) -> Event:
        """Return `event` with the lists of its series; its own list of the same id wins."""
        shared = self.series.get(event.series or "", ())
        own = {watch.id for watch in event.watches}
        more = tuple(watch for watch in shared if watch.id not in own)
        return replace(event, watches=(*event.watches, *more)) if more else event

    def fill(self, watch: Watch) -> Watch:
        """Return `watch` with the options of its kind below its own."""
        below = self.options.get(watch.kind)
        return replace(watch, options={**below, **watch.options}) if below else watch


def build_watch(
    file: WatchFile, place: tuple[int, int] = (0, 0), *, series: str | None = None
) -> Watch:
    """Return the Watch that `file` describes; `series` is set for a list of several events."""
    options = {key: str(value) for key, value in (file.model_extra or {}).items()}
    whole = series is None and (file.kind == "file" or "list=" in options.get("url", ""))
    made = Watch(
        id=file.id or _watch_id(file.kind, options),
        kind=file.kind,
        only_this_event=whole if file.only_this_event is None else file.only_this_event,
        every=file.every,
        options=options,
        rules=Rules(
            min_duration=file.min_duration,
            title_matches=file.title_matches,
            ignore=tuple(file.ignore),
        ),
        series=series,
        place=place,
    )
    if file.fallback is None:
        return made
    further = {key: str(value) for key, value in (file.fallback.model_extra or {}).items()}
    fuller = {**({"url": options["url"]} if "url" in options else {}), **further}
    return replace(made, fallback=replace(made, kind=file.fallback.kind, options=fuller))


def _watch_id(kind: str, options: dict[str, str]) -> str:
    """Return a name that stays while the list's address does, such as `file-videos`."""
    where = options.get("path") or options.get("url") or ""
    try:
        parts = urlsplit(where)
    except ValueError:
        # No address at all, which its kind says with what to write.
        parts = urlsplit("")
    tail = parts.query.rpartition("list=")[2] or parts.path.rstrip("/").rpartition("/")[2]
    return text.slug(f"{kind} {tail.rpartition('.')[0] or tail}")
