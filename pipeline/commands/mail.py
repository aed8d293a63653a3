"""`recap mail`: announcements as drafts, looked at, approved, sent, or marked as sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import event_option, open_desk
from pipeline.commands.terminal import Terminal, connect, open_state, standard

if TYPE_CHECKING:
    from pipeline.commands.deciding import Desk
    from pipeline.mailing import Case, Casebook
    from pipeline.model import Decision, Verb

FORMATS = ("text", "html", "markdown", "eml")

NAME_HELP = (
    "DRAFT is `event/2031-05-12` as `recap mail list` prints it; the event or the day alone, or "
    "nothing, where one open draft is meant by that."
)


def draft_argument(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command DRAFT and `--target`."""
    command = click.option(
        "--target", metavar="ID", help="At this target only, where it goes to several."
    )(command)
    return click.argument("name", metavar="[DRAFT]", required=False)(command)


@click.group()
def mail() -> None:
    """Announcements of released talks: as drafts first, then as mails."""


@mail.command("list")
@event_option
@standard
def list_(terminal: Terminal, *, event_id: str | None) -> int:
    """List the open drafts: how many talks each tells of, where it goes, and what it waits for."""
    from pipeline.mailing import standing
    from pipeline.model import Outcome
    from pipeline.sending.letters import Letters

    desk, book = _opened(terminal, event_id)
    cases = list(book.each(desk.ids if event_id is None else (event_id,)))
    with open_state(desk.config, read_only=True) as state:
        letters = Letters(state)
        rows = [
            {
                "draft": case.name,
                "target": case.draft.target,
                "kind": case.draft.kind,
                "talks": list(case.draft.talks),
                "standing": standing(case, letters.stages(*case.letters)),
            }
            for case in cases
        ]
    if terminal.as_json:
        terminal.data({"drafts": rows, "warnings": book.warnings})
    _warn(terminal, book)
    for case, row in zip(cases, rows, strict=True):
        count = len(case.draft.talks)
        talks = "1 talk" if count == 1 else f"{count} talks"
        terminal.say(f"{case.name} → {case.draft.target}: {talks}, {row['standing']}")
    if not rows:
        terminal.say("No drafts are open.")
    return Outcome.FINE


@mail.command()
@draft_argument
@click.option(
    "--as", "form", type=click.Choice(FORMATS), default="text", help="What to print or write."
)
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write it there.")
@standard
def preview(
    terminal: Terminal, *, name: str | None, target: str | None, form: str, out: str | None
) -> int:
    """Show a draft as it would leave now: on the terminal, or as a file to open or paste."""
    from pathlib import Path

    from pipeline import files
    from pipeline.model import Outcome

    _, book, case = _one(terminal, name, target)
    body = book.shown(case, form)
    if out:
        files.replace(Path(out), body.encode())
        terminal.say(f"Written to {out}.")
    elif terminal.as_json:
        terminal.data({"draft": case.name, "target": case.draft.target, form: body})
    else:
        click.echo(body, nl=False)
    return Outcome.FINE


@mail.command()
@click.argument("address")
@draft_argument
@standard
def test(terminal: Terminal, *, address: str, name: str | None, target: str | None) -> int:
    """Send a draft to ADDRESS by the first mail server under `mail.to`; nothing is marked."""
    from pipeline.mailing import send_test
    from pipeline.model import Outcome

    desk, book, case = _one(terminal, name, target)
    receipt = send_test(book, case, address, connect=connect(desk.config, desk.now), now=desk.now)
    if receipt.result == "sent":
        terminal.say(f"Sent {case.name} to {address}, as a test.")
        return Outcome.FINE
    terminal.warn(f"The test was not sent: {receipt.detail}")
    return Outcome.FAILED


@mail.command()
@click.argument("event", metavar="EVENT")
@standard
def draft(terminal: Terminal, *, event: str) -> int:
    """Announce at once what waits in EVENT, whatever its `announce:` says: a draft is made."""
    from dataclasses import replace

    from pipeline import passage
    from pipeline.model import Outcome, Verb

    desk, _ = _opened(terminal, event)
    word = desk.word(Verb.ANNOUNCE, event=event)
    files = desk.events[event]
    decided = replace(files, decisions=(*files.decisions, word))
    if not passage.take(decided, {}, desk.around, now=desk.now).announced:
        terminal.say(f"Nothing waits in {event}, so nothing was decided.")
        return Outcome.FINE
    return _write(desk, word, event=event, said=f"What waits in {event} is announced")


@mail.command()
@draft_argument
@standard
def approve(terminal: Terminal, *, name: str | None, target: str | None) -> int:
    """Let a draft go: the next run or `recap deliver` sends it."""
    from pipeline.model import Verb

    return _decide(terminal, Verb.APPROVE, name, target, said="may go")


@mail.command()
@draft_argument
@standard
def sent(terminal: Terminal, *, name: str | None, target: str | None) -> int:
    """Say that a draft went out: pasted somewhere, or from another machine."""
    from pipeline.model import Verb

    return _decide(terminal, Verb.SENT, name, target, said="has gone out")


