from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.matching import VERSION, Sight, match
from pipeline.matching.weights import REVIEW_AT
from pipeline.model import Event, Match, Speaker, Verdict, Video
from tests.builders import NOW, event, talk, video

GRACE = Speaker(name="Grace Sample")
EVENT = event(
    talk("tea", "Brewing Green Tea Slowly"),
    talk("coffee", "Roasting Coffee Beans", speakers=(GRACE,)),
    talk("untitled", None, speakers=(Speaker(name="Zoe Placeholder"),)),
)


def sights(*videos: Video, only_this_event: bool = True) -> dict[str, Sight]:
    return {one.key: Sight(video=one, only_this_event=only_this_event) for one in videos}


def answer(
    videos: Mapping[str, Sight],
    *,
    of: Event = EVENT,
    linked: Mapping[str, str] | None = None,
    settled: frozenset[str] = frozenset(),
    refused: frozenset[tuple[str, str]] = frozenset(),
) -> dict[str, Match]:
    matches = match(of, videos, linked=linked or {}, settled=settled, refused=refused)
    return {one.video.removeprefix("youtube:"): one for one in matches}


def outcomes(matches: Mapping[str, Match]) -> dict[str, tuple[str, str | None]]:
    return {key: (one.verdict.value, one.talk) for key, one in matches.items()}


def test_match_tells_of_every_video_in_order_of_keys() -> None:
    seen = sights(video("tea00000002", "Roasting Coffee Beans"), video("tea00000001", None))

    assert list(answer(seen)) == ["tea00000001", "tea00000002"]


def test_match_says_how_sure_it_is_and_why() -> None:
    seen = sights(video("tea00000001", "Brewing Green Tea Slowly - Ada Example"))

    assert answer(seen)["tea00000001"] == Match(
        video="youtube:tea00000001",
        verdict=Verdict.AUTO,
        talk="tea",
        probability=0.99,
        reasons=("speaker named in full: Ada Example", "title: 4 of 4 rare words"),
        version=VERSION,
        candidates=(("tea", 0.99),),
    )


def test_match_leaves_linked_and_settled_videos_out() -> None:
    seen = sights(*(video(f"tea0000000{n}", "Roasting Coffee Beans") for n in (1, 2, 3)))

    assert list(
        answer(
            seen,
            linked={"youtube:tea00000001": "tea"},
            settled=frozenset({"youtube:tea00000002"}),
        )
    ) == ["tea00000003"]


def test_settled_videos_count_for_nothing() -> None:
    mine = video("tea00000001", "Roasting Coffee Beans")
    others = [video(f"oth0000000{n}", f"Coffee {n} Roasting Beans") for n in range(9)]
    settled = frozenset(one.key for one in others)

    assert answer(sights(mine, *others), settled=settled) == answer(sights(mine))


def test_refused_pairs_are_no_candidates() -> None:
    seen = sights(video("tea00000001", "Roasting Coffee Beans - Grace Sample"))
    refused = frozenset({("youtube:tea00000001", "coffee")})

    assert outcomes(answer(seen, refused=refused)) == {"tea00000001": ("none", None)}


def test_a_talk_that_a_person_linked_is_not_taken_again() -> None:
    seen = sights(video("tea00000001", "Roasting Coffee Beans - Grace Sample"))
    one = answer(seen, linked={"youtube:elsewhere01": "coffee"})["tea00000001"]

    assert (one.verdict, one.talk) == (Verdict.REVIEW, "coffee")
    assert one.reasons[-1] == "the talk already has a recording"


def test_nothing_weak_is_said_of_a_taken_talk() -> None:
    seen = sights(video("tea00000001", "Coffee and Something Else"), only_this_event=False)

    assert outcomes(answer(seen, linked={"youtube:elsewhere01": "coffee"})) == {
        "tea00000001": ("none", None)
    }


def test_a_video_of_a_taken_talk_never_falls_to_another() -> None:
    both = event(
        talk("one", "Brewing Green Tea"), talk("two", "Brewing Green Tea Again", speakers=(GRACE,))
    )
    seen = sights(video("tea00000001", "Brewing Green Tea - Ada Example"))

    assert outcomes(answer(seen, of=both, linked={"youtube:elsewhere01": "one"})) == {
        "tea00000001": ("review", "one")
    }


