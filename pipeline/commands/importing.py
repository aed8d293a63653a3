"""`recap import`: the talks of a programme into programme.yaml; asks only where it must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import click

from pipeline.commands.eventfile import LOCK_WAIT_S, chosen_event, insert
from pipeline.commands.terminal import Terminal, clock, fetch_maker, standard

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.dataset.folder import FolderStore, Written
    from pipeline.dataset.programme import Touch
    from pipeline.importing import Plan
    from pipeline.merging.binding import Answers, Doubt
    from pipeline.model import EventFiles, Imported, Outcome
    from pipeline.written.yamltext import Plain


@click.command("import")
@click.argument("kind", metavar="KIND")
@click.argument("source", metavar="SOURCE")
@click.option("--event", "event_id", metavar="ID", help="Whose talks; the only event if absent.")
@click.option("--all", "whole", is_flag=True, help="Every event of SOURCE, new ones too.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the kind (docs/programmes.md). Once for each.",
)
@click.option(
    "--bind",
    "binds",
    multiple=True,
    metavar="CODE=ID",
    help="The talk that the programme calls CODE is the talk ID. Once for each.",
)
@click.option(
    "--new",
    "news",
    multiple=True,
    metavar="CODE",
    help="The talk that the programme calls CODE is a new one. Once for each.",
)
@click.option(
    "--keep-changes",
    is_flag=True,
    help="Move what was changed by hand in programme.yaml to event.yaml, then import.",
)
@click.option("--force", is_flag=True, help="Import even if that cancels more than half.")
@click.option("--dry-run", is_flag=True, help="Write nothing and ask nothing; print the changes.")
@standard
def importing(
    terminal: Terminal,
    *,
    kind: str,
    source: str,
    event_id: str | None,
    whole: bool,
    options: tuple[str, ...],
    binds: tuple[str, ...],
    news: tuple[str, ...],
    keep_changes: bool,
    force: bool,
    dry_run: bool,
) -> int:
    """Import an event's talks from a programme: a web address, a file or a folder.

    They go to programme.yaml beside event.yaml, which wins over it. Ids, links and edits stay,
    whatever the programme renames, moves or cancels; where it is not certain which talk is which,
    you are asked. Exit codes: 0 done, 1 the programme could not be read, 2 usage or people's
    files, 3 a person is needed and nothing was written.
    """
    from pipeline.config import load_config
    from pipeline.importing import located
    from pipeline.merging.binding import Answers

    config = load_config(terminal.root)
    wanted = Wanted(
        kind=kind,
        where=located(source, terminal.root),
        options=pairs(options, "--option"),
        answers=Answers(ids=pairs(binds, "--bind"), new=frozenset(news)),
        keep_changes=keep_changes,
        force=force,
        dry_run=dry_run,
    )
    if whole and (event_id or binds or news or keep_changes):
        raise click.UsageError(
            "--all takes every event; --event, --bind, --new and --keep-changes speak of one"
        )
    return _all(terminal, config, wanted) if whole else _one(terminal, config, wanted, event_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked to have imported, and how."""

    kind: str
    where: str
    options: Mapping[str, str]
    answers: Answers
    keep_changes: bool = False
    force: bool = False
    dry_run: bool = False

    def plan(self, written: Written, imported: Imported, *, keep: bool = False) -> Plan:
        """Return what it comes to for one event."""
        from pipeline.importing import plan

        return plan(written, imported, answers=self.answers, force=self.force, keep=keep)


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """Return `NAME=VALUE` texts as a mapping. Raises ConfigError for one that is none."""
    from pipeline.errors import ConfigError

    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.rpartition("=") if option == "--bind" else each.partition("=")
        if not (name and equals and value) or name in found:
            raise ConfigError(f"{option} {each!r}: write it as NAME=VALUE, each name once")
        found[name] = value
    return found


