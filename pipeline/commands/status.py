"""`recap status`: how things stand, without looking at any list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import click

from pipeline.commands.terminal import Terminal, clock, fetch_maker, open_state, standard

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.model import EventReport, RunReport
    from pipeline.report import TalkLine

COLUMNS = ("event", "talk", "title", "speakers", "day", "track", "standing")
"""The columns of `--missing --format csv`."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A spreadsheet runs a cell that starts so: owasp.org/www-community/attacks/CSV_Injection.


@click.command()
@click.argument("events", nargs=-1, metavar="[EVENT…]")
@click.option("--missing", is_flag=True, help="List the talks that still have no recording.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv"]),
    default="text",
    help="How --missing is written.",
)
@click.option("--health", is_flag=True, help="One line for monitors: exits with 0 or 1.")
@standard
def status(
    terminal: Terminal,
    *,
    events: tuple[str, ...],
    missing: bool,
    form: Literal["text", "csv"],
    health: bool,
) -> int:
    """Say what is out, what is awaited, and what waits for a person.

    Without EVENT it tells of every event. --health is red when a list was not read in time or
    may have missed videos, a file is broken, a stage failed or the clock went back; that nothing
    new came out is fine.
    """
    from pipeline.config import load_config
    from pipeline.model import Outcome

    if form == "csv" and not missing:
        raise click.UsageError("--format csv is for --missing; add it")
    if missing and health:
        raise click.UsageError("--missing and --health are two questions; ask one at a time")
    config = load_config(terminal.root)
    now = clock()
    if health:
        return _health(terminal, config, events, now)
    made = _survey(terminal, config, events, now)
    talks = _talks(config, made, now)
    if missing:
        _missing(terminal, talks, form=form)
    elif terminal.as_json:
        terminal.data(_json(made, talks))
    if not missing:
        _tell(terminal, made, talks)
    for trouble in (*made.problems, *made.failures, *made.warnings):
        terminal.warn(str(trouble))
    return Outcome.FINE if made.outcome is Outcome.PERSON_NEEDED else made.outcome


def _survey(
    terminal: Terminal, config: Config, events: tuple[str, ...], now: datetime
) -> RunReport:
    """Return what a run that looks at nothing and writes nothing finds."""
    from pipeline.model import Want
    from pipeline.run import publish as run

    with open_state(config, read_only=True) as state:
        return run(
            config,
            now=now,
            state=state,
            open_fetch=fetch_maker(config, now),
            want=Want(events=events, offline=True, dry_run=True),
            track=terminal.track,
        )


def _talks(config: Config, made: RunReport, now: datetime) -> dict[str, tuple[TalkLine, ...]]:
    """Return the talks that are not out, by event; complete events are not opened again."""
    from pipeline import passage, report
    from pipeline.dataset.folder import FolderStore

    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    barred, shared = store.barred()
    around = passage.Surroundings(
        installation=store.installation(), tag=config.site.tag, barred=barred, shared=shared
    )
    found = {}
    for event in made.events:
        if sum(event.standings.values()) > event.out:
            opened = store.open(event.id)
            passed = passage.take(opened, {}, around, now=now)
            found[event.id] = report.not_out(opened.event, passed)
    return found


def _json(made: RunReport, talks: dict[str, tuple[TalkLine, ...]]) -> dict[str, object]:
    """Return status.json's values, with the talks that are not out added to each event."""
    from pipeline import report

    whole = report.status_json(made)
    for event in whole["events"]:
        event["talks"] = report.plain(talks.get(event["id"], ()))
    return whole


def _tell(terminal: Terminal, made: RunReport, talks: dict[str, tuple[TalkLine, ...]]) -> None:
    from pipeline import report

    for event in made.events:
        _event(terminal, event, talks.get(event.id, ()))
    for watch in made.watches:
        line = f"  {report.watch_line(watch)}"
        if watch.error or watch.gap:
            terminal.warn(line)
        else:
            terminal.say(line)


def _event(terminal: Terminal, event: EventReport, talks: Sequence[TalkLine]) -> None:
    """Print one event: counts, who is awaited or gated, and what waits for a person."""
    from pipeline import report

    terminal.say(f"{event.name}: {report.coverage(event)}")
    for talk in talks:
        terminal.say(f"  {talk.words}: {talk.label}")
    for question in event.questions:
        terminal.say(f"  waits for a person: {question.title or question.video} ({question.url})")
    if event.questions:
        terminal.say("  answer with `recap review`")
    if event.drafts:
        terminal.say(f"  {report.drafts_line(event)} (`recap mail list`)")
    if event.passed_over:
        terminal.say(f"  {report.passed_over_line(event)}")
    for line in event.alerts:
        terminal.warn(f"  ! {line}")


def _missing(
    terminal: Terminal,
    talks: dict[str, tuple[TalkLine, ...]],
    *,
    form: Literal["text", "csv"],
) -> None:
    """List the talks that still have no recording, for those who film and upload them."""
    from pipeline import report

    lines = [line for each in talks.values() for line in each if report.is_missing(line)]
    if terminal.as_json:
        terminal.data({"version": 1, "missing": report.plain(lines)})
    elif form == "csv":
        click.echo(_csv(lines), nl=False)
    else:
        for line in lines:
            more = ", ".join(part for part in (line.day, line.track, line.words) if part)
            click.echo(f"{line.event}/{line.talk}: {line.label}, {more}")
        if not lines:
            terminal.say("No recording is missing.")


def _csv(lines: Iterable[TalkLine]) -> str:
    """Return the talks as CSV (RFC 4180); a cell that a spreadsheet would run gets a quote."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        speakers = ", ".join(line.speakers)
        row = (line.event, line.talk, line.title, speakers, line.day, line.track, line.words)
        writer.writerow([_cell(value or "") for value in row])
    return made.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _health(terminal: Terminal, config: Config, events: tuple[str, ...], now: datetime) -> int:
    """Say in one line whether watching is well; broken files of the dataset are an ailment too."""
    from pipeline import report
    from pipeline.errors import DatasetError
    from pipeline.model import Outcome
    from pipeline.sending.letters import Letters
    from pipeline.service.health import doubts, health

    count = 0
    with open_state(config, read_only=True) as state:
        held = doubts(Letters(state).counts())
    try:
        made = _survey(terminal, config, events, now)
        count = len(made.watches)
        ailments = health(made, now=now, held=held).red
    except DatasetError as error:
        ailments = (*(str(problem) for problem in error.problems), *held)
    if terminal.as_json:
        terminal.data(
            {
                "version": 1,
                "health": "red" if ailments else "green",
                "checked_at": report.plain(now),
                "watches": count,
                "reasons": list(ailments),
            }
        )
    elif ailments:
        click.echo(f"red: {'; '.join(' '.join(each.split()) for each in ailments)}")
    else:
        click.echo(f"green: {count} watch {report.plural(count, 'list')}, nothing is wrong")
    return Outcome.FAILED if ailments else Outcome.FINE
