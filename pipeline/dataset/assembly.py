"""File models to the core's dataclasses: what the files of one event mean together.

event.yaml wins over programme.yaml key by key. Rules that span several places of a file
(unique ids, a folder named like its event) are checked here, all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date

from pipeline import text
from pipeline.dataset.schema import (
    BarredFile,
    DecisionFile,
    EmbargoFile,
    EventFile,
    LinkFile,
    OriginFile,
    SpeakerFile,
    TalkFile,
)
from pipeline.errors import DatasetError, Problem
from pipeline.model import (
    Barred,
    Decision,
    Event,
    Expectation,
    Ledger,
    Link,
    Mend,
    Origin,
    Speaker,
    Talk,
    Watch,
)
from pipeline.written.plans import build_plan
from pipeline.written.watches import build_watch
from pipeline.written.yamltext import Document, Path_


def missing_hint(path: Path_, parent: object) -> str | None:
    """Say which line to insert for a missing id, made from what stands beside it."""
    if path[-1] != "id" or not isinstance(parent, dict):
        return None
    for key in ("title", "name"):
        if isinstance(parent.get(key), str):
            return f"insert the line `id: {text.slug(parent[key])}`"
    speakers = parent.get("speakers")
    first = speakers[0] if isinstance(speakers, list) and speakers else None
    name = first.get("name") if isinstance(first, dict) else first
    return f"insert the line `id: {text.slug(name)}`" if isinstance(name, str) else None


def build_event(
    file: EventFile,
    document: Document,
    *,
    folder: str,
    zone: str,
    imported: Iterable[TalkFile] = (),
) -> Event:
    """Return the Event that an event.yaml (and a programme.yaml's talks) describe.

    `zone` is used where the event names none. Raises DatasetError with every problem that
    concerns several places at once.
    """
    talks = _overlay(imported, file.talks)
    watches = tuple(
        build_watch(watch, document.place(("watch", number)))
        for number, watch in enumerate(file.watch)
    )
    problems = [
        *_identity(file, document, folder),
        *_repeated_ids(file, document),
        *_repeated_links(file, document),
        *_repeated_watches(watches, document),
    ]
    if file.end and file.end < file.start:
        problems.append(document.problem(("end",), f"{file.end} is before start, {file.start}"))
    if problems:
        raise DatasetError(tuple(problems))
    return Event(
        id=file.id,
        name=file.name,
        start=file.start,
        end=file.end or file.start,
        timezone=file.timezone or zone,
        talks=tuple(build_talk(talk, file.start) for talk in talks),
        watches=watches,
        also=tuple(file.also),
        short_name=file.short_name,
        series=file.series,
        language=file.language,
        venue=file.venue,
        city=file.city,
        country=file.country,
        website=file.website,
        recap_title=file.recap.title,
        introduction=file.recap.introduction,
        conclusion=file.recap.conclusion,
        author=file.recap.author,
        origin=_origin(file.programme, document) if file.programme else None,
        plan=None if file.announce is None else build_plan(file.announce),
        was=tuple(file.was),
    )


def check_published(event: Event, ledger: Ledger, document: Document) -> None:
    """Raise DatasetError where a talk that was published is gone from the event's files."""
    known = {each for talk in event.talks for each in (talk.id, *talk.was)}
    problems = tuple(
        document.problem(
            ("talks",),
            f"the talk {talk_id!r} was published, but is gone; bring it back, put {talk_id!r} "
            "under `was:` of the talk it became, or give it `expectation: cancelled`",
        )
        for talk_id, row in sorted(ledger.talks.items())
        if row.released and talk_id not in known
    )
    if problems:
        raise DatasetError(problems)


def build_decision(file: DecisionFile, *, name: str) -> Decision:
    """Return the Decision of a decision file; `name` is the file's stem."""
    return Decision(
        id=name,
        time=file.time,
        verb=file.verb,
        by=file.by,
        video=text.video_key(file.video) if file.video else None,
        talk=file.talk,
        speaker=file.speaker,
        event=file.event,
        watch=file.watch,
        announcement=file.announcement,
        target=file.target,
        undoes=file.undoes,
        reason=file.reason,
        start=file.start,
        mend=Mend(**vars(file.mend)) if file.mend else None,
    )


def build_barred(file: BarredFile) -> Barred:
    """Return what data/no-publish.yaml bars, in comparable form."""
    return Barred(
        videos=frozenset(text.video_key(video) for video in file.videos),
        talks=frozenset(file.talks),
        speakers=frozenset(text.name_key(name) for name in file.speakers),
    )


def _overlay(imported: Iterable[TalkFile], own: Iterable[TalkFile]) -> list[TalkFile]:
    """Return imported talks with what event.yaml sets of them, then the talks only it has.

    A talk that event.yaml has renamed is known by its `was:` too. A video that event.yaml gives to
    a talk, or takes from one, is no other word's to give.
    """
    mine = {talk.id: talk for talk in own}
    renamed = {old: talk.id for talk in mine.values() for old in talk.was}
    given = {text.video_key(url) for talk in mine.values() for url in talk.recordings}
    merged = []
    for talk in imported:
        correction = mine.pop(talk.id, None) or mine.pop(renamed.get(talk.id, ""), None)
        changed = {"recordings": _unclaimed(talk, correction, given)}
        if correction:
            changed |= {name: getattr(correction, name) for name in correction.model_fields_set}
        merged.append(talk.model_copy(update=changed))
    return [*merged, *mine.values()]


def _unclaimed(talk: TalkFile, correction: TalkFile | None, given: Set[str]) -> list[str]:
    """Return the videos that the programme names at `talk` and event.yaml says nothing else of."""
    refused = {text.video_key(url) for url in correction.not_videos} if correction else set()
    return [url for url in talk.recordings if text.video_key(url) not in given | refused]


def build_talk(file: TalkFile, first_day: date | None = None) -> Talk:
    """Return the Talk of a file's talk; `first_day` is that of one without a day."""
    embargo = file.expectation.embargoed if isinstance(file.expectation, EmbargoFile) else None
    return Talk(
        id=file.id,
        title=file.title,
        also=tuple(file.also),
        speakers=tuple(_speaker(speaker) for speaker in file.speakers),
        summary=file.summary,
        kind=file.kind,
        day=file.day or first_day,
        length=file.length,
        language=file.language,
        track=file.track,
        tags=tuple(file.tags),
        slides=tuple(_link(link, label="Slides") for link in file.slides),
        links=tuple(_link(link) for link in file.links),
        codes=tuple(file.codes),
        url=file.url,
        expectation=Expectation.EMBARGOED if embargo else Expectation(str(file.expectation)),
        embargo=embargo,
        recordings=tuple(text.video_key(url) for url in file.recordings),
        not_videos=tuple(text.video_key(url) for url in file.not_videos),
        was=tuple(file.was),
    )


def _speaker(file: SpeakerFile | str) -> Speaker:
    if isinstance(file, str):
        return Speaker(name=file)
    return Speaker(
        name=file.name,
        role=file.role,
        affiliation=file.affiliation,
        also=tuple(file.also),
        url=file.url,
    )


def _link(file: LinkFile | str, *, label: str | None = None) -> Link:
    if isinstance(file, str):
        return Link(url=file, label=label or file)
    return Link(url=file.url, label=file.label or label or file.url)


def _origin(file: OriginFile, document: Document) -> Origin:
    return Origin(
        kind=file.kind,
        where=file.url,
        every=file.every,
        options={key: str(value) for key, value in (file.model_extra or {}).items()},
        place=document.place(("programme",)),
    )


def _identity(file: EventFile, document: Document, folder: str) -> Iterable[Problem]:
    if file.id != folder:
        yield document.problem(
            ("id",),
            f"{file.id!r} stands in the folder {folder!r}; the two must be the same: "
            "rename the folder, and put the old name under `was:` if it was ever published",
        )
    if file.id in text.RESERVED_IDS:
        yield document.problem(
            ("id",), f"{file.id!r} is reserved for paths of the site; choose another"
        )


def _repeated_ids(file: EventFile, document: Document) -> Iterable[Problem]:
    first: dict[str, int] = {}
    for index, talk in enumerate(file.talks):
        if talk.id in first:
            line, _ = document.place(("talks", first[talk.id], "id"))
            yield document.problem(
                ("talks", index, "id"),
                f"the id {talk.id!r} is taken by the talk on line {line}; choose another",
            )
        first.setdefault(talk.id, index)


def _repeated_links(file: EventFile, document: Document) -> Iterable[Problem]:
    owner: dict[str, str] = {}
    for index, talk in enumerate(file.talks):
        for number, url in enumerate(talk.recordings):
            key = text.video_key(url)
            if owner.setdefault(key, talk.id) != talk.id:
                yield document.problem(
                    ("talks", index, "recordings", number),
                    f"{url} is already a recording of {owner[key]!r}; keep it at one talk",
                )


def _repeated_watches(watches: tuple[Watch, ...], document: Document) -> Iterable[Problem]:
    seen: set[str] = set()
    for index, watch in enumerate(watches):
        if watch.id in seen:
            yield document.problem(
                ("watch", index),
                f"a second watch list is called {watch.id!r}; give this one an `id:` of its own",
            )
        seen.add(watch.id)
