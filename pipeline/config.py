"""config.yaml to Config: every option with its doc text.

Secrets never stand in it: they come from the environment, as `NAME` or `NAME_FILE`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from pipeline.errors import ConfigError, DatasetError
from pipeline.mail.settings import MailSettings, SettingsFile, build_settings
from pipeline.model import Plan, Site, SpareKind, Watch
from pipeline.passage import PERSON
from pipeline.written.filemodel import (
    FileModel,
    HomeUrl,
    Id,
    Language,
    Line,
    Name,
    Url,
    Zone,
    host,
    validate,
)
from pipeline.written.plans import PlanFile, PlanText, build_plan
from pipeline.written.targets import (
    MailTarget,
    MailTargetFile,
    NotifyFile,
    Target,
    build_mail_targets,
    build_targets,
)
from pipeline.written.watches import Lists, WatchFile, build_watch
from pipeline.written.yamltext import Document, Path_, read

NAME = "config.yaml"

_TAG = re.compile(r"[a-z0-9][a-z0-9.@_-]*\.[a-z0-9-]+,\d{4}(-\d\d){0,2}\Z")


def _parse_tag(value: object) -> str:
    if isinstance(value, str) and _TAG.match(value):
        return value
    raise ValueError(
        f"{value!r} is no tag authority; write a domain you own and a day or year on which you "
        "owned it, as in example.org,2031 (RFC 4151). It never changes afterwards"
    )


Tag = Annotated[
    str,
    BeforeValidator(_parse_tag),
    WithJsonSchema({"type": "string", "examples": ["example.org,2031"]}),
]


class SiteFile(FileModel):
    """Where the feeds are published, and what their ids are made of."""

    tag: Tag = Field(
        description="Domain and date that feed ids are made of. Set once, before the first "
        "publish; readers would see every talk again if it changed."
    )
    url: HomeUrl = Field(
        "http://localhost:8000/", description="Where feeds/ is served; may move at any time."
    )
    title: Name = Field("Conference recaps", description="Title of the feed of all events.")
    language: Language = Field("en", description="BCP 47 language of the pages of all events.")
    timezone: Zone = Field("UTC", description="For events that name no time zone of their own.")


class FeedsFile(FileModel):
    """What stands in the feeds."""

    size: int = Field(
        50,
        ge=1,
        le=150,
        description="Newest entries in the document that people subscribe to; older ones are in "
        "its archive pages.",
    )
    speakers: bool = Field(False, description="A feed for each speaker, as Atom.")
    tags: bool = Field(False, description="A feed for each tag, as Atom.")
    hub: Url | None = Field(
        None, description="A WebSub hub, which tells subscribers at once; named in all feeds."
    )


class OutputsFile(FileModel):
    """Which files are written for each event beside its page, its feeds and talks.json."""

    mail: bool = Field(
        True,
        description="email.html, email.txt and recap.eml. What `mail:` sends does not need them.",
    )
    markdown: bool = Field(True, description="recap.md, the recap as a wrap-up post.")
    fragments: bool = Field(
        True, description="recap-body.html and recap-post.md, for pages of an existing site."
    )

    def without(self) -> tuple[SpareKind, ...]:
        """Return the kinds that are not wanted."""
        return tuple(kind for kind in get_args(SpareKind) if not getattr(self, kind))


class FetchFile(FileModel):
    """How watch lists are fetched."""

    contact: Line = Field("", description="A page or address for server owners, sent along.")
    timeout: int = Field(30, ge=1, le=600, description="Seconds one answer may take as a whole.")
    private_addresses: bool = Field(
        False, description="Allow lists on this machine and the local network."
    )
    gap: float = Field(
        1.0, ge=0, le=60, description="Seconds between two requests to one host; 0 for none."
    )
    connections: int = Field(
        2, ge=1, le=8, description="Lists that are looked at together on one host, at most."
    )
    workers: int = Field(
        16, ge=1, le=64, description="Lists that are looked at together on all hosts, at most."
    )


class SeriesFile(FileModel):
    """What the events of one series share."""

    watch: list[WatchFile] = Field(
        [], description="Lists that every event of the series is offered; fetched once a run."
    )


class MailFile(SettingsFile):
    """Who writes the mails, why people get them, and where they go."""

    to: list[MailTargetFile] = Field(
        [], description="Where mails go. Without any, drafts are made and nothing is sent."
    )


class ServiceFile(FileModel):
    """How `recap serve` is watched over."""

    heartbeat: Url | None = Field(
        None,
        description="A monitor that calls when it is not pinged: `URL/start` as a pass begins, "
        "`URL` or `URL/fail` as it ends, as healthchecks.io takes them. An address that is a "
        "secret goes into RECAP_HEARTBEAT or RECAP_HEARTBEAT_FILE instead.",
    )


class ConfigFile(FileModel):
    """config.yaml as a whole."""

    site: SiteFile
    feeds: FeedsFile = Field(default_factory=FeedsFile)
    outputs: OutputsFile = Field(default_factory=OutputsFile)
    fetch: FetchFile = Field(default_factory=FetchFile)
    series: dict[Id, SeriesFile] = Field(
        default_factory=dict,
        description="By the id that events name as their `series:`, what those events share.",
    )
    sources: dict[str, dict[str, Line]] = Field(
        default_factory=dict,
        description="By kind of source, options for each of its lists that does not say else: "
        "`base` for another server, for instance.",
    )
    delivery: dict[str, dict[str, Line]] = Field(
        default_factory=dict,
        description="By kind of delivery, options for each entry of `notify:` and `mail.to:` that "
        "does not say else: `host` of a mail server, for instance.",
    )
    announce: PlanFile | PlanText = Field(
        "each",
        description="When released talks are announced; an event's own `announce:` takes its "
        "place as a whole.",
    )
    mail: MailFile = Field(default_factory=MailFile)
    notify: list[NotifyFile] = Field(
        [],
        description="Where the team is told of what fails: once when it begins, once when it is "
        "over.",
    )
    service: ServiceFile = Field(default_factory=ServiceFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration of one installation; folders are below `root`.

    `out` is another folder to publish to than feeds/.
    """

    root: Path
    site: Site
    contact: str = ""
    timeout_s: float = 30.0
    private_addresses: bool = False
    gap_s: float = 1.0
    connections: int = 2
    workers: int = 16
    lists: Lists = field(default_factory=Lists)
    plan: Plan = field(default_factory=Plan)
    notify: tuple[Target, ...] = ()
    mail: MailSettings = field(default_factory=MailSettings)
    mail_to: tuple[MailTarget, ...] = ()
    heartbeat: str | None = None
    out: Path | None = None

    @property
    def data(self) -> Path:
        """Return the folder of the dataset."""
        return self.root / "data"

    @property
    def feeds(self) -> Path:
        """Return the folder of what is published."""
        return self.out or self.root / "feeds"

    @property
    def templates(self) -> Path:
        """Return the folder of the user's own templates, which may be absent."""
        return self.root / "templates"

    @property
    def state(self) -> Path:
        """Return the folder of what makes runs cheaper."""
        return self.root / ".recap"

    @property
    def mail_ids(self) -> tuple[str, ...]:
        """Return the ids of the mail targets; where none is named, that of a person who pastes."""
        return tuple(one.id for one in self.mail_to) or (PERSON,)

    def secret(self, name: str) -> str | None:
        """Return the secret `name` from the environment, or from the file that `NAME_FILE` names.

        None where neither is set. Raises ConfigError where the file cannot be read.
        """
        value = os.environ.get(name, "").strip()
        path = os.environ.get(f"{name}_FILE", "").strip()
        if value or not path:
            return value or None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
            raise ConfigError(
                f"{name}_FILE names {path}, which cannot be read ({reason}); "
                "name a file that this user may read, or unset it"
            ) from error


