"""Which imported talk is which known one; what becomes of the absent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.merging.binding import Answers, Binding, Doubt, bind, renew
from pipeline.model import Expectation, Speaker, Talk

ADA = (Speaker(name="Ada Example"),)
GRACE = (Speaker(name="Grace Sample"),)
ALAN = (Speaker(name="Alan Specimen"),)


def tea(**more: Any) -> Talk:
    values = {"id": "brewing-tea", "title": "Brewing Tea", "speakers": ADA, "codes": ("AAA",)}
    return Talk(**{**values, **more})


def cups(**more: Any) -> Talk:
    values = {"id": "cups", "title": "Cups and Saucers", "speakers": GRACE, "codes": ("BBB",)}
    return Talk(**{**values, **more})


def ids(*imported: Talk, **more: Any) -> tuple[str | None, ...]:
    return bind(imported, **{"old": (), "own": (), **more}).ids


def doubts(*imported: Talk, **more: Any) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    found = bind(imported, **{"old": (), "own": (), **more}).doubts
    return [(one.name, one.candidates) for one in found]


def test_a_code_binds_whatever_else_changed() -> None:
    renamed = tea(id="new-name", title="Something Else", speakers=ALAN)
    assert ids(renamed, old=(tea(),)) == ("brewing-tea",)


def test_a_code_that_event_yaml_has_binds_too() -> None:
    assert ids(tea(id="x", title="Other"), own=(tea(id="mine"),)) == ("mine",)


def test_a_code_that_the_import_has_twice_binds_nothing() -> None:
    one, other = tea(title="Pots", speakers=ALAN, id="pots"), tea()
    assert ids(one, other, old=(tea(),)) == ("pots", "brewing-tea")


def test_two_codes_of_two_known_talks_are_asked_about() -> None:
    both = tea(codes=("AAA", "BBB"), title="Teacups", id="teacups")
    assert doubts(both, old=(tea(), cups())) == [("AAA", (("brewing-tea", 1.0), ("cups", 1.0)))]


def test_talks_that_swap_their_titles_keep_their_ids_by_code() -> None:
    swapped = tea(title="Cups and Saucers"), cups(title="Brewing Tea")
    assert ids(*swapped, old=(tea(), cups())) == ("brewing-tea", "cups")


def test_without_codes_the_same_title_in_the_old_programme_binds() -> None:
    moved = tea(codes=(), id="brewing-tea-2", speakers=ALAN, title="brewing  TEA!")
    assert ids(moved, old=(tea(codes=()),)) == ("brewing-tea",)


def test_without_codes_the_proposed_id_binds_where_a_speaker_agrees() -> None:
    assert ids(tea(codes=(), title=None), old=(tea(codes=()),)) == ("brewing-tea",)


def test_the_same_title_with_another_code_and_other_speakers_is_asked_about() -> None:
    keynote = tea(id="keynote", title="Keynote")
    other = tea(id="keynote", title="Keynote", codes=("ZZZ",), speakers=GRACE)
    assert doubts(other, old=(keynote,)) == [("ZZZ", (("keynote", 0.5),))]


def test_the_same_title_and_speaker_bind_though_the_code_is_new() -> None:
    assert ids(tea(codes=("ZZZ",)), old=(tea(),)) == ("brewing-tea",)


def test_the_second_of_two_keynotes_stays_itself_when_the_first_is_cancelled() -> None:
    first = tea(id="keynote", title="Keynote", codes=())
    second = tea(id="keynote-2", title="Keynote", codes=(), speakers=GRACE)
    left = tea(id="keynote", title="Keynote", codes=(), speakers=GRACE)
    assert ids(left, old=(first, second)) == ("keynote-2",)


def test_twins_that_nothing_tells_apart_stay_in_their_order() -> None:
    twins = (tea(id="tea-2", codes=()), tea(id="tea-3", codes=()))
    imported = (tea(id="tea", codes=()), tea(id="tea-2", codes=()))
    assert ids(*imported, old=twins) == ("tea-2", "tea-3")


def test_event_yaml_binds_by_exact_title_and_speakers() -> None:
    mine = tea(id="tea", codes=(), title="Brewing tea", speakers=(Speaker(name="Áda Example"),))
    assert ids(tea(), own=(mine,)) == ("tea",)


def test_event_yaml_binds_by_a_speakers_other_spelling() -> None:
    mine = tea(id="tea", codes=(), speakers=(Speaker(name="A. Example", also=("Ada Example",)),))
    assert ids(tea(), own=(mine,)) == ("tea",)


def test_event_yaml_with_another_speaker_is_asked_about() -> None:
    mine = tea(id="tea", codes=(), speakers=GRACE)
    assert doubts(tea(), own=(mine,)) == [("AAA", (("tea", 0.5),))]


def test_a_renamed_talk_without_a_code_is_asked_about() -> None:
    renamed = tea(id="infusions", title="Infusions", codes=())
    assert doubts(renamed, cups(), old=(tea(codes=()), cups())) == [
        ("infusions", (("brewing-tea", 0.6),))
    ]


def test_a_talk_that_is_like_no_other_gets_an_id_of_its_own() -> None:
    assert ids(tea(), cups(), old=(tea(),)) == ("brewing-tea", "cups")


def test_new_ids_differ_from_every_id_ever_and_from_one_another() -> None:
    imported = tea(codes=("X",)), tea(codes=("Y",), title="Other Tea", speakers=GRACE)
    assert ids(*imported, taken=("brewing-tea",)) == ("brewing-tea-2", "brewing-tea-3")


def test_a_proposal_that_is_no_id_is_replaced_by_one_from_the_title() -> None:
    assert ids(tea(id="Not An Id")) == ("brewing-tea",)


def test_a_released_talk_that_no_file_tells_of_comes_back_under_its_id() -> None:
    assert ids(tea(), taken=("brewing-tea",), lost=frozenset(("brewing-tea",))) == ("brewing-tea",)


def test_an_answer_binds_what_was_in_doubt() -> None:
    renamed = tea(id="infusions", title="Infusions", codes=("NEW",))
    said = Answers(ids={"NEW": "brewing-tea"})
    assert ids(renamed, old=(tea(),), answers=said) == ("brewing-tea",)


def test_an_answer_says_that_a_talk_is_new() -> None:
    renamed = tea(id="infusions", title="Infusions", codes=("NEW",))
    assert ids(renamed, old=(tea(),), answers=Answers(new=frozenset(("NEW",)))) == ("infusions",)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Answers(ids={"AAA": "pots"}), "no talk 'pots' is known here"),
        (Answers(ids={"QQQ": "cups"}), "'QQQ' names no talk of this import"),
        (Answers(new=frozenset(("QQQ",))), "'QQQ' names no talk of this import"),
        (Answers(ids={"AAA": "cups", "BBB": "cups"}), "'cups' is given to two talks"),
    ],
)
def test_an_answer_that_names_nothing_is_refused(said: Answers, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        bind((tea(), cups()), old=(cups(),), own=(), answers=said)


def renewed(*imported: Talk, old: tuple[Talk, ...], **more: Any) -> Any:
    return renew(imported, bind(imported, old=old, own=()), old=old, **more)


def test_an_absent_talk_is_cancelled_where_it_stood() -> None:
    pots = tea(id="pots", title="Pots", speakers=ALAN, codes=("PPP",))
    made = renewed(tea(), cups(), old=(tea(), pots, cups()))
    gone = tea(
        id="pots",
        title="Pots",
        speakers=ALAN,
        codes=("PPP",),
        expectation=Expectation.CANCELLED,
    )
    assert (made.talks, made.cancelled) == ((tea(), gone, cups()), ("pots",))


def test_a_talk_that_returns_is_expected_again() -> None:
    made = renewed(tea(), cups(), old=(tea(expectation=Expectation.CANCELLED), cups()))
    assert made.talks == (tea(), cups())


def test_an_absent_talk_whose_recording_is_out_stays_as_it_was() -> None:
    made = renewed(cups(), old=(tea(), cups()), released=frozenset(("brewing-tea",)))
    assert (made.talks, made.cancelled, made.kept) == ((tea(), cups()), (), ("brewing-tea",))


def test_a_doubtful_talk_is_left_out_and_its_candidate_untouched() -> None:
    renamed = tea(id="infusions", title="Infusions", codes=("NEW",))
    made = renewed(renamed, cups(), old=(tea(), cups()))
    assert (made.talks, made.cancelled) == ((tea(), cups()), ())


def test_the_order_is_the_programmes() -> None:
    assert renewed(cups(), tea(), old=(tea(), cups())).talks == (cups(), tea())


def test_a_video_of_two_talks_is_left_with_neither() -> None:
    one, other = tea(recordings=("youtube:a", "youtube:b")), cups(recordings=("youtube:a",))
    made = renewed(one, other, old=())
    assert made.talks == (tea(recordings=("youtube:b",)), cups())
    assert made.shared == (("youtube:a", ("brewing-tea", "cups")),)


def test_a_video_that_moves_from_an_absent_talk_leaves_it() -> None:
    made = renewed(cups(recordings=("youtube:a",)), old=(tea(recordings=("youtube:a",)), cups()))
    assert [talk.recordings for talk in made.talks] == [(), ("youtube:a",)]


TITLES = st.sampled_from(("Tea", "Cups", "Pots", "Lightning Talks 1", "Lightning Talks 2"))
TALKS = st.builds(
    lambda title, code, who: Talk(
        id=title.lower().replace(" ", "-"), title=title, codes=code, speakers=who
    ),
    TITLES,
    st.sampled_from(((), ("A",), ("B",), ("C",))),
    st.sampled_from(((), ADA, GRACE, ALAN)),
)


def numbered(talks: list[Talk]) -> list[Talk]:
    """Return the talks with each id once, as the kinds of programmes propose them."""
    seen: Counter[str] = Counter()
    made = []
    for talk in talks:
        seen[talk.id] += 1
        number = f"-n{seen[talk.id]}" if seen[talk.id] > 1 else ""
        made.append(replace(talk, id=f"{talk.id}{number}"))
    return made


PROGRAMMES = st.lists(TALKS, max_size=6).map(numbered)


@settings(deadline=None)
@given(old=PROGRAMMES, new=PROGRAMMES)
def test_importing_again_changes_nothing_and_no_id_is_given_twice(
    old: list[Talk], new: list[Talk]
) -> None:
    first = renew(old, bind(old, old=(), own=()), old=()).talks
    bound = bind(new, old=first, own=())
    second = renew(new, bound, old=first).talks
    again = renew(new, bind(new, old=second, own=()), old=second).talks
    given_ids = [talk.id for talk in second]
    assert len(given_ids) == len(set(given_ids))
    assert {talk.id for talk in first} <= set(given_ids)
    if not bound.doubts:
        assert again == second


def test_binding_nothing_is_empty() -> None:
    assert bind((), old=(tea(),), own=()) == Binding(ids=(), doubts=())


def test_a_doubt_without_code_or_id_of_its_own_is_called_by_its_place() -> None:
    twice = tea(codes=("X",), title="Brewing Tea I"), tea(codes=("X",), title="Brewing Tea II")
    made = bind(twice, old=(tea(),), own=())
    likely = (("brewing-tea", 0.96),), (("brewing-tea", 0.94),)
    assert made.doubts == (
        Doubt(name="#1", talk=twice[0], candidates=likely[0]),
        Doubt(name="#2", talk=twice[1], candidates=likely[1]),
    )
