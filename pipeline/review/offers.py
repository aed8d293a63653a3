"""A decision made ready: the very file that it will be, and what it changes.

Whoever shows an Offer and writes it later asks a new one whether it `keeps` the seal: it does where
the bytes, the name and whatever else a person was shown are the same. Trying a decision takes a
whole passage of the event; an offer is `untried` until somebody looks at it in full. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from pipeline import ledger, merging
from pipeline.dataset.decisions import after, named, render_decision
from pipeline.model import Decision, EventFiles, Standing
from pipeline.passage import Passed, Surroundings
from pipeline.review.preview import Preview, check, sentence, weigh
from pipeline.views.talk import state

Slot = Literal["out", "new", "to-come", "none", "fills", "empties"]
"""A talk's box in the slot bar: "fills" is out only after the decision, "empties" only before."""

_STEPS = 40
"""Talks above which a bar has no box for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A decision on one event, ready to be written; `word` has the id that its file will have.

    `path` is below the dataset's folder. `preview` is None where it was not tried what it changes;
    then nothing is known of what follows. `slots` is the bar of the event, None where there are too
    many talks for boxes. `announces_next` is when the clock alone makes the next mail's draft after
    it, and `drafts` are the open drafts that would tell of what it adds. `beside` stands for what
    else a person is shown with it, such as a mail.
    """

    word: Decision
    path: str
    body: bytes
    preview: Preview | None = None
    slots: tuple[Slot, ...] | None = None
    announces_next: datetime | None = None
    drafts: tuple[str, ...] = ()
    beside: str = ""

    @property
    def seal(self) -> str:
        """Return a hash of all that a person is shown of it."""
        lines = self.preview.lines() if self.preview else ()
        shown = (self.path, self.body.decode(), *lines, self.beside)
        return hashlib.sha256("\0".join(shown).encode()).hexdigest()[:32]

    def keeps(self, seal: str) -> bool:
        """Tell whether a seal that was shown promised this, or this file without consequences."""
        untried = replace(self, preview=None)
        return seal in (self.seal, untried.seal)


def offer(
    opened: EventFiles,
    around: Surroundings,
    word: Decision,
    *,
    before: Passed,
    now: datetime,
) -> Offer:
    """Return a decision about an event as its file will be, dated after all that is known.

    `before` is the event as it is. Raises ConfigError where the word would have no effect.
    """
    made = ready(opened, around, word)
    weighed = weigh(opened, around, made, before=before, now=now)
    added = set(_out(weighed.after)) - set(_out(before))
    open_drafts = {draft.id: set(draft.talks) for draft in weighed.after.drafts}
    return replace(
        _filed(opened, made),
        preview=weighed.preview,
        slots=_slots(before, weighed.after),
        announces_next=weighed.after.announces_next,
        drafts=tuple(name for name, talks in open_drafts.items() if talks & added),
    )


def untried(opened: EventFiles, around: Surroundings, word: Decision, *, before: Passed) -> Offer:
    """Return the same without what it changes, for next to nothing.

    Raises ConfigError as `offer` does.
    """
    made = ready(opened, around, word)
    check(opened, around, made, before=before)
    return _filed(opened, made)


def _filed(opened: EventFiles, made: Decision) -> Offer:
    path = f"{opened.event.id}/decisions/{made.id}.yaml"
    return Offer(word=made, path=path, body=render_decision(made))


def ready(opened: EventFiles, around: Surroundings, word: Decision) -> Decision:
    """Return a decision with the time and the id that it gets when it is written."""
    names = (one.id for one in (*opened.decisions, *around.shared))
    return named(after(word, names, mends=ledger.mends(merging.standing(around.shared))))


def later_words(
    opened: EventFiles, around: Surroundings, *, since: datetime
) -> tuple[Decision, ...]:
    """Return what was decided about an event at `since` or later, the oldest first."""
    found = [one for one in (*opened.decisions, *around.shared) if one.time >= since]
    return tuple(sorted(found, key=lambda one: (one.time, one.id)))


def why_moved(later: Iterable[Decision]) -> str:
    """Return why a decision that was shown cannot be written as it was shown."""
    said = "; ".join(sentence(one) for one in later)
    if said:
        return f"Meanwhile this was decided: {said}. Look again: the page shows how it is now."
    return "What this would change is not what it was when the page was shown. Look again."


def bar(passed: Passed) -> tuple[Slot, ...] | None:
    """Return the slot bar of an event as it is."""
    return _slots(passed, passed)


def moment(told: str) -> datetime | None:
    """Return a time as a page carries it; None where it is none."""
    try:
        return datetime.strptime(told, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def dated(word: Decision, when: datetime) -> Decision:
    """Return a decision of a moment, in whole seconds as files have them."""
    return replace(word, time=when.replace(microsecond=0))


def _slots(before: Passed, then: Passed) -> tuple[Slot, ...] | None:
    entries = then.published.entries
    if len(entries) > _STEPS:
        return None
    was, fresh = set(_out(before)), set(then.published.fresh or ())
    slots: list[Slot] = []
    for one in entries:
        if one.standing is Standing.OUT and one.talk_id not in was:
            slots.append("fills")
        elif one.standing is not Standing.OUT and one.talk_id in was:
            slots.append("empties")
        else:
            slots.append(state(one, new=one.talk_id in fresh))
    return tuple(slots)


def _out(passed: Passed) -> list[str]:
    return [one.talk_id for one in passed.published.entries if one.standing is Standing.OUT]
