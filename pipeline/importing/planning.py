"""What an import would write, what changes by it, and what a person has to answer first.

    read ▸ accept what may stand in programme.yaml ▸ bind ▸ renew ▸ render ▸ compare

`plan` writes nothing, so that a dry run and an import are told the same; `write` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import files, plugins
from pipeline.dataset.assembly import build_event, check_published
from pipeline.dataset.folder import Written
from pipeline.dataset.programme import (
    Touch,
    acceptable,
    is_generated,
    render_programme,
    touches,
)
from pipeline.dataset.schema import ProgrammeFile
from pipeline.errors import ConfigError, DatasetError, Problem, PublishError, SourceError
from pipeline.merging.binding import Answers, Doubt, Renewed, bind, renew
from pipeline.merging.difference import Change, difference
from pipeline.model import Event, Expectation, Fetch, Imported, Programme, Secret, Talk
from pipeline.written.filemodel import validate
from pipeline.written.yamltext import dump, load

NAME = "programme.yaml"
_WORD = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import comes to. `before` and `body` are programme.yaml as it stands and would.

    `doubts` are talks that a person has to answer for; they are left out of `body`, with everything
    else about their candidates as it was. `refusal` says why nothing may be written at all.
    `touches` are changes by hand in programme.yaml, which writing would undo; `touched` tells of
    them even where they mean nothing, as in a comment. `notes` are sentences for a person.
    """

    event_id: str
    body: bytes
    before: bytes | None = None
    event_body: bytes | None = None
    changes: tuple[Change, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    refusal: str | None = None
    touches: tuple[Touch, ...] = ()
    touched: bool = False
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Tell whether programme.yaml would change."""
        return self.body != self.before

    @property
    def stopped(self) -> bool:
        """Tell whether a person has to say something before all of it can be written."""
        return bool(self.doubts or self.refusal)


def check_origin(event: Event, *, file: str) -> None:
    """Raise DatasetError where event.yaml names a programme that there is no way to read.

    `file` is the event's file in messages.
    """
    if event.origin is None:
        return
    try:
        plugins.load("programmes", event.origin.kind)(dict(event.origin.options), secret=_no_secret)
    except ConfigError as error:
        line, column = event.origin.place
        problem = Problem(
            file=file, line=line, column=column, path="programme", message=error.message
        )
        raise DatasetError((problem,)) from error


def located(source: str, folder: Path) -> str:
    """Return where a programme is: a path starts at `folder`, all else stays as it is.

    A bare word is a path where there is such a file, else a name that its kind knows to find.
    """
    path = folder / source
    if "://" in source or (_WORD.fullmatch(source) and not path.exists()):
        return source
    return str(path)


def read(
    kind: str, where: str, *, options: Mapping[str, str], fetch: Fetch, secret: Secret
) -> Iterator[Imported]:
    """Read the events of a programme, one at a time.

    Raises ConfigError for a wrong kind or option, SourceError where it cannot be read.
    """
    programme: Programme = plugins.load("programmes", kind)(dict(options), secret=secret)
    yield from programme.read(fetch, where)


def plan(
    written: Written,
    imported: Imported,
    *,
    answers: Answers | None = None,
    force: bool = False,
    keep: bool = False,
) -> Plan:
    """Return what importing `imported` into an event comes to.

    `force` allows that more than half of the talks are cancelled. `keep` says that changes by hand
    stand in event.yaml by now. Raises ConfigError for answers that name nothing, DatasetError
    where the event would be broken, SourceError where the programme shows no talk at all: then
    nothing is known of it.
    """
    event_id = written.event.id
    if not imported.talks:
        raise SourceError(
            f"{event_id}: the programme shows no talk, so nothing is known of it and nothing "
            "changes; look whether its address is right and it is public"
        )
    accepted = [acceptable(talk) for talk in imported.talks]
    talks = [talk for talk, _ in accepted]
    by_hand, touched = _by_hand(written)
    added = {touch.talk for touch in by_hand if touch.added} if keep else set()
    old = _under_todays_ids(written, leave_out=added)
    own = written.event.talks
    released = frozenset(key for key, row in written.ledger.talks.items() if row.released)
    told = {each for talk in (*old, *own) for each in (talk.id, *talk.was)}
    binding = bind(
        talks,
        old=old,
        own=own,
        taken=told | written.ledger.talks.keys(),
        lost=released - told,
        answers=answers,
    )
    renewed = renew(talks, binding, old=old, released=released)
    body = render_programme(renewed.talks)
    _check(written, body)
    return Plan(
        event_id=event_id,
        body=body,
        before=written.body,
        changes=difference(old, renewed.talks),
        doubts=binding.doubts,
        refusal=None if force else _too_many(old, renewed),
        touches=() if keep else by_hand,
        touched=touched and not keep,
        notes=(
            *imported.skipped,
            *(note for _, notes in accepted for note in notes),
            *_sentences(renewed),
        ),
    )


def write(data: Path, made: Plan) -> bool:
    """Write programme.yaml, with the event.yaml of a new event; tell whether anything differed.

    Whoever calls this holds the data directory. Raises PublishError where a file is no longer what
    the plan was made from.
    """
    path = data / made.event_id / NAME
    now = path.read_bytes() if path.exists() else None
    starts = data / made.event_id / "event.yaml"
    if now != made.before or (made.event_body is not None and starts.exists()):
        raise PublishError(
            f"{data.name}/{made.event_id} was written meanwhile, by a run or an editor; "
            "nothing was written. Run this again"
        )
    writes = [(f"{made.event_id}/{NAME}", made.body)]
    if made.event_body is not None:
        writes.insert(0, (f"{made.event_id}/event.yaml", made.event_body))
    return bool(files.commit(data, writes).written)


def kept_apart(made: Plan, written: Written) -> DatasetError:
    """Return the error that says what a person changed in programme.yaml, and where it belongs."""
    document = written.programme
    file = document.file if document else NAME
    if not made.touches:
        message = (
            "was changed by hand, though not in what it says (a comment, the order, the layout), "
            "and the next import writes it anew; import with --keep-changes to go on"
        )
        return DatasetError((Problem(file=file, message=message),))
    return DatasetError(tuple(_moved(touch, file=file) for touch in made.touches))


def _moved(touch: Touch, *, file: str) -> Problem:
    if touch.deleted:
        message = (
            "was deleted by hand, and the next import may bring it back; to take it out, use "
            "`recap withdraw` or `expectation: withheld` in event.yaml, then import with "
            "--keep-changes"
        )
    else:
        what = "was added by hand" if touch.added else "was changed by hand"
        lines = "\n".join(f"  {line}" for line in dump([dict(touch.item)]).splitlines())
        message = (
            f"{what}; import with --keep-changes to have it moved, or write into event.yaml "
            f"under `talks:`\n{lines}"
        )
    return Problem(file=file, path=touch.talk, message=message)


def _by_hand(written: Written) -> tuple[tuple[Touch, ...], bool]:
    if written.programme is None or written.body is None:
        return (), False
    if is_generated(written.body, file=written.programme.file):
        return (), False
    return touches(written.programme), True


def _under_todays_ids(written: Written, *, leave_out: set[str]) -> tuple[Talk, ...]:
    """Return the talks of the last import; one that event.yaml has renamed under its new id."""
    there = {talk.id for talk in written.talks}
    renamed = [(old, talk.id) for talk in written.event.talks for old in talk.was]
    today = {old: talk_id for old, talk_id in renamed if talk_id not in there}
    return tuple(
        replace(talk, id=today.get(talk.id, talk.id))
        for talk in written.talks
        if talk.id not in leave_out
    )


def _check(written: Written, body: bytes) -> None:
    """Raise DatasetError where the event would be broken by the new programme."""
    folder = written.event.id
    document = load(body.decode(), file=f"{folder}/{NAME}")
    programme = validate(ProgrammeFile, document)
    event = build_event(
        written.file,
        written.document,
        folder=folder,
        zone=written.event.timezone,
        imported=programme.talks,
    )
    check_published(event, written.ledger, written.document)


def _too_many(old: tuple[Talk, ...], renewed: Renewed) -> str | None:
    active = [talk for talk in old if talk.expectation is not Expectation.CANCELLED]
    gone = len(renewed.cancelled)
    if gone * 2 <= len(active):
        return None
    return (
        f"{gone} of {len(active)} talks are no longer in the programme, which is more than half; "
        "that looks like an answer cut short, so nothing was written. If they really were "
        "cancelled, import with --force"
    )


def _sentences(renewed: Renewed) -> Iterator[str]:
    for talk in renewed.kept:
        yield (
            f"{talk} is no longer in the programme, but its recording is out; it stays. If it is "
            "to go, use `recap withdraw` or `expectation: cancelled` in event.yaml"
        )
    for video, talks in renewed.shared:
        yield (
            f"{video} is named at {', '.join(talks)}; it was left with none of them: write it "
            "under `recordings:` of the one that it is, in event.yaml"
        )


def _no_secret(name: str) -> None:
    """Return nothing: options can be checked without a secret."""