@mail.command()
@draft_argument
@standard
def skip(terminal: Terminal, *, name: str | None, target: str | None) -> int:
    """Let a draft be: what it tells of is mailed to nobody."""
    from pipeline.model import Verb
    from pipeline.sending.letters import Letters

    desk, _, case = _one(terminal, name, target)
    with open_state(desk.config, read_only=False) as state:
        Letters(state).skip(*case.letters, now=desk.now)
    return _decide(terminal, Verb.SKIP, case.name, target, said="is mailed to nobody")


@mail.command()
@draft_argument
@standard
def send(terminal: Terminal, *, name: str | None, target: str | None) -> int:
    """Send a draft now, approved or held as it may be, and say what came of it.

    Exit codes: 0 sent, or put where it is sent from; 1 something did not leave.
    """
    from pipeline.sending.letters import Letters

    desk, _, case = _one(terminal, name, target)
    with open_state(desk.config, read_only=False) as state:
        Letters(state).release(*case.letters, now=desk.now)
    return _deliver(desk, case)


@mail.command()
@draft_argument
@click.option("--recipient", metavar="ADDRESS", help="To this one only.")
@standard
def resend(
    terminal: Terminal, *, name: str | None, target: str | None, recipient: str | None
) -> int:
    """Send letters again of which nobody knows whether they arrived: same id, same bytes."""
    from pipeline.model import Outcome
    from pipeline.sending.letters import Letters

    desk, _, case = _one(terminal, name, target)
    with open_state(desk.config, read_only=False) as state:
        count = Letters(state).resend(*case.letters, now=desk.now, recipient=recipient)
    if not count:
        terminal.say(f"Nothing is unknown of {case.label}.")
        return Outcome.FINE
    return _deliver(desk, case)


def _deliver(desk: Desk, case: Case) -> int:
    """Bring one draft on its way whatever speaks against it, and print what came of it."""
    from pipeline import mailing
    from pipeline.model import Outcome

    terminal, config = desk.terminal, desk.config
    if case.is_pasted:
        terminal.warn(_to_paste(case))
        return Outcome.FAILED
    with open_state(config, read_only=False) as state:
        told = mailing.deliver(
            config,
            (case.event,),
            store=desk.store,
            state=state,
            connect=connect(config, desk.now),
            now=desk.now,
            insist={case.label},
        )
    for line in (*map(str, told.problems), *told.warnings):
        terminal.warn(line)
    for line in told.sent:
        terminal.say(line)
    if terminal.as_json:
        terminal.data({"delivered": list(told.sent), "warnings": list(told.warnings)})
    if told.problems:
        return Outcome.INVALID
    return Outcome.FAILED if told.warnings else Outcome.FINE


def _to_paste(case: Case) -> str:
    return (
        f"{case.name} goes nowhere by itself: config.yaml names nothing under `mail.to`. Paste "
        f"what `recap mail preview` shows, then run `recap mail sent {case.name}`"
    )


def _decide(terminal: Terminal, verb: Verb, name: str | None, target: str | None, said: str) -> int:
    from pipeline.model import Verb

    desk, _, case = _one(terminal, name, target, several=target is None)
    word = desk.word(verb, announcement=case.draft.id, target=target)
    where = f" at {target}" if target else ""
    if verb is Verb.APPROVE and case.is_pasted:
        terminal.warn(_to_paste(case))
    return _write(desk, word, event=case.event, said=f"{case.name}{where} {said}")


def _write(desk: Desk, word: Decision, *, event: str, said: str) -> int:
    from pipeline import report
    from pipeline.model import Outcome

    made, path = desk.write(word, event_id=event)
    terminal = desk.terminal
    terminal.say(f"{said}, by {made.by}. Written to {path}.")
    terminal.say("Next: run `recap publish`, or `recap undo` to take it back")
    if terminal.as_json:
        terminal.data({"decision": report.plain(made), "file": str(path)})
    return Outcome.FINE


def _opened(terminal: Terminal, event_id: str | None) -> tuple[Desk, Casebook]:
    from pipeline.mailing import Casebook

    desk = open_desk(terminal, event_id=event_id)
    return desk, Casebook(desk.config, desk.store)


def _one(
    terminal: Terminal, name: str | None, target: str | None, *, several: bool = False
) -> tuple[Desk, Casebook, Case]:
    """Return the one open draft that is meant; with `several` the same one at any target."""
    from pipeline.errors import ConfigError
    from pipeline.naming import resolve_draft

    desk, book = _opened(terminal, None)
    cases = [case for case in book.each(desk.ids) if target is None or case.draft.target == target]
    _warn(terminal, book)
    wanted = resolve_draft(name, sorted({case.name for case in cases}))
    meant = [case for case in cases if case.name == wanted]
    if len(meant) > 1 and not several:
        where = ", ".join(case.draft.target for case in meant)
        raise ConfigError(f"{wanted} goes to {where}; say which one is meant with `--target ID`")
    return desk, book, meant[0]


def _warn(terminal: Terminal, book: Casebook) -> None:
    for line in book.warnings:
        terminal.warn(line)
