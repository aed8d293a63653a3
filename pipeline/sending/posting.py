"""Letters that are due leave, each once; what becomes of each is stored before the next one leaves.

One process sends at a time: the lock is that of `delivering`. A process that is killed or told to
end while an answer is awaited leaves the letter at `dot`, and the next one calls it unknown. Must
not decide what is to be sent (see `letters`), nor know how a kind sends.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.files.lock import hold
from pipeline.model import Delivery, Receipt
from pipeline.sending.letter import Letter, LetterKey
from pipeline.sending.letters import Letters

LOG = logging.getLogger("recap.posting")

FIRST_WAIT = timedelta(minutes=5)
"""How long a letter rests after its first try that failed; greylisting passes by then."""

LONGEST_WAIT = timedelta(hours=4)
"""The wait doubles with each try up to this."""

GIVE_UP = timedelta(days=5)
"""How long a letter is tried (RFC 5321, 4.5.4.1: at least 4 to 5 days)."""

HOLDER = "deliverer.json"
"""The note of who sends, in the folder of the state; `delivering` leaves the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What sending came to. `again` rest and are tried by a later run.

    `unknown` holds those of processes that died as well. No warning shows a recipient's address.
    """

    sent: tuple[LetterKey, ...] = ()
    again: tuple[LetterKey, ...] = ()
    failed: tuple[LetterKey, ...] = ()
    unknown: tuple[LetterKey, ...] = ()
    warnings: tuple[str, ...] = ()


def send_letters(
    letters: Letters,
    deliveries: Mapping[str, Delivery],
    *,
    folder: Path,
    clock: Callable[[], datetime],
    wait_s: float = 0.0,
) -> Posted:
    """Send what is due at the targets of `deliveries` (by their ids), and return what came of it.

    Nobody else may change the data meanwhile on its account, and nobody has to: call it without
    the lock on the data, for one answer may take ten minutes. A delivery that is a context manager
    is entered for all its letters, so that they share a connection. `folder` is that of the state.

    Raises BusyError where another process has been sending for longer than `wait_s`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with hold(folder, holder=folder / HOLDER, now=clock(), wait_s=wait_s, what="a delivery"):
        post = _Post(letters, clock)
        post.recover()
        due = letters.due(clock())
        for target, delivery in deliveries.items():
            post.send([key for key in due if key.target == target], delivery)
    return post.posted()


@dataclass(slots=True)
class _Post:
    letters: Letters
    clock: Callable[[], datetime]
    came_to: dict[str, list[LetterKey]] = field(default_factory=dict)
    warned: Counter[tuple[LetterKey, str, str]] = field(default_factory=Counter)

    def recover(self) -> None:
        for key in self.letters.recover(now=self.clock()):
            self._note(key, "unknown", "the process ended before the answer came")

    def send(self, keys: list[LetterKey], delivery: Delivery) -> None:
        if not keys:
            return
        with ExitStack() as stack:
            if isinstance(delivery, AbstractContextManager):
                stack.enter_context(delivery)
            for key in keys:
                letter = self.letters.take(key, now=self.clock())
                if letter and not self._hand_over(letter, delivery):
                    return

    def _hand_over(self, letter: Letter, delivery: Delivery) -> bool:
        """Send one letter; return False where the others had better wait for the next run."""
        try:
            receipt = delivery.send(letter.message(self.clock()), self._mark(letter.key))
        except ConfigError as error:
            now = self.clock()
            self.letters.again(letter.key, now=now, not_before=now, detail=error.message)
            self._note(letter.key, "again", error.message)
            return False
        self._store(letter, receipt)
        # A server that dies at each mail would leave every letter to a person: one is enough.
        return receipt.result != "unknown"

    def _mark(self, key: LetterKey) -> Callable[[], None]:
        return lambda: self.letters.dot(key, now=self.clock())

    def _store(self, letter: Letter, receipt: Receipt) -> None:
        key, now = letter.key, self.clock()
        match receipt.result:
            case "sent":
                self.letters.sent(key, now=now)
                self._note(key, "sent", "")
            case "retry" if letter.tries > 1 and now - letter.planned >= GIVE_UP:
                detail = f"given up after {GIVE_UP.days} days: {receipt.detail}"
                self.letters.failed(key, now=now, detail=detail)
                self._note(key, "failed", detail)
            case "retry":
                when = max(now + rest(letter.tries), receipt.retry_after or now)
                self.letters.again(key, now=now, not_before=when, detail=receipt.detail)
                self._note(key, "again", receipt.detail)
            case "failed":
                self.letters.failed(key, now=now, detail=receipt.detail)
                self._note(key, "failed", receipt.detail)
            case "unknown":
                self.letters.unknown(key, now=now, detail=receipt.detail)
                self._note(key, "unknown", receipt.detail)

    def _note(self, key: LetterKey, result: str, detail: str) -> None:
        self.came_to.setdefault(result, []).append(key)
        LOG.info("%s: %s%s", key, result, f" ({detail})" if detail else "")
        if result != "sent":
            self.warned[replace(key, recipient=""), result, detail] += 1

    def posted(self) -> Posted:
        keys = {result: tuple(found) for result, found in self.came_to.items()}
        warnings = tuple(
            f"mail {key}: {_number(count)} {self._sentence(key, result, detail)}"
            for (key, result, detail), count in self.warned.items()
        )
        return Posted(**keys, warnings=warnings)

    def _sentence(self, key: LetterKey, result: str, detail: str) -> str:
        stages = self.letters.stages(key.event, key.announcement, key.target)
        if result == "failed" and stages["sent"]:
            return f"failed: {detail}. The other recipients have it; mend that address, or drop it"
        return _sentence(key, result, detail)


def rest(tries: int) -> timedelta:
    """Return how long a letter rests after its try number `tries`, from 1."""
    wait: timedelta = FIRST_WAIT * 2 ** min(tries - 1, 16)
    return min(LONGEST_WAIT, wait)


def _number(count: int) -> str:
    return "1 letter" if count == 1 else f"{count} letters"


def _sentence(key: LetterKey, result: str, detail: str) -> str:
    name = f"{key.event}/{key.announcement}"
    match result:
        case "again":
            return f"did not leave: {detail}. It is tried again by itself"
        case "failed":
            return f"failed: {detail}. Mend that and run `recap mail send {name}`, or skip it"
    return (
        f"may have arrived: {detail}. Ask whether it did; then `recap mail resend {name}` sends it "
        f"again, and `recap mail skip {name}` leaves it"
    )