def test_what_is_linked_lowers_a_rival() -> None:
    both = event(
        talk("one", "Green Tea in Spring", speakers=()),
        talk("two", "Green Tea in Autumn", speakers=()),
    )
    seen = sights(video("tea00000001", "Green Tea"))
    alone = answer(seen, of=both)["tea00000001"]
    beside = answer(seen, of=both, linked={"youtube:elsewhere01": "one"})["tea00000001"]

    assert dict(alone.candidates)["one"] == dict(alone.candidates)["two"]
    assert dict(beside.candidates)["one"] < dict(beside.candidates)["two"]


def test_a_trailer_of_a_talk_that_has_a_recording_is_no_question() -> None:
    trailer = sights(video("tea00000001", "Roasting Coffee Beans - Grace Sample - Trailer"))
    before = answer(trailer)
    after = answer(trailer, linked={"youtube:elsewhere01": "coffee"})

    assert outcomes(before) == {"tea00000001": ("review", "coffee")}
    assert outcomes(after) == {"tea00000001": ("none", None)}


def test_a_better_upload_that_comes_later_opens_a_question_and_moves_nothing() -> None:
    poor = video("tea00000001", "Coffee Beans - G. Sample")
    good = video("tea00000002", "Roasting Coffee Beans - Grace Sample")
    answers = answer(sights(poor, good), linked={poor.key: "coffee"})

    assert outcomes(answers) == {"tea00000002": ("review", "coffee")}
    assert answers["tea00000002"].reasons[-2:] == (
        "the talk already has a recording",
        "it fits the talk better than what is linked",
    )


def test_a_second_upload_that_fits_no_better_says_nothing_of_it() -> None:
    one = video("tea00000001", "Roasting Coffee Beans - Grace Sample")
    other = video("tea00000002", "Roasting Coffee Beans at Home - Grace Sample")
    answers = answer(sights(one, other), linked={one.key: "coffee"})

    assert answers["tea00000002"].reasons[-1] == "the talk already has a recording"


def test_uploads_that_come_out_with_those_of_the_event_may_name_it_less() -> None:
    many = event(
        talk("green", "Brewing Green Tea Slowly"),
        *(talk(f"t{n}", f"Pouring {n}", speakers=()) for n in range(12)),
    )
    linked = {f"youtube:own{n:08d}": f"t{n}" for n in range(12)}
    others = [
        video(key.removeprefix("youtube:"), f"TeaConf 2031: Pouring {n}", platform_date=NOW)
        for n, key in enumerate(linked)
    ]
    title = "Brewing Green Tea - Ada"
    short = video("tea00000001", title, platform_date=NOW)
    late = video("tea00000001", title, platform_date=NOW + timedelta(days=40))
    near = answer(sights(short, *others, only_this_event=False), of=many, linked=linked)
    apart = answer(sights(late, *others, only_this_event=False), of=many, linked=linked)

    assert outcomes(near) == {"tea00000001": ("auto", "green")}
    assert near["tea00000001"].reasons[-1] == "most uploads beside it are the event's"
    assert apart["tea00000001"].verdict is not Verdict.AUTO


def test_the_stronger_of_two_claims_wins() -> None:
    seen = sights(
        video("tea00000001", "Roasting Coffee Beans"),
        video("tea00000002", "Roasting Coffee Beans - Grace Sample"),
    )

    assert outcomes(answer(seen)) == {
        "tea00000001": ("review", "coffee"),
        "tea00000002": ("auto", "coffee"),
    }


def test_a_second_upload_of_one_title_is_the_talks_as_well() -> None:
    title = "Roasting Coffee Beans - Grace Sample"
    answers = answer(sights(video("tea00000001", title), video("tea00000002", title)))

    assert outcomes(answers) == {
        "tea00000001": ("auto", "coffee"),
        "tea00000002": ("auto", "coffee"),
    }
    assert answers["tea00000002"].reasons[-1] == "the same title as a linked upload of the talk"


