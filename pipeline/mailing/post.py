"""Open drafts to their tools and letters to their recipients; then the ledger learns of it.

Order: draft tools are asked, letters are stored, letters leave, and only what is certain is written
into the ledger, under the lock on the data. Killed anywhere, the next call goes on: a tool is asked
by the announcement's id, and a letter that is stored is not stored twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import BusyError, ConfigError, DatasetError, OutputError, Problem
from pipeline.files.lock import hold
from pipeline.mail.settings import parse_mailbox
from pipeline.mailing import kinds, tools, upkeep
from pipeline.mailing.cases import Case, Casebook
from pipeline.mailing.holding import ASLEEP, NO_LETTERS, SET_BACK, is_known, is_lost, reason_to_hold
from pipeline.mailing.marking import Marker
from pipeline.model import (
    Connect,
    Delivery,
    DraftTool,
    Receipt,
    RunReport,
    Want,
)
from pipeline.sending.delivering import Delivered
from pipeline.sending.letter import LetterKey
from pipeline.sending.letters import Letters
from pipeline.sending.posting import HOLDER, send_letters
from pipeline.sending.provenance import Provenance
from pipeline.state.database import State
from pipeline.written.targets import MailTarget

_DONE = frozenset({"sent", "failed", "skipped"})
"""Stages in which nothing more happens to a letter by itself, nor waits for a person."""


def close(
    config: Config,
    made: RunReport,
    want: Want,
    event_ids: Iterable[str],
    *,
    store: FolderStore,
    state: State,
    connect: Connect,
) -> RunReport:
    """End a run that was stored: bring the open drafts of these events on their way.

    Returns the report with what went out, and what did not.
    """
    if want.dry_run or not want.deliver or not config.mail_to:
        return made
    try:
        told = deliver(
            config,
            sorted(event_ids),
            store=store,
            state=state,
            connect=connect,
            now=made.started,
            patient=want.due,
        )
    except BusyError as error:
        told = Delivered(warnings=(error.message,))
    return replace(
        made,
        delivered=(*made.delivered, *told.sent),
        warnings=(*made.warnings, *told.warnings),
        problems=(*made.problems, *told.problems),
    )


def deliver(
    config: Config,
    event_ids: Iterable[str],
    *,
    store: FolderStore,
    state: State,
    connect: Connect,
    now: datetime,
    patient: bool = False,
    insist: Container[str] = (),
) -> Delivered:
    """Bring the open drafts of events on their way; say what went out and what did not.

    `patient` leaves alone what was tried lately. `insist` are the labels of cases that a person
    wants to leave now, whatever speaks against it. Must be called without the lock on the data, for
    an answer may take ten minutes. Raises BusyError where another process is sending.
    """
    upkeep.clean(config, store=store, state=state, now=now)
    book = Casebook(config, store)
    found = list(book.each(event_ids))
    cases = [case for case in found if case.target]
    post = _Post(config, book, state, connect, now, patient=patient, insist=insist)
    if cases:
        config.state.mkdir(parents=True, exist_ok=True)
        folder = config.state
        with hold(folder, holder=folder / HOLDER, now=now, wait_s=config.timeout_s, what="mail"):
            if upkeep.follow(cases, store=store, state=state):
                upkeep.clean(config, store=store, state=state, now=now)
            for case in cases:
                post.prepare(case)
    post.leave()
    for case in cases:
        post.settle(case)
    post.warnings[:0] = book.warnings
    post.warnings += [
        f"mail {case.label} goes nowhere: config.yaml names no target {case.draft.target!r} any "
        f"more. Name it so again (`id: {case.draft.target}`), or say `recap mail sent` or `recap "
        f"mail skip {case.name} --target {case.draft.target}`"
        for case in found
        if not (case.target or case.is_pasted)
    ]
    return Delivered(
        sent=tuple(post.sent), warnings=tuple(post.warnings), problems=tuple(post.problems)
    )


def send_test(
    book: Casebook, case: Case, address: str, *, connect: Connect, now: datetime
) -> Receipt:
    """Send a draft to one address by the first mail server there is; nothing is stored or marked.

    Raises ConfigError where no mail server is configured, or mails have no sender.
    """
    try:
        to = parse_mailbox(address).address
    except ValueError as error:
        raise ConfigError(str(error)) from error
    kind = kinds.mail_server(book.config, connect)
    mail = book.mail(case)
    shown = replace(mail, subject=f"[Test] {mail.subject}")
    letter = book.letter(case, to, mail=shown, now=now)
    return kind.send(letter.message(now), lambda: None)


@dataclass(slots=True)
class _Post:
    """One delivery of mails."""

    config: Config
    book: Casebook
    state: State
    connect: Connect
    now: datetime
    patient: bool
    insist: Container[str]
    sent: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    marker: Marker = field(init=False)
    _kinds: dict[str, Delivery | DraftTool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What cannot be marked is said with all else."""
        store, said = self.book.store, self.warnings
        self.marker = Marker(config=self.config, store=store, now=self.now, warnings=said)

    def prepare(self, case: Case) -> None:
        """Put a draft at its tool, or store its letters, where it may leave."""
        kind = self._kind(cast("MailTarget", case.target))
        try:
            if isinstance(kind, DraftTool):
                self._put(case, kind)
            elif kind and self._may_go(case):
                if case.is_empty:
                    self.warnings.append(
                        f"mail {case.label} waits: none of the recordings that it tells of can be "
                        f"watched now; `recap mail skip {case.name}` lets it be"
                    )
                else:
                    self._plan(case, kind)
        except (ConfigError, DatasetError, OutputError) as error:
            self.warnings.append(f"mail {case.label}: {error}")

    def _may_go(self, case: Case) -> bool:
        """Tell whether a person, or the target, lets a draft go: now, or when it began to leave."""
        began = case.draft.leaving and not self.book.is_taken_back(case.event, case.draft)
        return bool(case.since or case.label in self.insist or began)

    def leave(self) -> None:
        """Send the letters that are due."""
        letters = Letters(self.state)
        if not letters.listed(stages=("planned", "held", "sending", "dot")):
            return
        letters.hold_late(before=self.now - ASLEEP, now=self.now, detail="it is late by over a day")
        upkeep.stop(self.book, letters, now=self.now, insist=self.insist)
        deliveries = {
            one.id: kind
            for one in self.config.mail_to
            if isinstance(kind := self._kind(one), Delivery)
        }
        if not deliveries:
            return
        posted = send_letters(
            letters,
            deliveries,
            folder=self.config.state,
            clock=lambda: self.now,
            wait_s=self.config.timeout_s,
        )
        self.warnings.extend(posted.warnings)
        self.sent.extend(_told(posted.sent))

    def settle(self, case: Case) -> None:
        """Mark a draft as sent when each of its letters has come to its end; say what waits."""
        draft, letters = case.draft, Letters(self.state)
        if self._is_namesake(case, letters):
            self.warnings.append(
                f"mail {case.label} is not sent: this state has sent an older announcement of the "
                "same name, so data/ was set back since. Look what it tells, and say `recap mail "
                f"sent {case.name}` where that has gone out"
            )
            return
        stages = letters.stages(case.event, draft.id, draft.target)
        if stages["held"]:
            held = letters.listed(event=case.event, stages=["held"])
            self._held(case, next(one.detail for one in held if _is_of(one.key, case)))
        if stages["failed"] and not stages.keys() - {"failed", "skipped"}:
            lost = letters.listed(event=case.event, stages=["failed"])
            one = next(one for one in lost if _is_of(one.key, case))
            if one.changed < self.now:  # else it was said just now
                self.warnings.append(
                    f"mail {case.label} has failed: {one.detail}. Mend that and run `recap mail "
                    f"send {case.name}`, or skip it"
                )
        if stages["sent"] and not stages.keys() - _DONE:
            self.marker.mark(case, "sent")

    def _is_namesake(self, case: Case, letters: Letters) -> bool:
        """Tell whether letters of its name are older than the draft: they told something else."""
        stored = letters.listed(event=case.event)
        return any(_is_of(one.key, case) and one.planned < case.draft.time for one in stored)

    def _put(self, case: Case, tool: DraftTool) -> None:
        if tools.rests(case, state=self.state, now=self.now, patient=self.patient):
            return
        kept, made = self.book.kept(case.event), Provenance(self.state).made(case.event)
        if is_lost(case.draft, kept, made) and case.label not in self.insist:
            self._held(case, SET_BACK)
            return
        was_known = case.draft.known is not None or tools.was_tried(case, state=self.state)
        mail = self.book.mail(case, markdown=True)
        site_tag = self.config.site.tag
        placed = tools.put(tool, case, mail, state=self.state, site_tag=site_tag, now=self.now)
        match placed.result:
            case "sent" if not was_known:
                self.warnings.append(
                    f"mail {case.label} was sent there, and neither data/ nor the state in .recap/ "
                    "knows of it, so it may have told something else. Look what it told, and say "
                    f"`recap mail sent {case.name}` where that was all"
                )
            case "draft" | "edited" | "sent":
                if self.marker.mark(case, placed.result, placed):
                    self.sent.append(f"{case.label}: {_PLACED[placed.result]}")
                if case.is_empty and placed.result == "draft":
                    self.warnings.append(
                        f"mail {case.label} tells of nothing that can be watched now, so it is not "
                        f"to be sent there as it is; `recap mail skip {case.name}` lets it be"
                    )
            case "deleted":
                self.warnings.append(
                    f"mail {case.label}: its draft was deleted there, and is not made again by "
                    f"itself; `recap mail skip {case.name}` or `recap mail sent {case.name}` "
                    f"settles it. {placed.detail}".rstrip()
                )
            case _:
                self.warnings.append(f"mail {case.label}: no draft was made: {placed.detail}")

    def _plan(self, case: Case, kind: Delivery) -> None:
        """Store the letters of a draft, after what comes later was parted from it."""
        recipients: Sequence[str] = getattr(kind, "recipients", lambda: ())() or ("",)
        letters = Letters(self.state)
        for one in letters.listed(event=case.event, stages=("skipped",)):
            if _is_of(one.key, case) and one.key.recipient in recipients:
                letters.reopen(one.key, now=self.now, detail="it was let be, and is open again")
        mail = self.book.mail(case)
        made = [self.book.letter(case, one, mail=mail, now=self.now) for one in recipients]
        why = self._doubt(case, letters, len(made))
        if why:
            # Without bodies: what is let go later is made of what is published then.
            letters.plan(
                replace(one, stage="held", detail=why, text="", html=None, raw=None) for one in made
            )
        elif case.draft.leaving or self.marker.mark(case, "leaving"):
            letters.plan(made)
        for one in letters.listed(event=case.event, stages=("planned", "held")):
            if _is_of(one.key, case) and one.key.recipient not in recipients:
                letters.skip(*case.letters, now=self.now, recipient=one.key.recipient)

    def _doubt(self, case: Case, letters: Letters, recipients: int) -> str | None:
        """Return why a draft is not sent without a person; None where nothing speaks against it."""
        kept = self.book.kept(case.event)
        made = Provenance(self.state).made(case.event)
        lost = is_lost(case.draft, kept, made)
        under_way = letters.stages(*case.letters).keys() - {"held"} and not lost
        if under_way or case.label in self.insist:
            return None
        gone = case.draft.leaving and not letters.stages(*case.letters)
        return reason_to_hold(
            lost=lost,
            known=is_known(case.draft, kept, made),
            lasting=len(self.state.runs(2)) > 1,
            recipients=recipients,
            since=case.since or self.now,
            now=self.now,
        ) or (NO_LETTERS if gone else None)

    def _held(self, case: Case, why: str) -> None:
        self.warnings.append(
            f"mail {case.label} is held: {why}. Look, then `recap mail send {case.name}` sends "
            f"it, and `recap mail sent {case.name}` says that it has gone out"
        )

    def _kind(self, target: MailTarget) -> Delivery | DraftTool | None:
        if target.id not in self._kinds:
            self._kinds[target.id] = None
            try:
                self._kinds[target.id] = kinds.made(self.config, target, self.connect)
            except ConfigError as error:
                self.problems.append(kinds.problem(target, error))
        return self._kinds[target.id]


_PLACED = {
    "draft": "its draft is there",
    "edited": "its draft was edited or scheduled there and is left alone",
    "sent": "it was sent there",
}


def _told(keys: Iterable[LetterKey]) -> Iterable[str]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[str(key)] = counts.get(str(key), 0) + 1
    for place, count in counts.items():
        yield f"{place}: {'1 letter' if count == 1 else f'{count} letters'} sent"


def _is_of(key: LetterKey, case: Case) -> bool:
    return (key.announcement, key.target) == (case.draft.id, case.draft.target)
