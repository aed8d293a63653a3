"""Doubtful matches as questions for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline import passage
from pipeline.model import Barred, EventFiles, Installation, Ledger, Listing, Speaker, Video
from pipeline.passage import Passed, Surroundings
from pipeline.review import Candidate, Doubt, doubts, likelihood
from tests.builders import NOW, event, talk, video, watch

AROUND = Surroundings(installation=Installation(), tag="recaps.example.org,2031")
ADA = (Speaker(name="Ada Example"),)
TALKS = (
    talk(speakers=ADA),
    talk("cold-tea", "Cold Tea at Scale", speakers=ADA),
    talk("tea-kettles", "Kettles for Tea", speakers=ADA),
)


def seen(*videos: Video, now: datetime = NOW) -> tuple[EventFiles, Passed]:
    """Return an event whose mixed list showed `videos`, and its passage."""
    opened = EventFiles(
        event=event(*TALKS, watches=(watch(only_this_event=False),)), ledger=Ledger()
    )
    passed = passage.take(opened, {"list": Listing(videos=videos)}, AROUND, now=now)
    return opened, passed


def test_doubts_offer_up_to_three_talks_the_best_first_each_with_its_reasons() -> None:
    opened, passed = seen(video(title="Tea - Ada Example", duration=timedelta(minutes=20)))
    (doubt,) = doubts(opened, passed)
    assert [one.talk for one in doubt.candidates] == ["tea-kettles", "brewing-tea", "cold-tea"]
    assert all(one.reasons for one in doubt.candidates)
    chances = [one.probability for one in doubt.candidates]
    assert chances == sorted(chances, reverse=True)
    assert (doubt.event, doubt.where) == (
        "teaconf-2031",
        "https://www.youtube.com/watch?v=tea00000001 · 20:00",
    )


def test_doubts_leave_out_what_is_certain() -> None:
    assert doubts(*seen(video())) == ()


def test_doubts_never_name_a_withdrawn_talk() -> None:
    opened, _ = seen()
    barred = replace(AROUND, barred=Barred(talks=frozenset({"teaconf-2031/cold-tea"})))
    shown = Listing(videos=(video(title="Tea - Ada Example"),))
    passed = passage.take(opened, {"list": shown}, barred, now=NOW)
    named = [one.talk for doubt in doubts(opened, passed) for one in doubt.candidates]
    assert named == ["tea-kettles", "brewing-tea"]


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.99, "Very likely"), (0.9, "Very likely"), (0.5, "Likely"), (0.49, "Unlikely")],
)
def test_likelihood_puts_a_probability_into_words(probability: float, words: str) -> None:
    assert likelihood(probability) == words


def test_verdict_puts_the_words_first() -> None:
    assert Candidate(talk="x", label="X", probability=0.617).verdict == "Likely (0.62)"


def test_where_leaves_an_unknown_length_out() -> None:
    opened, passed = seen(video(title="Tea - Ada Example"))
    found: tuple[Doubt, ...] = doubts(opened, passed)
    assert [one.where for one in found] == ["https://www.youtube.com/watch?v=tea00000001"]
