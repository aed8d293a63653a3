from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.merging import pass_over
from pipeline.model import Ledger, Rules, SeenVideo, Video
from tests.builders import event, talk, video, watch

KEY = "youtube:tea00000001"


def passed(shown: Video, *rules: Rules, title: str = "Brewing Tea") -> dict[str, str]:
    """Return what is passed over of one video that as many lists show as there are rules."""
    watches = tuple(watch(f"list-{number}", rules=one) for number, one in enumerate(rules))
    row = SeenVideo(video=shown, watches=tuple(one.id for one in watches))
    made = event(talk("tea", title), watches=watches)
    return dict(pass_over(made, Ledger(videos={shown.key: row}), {}))


def lasting(seconds: int) -> Video:
    return video(duration=timedelta(seconds=seconds))


def test_pass_over_lets_a_talk_through() -> None:
    assert passed(lasting(1466), Rules()) == {}


def test_pass_over_lets_through_what_has_no_known_length() -> None:
    assert passed(video(duration=None), Rules(min_duration=timedelta(minutes=5))) == {}


def test_pass_over_takes_a_minute_for_a_short() -> None:
    assert passed(lasting(60), Rules()) == {KEY: "shorter than 1:01"}


def test_pass_over_keeps_to_the_shortest_length_of_the_list() -> None:
    rules = Rules(min_duration=timedelta(minutes=5))
    assert passed(lasting(299), rules) == {KEY: "shorter than 5:00"}


def test_pass_over_lets_shorts_through_where_the_list_says_so() -> None:
    assert passed(lasting(20), Rules(min_duration=timedelta(0))) == {}


def test_pass_over_wants_the_title_to_match() -> None:
    assert passed(video(title="Brewing Tea"), Rules(title_matches="teaconf 20\\d\\d")) == {
        KEY: r"title does not match the list's `title_matches: teaconf 20\d\d`"
    }


def test_pass_over_reads_patterns_without_regard_to_case() -> None:
    assert passed(video(title="TeaConf 2031: Tea"), Rules(title_matches="teaconf")) == {}


def test_pass_over_heeds_the_titles_to_ignore() -> None:
    rules = Rules(ignore=("interview", "aftermovie"))
    assert passed(video(title="TeaConf Aftermovie"), rules) == {
        KEY: "title matches the list's `ignore: aftermovie`"
    }


@pytest.mark.parametrize("title", ["TeaConf 2031 Trailer", "Teaser: Brewing Tea"])
def test_pass_over_knows_a_trailer_by_its_title(title: str) -> None:
    assert passed(video(title=title), Rules()) == {KEY: "its title calls it a trailer"}


def test_pass_over_lets_a_talk_on_trailers_through() -> None:
    assert passed(video(title="The Trailer Park - Ada"), Rules(), title="The Trailer Park") == {}


def test_pass_over_lets_through_what_one_of_two_lists_lets_through() -> None:
    strict = Rules(min_duration=timedelta(hours=2))
    assert passed(lasting(1466), strict, Rules()) == {}


def test_pass_over_leaves_a_linked_video_alone() -> None:
    ledger = Ledger(videos={KEY: SeenVideo(video=lasting(20), watches=("list",))})
    assert pass_over(event(talk(), watches=(watch(),)), ledger, {KEY}) == {}


def test_pass_over_applies_to_a_video_that_no_list_shows_any_more() -> None:
    ledger = Ledger(videos={KEY: SeenVideo(video=lasting(20), watches=("former",))})
    assert dict(pass_over(event(talk(), watches=(watch(),)), ledger, {})) == {
        KEY: "shorter than 1:01"
    }
