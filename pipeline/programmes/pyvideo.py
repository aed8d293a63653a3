"""Kind `pyvideo`: a copy of the archive behind pyvideo.org, one event of it or all.

The layout is that of github.com/pyvideo/data: a folder an event with category.json and
videos/*.json, and NO_PUBLISH.json beside the events. Must not hold more than one event at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.model import Fetch, Imported, Link, Secret, Speaker, Talk
from pipeline.programmes import _values as values
from pipeline.programmes._claims import settle
from pipeline.programmes._ids import Ids
from pipeline.programmes._reading import (
    check_options,
    is_address,
    load_json,
    read_bytes,
    unreadable,
)
from pipeline.text import clean, clean_block, name_key, slug, video_key

# ISO 639-3, as the archive's schema asks for, to the shorter code that BCP 47 prefers.
_SHORTER = (
    "eng:en spa:es rus:ru fra:fr por:pt kor:ko jpn:ja ita:it deu:de zho:zh pol:pl slk:sk lit:lt "
    "tha:th ces:cs heb:he eus:eu glg:gl nld:nl ukr:uk hun:hu tur:tr ara:ar hin:hi swe:sv dan:da "
    "fin:fi nor:no cat:ca"
)
_LANGUAGES = dict(pair.split(":") for pair in _SHORTER.split())
# Tags that say what kind of talk it is; `performance` is a topic there.
_KINDS = {
    "keynote": "keynote",
    "lightning talk": "lightning",
    "lightning talks": "lightning",
    "tutorial": "workshop",
    "workshop": "workshop",
    "panel": "panel",
    "poster": "poster",
}
_SLIDE_HOSTS = ("speakerdeck.com", "slideshare.net", "slides.com")

Row = tuple[str, bytes]
"""A file of an event: its name without ending, and what it holds."""


class PyvideoProgramme:
    """Imports one event's folder, or every event's of a whole archive, one at a time."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        check_options("pyvideo", options)

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the event or the archive in the folder `where`. Raises SourceError.

        Of an archive, an event that cannot be read is told by an Imported without talks.
        """
        if is_address(where):
            raise unreadable(where, "it is a web address; clone the archive and give its folder")
        root = Path(where)
        if (root / "category.json").is_file():
            return iter([_read_event(fetch, root, barred=_barred(fetch, root.parent))])
        folders = _events(root)
        if not folders:
            raise unreadable(
                where, "no category.json is in it or one level below; give an event's folder"
            )
        return _read_all(fetch, folders, barred=_barred(fetch, root))


def parse_category(
    category: bytes,
    videos: Iterable[Row],
    *,
    key: str,
    where: str,
    barred: frozenset[int] = frozenset(),
) -> Imported:
    """Return the event of a category.json and the files of its videos, in order of recording.

    `key` is the folder's name; `barred` are ids that the archive must not publish. A file that
    is no video is skipped. Raises SourceError where category.json is none.
    """
    head = values.mapping(load_json(category, where=where))
    name = values.line(head.get("title"))
    if not name:
        raise unreadable(where, "it has no title; is it a category.json?")
    skipped: list[str] = []
    found: list[tuple[str, str, Mapping[str, object]]] = []
    for stem, body in videos:
        try:
            row = values.mapping(load_json(body, where=f"{stem}.json"))
        except SourceError as error:
            skipped.append(clean(error.message))
            continue
        if row.get("id") in barred:
            skipped.append(f"{stem}: the archive's NO_PUBLISH.json bars it")
        elif not values.line(row.get("title")):
            skipped.append(f"{stem}: it has no title; is it the file of a video?")
        else:
            found.append((values.raw(row.get("recorded")), stem, row))
    ids = Ids()
    ordered = sorted(found, key=lambda one: (one[0] or "9999", one[1]))
    talks = settle([_talk(row, stem, ids, skipped) for _, stem, row in ordered], skipped)
    days = [talk.day for talk in talks if talk.day]
    start = values.day(head.get("start_date")) or min(days, default=None)
    end = values.day(head.get("end_date")) or max(days, default=start)
    return Imported(
        key=slug(key),
        name=name,
        start=start,
        end=max(end, start) if end and start else start,
        website=values.web(head.get("url")),
        introduction=values.block(head.get("description")),
        talks=talks,
        skipped=tuple(skipped),
    )


def _talk(row: Mapping[str, object], stem: str, ids: Ids, skipped: list[str]) -> Talk:
    title = values.line(row.get("title"))
    names = [name for one in values.rows(row.get("speakers")) if (name := values.line(one))]
    speakers = {name_key(name) or name: Speaker(name=name) for name in reversed(names)}
    tags = [tag for one in values.rows(row.get("tags")) if (tag := values.line(one))]
    links = [link for one in values.rows(row.get("related_urls")) if (link := _link(one))]
    slides = tuple(one for one in links if _is_slides(one))
    return Talk(
        id=ids.propose(title),
        title=title,
        speakers=tuple(speakers.values())[::-1],
        summary=_summary(row),
        kind=next((_KINDS[tag.lower()] for tag in tags if tag.lower() in _KINDS), "talk"),
        day=_day(row, stem, skipped),
        length=_length(row.get("duration")),
        language=_language(row.get("language")),
        tags=tuple(dict.fromkeys(tags)),
        slides=slides,
        links=tuple(one for one in links if one not in slides),
        codes=tuple(dict.fromkeys(filter(None, _codes(row, stem)))),
        recordings=_recordings(row, stem, skipped),
    )


def _codes(row: Mapping[str, object], stem: str) -> Iterator[str | None]:
    """Yield the number that is unique in the whole archive, then the names within the event."""
    yield values.line(row.get("id"))
    yield values.line(row.get("slug"))
    yield clean(stem)


def _day(row: Mapping[str, object], stem: str, skipped: list[str]) -> date | None:
    day = values.day(row.get("recorded"))
    if day is None and values.line(row.get("recorded")):
        skipped.append(f"{stem}: recorded: {values.line(row['recorded'])!r} is no day; left out")
    return day


def _length(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e6:
        return None
    return values.sensible(timedelta(seconds=round(value)))


def _language(value: object) -> str | None:
    text = values.raw(value).strip().lower()
    return _LANGUAGES.get(text) or values.language(text)


def _summary(row: Mapping[str, object]) -> str | None:
    """Return the longer of the two descriptions; older files have the text in `summary`."""
    texts = (values.block(row.get(name)) or "" for name in ("description", "summary"))
    return clean_block(max(texts, key=len)) or None


def _link(value: object) -> Link | None:
    if isinstance(value, str):
        return values.link(value, None)
    row = values.mapping(value)
    return values.link(row.get("url"), row.get("label"))


def _is_slides(link: Link) -> bool:
    return values.means_slides(link.label) or any(f"{host}/" in link.url for host in _SLIDE_HOSTS)


def _recordings(row: Mapping[str, object], stem: str, skipped: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in values.rows(row.get("videos")):
        url = values.web(values.mapping(one).get("url"))
        try:
            found[video_key(url or "")] = None
        except ValueError:
            skipped.append(f"{stem}: one of its videos has no address that names a video")
    return tuple(found)


def _read_all(
    fetch: Fetch, folders: Iterable[Path], *, barred: frozenset[int]
) -> Iterator[Imported]:
    for folder in folders:
        try:
            yield _read_event(fetch, folder, barred=barred)
        except SourceError as error:
            yield Imported(key=slug(folder.name), skipped=(error.message,))


def _read_event(fetch: Fetch, folder: Path, *, barred: frozenset[int]) -> Imported:
    where = str(folder / "category.json")
    files = _listed(folder / "videos")
    videos = ((one.stem, read_bytes(fetch, str(one))) for one in files if one.suffix == ".json")
    return parse_category(
        read_bytes(fetch, where), videos, key=folder.name, where=where, barred=barred
    )


def _events(root: Path) -> list[Path]:
    return [
        one
        for one in _listed(root)
        if not one.name.startswith(".") and (one / "category.json").is_file()
    ]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise unreadable(
            str(folder), f"{error.strerror}; give the folder of an event or of the archive"
        ) from error


def _barred(fetch: Fetch, root: Path) -> frozenset[int]:
    """Return the ids that the archive's own NO_PUBLISH.json lists; none where there is no such."""
    path = root / "NO_PUBLISH.json"
    if not path.is_file():
        return frozenset()
    found = load_json(read_bytes(fetch, str(path)), where=str(path))
    ids = values.rows(found)
    if not isinstance(found, list) or not all(isinstance(one, int) for one in ids):
        raise unreadable(str(path), "it is no list of numbers, so nobody knows what to keep back")
    return frozenset(one for one in ids if isinstance(one, int))
