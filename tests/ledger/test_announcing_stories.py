"""Random stories of releases, people's words and missed runs: each release is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset.records import RecordingsFile, build_ledger, render_ledger
from pipeline.ledger import announce, drafts, next_announcement, stamp
from pipeline.model import (
    Announcement,
    Decision,
    Entry,
    Installation,
    Ledger,
    Plan,
    PublishedEvent,
    Standing,
    Verb,
)
from pipeline.written.filemodel import validate
from pipeline.written.yamltext import load
from tests.builders import NOW, entry, event

TALKS = 5
HOURS = 24 * 20
TARGETS = ("list", "tool")
YOUNG, OLD = date(2031, 5, 18), date(2030, 5, 18)


@dataclass(frozen=True)
class Story:
    """What each talk's standing becomes, hour by hour; when people ask; when a run takes place."""

    changes: tuple[dict[int, Standing], ...]
    asked: tuple[int, ...]
    runs: tuple[int, ...]
    plan: Plan
    end: date

    @property
    def words(self) -> tuple[Decision, ...]:
        return tuple(
            Decision(id=f"word-{hour}", time=at(hour), verb=Verb.ANNOUNCE, by="Ada")
            for hour in self.asked
        )

    def seen(self, hour: int) -> PublishedEvent:
        """Return the event as merging would have it, before stamping."""
        entries = tuple(
            _entry(number, changes, hour) for number, changes in enumerate(self.changes, 1)
        )
        return PublishedEvent(event=event(start=self.end, end=self.end), entries=entries)


def at(hour: int) -> datetime:
    return NOW + timedelta(hours=hour)


def _entry(number: int, changes: dict[int, Standing], hour: int) -> Entry:
    past = [when for when in changes if when <= hour]
    standing = changes[max(past)] if past else Standing.AWAITED
    shown = standing in (Standing.OUT, Standing.UNAVAILABLE)
    made = entry(number, sequence=1 if shown else None)
    return replace(made, standing=standing, release=None)


STANDINGS = st.sampled_from(
    (
        *(Standing.OUT, Standing.OUT, Standing.AWAITED, Standing.UNAVAILABLE),
        *(Standing.LOST, Standing.EMBARGOED),
    )
)
HOUR = st.integers(0, HOURS)
PLANS = st.builds(
    Plan,
    when=st.sampled_from(("each", "daily", "weekly", "every", "complete", "manual")),
    at=st.times().map(lambda one: time(one.hour, one.minute)),
    weekday=st.integers(0, 6),
    count=st.integers(1, 4),
    quiet=st.sampled_from((timedelta(), timedelta(hours=2), timedelta(hours=30))),
    close_after=st.sampled_from((timedelta(days=3), timedelta(days=60))),
)
STORIES = st.builds(
    Story,
    changes=st.tuples(*[st.dictionaries(HOUR, STANDINGS, max_size=4)] * TALKS),
    asked=st.lists(HOUR, max_size=2).map(tuple),
    runs=st.sets(HOUR, min_size=2, max_size=20).map(lambda hours: tuple(sorted(hours))),
    plan=PLANS,
    end=st.sampled_from((YOUNG, OLD)),
)


@dataclass
class Run:
    """One run over a story: the event as stamped, and the ledger before and after announcing."""

    now: datetime
    published: PublishedEvent
    stamped: Ledger
    after: Ledger
    words: tuple[Decision, ...]
    backlog: bool

    @property
    def made(self) -> tuple[Announcement, ...]:
        return self.after.announcements[len(self.stamped.announcements) :]


