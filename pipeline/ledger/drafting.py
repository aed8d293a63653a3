"""The open drafts of an event, from its announcements and what people said of them.

A draft is not stored: it is what the open announcements tell at a target, together. Renders and
sends nothing; what a delivery did is written back with `mark_target`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pipeline.model import Announcement, Decision, Ledger, OpenDraft, TargetState, Verb

Reached = Literal["draft", "edited", "leaving", "sent", "skipped"]
"""How far a delivery brought an announcement at a target."""

_SPEAKING = (Verb.APPROVE, Verb.SENT, Verb.SKIP)
_SEVERAL = ("closing", "backlog", "batch")


def drafts(ledger: Ledger, words: Iterable[Decision]) -> tuple[OpenDraft, ...]:
    """Return the open drafts at each target, the oldest first.

    `words` are the decisions on this event that stand, oldest first. A word on an announcement
    takes in the older ones that were open with it; what comes after an approval, or after a draft
    that a person edited at its tool or whose letters are on their way, is a draft of its own.
    """
    words = tuple(word for word in words if word.verb in _SPEAKING and word.announcement)
    targets = dict.fromkeys(name for one in ledger.announcements for name in one.targets)
    found = []
    for target in targets:
        groups = tuple(_groups(ledger, target, words))
        for number, group in enumerate(groups):
            made = _draft(group, groups[:number], target, ledger)
            if not group.closed and (
                made.talks or made.kind == "closing" or (made.known and not made.leaving)
            ):
                found.append(made)
    return tuple(found)


def mark_target(
    ledger: Ledger,
    ids: Iterable[str],
    target: str,
    *,
    state: Reached,
    draft: str | None = None,
    body_sha256: str | None = None,
) -> Ledger:
    """Return the ledger after a delivery brought announcements to `state` at a target.

    `draft` is the tool's own id of it, or where letters leave that of the draft's newest
    announcement, and `body_sha256` what it holds; None leaves what is known
    of them. An id that the ledger has not, or not at this target, raises KeyError: what was
    delivered is then told of by no file.
    """
    wanted = dict.fromkeys(ids)
    there = {one.id for one in ledger.announcements if target in one.targets}
    for name in wanted:
        if name not in there:
            raise KeyError(f"no announcement {name!r} at the target {target!r}")
    return replace(
        ledger,
        announcements=tuple(
            replace(one, targets=_marked(one.targets, target, state, draft, body_sha256))
            if one.id in wanted
            else one
            for one in ledger.announcements
        ),
    )


def unheard(ledger: Ledger, words: Iterable[Decision]) -> tuple[str, ...]:
    """Return sentences on words about announcements or targets that there are not: slips."""
    targets = {one.id: one.targets for one in ledger.announcements}
    advice = "take it back with `recap undo` and say it again"
    found = []
    for word in words:
        if word.verb not in _SPEAKING:
            continue
        said = f"decision {word.id} ({word.verb})"
        if not word.announcement:
            found.append(f"{said} names no announcement; {advice}")
        elif word.announcement not in targets:
            found.append(
                f"{said} speaks of the announcement {word.announcement!r}, which this event does "
                f"not have; {advice}"
            )
        elif word.target and word.target not in targets[word.announcement]:
            known = ", ".join(targets[word.announcement])
            found.append(
                f"{said} speaks of the target {word.target!r}, which announcement "
                f"{word.announcement!r} does not go to (it goes to {known}); {advice}"
            )
    return tuple(found)


def left_behind(found: Iterable[OpenDraft]) -> tuple[str, ...]:
    """Return sentences on drafts that may still tell of what was taken back: a person has to look.

    The machine leaves alone what a person has edited, or called done with.
    """
    return tuple(
        f"the mail {one.id} at {one.target} may still tell of {', '.join(one.taken_back)}, which "
        f"was taken back since: look there and take it out, and say `recap mail sent` or `recap "
        "mail skip` when it is done with"
        for one in found
        if one.taken_back
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Announcements that one draft tells of together. `taken_back` are talks that it may still
    tell of, against what the machine knows; such a group is open though a person called it `sent`.
    """

    announcements: tuple[Announcement, ...]
    closed: bool
    sent: bool
    approval: Decision | None = None
    taken_back: tuple[str, ...] = ()