def test_of_two_copies_that_may_be_anybodys_the_one_published_first_wins() -> None:
    title = "Roasting Coffee Beans - Grace Sample"
    seen = sights(
        video("tea00000001", title, platform_date=NOW),
        video("tea00000002", title, platform_date=NOW - timedelta(days=1)),
        only_this_event=False,
    )

    assert outcomes(answer(seen)) == {
        "tea00000001": ("review", "coffee"),
        "tea00000002": ("auto", "coffee"),
    }


def test_parts_of_a_talk_follow_one_that_is_linked() -> None:
    first = video("tea00000001", "Roasting Coffee Beans - Grace Sample (Part 1)")
    second = video("tea00000002", "Roasting Coffee Beans - Grace Sample (Part 2)")
    answers = answer(sights(first, second), linked={first.key: "coffee"})

    assert outcomes(answers) == {"tea00000002": ("auto", "coffee")}
    assert answers["tea00000002"].reasons[-1] == ("part 2 of the talk, of which part 1 is linked")


def test_an_upload_from_before_the_event_is_no_recording_of_it() -> None:
    early = video(
        "tea00000001",
        "TeaConf 2031: Roasting Coffee Beans - Grace Sample",
        platform_date=NOW - timedelta(days=30),
    )

    assert answer(sights(early))["tea00000001"].reasons == ("it came out before the event began",)


def test_a_link_to_the_talks_page_decides() -> None:
    page = talk("page", "Pouring Water", url="https://teaconf.example.org/talks/pouring/")
    seen = sights(
        video(
            "tea00000001", "Day 1, Room A", anchors=("http://teaconf.example.org/talks/pouring",)
        ),
        only_this_event=False,
    )
    one = answer(seen, of=event(page, talk("tea", "Brewing Green Tea")))["tea00000001"]

    assert (one.verdict, one.talk) == (Verdict.AUTO, "page")
    assert one.reasons[0] == "its description links to the talk"


def test_two_uploads_of_one_title_and_different_length_are_for_a_person() -> None:
    title = "Roasting Coffee Beans - Grace Sample"
    answers = answer(
        sights(
            video("tea00000001", title, duration=timedelta(minutes=20)),
            video("tea00000002", title, duration=timedelta(minutes=30)),
        )
    )

    assert outcomes(answers) == {
        "tea00000001": ("review", "coffee"),
        "tea00000002": ("review", "coffee"),
    }
    assert {one.reasons[-1] for one in answers.values()} == {
        "another upload claims the talk as well"
    }


@pytest.mark.parametrize(
    ("title", "only_this_event", "outcome"),
    [
        ("Something - Zoe Placeholder", True, ("auto", "untitled")),
        ("Something - Zoe Placeholder", False, ("review", "untitled")),
        ("Coffee Days 2029 - Something - Zoe Placeholder", True, ("none", None)),
        ("Something - Z. Placeholder", True, ("review", "untitled")),
        ("Roasting Coffee Beans - Zoe Placeholder", True, ("review", "untitled")),
    ],
)
def test_a_talk_without_title_needs_its_speaker_and_a_list_of_the_event(
    title: str, only_this_event: bool, outcome: tuple[str, str | None]
) -> None:
    seen = sights(video("tea00000001", title), only_this_event=only_this_event)

    assert outcomes(answer(seen)) == {"tea00000001": outcome}


PIECES = ("Brewing Green Tea Slowly", "Roasting Coffee Beans", "Tea", "Coffee", "Ada Example")
MORE = ("Grace Sample", "Zoe Placeholder", "TeaConf 2031", "TeaConf 2029", "Part 2", "Trailer")
titles = st.lists(st.sampled_from(PIECES + MORE), max_size=3).map(" - ".join)


@st.composite
def lists(draw: st.DrawFn) -> dict[str, Sight]:
    seen = {}
    for number, title in enumerate(draw(st.lists(titles, max_size=7))):
        one = video(f"tea{number:08d}", title or None)
        seen[one.key] = Sight(video=one, only_this_event=draw(st.booleans()))
    return seen


def autos(matches: tuple[Match, ...]) -> dict[str, str]:
    return {one.video: one.talk for one in matches if one.verdict is Verdict.AUTO and one.talk}