def load_config(root: Path) -> Config:
    """Read config.yaml in `root`. Raises ConfigError with every problem of it."""
    path = root / NAME
    try:
        document = read(path, name=NAME)
        file = validate(ConfigFile, document, hint=_hint)
        lists = _lists(file, document)
        notify, problems = build_targets(file.notify, document, shared=file.delivery)
        mail_to, others = build_mail_targets(file.mail.to, document, shared=file.delivery)
        if problems or others:
            raise DatasetError((*problems, *others))
    except DatasetError as error:
        if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
            raise ConfigError(
                f"{path} is missing; change to the folder of your recap, name it with -C, "
                "or start a new one with `recap init`"
            ) from error
        raise ConfigError(error.message, problems=error.problems) from error
    url = file.site.url if file.site.url.endswith("/") else f"{file.site.url}/"
    return Config(
        root=root,
        site=Site(
            tag=file.site.tag,
            url=url,
            title=file.site.title,
            language=file.site.language,
            timezone=file.site.timezone,
            feed_size=file.feeds.size,
            hub=file.feeds.hub,
            speakers=file.feeds.speakers,
            tags=file.feeds.tags,
            subscribe_url=file.mail.subscribe_url,
            without=file.outputs.without(),
        ),
        contact=file.fetch.contact,
        timeout_s=float(file.fetch.timeout),
        private_addresses=file.fetch.private_addresses,
        gap_s=file.fetch.gap,
        connections=file.fetch.connections,
        workers=file.fetch.workers,
        lists=lists,
        plan=build_plan(file.announce),
        notify=notify,
        mail=build_settings(file.mail),
        mail_to=mail_to,
        heartbeat=file.service.heartbeat,
    )


def _lists(file: ConfigFile, document: Document) -> Lists:
    """Return the lists of series; raises DatasetError where two of one have the same id."""
    series: dict[str, tuple[Watch, ...]] = {}
    problems = []
    for name, one in file.series.items():
        made = [
            build_watch(each, document.place(("series", name, "watch", number)), series=name)
            for number, each in enumerate(one.watch)
        ]
        ids = [each.id for each in made]
        problems += [
            document.problem(
                ("series", name, "watch", number),
                f"the list id {each!r} is there twice; give one of them an `id:` of its own",
            )
            for number, each in enumerate(ids)
            if each in ids[:number]
        ]
        series[name] = tuple(made)
    if problems:
        raise DatasetError(tuple(problems))
    return Lists(series=series, options=file.sources)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of config.yaml, which editors complete from."""
    return ConfigFile.model_json_schema()


def _hint(path: Path_, parent: object) -> str | None:
    """Say which line to add for `site.tag`, with the domain of `site.url` where that is known."""
    if path not in (("site",), ("site", "tag")):
        return None
    url = parent.get("url") if isinstance(parent, dict) else None
    domain = (host(url) if isinstance(url, str) else None) or "example.org"
    line = f"tag: {domain},2026" if path[-1] == "tag" else f"site: {{tag: '{domain},2026'}}"
    return (
        f"insert the line `{line}`, with a domain that you own and a year in which you own it; "
        "feed ids are made of it for ever"
    )