@dataclass
class Replay:
    """Runs one after another; a `cold` one reads the ledger from its file each time."""

    story: Story
    cold: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    installation: Installation = field(default_factory=Installation)
    first: bool = True

    def runs(self) -> Iterator[Run]:
        """Yield each run, and a last one in which a person asks for everything that waits."""
        for hour in self.story.runs:
            yield self._run(hour, self.story.words)
        asked = Decision(id="last", time=at(HOURS + 1), verb=Verb.ANNOUNCE, by="Ada")
        yield self._run(HOURS + 2, (*self.story.words, asked))

    def _run(self, hour: int, words: tuple[Decision, ...]) -> Run:
        if self.cold:
            body = render_ledger(self.ledger).decode()
            file = validate(RecordingsFile, load(body, file="recordings.yaml"))
            self.ledger = build_ledger(file)
        now = at(hour)
        words = tuple(word for word in words if word.time <= now)
        made = stamp(
            self.story.seen(hour),
            self.ledger,
            self.installation,
            now=now,
            tag="example.org,2031",
            backlog=self.first,
        )
        one = Run(now, made.published, made.ledger, Ledger(), words, self.first)
        one.after = announce(
            made.published,
            made.ledger,
            self.story.plan,
            words=words,
            targets=TARGETS,
            now=now,
            backlog=made.released if self.first else (),
        )
        self.ledger, self.installation = one.after, made.installation
        self.first = False
        return one


def releases(runs: list[Run]) -> Counter[tuple[str, datetime]]:
    """Return each release that a run announced, by talk and date, with how often."""
    found: Counter[tuple[str, datetime]] = Counter()
    for run in runs:
        dates = {one.talk_id: one.released for one in run.published.entries}
        for made in run.made:
            for talk in made.talks:
                when = dates[talk]
                assert when
                found[talk, when] += 1
    return found


@settings(max_examples=150, deadline=None)
@given(STORIES)
def test_every_release_is_told_once(story: Story) -> None:
    runs = list(Replay(story).runs())
    told = releases(runs)
    assert set(told.values()) <= {1}
    there = {
        (one.talk_id, one.released)
        for one in runs[-1].published.entries
        if one.standing is Standing.OUT
    }
    assert there <= told.keys()


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_announcements_have_names_of_their_own_and_close_once(story: Story) -> None:
    told = list(Replay(story).runs())[-1].after.announcements
    assert len({one.id for one in told}) == len(told)
    assert [one.kind for one in told].count("closing") <= 1
    assert [one for one in told if not one.talks and one.kind != "closing"] == []
    assert all(one.time <= two.time for one, two in pairwise(told))


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_a_run_announces_exactly_what_is_due_and_nothing_the_second_time(story: Story) -> None:
    for run in Replay(story).runs():
        plan, words = story.plan, run.words
        before = next_announcement(run.published, run.stamped, plan, words=words)
        if not run.backlog:
            assert bool(run.made) == (before is not None and before <= run.now)
        after = next_announcement(run.published, run.after, plan, words=words)
        assert after is None or after > run.now
        again = announce(
            run.published, run.after, plan, words=words, targets=TARGETS, now=run.now, backlog=()
        )
        assert again == run.after


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_a_fresh_checkout_announces_the_same(story: Story) -> None:
    warm, cold = (list(Replay(story, cold=cold).runs()) for cold in (False, True))
    assert [run.made for run in warm] == [run.made for run in cold]


@settings(max_examples=100, deadline=None)
@given(STORIES, st.data())
def test_every_open_talk_stands_in_one_draft_of_each_target(
    story: Story, data: st.DataObject
) -> None:
    run = list(Replay(story).runs())[-1]
    told = run.after.announcements
    words = tuple(
        Decision(
            id=f"said-{number}",
            time=run.now + timedelta(seconds=number),
            verb=data.draw(st.sampled_from((Verb.APPROVE, Verb.SENT, Verb.SKIP))),
            by="Ada",
            announcement=one.id,
            target=data.draw(st.sampled_from((None, *TARGETS))),
        )
        for number, one in enumerate(told)
        if data.draw(st.booleans())
    )
    for target in TARGETS:
        open_ = [one for one in drafts(run.after, words) if one.target == target]
        ids = [each for one in open_ for each in one.announcements]
        talks = [talk for one in open_ for talk in one.talks]
        assert (len(ids), len(talks)) == (len(set(ids)), len(set(talks)))
        rows = run.after.talks
        wanted = {
            talk
            for one in told
            if one.id in ids
            for talk in one.talks
            if (when := rows[talk].released) and when <= one.time
        }
        assert set(talks) == wanted