@contextmanager
def events_of(
    config: Config, kind: str, where: str, *, options: Mapping[str, str]
) -> Iterator[Iterator[Imported]]:
    """Open a programme and give its events, one at a time."""
    from pipeline.importing import read

    with fetch_maker(config, clock())({}) as fetch:
        yield read(kind, where, options=options, fetch=fetch, secret=config.secret)


def put(config: Config, made: Plan) -> None:
    """Write what was planned, alone."""
    from pipeline.files.lock import hold
    from pipeline.importing import write

    config.data.mkdir(parents=True, exist_ok=True)
    holder = config.state / "holder.json"
    with hold(config.data, holder=holder, now=clock(), wait_s=LOCK_WAIT_S, what="an import"):
        write(config.data, made)


def _one(terminal: Terminal, config: Config, wanted: Wanted, event_id: str | None) -> Outcome:
    """Import one event."""
    from pipeline.dataset.folder import FolderStore
    from pipeline.importing import kept_apart, single
    from pipeline.model import Outcome

    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    chosen = chosen_event(store, event_id)
    with events_of(config, wanted.kind, wanted.where, options=wanted.options) as events:
        imported = single(events, where=wanted.where, event_id=chosen)
    written = store.written(chosen)
    made = wanted.plan(written, imported)
    if made.touched:
        if not wanted.keep_changes:
            raise kept_apart(made, written)
        if not _moved(terminal, config, store, made, dry_run=wanted.dry_run):
            return Outcome.FINE
        written = store.written(chosen)
        made = wanted.plan(written, imported, keep=True)
    keep = wanted.keep_changes
    while made.doubts and terminal.may_ask and not wanted.dry_run:
        wanted = replace(wanted, answers=_asked(terminal, made.doubts[0], written, wanted.answers))
        made = wanted.plan(written, imported, keep=keep)
    done = _finish(terminal, config, made, written, dry_run=wanted.dry_run)
    if terminal.as_json:
        terminal.data(as_json(made, written=done))
    return Outcome.PERSON_NEEDED if made.stopped else Outcome.FINE


def _finish(
    terminal: Terminal, config: Config, made: Plan, written: Written, *, dry_run: bool
) -> bool:
    """Say what changes, and write it unless a person is needed; tell whether it was written."""
    writes = made.changed and not made.stopped and not dry_run
    tell(terminal, made)
    for doubt in made.doubts:
        _question(terminal, doubt, written)
        terminal.warn(f"  answer with --bind {doubt.name}=ID or --new {doubt.name}")
    if made.refusal:
        terminal.warn(made.refusal)
    if writes:
        put(config, made)
        name = f"{config.data.name}/{made.event_id}/programme.yaml"
        terminal.say(f"{name} written; `recap publish` publishes it")
    elif made.stopped and not dry_run:
        terminal.warn(f"{made.event_id}: nothing was written")
    return writes


def tell(terminal: Terminal, made: Plan) -> None:
    """Print what an import changes, by kind of change, and what a person should know."""
    from pipeline.merging.difference import totals

    terminal.say(f"{made.event_id}: {totals(made.changes)}")
    for kind, changes in groupby(made.changes, key=lambda one: one.kind):
        terminal.say(kind)
        for one in changes:
            terminal.say(f"  {one.talk}: {one.text}" if one.talk else f"  {one.text}")
    for note in made.notes:
        terminal.warn(f"  ! {note}")


def as_json(made: Plan, *, written: bool) -> dict[str, object]:
    """Return an import as data."""
    return {
        "event": made.event_id,
        "written": written,
        "changes": [
            {"kind": str(one.kind), "talk": one.talk or None, "text": one.text}
            for one in made.changes
        ],
        "questions": [
            {
                "name": doubt.name,
                "title": doubt.talk.title,
                "speakers": [one.name for one in doubt.talk.speakers],
                "candidates": [
                    {"talk": talk_id, "likeness": score} for talk_id, score in doubt.candidates
                ],
            }
            for doubt in made.doubts
        ],
        "refusal": made.refusal,
        "notes": list(made.notes),
    }


