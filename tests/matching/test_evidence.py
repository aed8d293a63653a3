from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.matching import evidence as module
from pipeline.matching.calibration import WEIGHTS
from pipeline.matching.candidates import Sight, prepare
from pipeline.matching.evidence import Evidence, weigh
from pipeline.model import Speaker, Talk
from tests.builders import event, talk, video

SOURCE = Path(module.__file__ or "").read_text(encoding="utf-8")
GRACE = Speaker(name="Grace Sample", affiliation="Kettle Works")
TEA = talk("tea", "Brewing Green Tea Slowly")
COFFEE = talk("coffee", "Roasting Coffee Beans", speakers=(GRACE,))


def evidence(
    title: str, one: Talk = TEA, *others: Talk, only_this_event: bool = False, **more: Any
) -> Evidence:
    seen = video("tea00000001", title, **more)
    sights = {seen.key: Sight(video=seen, only_this_event=only_this_event)}
    texts = prepare(event(one, *others), sights)
    return weigh(texts.videos[0], texts.talks[0], texts)


def odds(title: str, one: Talk = TEA, *, only_this_event: bool = False) -> float:
    return evidence(title, one, only_this_event=only_this_event).log_odds(WEIGHTS, {})


def test_reasons_tell_of_speaker_title_and_length_in_order() -> None:
    one = talk(title="Brewing Green Tea", length=timedelta(minutes=25))

    assert evidence(
        "TeaConf 2031: Brewing Green Tea - Ada Example",
        one,
        duration=timedelta(minutes=26, seconds=3),
    ).reasons == (
        "speaker named in full: Ada Example",
        "title: 3 of 3 rare words",
        "26 min fits the 25 min slot",
        "names the event",
    )


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Brewing - Ada Example", "speaker named in full: Ada Example"),
        ("Brewing - A. Example", "speaker named nearly: Ada Example"),
        ("Brewing - Example", "speaker named by last name only: Ada Example"),
        ("Brewing - Zoe Example", "speaker named with another first name: Ada Example"),
        ("Brewing", "no speaker named"),
    ],
)
def test_reasons_tell_how_the_speaker_is_named(title: str, reason: str) -> None:
    assert evidence(title).reasons[0] == reason


def test_reasons_tell_that_one_of_several_speakers_is_named() -> None:
    both = talk(title="Brewing", speakers=(Speaker(name="Ada Example"), GRACE))

    assert evidence("Brewing - Grace Sample", both).reasons[0] == (
        "1 of 2 speakers named in full: Grace Sample"
    )


def test_reasons_tell_of_a_speaker_with_several_talks() -> None:
    other = talk("other", "Sencha")

    assert evidence("Brewing - Ada Example", TEA, other).reasons[0] == (
        "speaker named in full: Ada Example, who gives several talks"
    )


def test_reasons_say_nothing_of_the_speakers_of_a_talk_that_has_none() -> None:
    assert evidence("Brewing", talk(title="Brewing", speakers=())).reasons == (
        "title: 1 of 1 words",
    )


def test_an_other_spelling_of_the_name_counts_in_full() -> None:
    ada = Speaker(name="Adelaide Example", also=("Ada Exemplar",))

    assert evidence("Brewing - Ada Exemplar", talk(speakers=(ada,))).grade == 1.0


@pytest.mark.parametrize(
    ("title", "against"),
    [
        ("TeaConf 2029 - Brewing Green Tea Slowly", ("names another year: 2029",)),
        ("TeaConf 2031 - Brewing Green Tea Slowly", ()),
        ("Coffee Days 2031 - Brewing Green Tea Slowly", ("names another event: coffee",)),
        (
            "Brewing Green Tea - Grace Sample",
            ("names the speaker of another talk: Grace Sample",),
        ),
        ("Brewing Green Tea, Part 2", ("other number in the title: part 2",)),
        ("Trailer: Brewing Green Tea", ("the title says trailer",)),
    ],
)
def test_against_names_what_no_likeness_outweighs(title: str, against: tuple[str, ...]) -> None:
    assert evidence(title, TEA, COFFEE).against == against


@pytest.mark.parametrize(
    ("title", "upload"),
    [
        ("Tea Before 1999", "Tea Before 1999"),
        ("An Interview with Tea", "An Interview with Tea"),
        ("Tea Trends 2031", "Tea Trends 2031"),
    ],
)
def test_words_of_the_talk_itself_never_speak_against_it(title: str, upload: str) -> None:
    assert evidence(upload, talk(title=title)).against == ()


