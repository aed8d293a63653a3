"""What people said, and what the ledger holds, as one ruling for each video, talk and speaker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from pipeline import text
from pipeline.model import Barred, Decision, Event, Ledger, Match, Stakes, Talk, Verb, Verdict

By = Literal["event.yaml", "decision", "auto"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cued:
    """Where a talk begins in a longer video, and whose word that is."""

    start: timedelta
    by: By


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """What holds. `links` is video key to talk id, `by` says whose word each link is.

    `refused` are (video, talk) pairs that a person said no to; `ignored` videos are left alone.
    `passed_over` are videos that their lists' rules keep out, each with the reason; `contested`
    those that other events have a stake in. `cues` has for (video, talk) pairs where the talk
    begins in a video that holds several.
    """

    links: Mapping[str, str] = field(default_factory=dict)
    by: Mapping[str, By] = field(default_factory=dict)
    refused: frozenset[tuple[str, str]] = frozenset()
    ignored: frozenset[str] = frozenset()
    passed_over: Mapping[str, str] = field(default_factory=dict)
    contested: Mapping[str, Stakes] = field(default_factory=dict)
    cues: Mapping[tuple[str, str], Cued] = field(default_factory=dict)
    barred: Barred = field(default_factory=Barred)

    @property
    def settled(self) -> frozenset[str]:
        """Return the videos that matching leaves alone, whoever said so."""
        return self.ignored | self.passed_over.keys() | {video for video, _ in self.cues}

    def bars(self, event: Event, talk: Talk) -> bool:
        """Tell whether the talk, or one of its speakers, must not appear."""
        if not self.barred.talks and not self.barred.speakers:
            return False
        names = {
            text.name_key(name)
            for speaker in talk.speakers
            for name in (speaker.name, *speaker.also)
        }
        keys = {
            f"{event_id}/{talk_id}"
            for event_id in (event.id, *event.was)
            for talk_id in (talk.id, *talk.was)
        }
        return bool(keys & self.barred.talks) or bool(names & self.barred.speakers)

    def with_matches(self, matches: Iterable[Match]) -> Rulings:
        """Return the rulings with the automatic links of `matches` added."""
        links, by, cues = dict(self.links), dict(self.by), dict(self.cues)
        for match in matches:
            for piece in match.pieces:
                cues[match.video, piece.talk] = Cued(start=piece.start, by="auto")
            if match.verdict is Verdict.AUTO and match.talk and match.video not in links:
                links[match.video] = match.talk
                by[match.video] = "auto"
        return replace(self, links=links, by=by, cues=cues)


@dataclass(slots=True)
class _Desk:
    """Links under construction, in the order in which words weigh."""

    links: dict[str, str] = field(default_factory=dict)
    by: dict[str, By] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    cues: dict[tuple[str, str], Cued] = field(default_factory=dict)

    def link(self, video: str, talk: str, by: By) -> None:
        """Let the whole video be the talk's; what matching heard in it was heard wrongly then."""
        self.links[video] = talk
        self.by[video] = by
        self.cues = {
            pair: cued
            for pair, cued in self.cues.items()
            if pair[0] != video or (cued.by != "auto" and pair[1] != talk)
        }
        self.refused.discard((video, talk))
        self.ignored.discard(video)

    def cue(self, video: str, talk: str, cued: Cued) -> None:
        self.cues[video, talk] = cued
        if self.links.get(video) == talk:
            self.drop_link(video)
        self.refused.discard((video, talk))
        self.ignored.discard(video)

    def refuse(self, video: str, talk: str) -> None:
        self.refused.add((video, talk))
        self.cues.pop((video, talk), None)
        if self.links.get(video) == talk:
            self.drop_link(video)

    def drop(self, video: str) -> None:
        self.drop_link(video)
        self.cues = {pair: cued for pair, cued in self.cues.items() if pair[0] != video}

    def drop_link(self, video: str) -> None:
        self.links.pop(video, None)
        self.by.pop(video, None)


