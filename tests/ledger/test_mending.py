"""What a clock stamped that ran ahead, set right as a person said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ledger import mend, mend_installation, moments
from pipeline.model import (
    Announcement,
    Decision,
    Gap,
    Installation,
    Ledger,
    Mend,
    Misses,
    Release,
    SeenVideo,
    Verb,
    WatchRow,
)
from tests.builders import NOW, video

FAR = NOW + timedelta(days=20_000)
BEFORE = NOW - timedelta(days=3)


def mended(since: datetime = FAR, until: datetime = FAR, at: datetime = NOW) -> Decision:
    return Decision(
        id="d1",
        time=NOW,
        verb=Verb.MEND_CLOCK,
        by="Ada",
        mend=Mend(since=since, until=until, at=at),
    )


def release(when: datetime, sequence: int = 1) -> Release:
    return Release(
        feed_id=f"tag:x:{sequence}", released=when, updated=when, digest="d", sequence=sequence
    )


def everywhere(when: datetime) -> Ledger:
    """Return a ledger in which every time that a run stamps is `when`."""
    seen = SeenVideo(
        video=video(platform_date=FAR),
        first_seen=when,
        first_public=when,
        misses=Misses(first=when, count=3, latest=when),
        gone=when,
    )
    return Ledger(
        videos={seen.video.key: seen},
        talks={"brewing-tea": replace(release(when), deleted=when)},
        watches={
            "list": WatchRow(first_good=when, first_complete=when, gap=Gap(after=when, before=when))
        },
        announcements=(Announcement(id="2085-12-24", time=when, talks=("brewing-tea",)),),
    )


def test_mend_sets_every_time_right_that_a_run_stamped_and_leaves_the_platforms() -> None:
    assert mend(everywhere(FAR), [mended()], NOW) == everywhere(NOW)


def test_mend_leaves_what_is_outside_of_what_the_person_meant() -> None:
    later = FAR + timedelta(seconds=1)
    assert mend(everywhere(later), [mended()], NOW) == everywhere(later)


def test_mend_leaves_a_time_that_has_come_since() -> None:
    assert mend(everywhere(FAR), [mended()], FAR) == everywhere(FAR)


def test_mend_leaves_everything_where_nobody_said_so() -> None:
    assert mend(everywhere(FAR), [], NOW) == everywhere(FAR)


def test_mend_installation_sets_right_what_all_events_share() -> None:
    wrong = Installation(
        events={"teaconf-2031": BEFORE, "cupconf-2031": FAR},
        retired={"potconf-2030": FAR},
        sequence=7,
        newest=FAR,
    )
    assert mend_installation(wrong, [mended()], NOW) == Installation(
        events={"teaconf-2031": BEFORE, "cupconf-2031": NOW},
        retired={"potconf-2030": NOW},
        sequence=7,
        newest=NOW,
    )


def test_moments_are_all_that_runs_stamped() -> None:
    shared = Installation(events={"teaconf-2031": BEFORE}, newest=NOW)
    assert (set(moments(shared, [])), set(moments(Installation(), [everywhere(FAR)]))) == (
        {BEFORE, NOW},
        {FAR},
    )


@given(
    right=st.lists(st.integers(0, 10_000), max_size=5),
    wrong=st.lists(st.integers(1, 10_000), min_size=1, max_size=5),
)
def test_mend_keeps_ids_numbers_and_order_whatever_was_stamped(
    right: list[int], wrong: list[int]
) -> None:
    dates = sorted(BEFORE - timedelta(hours=one) for one in right)
    dates += sorted(NOW + timedelta(hours=one) for one in wrong)
    talks = {f"talk-{n}": release(when, n) for n, when in enumerate(dates)}
    word = mended(since=min(dates[len(right) :]), until=max(dates))
    once = mend(Ledger(talks=talks), [word], NOW)
    assert once == Ledger(
        talks={
            talk: replace(row, released=min(when, NOW), updated=min(when, NOW))
            for (talk, row), when in zip(talks.items(), dates, strict=True)
        }
    )
    by_date = sorted(once.talks, key=lambda one: (once.talks[one].released, one))
    assert (by_date, mend(once, [word], NOW)) == (sorted(talks), once)
