from __future__ import annotations

import pytest

from pipeline.matching.candidates import Sight, prepare
from pipeline.model import Speaker
from tests.builders import event, talk, video


def sights(*titles: str) -> dict[str, Sight]:
    made = [video(f"tea{number:08d}", title) for number, title in enumerate(titles)]
    return {one.key: Sight(video=one, only_this_event=True) for one in made}


def test_a_talk_without_title_has_no_titles() -> None:
    (prepared,) = prepare(event(talk(title=None)), {}).talks

    assert prepared.titles == ()


def test_a_talk_has_the_titles_that_are_also_its_own() -> None:
    one = talk(title="Brewing Tea", also=("Steeping Leaves",))
    (prepared,) = prepare(event(one), {}).talks

    assert [title.words for title in prepared.titles] == [
        {"brewing", "tea"},
        {"steeping", "leaves"},
    ]


def test_a_main_title_of_two_rare_words_is_a_title_too() -> None:
    one = talk(title="Brewing Tea: A Story")
    (prepared,) = prepare(event(one), {}).talks

    assert [(title.words, title.share) for title in prepared.titles] == [
        (frozenset({"brewing", "tea", "a", "story"}), 1.0),
        (frozenset({"brewing", "tea"}), 0.95),
    ]


def test_a_main_title_that_says_enough_in_common_words_is_a_title_too() -> None:
    talks = (
        talk("one", title="Green Tea as Music: A Story"),
        *(talk(f"t{number}", title=f"Green Tea {number}") for number in range(3)),
    )
    prepared = prepare(event(*talks), {})

    assert [title.share for title in prepared.talks[0].titles] == [1.0, 0.95]


def test_a_title_that_is_a_kind_and_a_speaker_is_the_kind() -> None:
    one = talk(title="Keynote: Ada Example")
    (prepared,) = prepare(event(one), {}).talks

    assert [title.run for title in prepared.titles] == [("keynote",)]


def test_a_last_name_in_the_title_of_its_own_talk_is_a_name_elsewhere() -> None:
    talks = (talk("panel", "Panel with Ada Example"), talk("tea", "Brewing Tea"))
    prepared = prepare(event(*talks), sights("Brewing Tea - Example"))

    assert prepared.videos[0].named["ada", "example"].how == "by last name only"


def test_a_main_title_of_one_word_is_none() -> None:
    one = talk(title="Tea: A Long Story")
    (prepared,) = prepare(event(one), {}).talks

    assert len(prepared.titles) == 1


def test_a_speaker_of_two_talks_is_shared_under_any_spelling() -> None:
    ada = Speaker(name="Ada Example", also=("Dr. Ada Exemplar",))
    exemplar = Speaker(name="Ada Exemplar")
    prepared = prepare(
        event(
            talk("one", "Oolong", speakers=(ada,)),
            talk("two", "Sencha", speakers=(exemplar,)),
            talk("three", "Mate", speakers=(Speaker(name="Grace Sample"),)),
        ),
        {},
    )

    assert [one.shares_speaker for one in prepared.talks] == [True, True, False]


def test_videos_are_prepared_in_order_of_keys() -> None:
    seen = sights("Oolong", "Sencha", "Mate")
    prepared = prepare(event(talk()), dict(reversed(seen.items())))

    assert [one.key for one in prepared.videos] == sorted(seen)


def test_content_is_the_title_without_the_event_and_what_the_list_shares() -> None:
    seen = sights(
        *(f"TeaConf 2031 - {word} channel" for word in ("Oolong", "Sencha", "Mate", "Chai"))
    )
    prepared = prepare(event(talk()), seen)

    assert [one.content for one in prepared.videos] == [{"oolong"}, {"sencha"}, {"mate"}, {"chai"}]


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("07 Oolong", {"oolong"}),
        ("2 Oolong Cups", {"2", "oolong", "cups"}),
        ("Oolong 07", {"oolong", "07"}),
        ("2031 Oolong", {"oolong"}),
    ],
)
def test_the_number_of_a_list_in_front_of_a_title_is_none_of_its_words(
    title: str, content: set[str]
) -> None:
    prepared = prepare(event(talk(title="2 Cups of Tea")), sights(title))

    assert prepared.videos[0].content == content


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Brewing Tea - Zoe Somebody", True),
        ("Brewing Tea - Zoe Q. Somebody", False),
        ("Brewing Tea - Ada Example", False),
        ("Brewing Tea - Slowly Brewing", False),
        ("Brewing Tea - Somebody", False),
        ("Brewing Tea - The Somebody", False),
    ],
)
def test_two_or_three_words_that_no_talk_has_may_be_a_strangers_name(
    title: str, *, expected: bool
) -> None:
    prepared = prepare(event(talk(title="Brewing Tea Slowly")), sights(title))

    assert prepared.videos[0].has_stranger is expected