def settle(
    event: Event,
    ledger: Ledger,
    decisions: Iterable[Decision],
    *,
    barred: Barred,
    shared: Iterable[Decision] = (),
) -> Rulings:
    """Return what holds for `event`; `shared` are the decisions that concern several events.

    The ledger's rows must carry today's talk ids (see `ledger.rename`).
    """
    today = {old: talk.id for talk in event.talks for old in talk.was}
    talks = {talk.id for talk in event.talks}
    here = {event.id, *event.was, None}
    words = standing([*decisions, *(each for each in shared if each.event in here)])
    desk = _Desk()
    for key, row in ledger.videos.items():
        if row.match and row.match.verdict is Verdict.AUTO:
            if row.match.talk in talks:
                desk.link(key, row.match.talk, "auto")
            for piece in row.match.pieces:
                desk.cue(key, piece.talk, Cued(start=piece.start, by="auto"))
    for word in words:
        talk = today.get(word.talk, word.talk) if word.talk else None
        _apply(desk, word, talk, talks)
    for each in event.talks:
        for video in each.not_videos:
            desk.refuse(video, each.id)
        for video in each.recordings:
            desk.link(video, each.id, "event.yaml")
    for video in [key for key, talk in desk.links.items() if talk not in talks]:
        desk.drop_link(video)
    desk.cues = {pair: cued for pair, cued in desk.cues.items() if pair[1] in talks}
    whole = _bar(event, words, barred)
    for video in whole.videos:
        desk.drop(video)
    return Rulings(
        links=desk.links,
        by=desk.by,
        refused=frozenset(desk.refused),
        ignored=frozenset(desk.ignored) | whole.videos,
        cues=desk.cues,
        barred=whole,
    )


def _apply(desk: _Desk, word: Decision, talk: str | None, talks: Iterable[str]) -> None:
    match word.verb, word.video:
        case Verb.LINK, str(video) if talk and word.start is not None:
            desk.cue(video, talk, Cued(start=word.start, by="decision"))
        case Verb.LINK, str(video) if talk:
            desk.link(video, talk, "decision")
        case Verb.NOT_THIS, str(video) if talk:
            desk.refuse(video, talk)
        case Verb.UNLINK, str(video):
            # Without a talk it speaks of whichever there was, so no talk gets it back.
            for wrong in (talk,) if talk else talks:
                desk.refuse(video, wrong)
        case Verb.IGNORE, str(video):
            desk.drop(video)
            desk.ignored.add(video)
        case _:
            pass


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that are not undone, oldest first; an undo can be undone too."""
    ordered = sorted(decisions, key=lambda each: (each.time, each.id))
    void: set[str] = set()
    for each in reversed(ordered):
        if each.verb is Verb.UNDO and each.undoes and each.id not in void:
            void.add(each.undoes)
    return tuple(each for each in ordered if each.id not in void)


def strangers(event: Event, decisions: Iterable[Decision], barred: Barred) -> tuple[str, ...]:
    """Return sentences on words about talks that the event does not have: a slip of the pen.

    A misspelt withdrawal must not pass for one that was heard.
    """
    talks = {each for talk in event.talks for each in (talk.id, *talk.was)}
    here = {event.id, *event.was}
    found = [
        f"decision {word.id} ({word.verb}) speaks of the talk {word.talk!r}, which this event "
        "does not have; take it back with `recap undo` and say it again"
        for word in standing(decisions)
        if word.talk and word.talk.rpartition("/")[2] not in talks
    ]
    for key in sorted(barred.talks):
        event_id, _, talk_id = key.partition("/")
        if event_id in here and talk_id not in talks:
            found.append(f"no-publish.yaml names {key}, which does not exist; mend its spelling")
    return tuple(found)


def _bar(event: Event, words: Iterable[Decision], barred: Barred) -> Barred:
    """Return `barred` with the withdrawals that stand; the latest word on each thing counts."""
    videos, talks, speakers = set(barred.videos), set(barred.talks), set(barred.speakers)
    for word in words:
        if word.verb not in (Verb.WITHDRAW, Verb.UNWITHDRAW):
            continue
        named: list[tuple[set[str], str]] = []
        if word.video:
            named.append((videos, word.video))
        if word.talk:
            named.append((talks, word.talk if "/" in word.talk else f"{event.id}/{word.talk}"))
        if word.speaker:
            named.append((speakers, text.name_key(word.speaker)))
        for where, what in named:
            if word.verb is Verb.WITHDRAW:
                where.add(what)
            else:
                where.discard(what)
    return Barred(
        videos=frozenset(videos | barred.videos),
        talks=frozenset(talks | barred.talks),
        speakers=frozenset(speakers | barred.speakers),
    )