def _question(terminal: Terminal, doubt: Doubt, written: Written) -> None:
    from pipeline.merging.binding import SHOWN
    from pipeline.merging.difference import label

    known = {talk.id: talk for talk in (*written.talks, *written.event.talks)}
    terminal.warn(f"? {label(doubt.talk)}: a new talk, or one that is known under another title?")
    for number, (talk_id, score) in enumerate(doubt.candidates[:SHOWN], 1):
        words = label(known[talk_id]) if talk_id in known else "no longer in any file"
        terminal.warn(f"  {number}  {talk_id}: {words}; {score:.2f} alike")


def _asked(terminal: Terminal, doubt: Doubt, written: Written, said: Answers) -> Answers:
    """Ask which talk one is; return the answers with this one."""
    from pipeline.merging.binding import SHOWN

    _question(terminal, doubt, written)
    ids = [talk_id for talk_id, _ in doubt.candidates[:SHOWN]]
    terminal.warn("  n  a new talk")
    numbers = [str(number) for number in range(1, len(ids) + 1)]
    choice = click.Choice([*numbers, "n"])
    given = click.prompt("Which one", type=choice, default="1", err=terminal.as_json)
    if given == "n":
        return replace(said, new=said.new | {doubt.name})
    return replace(said, ids={**said.ids, doubt.name: ids[int(given) - 1]})


def _moved(
    terminal: Terminal, config: Config, store: FolderStore, made: Plan, *, dry_run: bool
) -> bool:
    """Move changes by hand to event.yaml, each with its diff; tell whether all may go on."""
    from pipeline.errors import DatasetError, Problem
    from pipeline.written.yamltext import dump

    written = store.written(made.event_id)
    own = {talk.id for talk in written.event.talks}
    moving = [touch for touch in made.touches if not touch.deleted]
    problems = tuple(
        Problem(
            file=written.document.file,
            path=touch.talk,
            message="has a place in the file already; write these lines beneath it, then import "
            f"again with --keep-changes\n{dump(dict(touch.item)).rstrip()}",
        )
        for touch in moving
        if touch.talk in own and not _says(written, touch)
    )
    if problems:
        raise DatasetError(problems)
    for touch in moving:
        if touch.talk in own:
            continue
        make = partial(_item, touch)
        done = insert(
            terminal, config, event_id=made.event_id, key="talks", make=make, dry_run=dry_run
        )
        if not done.written and not dry_run:
            return False
    return True


def _item(touch: Touch, opened: EventFiles) -> Mapping[str, Plain]:
    """Return the item of event.yaml for a change by hand, whatever the event is like."""
    del opened
    return touch.item


def _says(written: Written, touch: Touch) -> bool:
    """Tell whether event.yaml has every key of `touch` at that talk already."""
    value = written.document.value
    talks = value.get("talks") if isinstance(value, dict) else None
    rows = talks if isinstance(talks, list) else []
    return any(
        isinstance(row, dict) and row.get("id") == touch.talk and touch.item.keys() <= row.keys()
        for row in rows
    )


def _all(terminal: Terminal, config: Config, wanted: Wanted) -> Outcome:
    """Import every event of an archive; one that is broken or in doubt stops only itself."""
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import PipelineError
    from pipeline.importing import plans
    from pipeline.model import Outcome

    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    rows: list[dict[str, object]] = []
    failures: list[str] = []
    asked = 0
    with events_of(config, wanted.kind, wanted.where, options=wanted.options) as events:
        for found in plans(events, store=store, make=wanted.plan):
            if isinstance(found, PipelineError):
                failures.append(found.message)
                terminal.warn(found.message)
                continue
            made, written = found
            done = _finish(terminal, config, made, written, dry_run=wanted.dry_run)
            rows.append(as_json(made, written=done))
            asked += made.stopped
    if terminal.as_json:
        terminal.data({"events": rows, "failures": failures})
    if failures:
        return Outcome.FAILED
    return Outcome.PERSON_NEEDED if asked else Outcome.FINE