@pytest.mark.parametrize(
    ("length", "duration", "reason"),
    [
        (25, 26, "26 min fits the 25 min slot"),
        (25, 12, "12 min fits the 25 min slot"),
        (25, 55, "55 min does not fit the 25 min slot"),
        (60, 11, "11 min does not fit the 60 min slot"),
        (25, 3, "3 min 0 s is short for a talk"),
        (None, 3, "3 min 0 s is short for a talk"),
        (5, 4, "4 min fits the 5 min slot"),
        (25, 40, None),
        (None, 26, None),
        (25, None, None),
    ],
)
def test_reasons_tell_what_the_length_says(
    length: int | None, duration: int | None, reason: str | None
) -> None:
    one = talk(title="Brewing", length=timedelta(minutes=length) if length else None)
    lasting = timedelta(minutes=duration) if duration else None

    told = evidence("Brewing", one, duration=lasting).reasons

    assert told == ("no speaker named", "title: 1 of 1 words", *([reason] if reason else []))


def test_a_lightning_talk_may_be_short() -> None:
    one = talk(title="Brewing", kind="lightning")

    assert evidence("Brewing", one, duration=timedelta(minutes=4)).against == ()


def test_an_affiliation_beside_the_name_costs_nothing() -> None:
    plain = odds("Roasting Coffee Beans - Grace Sample", COFFEE)

    assert odds("Roasting Coffee Beans - Grace Sample (Kettle Works)", COFFEE) == plain


def test_an_unknown_affiliation_in_brackets_costs_nothing() -> None:
    plain = odds("Brewing Green Tea - Ada Example")

    assert odds("Brewing Green Tea - Ada Example (Leaf Ltd)") == plain


def test_a_short_title_behind_the_name_is_no_affiliation() -> None:
    plain = odds("Ada Example - Green Tea", talk(title="Green Tea"))

    assert odds("Ada Example - Advanced Green Tea", talk(title="Green Tea")) < plain


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("Brewing Green Tea Slowly - Ada Example", "Brewing Green Tea Slowly - A. Example"),
        ("Brewing Green Tea Slowly - A. Example", "Brewing Green Tea Slowly - Example"),
        ("Brewing Green Tea Slowly - Example", "Brewing Green Tea Slowly - Zoe Example"),
        ("Brewing Green Tea Slowly", "Brewing Green Tea"),
        ("Brewing Green Tea", "Brewing"),
        ("Brewing Green Tea Slowly", "Interview: Brewing Green Tea Slowly"),
    ],
)
def test_probability_falls_with_what_is_missing_or_speaks_against(more: str, less: str) -> None:
    assert odds(more) > odds(less)


def test_a_list_of_this_event_makes_every_pair_likelier() -> None:
    assert odds("Brewing", only_this_event=True) > odds("Brewing")


def test_every_feature_has_a_weight() -> None:
    written = set(re.findall(r'"([a-z][a-z, \']+)": ', SOURCE)) | {"very short", "short"}

    assert {name for name in written if name not in WEIGHTS} == set()


@pytest.mark.parametrize("minutes", [1, 4, 25, 90])
def test_every_feature_of_a_length_has_a_weight(minutes: int) -> None:
    one = talk(length=timedelta(minutes=25))
    features = evidence("Brewing", one, duration=timedelta(minutes=minutes)).features

    assert features.keys() <= WEIGHTS.keys()


def test_an_upload_that_names_a_speaker_only_is_told_by_that() -> None:
    features = evidence("TeaConf 2031: Keynote by Ada Example").features

    assert features["speaker, and nothing else"] == 1.0


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Panel - Ada Example", 2 / 3),
        ("Panel - Ada Example, Grace Sample", 1 / 3),
        ("Panel - Ada Example / Sample / Zoe Placeholder", 0.0),
    ],
)
def test_the_more_speakers_are_not_named_the_less_one_of_them_says(
    title: str, expected: float
) -> None:
    three = (Speaker(name="Ada Example"), GRACE, Speaker(name="Zoe Placeholder"))
    features = evidence(title, talk(title="Panel", speakers=three)).features

    assert features.get("speaker, one of several", 0.0) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("title", "letters", "words"),
    [
        ("Brewing Green Tea Slowly", 1.0, 1.0),
        ("TeaConf 2031: Brewing green tea slowly - Ada Example", 1.0, 1.0),
        ("Brewing green tea, slowly", 0.0, 1.0),
        ("Slowly Brewing Green Tea", 0.0, 1.0),
        ("Brewing Green Tea", 0.0, 0.0),
    ],
)
def test_the_same_title_letter_by_letter_says_more_than_the_same_words(
    title: str, letters: float, words: float
) -> None:
    features = evidence(title).features

    assert (
        features.get("title, letter by letter", 0.0),
        features.get("title, word by word", 0.0),
    ) == (letters, words)


