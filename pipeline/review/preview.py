"""What a decision would change, and which decisions hold; writes none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline import merging, passage, report, text
from pipeline.errors import ConfigError
from pipeline.merging import Rulings
from pipeline.model import Decision, Entry, Event, EventFiles, Recording, Verb
from pipeline.passage import Passed, Surroundings

CORRECTIONS = frozenset(
    {
        Verb.LINK,
        Verb.NOT_THIS,
        Verb.IGNORE,
        Verb.UNLINK,
        Verb.WITHDRAW,
        Verb.UNWITHDRAW,
        Verb.RETIRE,
        Verb.MEND_CLOCK,
        Verb.ANNOUNCE,
        Verb.APPROVE,
        Verb.SENT,
        Verb.SKIP,
    }
)
"""What people say of anything but gaps: what `undo` without a name takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a decision changes in one event; `added` and `removed` are talks in its feed.

    `out` and `total` are pairs, before and after; `questions` too. `changed` are sentences about
    talks that stay in the feed, `alerts` sentences for a person that were not due before, `gaps`
    the watch lists whose gap is closed.
    """

    event: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    out: tuple[int, int] = (0, 0)
    total: tuple[int, int] = (0, 0)
    questions: tuple[int, int] = (0, 0)
    alerts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return the preview in words, one line a change."""
        found = [*(f"feed: + {name}" for name in self.added)]
        found += [f"feed: - {name}" for name in self.removed]
        found += self.changed
        if self.out[0] != self.out[1] or self.total[0] != self.total[1]:
            found.append(f"page: {_progress(self.out, self.total)} recordings out")
        found += [f"mail: the next recap names {name}" for name in self.added]
        found += [f"mail: no longer in the next recap: {name}" for name in self.removed]
        if not found:
            found.append("feed, page and mail: nothing changes")
        found += [f"status: the gap of {name} is closed" for name in self.gaps]
        before, after = self.questions
        if before != after:
            found.append(f"review: {before} → {after} {report.plural(after, 'question')}")
        return [*found, *(f"! {alert}" for alert in self.alerts)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a decision changes, and the event as it would be after it."""

    preview: Preview
    after: Passed


def preview(
    opened: EventFiles,
    around: Surroundings,
    word: Decision,
    *,
    everywhere: bool = False,
    now: datetime,
) -> Preview:
    """Return what `word` would change in an event; nothing is looked at.

    `everywhere` says that the decision concerns several events. Raises ConfigError where the
    word would have no effect, because event.yaml or no-publish.yaml says otherwise.
    """
    before = passage.take(opened, {}, around, now=now)
    return weigh(opened, around, word, before=before, everywhere=everywhere, now=now).preview


def weigh(
    opened: EventFiles,
    around: Surroundings,
    word: Decision,
    *,
    before: Passed,
    everywhere: bool = False,
    now: datetime,
) -> Weighed:
    """Return the same with the event as it would be; `before` is the event as it is.

    Raises ConfigError as `preview` does.
    """
    earlier = (*opened.decisions, *around.shared)
    latest = max((each.time for each in earlier), default=None)
    if latest is not None:
        word = replace(word, time=max(word.time, latest + timedelta(seconds=1)))
    decided, further = opened, around
    if everywhere:
        further = replace(around, shared=(*around.shared, word))
    else:
        decided = replace(opened, decisions=(*opened.decisions, word))
    _check_effect(decided, further, word, before=before)
    after = passage.take(decided, {}, further, now=now)
    return Weighed(preview=_difference(before, after), after=after)


def check(opened: EventFiles, around: Surroundings, word: Decision, *, before: Passed) -> None:
    """Raise ConfigError where a word on this event would have no effect, as `preview` does."""
    decided = replace(opened, decisions=(*opened.decisions, word))
    _check_effect(decided, around, word, before=before)


def sentence(decision: Decision) -> str:
    """Return a decision in words: `link youtube:WK7Pt4cSZII → brewing-tea, by Ada Example`."""
    things = (
        decision.video,
        decision.talk,
        decision.speaker,
        decision.event,
        decision.watch,
        decision.announcement,
        decision.undoes,
    )
    start = "" if decision.start is None else f" from {text.length(decision.start)}"
    named = " → ".join(one for one in things if one)
    if decision.mend:
        named = "{since} to {until} → {at}".format_map(report.plain(decision.mend))
    return f"{decision.verb} {named}{start}, by {decision.by}"


def _gaps(passed: Passed) -> set[str]:
    return {name for name, row in passed.ledger.watches.items() if row.gap}


def _difference(before: Passed, after: Passed) -> Preview:
    old, new = _in_feed(before), _in_feed(after)
    was, now = report.event_report(before), report.event_report(after)
    changed: list[str] = []
    for talk, entry in new.items():
        if talk in old:
            changed += _changes(old[talk], entry)
    return Preview(
        event=was.id,
        added=tuple(report.label(one) for talk, one in new.items() if talk not in old),
        removed=tuple(report.label(one) for talk, one in old.items() if talk not in new),
        changed=tuple(changed),
        out=(was.out, now.out),
        total=(was.total, now.total),
        questions=(len(was.questions), len(now.questions)),
        alerts=tuple(one for one in now.alerts if one not in was.alerts),
        gaps=tuple(sorted(_gaps(before) - _gaps(after))),
    )


def _in_feed(passed: Passed) -> dict[str, Entry]:
    return {entry.talk_id: entry for entry in passed.published.entries if entry.released}


def _changes(old: Entry, new: Entry) -> list[str]:
    """Return what changes of a talk that stays in the feed."""
    found = []
    if old.title != new.title:
        found.append(f"title: {report.label(old)} → {report.label(new)}")
    if old.recordings != new.recordings:
        was, now = (", ".join(map(_named, each.recordings)) for each in (old, new))
        found.append(f"recordings of {report.label(new)}: {was} → {now}")
    if old.released != new.released:
        was, now = (report.plain(one.released) for one in (old, new))
        found.append(f"released: {report.label(new)}: {was} → {now}")
    return found


def _named(recording: Recording) -> str:
    start = recording.start
    return recording.key if start is None else f"{recording.key} from {text.length(start)}"


def _progress(out: tuple[int, int], total: tuple[int, int]) -> str:
    if total[0] == total[1]:
        return f"{out[0]} → {out[1]} of {total[1]}"
    return f"{out[0]} of {total[0]} → {out[1]} of {total[1]}"


def _check_effect(
    decided: EventFiles, around: Surroundings, word: Decision, *, before: Passed
) -> None:
    """Raise ConfigError where the word, one of those decided, is overruled by people's files."""
    event = decided.event
    after = merging.settle(
        event, before.ledger, decided.decisions, barred=around.barred, shared=around.shared
    )
    place = f"data/{event.id}/event.yaml"
    video = word.video or ""
    owner = after.links.get(video)
    if word.start is not None and (video, word.talk) in after.cues:
        return
    match word.verb:
        case Verb.LINK if video in after.barred.videos:
            raise ConfigError(
                f"{video} is withdrawn, and stays so; run `recap unwithdraw {video}` first"
            )
        case Verb.LINK if owner is None:
            raise ConfigError(
                f"{place}: `not:` of the talk {word.talk!r} names {video}, and event.yaml wins; "
                "take the line out"
            )
        case Verb.LINK | Verb.UNLINK | Verb.NOT_THIS | Verb.IGNORE if after.by.get(
            video
        ) == "event.yaml" and (word.verb is not Verb.LINK or owner != word.talk):
            raise ConfigError(
                f"{place}: `recordings:` of the talk {owner!r} names {video}, and event.yaml "
                "wins; change the line there"
            )
        case Verb.UNWITHDRAW:
            _check_return(event, word, before.rulings, after)
        case _:
            pass


def _check_return(event: Event, word: Decision, before: Rulings, after: Rulings) -> None:
    """Raise ConfigError where nothing was withdrawn, or no-publish.yaml bars it all the same."""
    if before.barred == after.barred:
        things = (word.video, word.talk, word.speaker)
        what = next(one for one in things if one)
        raise ConfigError(
            f"{what} is not withdrawn by a decision that concerns {event.id}; where "
            "data/no-publish.yaml names it, take the line out there"
        )
