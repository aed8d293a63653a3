"""`recap why`: where a shown value comes from, and by which rule it won."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from pipeline.commands.operands import VideoCommand
from pipeline.commands.terminal import Terminal, clock, standard

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.dataset.folder import FolderStore
    from pipeline.model import EventFiles
    from pipeline.passage import Surroundings
    from pipeline.why import Answer


@click.command(cls=VideoCommand)
@click.argument("what", metavar="TALK|VIDEO")
@click.argument("field", required=False)
@click.option("--event", "event_id", metavar="ID", help="The event that is meant.")
@standard
def why(terminal: Terminal, *, what: str, field: str | None, event_id: str | None) -> int:
    """Explain where a value comes from: its source, time, rule and person.

    TALK is a talk's id, event/talk, or words of its title that no other talk has. VIDEO is the
    address of a video, its key or its id. FIELD is one of the names that the answer lists.
    Looks at no list and writes nothing.
    """
    from pipeline import report
    from pipeline.config import load_config
    from pipeline.model import Outcome

    answer = _answer(terminal, load_config(terminal.root), what, event_id=event_id, now=clock())
    if field:
        answer = answer.only(field)
    if terminal.as_json:
        terminal.data(report.plain(answer))
        return Outcome.FINE
    for line in _lines(answer, whole=field is None):
        terminal.say(line)
    return Outcome.FINE


def _answer(
    terminal: Terminal, config: Config, what: str, *, event_id: str | None, now: datetime
) -> Answer:
    """Open what is needed, and explain the talk or video that `what` names."""
    from pipeline import why as chain
    from pipeline.dataset.folder import FolderStore
    from pipeline.naming import names_video, resolve_talk, resolve_video
    from pipeline.passage import Surroundings

    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    barred, shared = store.barred()
    around = Surroundings(
        installation=store.installation(), tag=config.site.tag, barred=barred, shared=shared
    )
    opened = _opened(terminal, store, event_id)
    ledgers = {one: each.ledger for one, each in opened.items()}
    if names_video(what, ledgers):
        owner, key = resolve_video(what, ledgers)
        owner = owner or _named_by_person(opened, key)
        if owner is None:
            return chain.explain_stranger(key, barred=barred, shared=shared)
        case = chain.open_case(opened[owner], around, documents=store.documents(owner), now=now)
        elsewhere = [one for one in ledgers if one != owner and key in ledgers[one].videos]
        return chain.explain_video(case, key, elsewhere=elsewhere)
    owner, talk = resolve_talk(
        what,
        [each.event for each in opened.values()],
        event=event_id,
        titles=_upload_titles(opened, around, now),
    )
    case = chain.open_case(opened[owner], around, documents=store.documents(owner), now=now)
    return chain.explain_talk(case, talk)


def _opened(terminal: Terminal, store: FolderStore, event_id: str | None) -> dict[str, EventFiles]:
    """Open the events that may be meant; a broken one is named and left out."""
    from pipeline.errors import DatasetError
    from pipeline.status import unknown_event

    ids = store.event_ids()
    if event_id and event_id not in ids:
        raise DatasetError((unknown_event(event_id, ids),))
    found = {}
    for one in terminal.track((event_id,) if event_id else ids, "Reading"):
        try:
            found[one] = store.open(one)
        except DatasetError as error:
            terminal.warn(error.message)
    return found


def _named_by_person(opened: dict[str, EventFiles], key: str) -> str | None:
    """Return the event in which a person named a video that no list has shown."""
    for event_id, each in opened.items():
        written = {one for talk in each.event.talks for one in (*talk.recordings, *talk.not_videos)}
        if key in written or any(word.video == key for word in each.decisions):
            return event_id
    return None


def _upload_titles(
    opened: dict[str, EventFiles], around: Surroundings, now: datetime
) -> dict[str, str]:
    """Return the titles that talks without one took from their uploads."""
    from pipeline import passage

    untitled = [each for each in opened.values() if any(not t.title for t in each.event.talks)]
    return {
        entry.key: entry.title
        for each in untitled
        for entry in passage.take(each, {}, around, now=now).published.entries
        if entry.title and entry.title_from == "upload"
    }


def _lines(answer: Answer, *, whole: bool) -> Iterator[str]:
    """Yield the answer for people; as a `whole`, fields without a value come as one last line."""
    from pipeline.report import plain

    yield f"{answer.key}: {answer.title}" if answer.title else answer.key
    said = {"recordings", "standing", "released", "talk", "candidates", "shown", "seen"}
    silent = [
        fact.field
        for fact in answer.facts
        if whole and fact.value is None and fact.field not in said
    ]
    for fact in answer.facts:
        if fact.field in silent:
            continue
        yield ""
        yield f"{fact.field}: {fact.value or '-'}"
        moment = plain(fact.time)
        when = f", {moment}" if fact.time and moment != fact.value else ""
        who = f", by {fact.person}" if fact.person else ""
        if fact.source != "nowhere":
            yield f"  from {fact.source}{when}{who}"
        yield f"  {fact.rule}"
        for note in fact.notes:
            yield f"  - {note}"
    if silent:
        yield ""
        yield f"no value: {', '.join(silent)}"