@pytest.mark.parametrize("title", ["Welcome", "Welcome - Day 2"])
def test_a_common_title_that_is_all_of_the_talks_is_known_from_one_that_is_not(title: str) -> None:
    one = talk(title="Welcome", speakers=())
    more = talk(title="Welcome to Steeping", speakers=())

    assert evidence(title, one).features["title, too common, but all of it"] == 1.0
    assert "title, too common, but all of it" not in evidence(title, more).features


def test_a_role_behind_the_name_costs_nothing() -> None:
    plain = odds("Roasting Coffee Beans - Grace Sample", COFFEE)

    assert odds("Roasting Coffee Beans - Grace Sample, Chief Taster", COFFEE) == plain


def test_a_title_that_is_the_speakers_name_is_not_counted_twice() -> None:
    named = talk(title="Lightning Talk: Ada Example")

    assert evidence("Roasting Coffee Beans - Ada Example", named).reasons == (
        "speaker named in full: Ada Example",
        "title: 0 of 2 words",
    )


def test_an_upload_that_is_called_a_lightning_talk_may_be_short() -> None:
    one = evidence("Lightning Talk: Brewing Green Tea", duration=timedelta(minutes=2))

    assert one.against == ()


def test_the_only_keynote_is_told_by_being_one() -> None:
    keynote = talk("keynote", "Opening Keynote: Water", speakers=(GRACE,))
    one = evidence("TeaConf 2031 - Opening Keynote", keynote, TEA)

    assert one.reasons[-2] == "both are called keynote, opening, which no other talk is"


def test_kinds_of_session_contradict_each_other() -> None:
    panel = talk("panel", "Panel: Water")

    assert evidence("Workshop: Water", panel).features["kind contradicts"] == 1.0


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Q&A: Brewing Green Tea Slowly", ("the title says questions and answers",)),
        ("Brewing Green Tea Slowly (Questions)", ("the title says questions and answers",)),
        ("Brewing Green Tea Slowly with Q&A", ()),
        ("Brewing Green Tea Slowly: A", ()),
        ("Entrevista: Brewing Green Tea Slowly", ("the title says entrevista",)),
    ],
)
def test_what_is_said_of_a_talk_is_no_recording_of_it(title: str, expected: tuple[str]) -> None:
    assert evidence(title).against == expected


def test_questions_are_no_objection_to_a_talk_that_has_them_in_its_title() -> None:
    assert evidence("Tea: Q&A", talk(title="Tea: Questions and Answers, a Q&A")).against == ()


def test_a_speaker_beside_the_year_is_no_other_event() -> None:
    one = talk(title="Brewing Green Tea", speakers=(Speaker(name="Robert Sample"),))

    assert evidence("TeaConf 2031 Bob Sample: Brewing Green Tea", one).against == ()


@pytest.mark.parametrize("title", ["Ada Example & Grace Sample", "Dr. Ada Example, Grace Sample"])
def test_all_speakers_and_nothing_else_are_told_by_that(title: str) -> None:
    one = talk(title="Brewing Green Tea", speakers=(Speaker(name="Ada Example"), GRACE))

    assert evidence(title, one).features["speaker, and nothing else"] == 1.0


@pytest.mark.parametrize(
    ("title", "left", "against"),
    [
        ("緑茶の淹れ方 - Ada Example", 0.0, ("its title is in another script than the talk's",)),
        ("Slowly緑茶Green - Ada Example", 0.0, ()),
        ("Brewing Green Tea Slowly - Ada Example (例示)", 0.0, ()),
        ("Steeping Leaves - Ada Example", 2.0, ()),
    ],
)
def test_a_title_in_another_script_says_nothing_against_its_speaker(
    title: str, left: float, against: tuple[str, ...]
) -> None:
    found = evidence(title)

    assert (found.likeness.left, found.against) == (left, against)


def test_a_kind_of_session_is_known_in_other_languages() -> None:
    opening = talk("opening", "Opening", speakers=())

    assert evidence("TeaConf 2031: オープニング", opening, TEA).features["kind alone"] == 1.0
