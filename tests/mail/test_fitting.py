from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.mail.fitting import WHOLE, clipped, folded, ladder, shortened
from pipeline.views.event import view_event
from tests.mail.cases import large


def test_ladder_begins_with_everything_and_ends_with_nothing_but_a_number() -> None:
    steps = ladder(earlier=12, others=11, new=2)

    assert steps[0] == WHOLE
    assert (steps[-1].earlier, steps[-1].others, steps[-1].new) == (0, 0, 0)


def test_ladder_never_goes_up() -> None:
    steps = ladder(earlier=30, others=30, new=3)
    measures = [
        (
            not one.stills,
            -(99 if one.earlier is None else one.earlier),
            -(99 if one.others is None else one.others),
            not one.prose,
            -(999 if one.notes is None else one.notes),
            -(999 if one.titles is None else one.titles),
            not one.cards,
            not one.direct,
            -(99 if one.new is None else one.new),
        )
        for one in steps
    ]
    rising = [
        (low, high)
        for low, high in pairwise(measures)
        if any(before > after for before, after in zip(low, high, strict=True))
    ]

    assert rising == []


def test_ladder_folds_what_is_new_after_all_else() -> None:
    steps = ladder(earlier=20, others=20, new=5)
    first = next(number for number, one in enumerate(steps) if one.new is not None)

    assert [one.new for one in steps[first:]] == [4, 3, 2, 1, 0]
    assert steps[first].earlier == 0


def test_ladder_of_few_talks_counts_no_more_than_there_are() -> None:
    assert {one.earlier for one in ladder(earlier=2, others=0, new=0)} == {None, 1, 0}


def test_shortened_leaves_everything_whole_where_all_fits() -> None:
    view = view_event(large(3, out=2, title="x" * 300))

    assert shortened(view, WHOLE) is view


def test_shortened_cuts_titles_names_and_notes_and_leaves_speakers_out() -> None:
    view = view_event(large(1, out=1, title="x" * 300, speakers=5))
    (talk,) = shortened(view, replace(WHOLE, titles=60, notes=80, people=2)).talks

    lengths = (len(talk.title), len(talk.notes_line), [len(one.name) for one in talk.speakers])
    assert lengths == (60, 80, [60, 60])


def test_clipped_text_ends_with_an_ellipsis_within_its_limit() -> None:
    assert [clipped("tea for two", limit) for limit in (None, 11, 8, 4, 0)] == [
        "tea for two",
        "tea for two",
        "tea for…",
        "tea…",
        "",
    ]


def test_folded_says_how_many_are_left() -> None:
    assert (folded("abc", 2), folded("abc", None)) == ((("a", "b"), 1), (("a", "b", "c"), 0))
