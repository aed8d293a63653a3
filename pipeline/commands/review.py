"""`recap review`: doubtful matches, asked one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from pipeline.commands.deciding import NEXT, open_desk, show
from pipeline.commands.terminal import Terminal, standard

if TYPE_CHECKING:
    from pipeline.commands.deciding import Desk
    from pipeline.model import Decision
    from pipeline.review import Doubt

KEYS = "Enter = 1, 2-3 = another, s skip, n not this talk, i ignore, u undo the last, q quit"


@click.command()
@click.argument("event", required=False, metavar="[EVENT]")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="Markdown for a forge issue or a job summary, with the lines to paste.",
)
@standard
def review(terminal: Terminal, *, event: str | None, style: str) -> int:
    """Ask about the videos of which the program is not sure, or list them.

    On a terminal: Enter takes the best talk, 1 to 3 choose one, n says that it is not the best
    one, i that it is no talk at all, u takes the last answer back. Each answer is a file under
    decisions/ at once. With -q, --no-input, --json or without a terminal nothing is asked.
    """
    from pipeline.model import Outcome
    from pipeline.review import question_json, questions_markdown

    if terminal.as_json and style == "markdown":
        raise click.UsageError("--json and --format markdown are two answers; ask for one")
    desk = open_desk(terminal, event_id=event)
    asked = _asked(desk, desk.events)
    if terminal.as_json:
        terminal.data({"questions": [question_json(doubt) for doubt in asked]})
    elif style == "markdown":
        click.echo(questions_markdown(asked), nl=False)
    elif not asked:
        terminal.say("Nothing waits for a person.")
    elif terminal.may_ask and terminal.loud >= 0:
        _Sitting(desk, events=tuple(dict.fromkeys(doubt.event for doubt in asked))).run()
    else:
        _list(terminal, asked)
    return Outcome.INVALID if desk.broken else Outcome.FINE


def _asked(desk: Desk, events: Iterable[str]) -> list[Doubt]:
    """Return the questions of `events`."""
    from pipeline.review import doubts

    return [
        doubt
        for event_id in events
        for doubt in doubts(desk.events[event_id], desk.passed(event_id))
    ]


def _list(terminal: Terminal, asked: list[Doubt]) -> None:
    """Print the questions, and how to answer them."""
    for doubt in asked:
        for line in _lines(doubt):
            terminal.say(line)
        video = doubt.question.video
        for one in doubt.candidates[:1]:
            terminal.say(f"  yes: recap link {video} {doubt.event}/{one.talk}")
        terminal.say(f"  no talk: recap ignore {video} --event {doubt.event}")
        terminal.say()


def _lines(doubt: Doubt) -> list[str]:
    """Return a question in words, its candidates numbered."""
    lines = [f"{doubt.event_name}: {doubt.question.title or doubt.question.video}"]
    lines.append(f"  {doubt.where}")
    for number, one in enumerate(doubt.candidates, start=1):
        lines.append(f"  {number}  {one.verdict}: {one.label}")
        lines.append(f"     {'; '.join(one.reasons)}")
    return lines


@dataclass(slots=True)
class _Sitting:
    """One person's way through the questions; `past` is what u takes back, the latest last."""

    desk: Desk
    events: tuple[str, ...]
    skipped: set[str] = field(default_factory=set)
    past: list[tuple[Doubt, Decision | None]] = field(default_factory=list)

    def run(self) -> None:
        """Ask until nothing is left or the person quits."""
        while (doubt := self._next()) is not None:
            for line in _lines(doubt):
                self.desk.terminal.say(line)
            if not self._answer(doubt):
                break
        decided = sum(decision is not None for _, decision in self.past)
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        again = "; `recap undo` takes the last one back" if decided else ""
        self.desk.terminal.say(f"{decided} decided{skipped}{again}.")
        if decided:
            self.desk.terminal.say(NEXT)

    def _next(self) -> Doubt | None:
        asked = _asked(self.desk, self.events)
        left = (one for one in asked if _name(one) not in self.skipped)
        return next(left, None)

    def _answer(self, doubt: Doubt) -> bool:
        """Ask once, and do what the answer says; return False where it says to quit."""
        said = click.prompt(KEYS, default="1", show_default=False, type=str).strip().lower()
        number = re.fullmatch(r"(n?)([1-9]?)", said)
        if said == "q":
            return False
        if said == "s":
            self.skipped.add(_name(doubt))
            self.past.append((doubt, None))
        elif said == "u":
            self._undo()
        elif said == "i":
            self._ignore(doubt)
        elif number and int(number[2] or 1) <= len(doubt.candidates):
            self._settle(doubt, int(number[2] or 1), no=bool(number[1]))
        else:
            self.desk.terminal.say(f"{said!r} is no answer here.")
        return True

    def _settle(self, doubt: Doubt, number: int, *, no: bool) -> None:
        from pipeline.model import Verb

        verb = Verb.NOT_THIS if no else Verb.LINK
        talk = doubt.candidates[number - 1].talk
        self._write(doubt, self.desk.word(verb, video=doubt.question.video, talk=talk))

    def _ignore(self, doubt: Doubt) -> None:
        from pipeline.model import Verb

        self._write(doubt, self.desk.word(Verb.IGNORE, video=doubt.question.video))

    def _write(self, doubt: Doubt, word: Decision) -> None:
        """Show what an answer changes, and write it at once: nothing is lost by a closed lid."""
        show(
            self.desk.terminal,
            self.desk.previews(word, events=(doubt.event,), everywhere=False),
        )
        decision, path = self.desk.write(word, event_id=doubt.event)
        self.desk.terminal.say(f"  Written to {path}.")
        self.past.append((doubt, decision))

    def _undo(self) -> None:
        """Take the last answer back, a skipped question too."""
        from pipeline.model import Verb

        if not self.past:
            self.desk.terminal.say("There is nothing to take back yet.")
            return
        doubt, decision = self.past.pop()
        self.skipped.discard(_name(doubt))
        if decision is not None:
            word = self.desk.word(Verb.UNDO, undoes=decision.id)
            _, path = self.desk.write(word, event_id=doubt.event)
            self.desk.terminal.say(f"  Taken back in {path}.")


def _name(doubt: Doubt) -> str:
    return f"{doubt.event} {doubt.question.video}"
