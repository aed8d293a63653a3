from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from pipeline.matching.batch import Batch, apart, shares
from pipeline.matching.candidates import Sight, Texts, prepare
from pipeline.matching.evidence import weigh
from tests.builders import NOW, event, talk, video

TEA = event(talk("tea", "Brewing Green Tea"))


def prepared(*days: int | None, only_this_event: bool = False) -> Texts:
    """Return one video for each day on which one came out, None for a list without dates."""
    videos = [
        video(
            f"tea0000000{number}",
            "Brewing",
            platform_date=None if day is None else NOW + timedelta(days=day),
        )
        for number, day in enumerate(days)
    ]
    seen = {one.key: Sight(video=one, only_this_event=only_this_event) for one in videos}
    return prepare(TEA, seen)


def beside(batch: Batch, texts: Texts) -> dict[str, float]:
    return batch.beside(texts.videos[0], weigh(texts.videos[0], texts.talks[0], texts))


def shares_of(*days: int | None, own: Collection[int]) -> list[float]:
    videos = {one.key: one for one in prepared(*days).videos}
    found = shares(videos, [f"youtube:tea0000000{number}" for number in own])
    return [found[key] for key in sorted(found)]


def test_a_video_alone_has_no_share_not_even_by_itself() -> None:
    assert shares_of(0, own=[0]) == [0.0]


def test_shares_leave_room_for_two_that_may_come() -> None:
    assert shares_of(0, 0, 0, own=[0, 1]) == [1 / 4, 1 / 4, 2 / 4]


def test_videos_of_another_week_are_another_batch() -> None:
    assert shares_of(0, 0, 7, 7, own=[0, 1]) == [1 / 3, 1 / 3, 0.0, 0.0]


def test_three_days_are_one_batch() -> None:
    assert shares_of(0, 3, own=[0]) == [0.0, 1 / 3]


def test_videos_without_a_date_are_a_batch_of_their_own() -> None:
    assert shares_of(None, None, 0, own=[0]) == [0.0, 1 / 3, 0.0]


@pytest.mark.parametrize(
    ("days", "linked", "claimed", "expected"),
    [
        ((0, 0, 1, 200, 200, 201), {0, 1, 2}, set(), {3, 4, 5}),
        ((0, 0, 1, 200, 200, 201), {0, 1}, {2}, {3, 4, 5}),
        ((0, 0, 1, 200, 200, 201), {0, 1, 2}, {3}, set()),
        ((0, 0, 0, 1, 200, 200, 201), {0, 1, 2}, {3, 4}, {4, 5, 6}),
        ((0, 0, 1, 200, 200, 201), {0, 1, 2, 3}, set(), set()),
        ((0, 0, 1, 200, 200, 201, 210), {0, 1, 2}, {6}, set()),
        ((0, 0, 1, 179, 180, 181), {0, 1, 2}, set(), set()),
        ((0, 0, 1, 200), {0, 1, 2}, set(), set()),
        ((0, 0, 1, 200, 210, 220), {0, 1, 2}, set(), set()),
        ((0, 0, 1, 200, 200, 201), {0, 1}, set(), set()),
        ((0, 0, 1, None, None, None), {0, 1, 2}, set(), set()),
    ],
)
def test_apart_are_those_half_a_year_from_the_events_and_beside_others(
    days: tuple[int | None, ...], linked: set[int], claimed: set[int], expected: set[int]
) -> None:
    videos = {one.key: one for one in prepared(*days).videos}
    keys = [f"youtube:tea0000000{number}" for number in range(len(days))]

    found = apart(videos, {keys[at] for at in linked}, {keys[at] for at in claimed})

    assert found == {keys[at] for at in expected}


@pytest.mark.parametrize(
    ("only_this_event", "expected"),
    [
        (False, {"has a recording": 1.0, "among uploads of the event": 0.25}),
        (True, {"has a recording": 1.0}),
    ],
)
def test_a_batch_tells_of_the_share_only_where_the_list_holds_others(
    only_this_event: bool, expected: dict[str, float]
) -> None:
    texts = prepared(0, only_this_event=only_this_event)
    batch = Batch(taken=frozenset({"tea"}), shares={"youtube:tea00000000": 0.5})

    assert beside(batch, texts) == expected


def test_a_batch_says_nothing_of_a_talk_that_waits() -> None:
    texts = prepared(0)

    assert beside(Batch(taken=frozenset({"other"})), texts) == {}


@pytest.mark.parametrize(
    ("title", "feature"),
    [
        ("Ada Example", "speaker, and nothing else"),
        ("Lightning Talks", "title, too common, but all of it"),
    ],
)
@pytest.mark.parametrize(
    ("name", "only_this_event", "expected"),
    [("{}", True, 1.0), ("TeaConf 2031: {}", False, 1.0), ("{}", False, 0.5)],
)
def test_what_is_vague_says_more_the_surer_it_is_of_the_event(
    title: str, feature: str, name: str, *, only_this_event: bool, expected: float
) -> None:
    one = video("tea00000000", name.format(title))
    seen = {one.key: Sight(video=one, only_this_event=only_this_event)}
    texts = prepare(event(talk("tea", "Lightning Talks")), seen)
    batch = Batch(shares={one.key: 0.5})

    assert beside(batch, texts)[f"{feature}, of the event"] == expected
