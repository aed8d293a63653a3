"""`recap publish`: one pass, and a summary of what it did."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.operands import read_moment
from pipeline.commands.terminal import Terminal, clock, fetch_maker, open_state, standard

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import EventReport, RunReport, Want
    from pipeline.service.heartbeat import Tally
    from pipeline.state.database import State

LOCK_WAIT_S = 5.0
"""How long a one-off waits for a run that is under way before it says who holds the lock."""


@click.command()
@click.argument("events", nargs=-1, metavar="[EVENT…]")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would change.")
@click.option("--offline", is_flag=True, help="Look at no list; decisions and edits still count.")
@click.option("--due", is_flag=True, help="Look only at lists whose time has come.")
@click.option("--no-deliver", is_flag=True, help="Leave sending and pings to `recap deliver`.")
@click.option(
    "--now", callback=read_moment, metavar="ISO-TIME", help="The run's clock, for replays."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Publish into this folder, not into feeds/: into another site's build.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 3 when a person is needed.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="Markdown on stdout, for the summary of a pull request or a job.",
)
@standard
def publish(
    terminal: Terminal,
    *,
    events: tuple[str, ...],
    dry_run: bool,
    offline: bool,
    due: bool,
    no_deliver: bool,
    now: datetime | None,
    out: Path | None,
    exit_code: bool,
    style: str,
) -> int:
    """Look at the watch lists, merge what is new, publish feeds, pages and mail.

    Without EVENT it looks at every event. Exit codes: 0 done, 1 a stage failed, 2 something is
    wrong in people's files, 3 done but a person is needed (with --exit-code), 75 another run
    is under way.
    """
    from pipeline.config import load_config
    from pipeline.model import Outcome, Want

    if terminal.as_json and style == "markdown":
        raise click.UsageError("--json and --format markdown are two answers; ask for one")
    config = load_config(terminal.root)
    if out:
        _check_out(config, out)
        config = replace(config, out=out.absolute())
    want = Want(
        events=events,
        offline=offline,
        due=due,
        dry_run=dry_run,
        deliver=not no_deliver,
        clock_given=now is not None,
    )
    made = _run(terminal, config, want, now=now or clock())
    if terminal.as_json:
        from pipeline.report import run_json

        terminal.data(run_json(made))
    if style == "markdown":
        from pipeline.review import changes_markdown

        click.echo(changes_markdown(made), nl=False)
    else:
        summarise(terminal, config, made)
    if made.outcome is Outcome.PERSON_NEEDED and not exit_code:
        return Outcome.FINE
    return made.outcome


def _check_out(config: Config, out: Path) -> None:
    """Refuse a folder in which publishing would write over what is not its own."""
    from pipeline.errors import ConfigError

    for kept in (config.data, config.state):
        if out.resolve().is_relative_to(kept.resolve()):
            raise ConfigError(f"--out {out} lies in {kept.name}/; name a folder of its own")
    # What a run published before has feeds.opml, also where its notes in .recap/ were lost.
    if (out / "index.html").exists() and not (out / "feeds.opml").exists():
        raise ConfigError(
            f"--out {out} has an index.html that no run wrote, and that publishing would replace; "
            f"name a folder of its own, such as {out / 'recaps'}, and its address as `site.url`"
        )


def _run(terminal: Terminal, config: Config, want: Want, *, now: datetime) -> RunReport:
    """Run the pass, and tell the monitor of it."""
    from pipeline.run import publish as run
    from pipeline.service.health import health

    with (
        open_state(config, read_only=want.dry_run) as state,
        _signs(config, state, want, now) as signs,
    ):
        made = run(
            config,
            now=now,
            state=state,
            open_fetch=fetch_maker(config, now),
            want=want,
            wait_s=LOCK_WAIT_S,
            track=terminal.track,
        )
        signs.wrong = len(health(made, now=now).red)
    return made


def _signs(
    config: Config, state: State, want: Want, now: datetime
) -> AbstractContextManager[Tally]:
    """Return what tells the monitor of a pass that looks at everything; of no other one.

    One that looks at less says nothing of whether watching goes on.
    """
    from pipeline.service import heartbeat

    if want.dry_run or want.offline or want.events or want.clock_given:
        return nullcontext(heartbeat.Tally())
    return heartbeat.around(config, state=state, now=now, ends=want.deliver)


def summarise(terminal: Terminal, config: Config, made: RunReport) -> None:
    """Print what a run did: events, what is wrong, and where to look."""
    from pipeline import report

    for event in made.events:
        _event(terminal, event)
    for watch in made.watches:
        if watch.error or watch.gap:
            terminal.warn(report.watch_line(watch))
        for row in watch.skipped:
            terminal.warn(f"{watch.key}: skipped {row}")
    for trouble in (*made.problems, *made.failures, *made.warnings):
        terminal.warn(str(trouble))
    for line in made.delivered:
        terminal.say(f"  told {line}")
    if made.dry_run:
        for line in report.changes(made) or ["nothing would change"]:
            terminal.say(line)
        return
    count = len(made.written)
    if not count and not made.removed:
        terminal.say(f"Nothing changed in {_place(config)}.")
    else:
        removed = f", {len(made.removed)} removed" if made.removed else ""
        files = f"{count} {report.plural(count, 'file')}"
        terminal.say(f"{files} written in {_place(config)}{removed}.")
    pages = [config.feeds / event.id / "index.html" for event in made.events]
    for page in pages[:5]:
        if page.exists():
            terminal.say(f"  see {page}")


def _place(config: Config) -> str:
    """Return what to call the folder that was published to."""
    return str(config.out) if config.out else "feeds/"


def _event(terminal: Terminal, event: EventReport) -> None:
    """Print one event: progress, what is new, what waits for a person."""
    from pipeline import report

    terminal.say(f"{event.name}: {report.progress(event)}")
    for name in event.released:
        terminal.say(f"  + {name}")
    for name in event.removed:
        terminal.say(f"  - {name}")
    if line := report.announced_line(event):
        terminal.say(f"  {line}")
    for talk, title in event.titled:
        terminal.say(f"  {talk} took its title from its upload: {title}")
    for question in event.questions:
        terminal.say(
            f"  ? {question.title or question.video}\n"
            f"    {question.url}\n"
            f"    perhaps {question.talk} ({question.probability:.2f}): "
            f"{'; '.join(question.reasons)}"
        )
    if event.passed_over:
        terminal.say(f"  {report.passed_over_line(event)}")
    for line in (*event.alerts, *event.notes):
        terminal.warn(f"  ! {line}")