def test_near_leaves_out_talks_that_share_function_words_only() -> None:
    seen = sights("How to Cook")
    prepared = prepare(event(talk(title="How to Brew")), seen)

    assert prepared.near(prepared.videos[0]) == ()


def test_near_has_talks_that_share_a_word_or_are_named() -> None:
    seen = sights("Brew and Talk - Grace Sample")
    prepared = prepare(
        event(
            talk("brew", "How to Brew"),
            talk("untitled", None, speakers=(Speaker(name="Grace Sample"),)),
            talk("other", "Sencha"),
        ),
        seen,
    )

    assert [one.talk.id for one in prepared.near(prepared.videos[0])] == ["brew", "untitled"]


def named(title: str, name: str) -> str | None:
    """Return how the title names a person, None if it does not."""
    prepared = prepare(event(talk(speakers=(Speaker(name=name),))), sights(title))
    (one,) = prepared.videos
    best = max(one.named.values(), key=lambda found: found.grade, default=None)
    return best.how if best else None


@pytest.mark.parametrize(
    ("title", "name", "how"),
    [
        ("Tea - Юлия Примерова", "Yulia Primerova", "nearly"),
        ("Tea - Примерова Юлия", "Julia Primerova", "nearly"),
        ("Tea - Yuliya Primerova", "Юлия Примерова", "nearly"),
        ("Tea - Юлия Ивановна Примерова", "Yulia Primerova", "nearly"),
        ("Tea - Γιώργος Δείγμα", "Giorgos Deigma", "nearly"),
        ("Tea おおのりょう", "Ryo Ohno", "nearly"),
        ("Tea - Satou Jun", "さとう じゅん", "nearly"),
        ("Tea - 例示太郎", "例示 太郎", "in full"),
        ("Tea - 例示 太郎", "例示太郎", "in full"),
        ("Tea - 예시철수", "예시 철수", "in full"),
        ("Tea - 예시 철수", "예시철수", "nearly"),
        ("Tea - Reiji Taro", "例示太郎 (Taro Reiji)", "in full"),
        ("Tea - 例示太郎", "Taro Reiji（例示太郎）", "in full"),
        ("Tea - Yiting Example", "Yi-Ting Example", "in full"),
        ("Tea - Yi-Ting Example", "Yi-Ting Example", "in full"),
        ("Tea - Ю. Примерова", "Yulia Primerova", "nearly"),
        ("Tea - Примерова Ю.", "Yulia Primerova", "nearly"),
        ("Tea - Саша Примерова", "Alexandra Primerova", "nearly"),
        ("Tea - Fyodor Primerov", "Fedor Primerow", "nearly"),
        ("Tea - Soeren Boergesen", "Søren Børgesen", "nearly"),
        ("Tea - Reiji Tarou", "Taro Reiji", "nearly"),
        ("Tea - K. S. Example", "Example K S", "in full"),
        ("Tea - KS Example", "Example K. S.", "in full"),
        ("Tea - Ada VanderExample", "Ada van der Example", "in full"),
        ("Tea - А. Примерова", "Yulia Primerova", None),
        ("Tea - Анна Примерова", "Yulia Primerova", None),
        ("Tea - Юлия", "Yulia Primerova", None),
        ("Tea - 例示太郎", "Taro Reiji", None),
        ("Tea - Ada Example", "Юлия Примерова", None),
        ("Tea - Kettle Works", "Ada Example (Kettle Works)", None),
    ],
)
def test_a_name_is_found_in_other_scripts_and_orders(
    title: str, name: str, how: str | None
) -> None:
    assert named(title, name) == how
