"""The files that people write under data/, as pydantic models; editors complete from their schema.

Models only describe one file each. What they mean together is in `assembly.py`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from pipeline import text
from pipeline.model import Verb
from pipeline.written.filemodel import (
    Block,
    Day,
    Duration,
    Every,
    FileModel,
    Id,
    Language,
    Line,
    Moment,
    Name,
    NearDay,
    Url,
    Zone,
)
from pipeline.written.plans import PlanFile, PlanText
from pipeline.written.watches import WatchFile


def _parse_video(value: object) -> str:
    """Check an address, key or YouTube id; the text stays as written."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no video; paste its address in quotes")
    text.video_key(value)
    return value.strip()


VideoRef = Annotated[
    str, BeforeValidator(_parse_video), WithJsonSchema({"type": "string", "examples": ["https://"]})
]


_TALK = r"^[a-z0-9-]+/[a-z0-9-]+$"


def _parse_talk(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(_TALK, value):
        return value
    raise ValueError(f"{value!r} names no talk; write event and talk, as in teaconf-2031/tea")


TalkRef = Annotated[
    str, BeforeValidator(_parse_talk), WithJsonSchema({"type": "string", "pattern": _TALK})
]


class SpeakerFile(FileModel):
    """A speaker of a talk, as of the event."""

    name: Name = Field(description="The name as the programme spells it.")
    role: Line | None = Field(None, description="What the speaker did there, such as Engineer.")
    affiliation: Line | None = Field(None, description="Company, project or university.")
    also: list[Name] = Field(
        default_factory=list, description="Other spellings, such as a nickname."
    )
    url: Url | None = Field(None, description="The speaker's own page.")


class LinkFile(FileModel):
    """A link that belongs to a talk."""

    url: Url
    label: Line | None = Field(None, description="What stands in the text; the address if absent.")


class EmbargoFile(FileModel):
    """A recording that may appear only from a day on."""

    embargoed: Day = Field(description="The first day (in the event's zone) it may appear.")


class TalkFile(FileModel):
    """One talk. Only `id` is required; a talk without a title gets it from its upload."""

    id: Id = Field(description="The talk's id for life, unique within the event.")
    title: Line | None = Field(None, description="The title; leave it out while nobody knows it.")
    also: list[Name] = Field(default_factory=list, description="Other titles of the same talk.")
    kind: Line = Field("talk", description="talk, keynote, panel, lightning, workshop, …")
    speakers: list[SpeakerFile | Name] = Field(
        default_factory=list, description="Names, or mappings with roles."
    )
    summary: Block | None = Field(None, description="A few sentences, in Markdown.")
    day: Day | None = Field(None, description="The day of the talk; the event's first if absent.")
    length: Duration | None = Field(None, description='The planned slot, in quotes: "25:00".')
    language: Language | None = Field(
        None, description="The talk's language if not the event's (BCP 47)."
    )
    track: Line | None = None
    tags: list[Name] = Field(default_factory=list)
    slides: list[LinkFile | Url] = Field(
        default_factory=list, description="Addresses of the slides."
    )
    links: list[LinkFile | Url] = Field(
        default_factory=list, description="Other links worth having."
    )
    codes: list[Line] = Field(
        default_factory=list,
        description="What the programme's system calls the talk: guid, code, slug.",
    )
    url: Url | None = Field(None, description="The talk's page in the programme.")
    expectation: (
        Literal["expected", "not_recorded", "withheld", "cancelled", "lost"] | EmbargoFile
    ) = Field("expected", description="All but `expected` keep the recording out of every output.")
    recordings: list[VideoRef] = Field(
        default_factory=list, description="Videos that are this talk; the first leads."
    )
    not_videos: list[VideoRef] = Field(
        default_factory=list, alias="not", description="Videos that are not this talk."
    )
    was: list[Id] = Field(
        default_factory=list, description="Former ids; feed ids are kept through a rename."
    )


class RecapFile(FileModel):
    """The words around the talks in the recap."""

    title: Line | None = None
    introduction: Block | None = Field(None, description="Markdown, before the talks.")
    conclusion: Block | None = Field(None, description="Markdown, after the talks.")
    author: Line | None = None


class OriginFile(FileModel):
    """Where the programme is imported from; further keys belong to the kind."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Line]

    kind: Line = Field(description="pretalx, frab, sessionize, … (docs/programmes.md)")
    url: Line = Field(description="Its address, or a path that starts at the event's folder.")
    every: Every | None = Field(None, description="How often to read it again; a day if absent.")


class EventFile(FileModel):
    """event.yaml: the event, what to watch, and its talks in programme order."""

    id: Id = Field(description="The event's id for life; the name of its folder.")
    name: Name
    short_name: Line | None = None
    also: list[Name] = Field(
        default_factory=list, description="Other names under which the event is known."
    )
    series: Id | None = Field(None, description="What its yearly events have in common.")
    start: NearDay = Field(description="First day, in the event's zone.")
    end: NearDay | None = Field(None, description="Last day; the first if absent.")
    timezone: Zone | None = Field(None, description="IANA name; the site's if absent.")
    language: Language = Field("en", description="BCP 47, such as en or de.")
    venue: Line | None = None
    city: Line | None = None
    country: Line | None = None
    website: Url | None = None
    recap: RecapFile = Field(default_factory=RecapFile)
    programme: OriginFile | None = Field(
        None, description="Where to import the talks from, again and again."
    )
    watch: list[WatchFile] = Field(default_factory=list, description="Video lists to look at.")
    announce: PlanFile | PlanText | None = Field(
        None, description="When released talks are announced; as config.yaml says if absent."
    )
    talks: list[TalkFile] = Field(default_factory=list)
    was: list[Id] = Field(default_factory=list, description="Former ids of the event.")


class ProgrammeFile(FileModel):
    """programme.yaml: the last import; what event.yaml says of a talk wins over it."""

    talks: list[TalkFile] = Field(default_factory=list)
    checks: dict[str, str] = Field(
        default_factory=dict,
        description="A checksum of each key of each talk, by which a change by hand is told.",
    )


class BarredFile(FileModel):
    """data/no-publish.yaml: what must never appear anywhere."""

    videos: list[VideoRef] = Field(default_factory=list)
    talks: list[TalkRef] = Field(default_factory=list, description="event/talk")
    speakers: list[Name] = Field(default_factory=list)


def _verb(value: object) -> Verb:
    try:
        return Verb(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is no decision; known: {', '.join(Verb)}") from None


class MendFile(FileModel):
    """Times that a clock gave which ran ahead, and what they mean."""

    since: Moment
    until: Moment
    at: Moment


class DecisionFile(FileModel):
    """One file under decisions/: who decided what, when. Never changed once written."""

    time: Moment
    verb: Annotated[Verb, BeforeValidator(_verb)]
    by: Line
    video: VideoRef | None = None
    talk: Line | None = None
    speaker: Line | None = None
    event: Id | None = None
    watch: Id | None = None
    announcement: Line | None = None
    target: Line | None = None
    undoes: Line | None = None
    reason: Line | None = None
    start: Duration | None = None
    mend: MendFile | None = None


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each file that people write, by the schema file's name."""
    models: dict[str, type[FileModel]] = {"event": EventFile, "no-publish": BarredFile}
    return {name: model.model_json_schema() for name, model in models.items()}