@given(lists())
@settings(deadline=None)
def test_a_second_pass_changes_nothing(seen: dict[str, Sight]) -> None:
    nothing: frozenset[str] = frozenset()
    first = match(EVENT, seen, linked={}, settled=nothing, refused=frozenset())
    again = match(EVENT, seen, linked=autos(first), settled=nothing, refused=frozenset())

    rest = tuple(one for one in first if one.verdict is not Verdict.AUTO)
    assert [(one, one.candidates) for one in again] == [(one, one.candidates) for one in rest]


@given(lists())
@settings(deadline=None)
def test_the_order_of_videos_and_talks_changes_nothing(seen: dict[str, Sight]) -> None:
    turned = event(*EVENT.talks[::-1])
    backwards = dict(reversed(seen.items()))

    assert answer(backwards, of=turned) == answer(seen)


@given(lists())
@settings(deadline=None)
def test_two_videos_of_one_talk_have_one_title(seen: dict[str, Sight]) -> None:
    links = autos(match(EVENT, seen, linked={}, settled=frozenset(), refused=frozenset()))
    named: dict[str, set[str | None]] = {}
    for key, of in links.items():
        named.setdefault(of, set()).add(seen[key].video.title)

    assert {of: len(titles) for of, titles in named.items()} == dict.fromkeys(named, 1)


@given(
    st.lists(st.text(max_size=30), max_size=4),
    st.text(max_size=30),
    st.text(max_size=20),
    st.booleans(),
)
@settings(deadline=None)
def test_any_text_gets_an_answer(
    uploads: list[str], title: str, name: str, only_this_event: bool
) -> None:
    one = event(talk("any", title or None, speakers=(Speaker(name=name),)))
    seen = sights(
        *(video(f"tea{number:08d}", text or None) for number, text in enumerate(uploads)),
        only_this_event=only_this_event,
    )

    assert len(answer(seen, of=one)) == len(uploads)


def test_what_goes_on_each_day_under_one_name_is_one_talk_of_several_uploads() -> None:
    of = event(talk("lightning", "Lightning Talks", speakers=()), EVENT.talks[0])
    seen = sights(
        *(
            video(f"tea0000000{day}", f"TeaConf 2031: Lightning Talks Day {day}")
            for day in (1, 2, 3)
        ),
        only_this_event=False,
    )

    assert outcomes(answer(seen, of=of)) == dict.fromkeys(
        ("tea00000001", "tea00000002", "tea00000003"), ("auto", "lightning")
    )


def test_what_would_be_linked_had_the_talk_no_recording_is_put_to_a_person() -> None:
    of = event(talk("coffee", "Roasting Coffee Beans at Home Slowly", speakers=(GRACE,)))
    seen = sights(
        video("tea00000001", "Roasting Coffee Beans at Home Slowly - Grace Sample"),
        video("tea00000002", "Roasting Coffee Beans"),
    )
    one = answer(seen, of=of, linked={"youtube:tea00000001": "coffee"})["tea00000002"]

    assert (one.verdict, one.talk) == (Verdict.REVIEW, "coffee")
    assert one.probability < REVIEW_AT


@pytest.mark.parametrize(
    ("days", "beside", "expected"),
    [(365, 3, Verdict.REVIEW), (365, 0, Verdict.AUTO), (20, 3, Verdict.AUTO)],
)
def test_the_same_talk_among_next_years_uploads_is_for_a_person(
    days: int, beside: int, expected: Verdict
) -> None:
    many = event(*EVENT.talks, *(talk(f"t{n}", f"Pouring {n}", speakers=()) for n in range(4)))
    linked = {f"youtube:own{n:08d}": f"t{n}" for n in range(4)}
    own = [
        video(key.removeprefix("youtube:"), f"Pouring {n}", platform_date=NOW)
        for n, key in enumerate(linked)
    ]
    then = NOW + timedelta(days=days)
    others = [video(f"oth{n:08d}", f"Chai {n} - Zoe", platform_date=then) for n in range(beside)]
    again = video("tea00000001", "Brewing Green Tea Slowly - Ada Example", platform_date=then)
    seen = sights(*own, *others, again, only_this_event=False)

    assert answer(seen, of=many, linked=linked)["tea00000001"].verdict is expected
    assert answer(seen, of=many)["tea00000001"].verdict is expected