def _groups(ledger: Ledger, target: str, words: Sequence[Decision]) -> Iterable[_Group]:
    """Yield what went to a target, in the order of time, parted where one draft ends."""
    held: list[Announcement] = []
    rows = [one for one in ledger.announcements if target in one.targets]
    rows.sort(key=lambda one: one.time)
    for number, one in enumerate(rows):
        said = _said(words, one, target)
        row = one.targets[target]
        if row.state in ("sent", "skipped"):
            sent = row.state == "sent"
            yield _Group(announcements=(one,), closed=True, sent=sent)
        else:
            held.append(one)
        after = rows[number + 1].targets[target] if number + 1 < len(rows) else None
        if held and (said or _is_parted(row, after)):
            yield _grouped(held, target, ledger, said)
            held = []
    if held:
        yield _grouped(held, target, ledger, {})


def _grouped(
    held: Sequence[Announcement], target: str, ledger: Ledger, said: Mapping[Verb, Decision]
) -> _Group:
    heard = [word.time for verb, word in said.items() if verb is not Verb.APPROVE]
    rows = [one.targets[target] for one in held]
    back: tuple[str, ...] = ()
    if any(row.state == "edited" or (heard and row.state == "draft" and row.draft) for row in rows):
        back = _taken_back(held, ledger, after=max(heard, default=None))
    return _Group(
        announcements=tuple(held),
        closed=bool(heard) and not back,
        sent=Verb.SENT in said,
        approval=said.get(Verb.APPROVE),
        taken_back=back,
    )


def _taken_back(
    held: Iterable[Announcement], ledger: Ledger, *, after: datetime | None
) -> tuple[str, ...]:
    """Return talks of announcements that were taken back, or replaced, since they were told."""
    rows = ((talk, one.time, ledger.talks.get(talk)) for one in held for talk in one.talks)
    found = (
        (talk, row.deleted or row.released)
        for talk, told, row in rows
        if row and (row.released is None or (row.released > told and not row.left))
    )
    return tuple(dict.fromkeys(one for one, when in found if when and (not after or when > after)))


def _said(words: Iterable[Decision], one: Announcement, target: str) -> dict[Verb, Decision]:
    """Return the latest word of each verb on an announcement at a target."""
    return {
        word.verb: word
        for word in words
        if word.announcement == one.id and word.target in (None, target)
    }


def _is_parted(row: TargetState, after: TargetState | None) -> bool:
    """Tell whether the next announcement went, or is to go, into another draft."""
    if row.state in ("edited", "leaving"):
        return after is None or (after.state, after.draft) != (row.state, row.draft)
    # A tool has the two apart: an edit that parted them may have been taken back since.
    return after is not None and None not in (row.draft, after.draft) and row.draft != after.draft


def _draft(group: _Group, before: Sequence[_Group], target: str, ledger: Ledger) -> OpenDraft:
    newest = group.announcements[-1]
    rows = [one.targets[target] for one in group.announcements]
    talks = tuple(dict.fromkeys(each for one in group.announcements for each in _told(one, ledger)))
    mailed = {
        talk for past in before if past.sent for one in past.announcements for talk in one.talks
    }
    kinds = {one.kind for one in group.announcements}
    return OpenDraft(
        target=target,
        id=newest.id,
        time=newest.time,
        announcements=tuple(one.id for one in group.announcements),
        talks=talks,
        kind=next(kind for kind in _SEVERAL if kind in kinds),
        corrected=tuple(one for one in talks if one in mailed and not ledger.talks[one].left),
        approved=group.approval.time if group.approval else None,
        edited=any(row.state == "edited" for row in rows),
        leaving=any(row.state == "leaving" for row in rows),
        known=next((row.draft for row in reversed(rows) if row.draft), None),
        body_sha256=next((row.body_sha256 for row in reversed(rows) if row.body_sha256), None),
        taken_back=group.taken_back,
    )


def _told(one: Announcement, ledger: Ledger) -> Iterable[str]:
    """Yield the talks of an announcement that it still tells of.

    One that was taken back since is out of it, and one released again is a later one's to tell.
    """
    for talk in one.talks:
        row = ledger.talks.get(talk)
        if row and row.released and row.released <= one.time:
            yield talk


def _marked(
    targets: Mapping[str, TargetState],
    target: str,
    state: Reached,
    draft: str | None,
    body_sha256: str | None,
) -> Mapping[str, TargetState]:
    row = targets[target]
    made = TargetState(
        state=state, draft=draft or row.draft, body_sha256=body_sha256 or row.body_sha256
    )
    return {**targets, target: made}
