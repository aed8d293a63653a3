"""Telling the team: what began or ended is noted, and what is due goes to each delivery once.

What is due is stored before anything is sent, so that it survives a crash and a delivery that is
down. A delivery that fails makes a warning, never a failed run. Must not decide what is due (see
`alerting`), nor know how a kind sends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline import alerting, cadence, plugins
from pipeline.config import NAME, Config
from pipeline.errors import BusyError, ConfigError, Problem
from pipeline.files.lock import hold
from pipeline.model import Connect, Delivery, EventReport, Message, Receipt, RunReport, Want
from pipeline.sending import pings
from pipeline.sending.outbox import Outbox
from pipeline.state.database import Look, State
from pipeline.written.targets import Target

LOG = logging.getLogger("recap.delivering")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What sending came to: a line for each message that went out, and what stopped others."""

    sent: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def close(
    config: Config, made: RunReport, want: Want, *, state: State, connect: Connect
) -> RunReport:
    """End a run that was stored: note what its report tells, and send what is due.

    Returns the report with what was sent, and what could not be.
    """
    if want.dry_run or not (config.notify or config.site.hub):
        return made
    note(config, made, state=state, whole=not want.events)
    pings.note(config, made, state=state)
    if not want.deliver:
        return made
    try:
        told = send(config, now=made.started, state=state, connect=connect, patient=want.due)
    except BusyError as error:
        told = Delivered(warnings=(error.message,))
    return replace(
        made,
        delivered=told.sent,
        warnings=(*made.warnings, *told.warnings),
        problems=(*made.problems, *told.problems),
    )


def note(config: Config, made: RunReport, *, state: State, whole: bool) -> None:
    """Store for each delivery what began and what ended by a run's report.

    A state that knows no earlier run cannot tell what is new, so it notes nothing: each run of a
    fresh checkout would tell of the same gap again.
    """
    if len(state.runs(2)) < 2:
        return
    lists = alerting.findings(made.watches, whole=whole)
    for target in config.notify:
        outbox = Outbox(state, target.id)
        kept = outbox.notices()
        known = [one.place for one in kept if one.kind == "programme"]
        programmes = alerting.programmes(_programmes(made, known, state))
        changed = alerting.noted(kept, (*lists, *programmes), now=made.started)
        if changed:
            outbox.keep(changed)
            for one in changed:
                LOG.info("%s: %s %s is %s", target.id, one.kind, one.place, _word(one.ended))


def send(
    config: Config, *, now: datetime, state: State, connect: Connect, patient: bool = False
) -> Delivered:
    """Send to each delivery what is due, as one message, and tell the hub of changed feeds.

    What is not taken stays due.

    `patient` leaves a delivery that failed lately alone for a while; a server's own wish is
    always honoured. Raises BusyError where another process is sending.
    """
    folder = config.state
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / "deliverer.json"
    with hold(folder, holder=holder, now=now, wait_s=config.timeout_s, what="a delivery"):
        parts = [
            _Sender(config, target, now=now, state=state, connect=connect).send(patient=patient)
            for target in config.notify
        ]
        pinged = pings.send(config, now=now, state=state, connect=connect, patient=patient)
    return Delivered(
        sent=(*(line for part in parts for line in part.sent), *pinged.sent),
        warnings=(*(line for part in parts for line in part.warnings), *pinged.warnings),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def check(config: Config, *, connect: Connect) -> tuple[Problem, ...]:
    """Return what is wrong with the entries of `notify:`; nothing is sent."""
    found = []
    for target in config.notify:
        try:
            _made(config, target, connect)
        except ConfigError as error:
            found.append(_problem(target, error))
    return tuple(found)


class _Sender:
    """Sends to one delivery. How that has gone lately is kept as a Look, like that of a list."""

    def __init__(
        self, config: Config, target: Target, *, now: datetime, state: State, connect: Connect
    ) -> None:
        self._config = config
        self._target = target
        self._now = now
        self._state = state
        self._connect = connect
        self._outbox = Outbox(state, target.id)
        # No event's id starts with a colon.
        self._key = f":notify/{target.id}"
        self._look = state.look(self._key)

    def send(self, *, patient: bool) -> Delivered:
        """Send what is due, unless the delivery is to be left alone for now."""
        try:
            delivery = _made(self._config, self._target, self._connect)
        except ConfigError as error:
            return Delivered(problems=(_problem(self._target, error),))
        kept = self._outbox.notices()
        spent = alerting.spent(kept)
        if spent:
            self._outbox.drop(spent)
        notices = alerting.due(kept)
        if not notices:
            return Delivered()
        if self._rests(patient=patient):
            return Delivered(warnings=(self._warning(self._look.last_error or ""),))
        message = alerting.digest(
            notices, title=self._config.site.title, to=self._target.id, now=self._now
        )
        receipt = self._handed(delivery, message)
        if receipt.result == "sent":
            self._outbox.tell(notices, self._now)
            self._store(Look(last_try=self._now, last_good=self._now))
            LOG.info("%s: sent %s (%s)", self._target.id, message.id, message.subject)
            return Delivered(sent=(f"{self._target.id}: {message.subject}",))
        self._store(self._failed(receipt))
        return Delivered(warnings=(self._warning(receipt.detail),))

    def _handed(self, delivery: Delivery, message: Message) -> Receipt:
        try:
            return delivery.send(message, self._mark)
        except ConfigError as error:
            return Receipt(result="failed", detail=error.message)

    def _mark(self) -> None:
        """Store that a try was made, so that one that ends the process is not made at once."""
        self._store(replace(self._look, last_try=self._now, failures=self._look.failures + 1))

    def _failed(self, receipt: Receipt) -> Look:
        return replace(
            self._look,
            last_try=self._now,
            failing_since=self._look.failing_since or self._now,
            failures=self._look.failures + 1,
            not_before=receipt.retry_after,
            last_error=receipt.detail,
        )

    def _rests(self, *, patient: bool) -> bool:
        look = self._look
        if look.not_before and self._now < look.not_before:
            return True
        when = cadence.next_look(
            self._key, timedelta(), last_try=look.last_try, failures=look.failures
        )
        return patient and bool(look.failures) and when is not None and self._now < when

    def _store(self, look: Look) -> None:
        self._state.commit(looks={self._key: look}, validators={})

    def _warning(self, detail: str) -> str:
        why = f": {detail}" if detail else ""
        return (
            f"notify {self._target.id}: what the team has to know was not sent{why}. It stays "
            "due, and every run tries again; `recap deliver` does so at once"
        )


def _made(config: Config, target: Target, connect: Connect) -> Delivery:
    """Return the delivery of an entry. Raises ConfigError where it is wrong."""
    kind = plugins.load("delivery", target.kind)
    options = plugins.anchored(kind, target.options, folder=config.root)
    made = kind(options, secret=config.secret, connect=connect)
    if not isinstance(made, Delivery):
        raise ConfigError(
            f"{target.kind} keeps drafts that a person sends, and so cannot tell the team of "
            "trouble; name it under `mail.to:`"
        )
    return made


def _problem(target: Target, error: ConfigError) -> Problem:
    line, column = target.place
    path = f"notify[{target.number}]"
    return Problem(file=NAME, line=line, column=column, path=path, message=error.message)


def _programmes(made: RunReport, known: Iterable[str], state: State) -> dict[str, str | None]:
    """Return what is wrong with the programme of each event that the run took; None for nothing.

    `known` are events whose programme is noted as wrong. One that cannot be read for now is
    neither: it is wrong once that lasts. The report has to say it as well, for the state also
    remembers programmes that event.yaml names no longer.
    """
    candidates = {*known, *(warning.partition(": ")[0] for warning in made.warnings)}
    found: dict[str, str | None] = {}
    for event in made.events:
        if not event.alerts and event.id not in candidates:
            continue
        look = state.look(f"{event.id}/:programme")
        if not look.last_error or not _says(event, made.warnings, look.last_error):
            found[event.id] = None
        elif look.failing_since is None or _lasts(look.failing_since, made.started):
            found[event.id] = look.last_error
    return found


def _says(event: EventReport, warnings: Iterable[str], words: str) -> bool:
    said = "\n".join((*event.alerts, *warnings))
    return all(line in said for line in words.split("\n"))


def _lasts(since: datetime, now: datetime) -> bool:
    return now - since > cadence.freshness_budget(cadence.DAY)


def _word(ended: datetime | None) -> str:
    return "over" if ended else "wrong"
