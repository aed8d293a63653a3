from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Cue
from pipeline.sources._description import ANCHOR_LIMIT, anchors, cues


def test_anchors_are_the_links_in_order_each_once() -> None:
    text = (
        "Slides: https://b.example.org/1, more at http://a.example.org and https://b.example.org/1"
    )
    assert anchors(text) == ("https://b.example.org/1", "http://a.example.org")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("(see https://example.org/talk).", "https://example.org/talk"),
        ("https://example.org/tea_(drink)", "https://example.org/tea_(drink)"),
        ("<https://example.org/talk>", "https://example.org/talk"),
        ("**https://example.org/talk**", "https://example.org/talk"),
        ('"https://example.org/talk?a=1&b=2"', "https://example.org/talk?a=1&b=2"),
    ],
)
def test_anchors_leave_the_sentence_around_a_link(text: str, link: str) -> None:
    assert anchors(text) == (link,)


@pytest.mark.parametrize(
    "text", ["", "no link", "https://", "http://...", "https://example.org/" + "x" * 3000]
)
def test_anchors_are_none_where_no_link_is(text: str) -> None:
    assert anchors(text) == ()


def test_anchors_end_at_the_limit() -> None:
    text = " ".join(f"https://example.org/{number}" for number in range(ANCHOR_LIMIT + 5))
    assert len(anchors(text)) == ANCHOR_LIMIT


def cue(seconds: int, label: str) -> Cue:
    return Cue(start=timedelta(seconds=seconds), label=label)


def test_cues_are_the_lines_that_start_with_a_time() -> None:
    text = "Chapters\n0:00 Intro\n02:05 - Boiling water\nno time\n1:02:03 | Questions"
    assert cues(text) == (cue(0, "Intro"), cue(125, "Boiling water"), cue(3723, "Questions"))


@pytest.mark.parametrize("form", ["({}) {}", "[{}] {}", "• {} – {}", "{}: {}", "  {}\t{}"])
def test_cues_are_read_in_the_usual_dress(form: str) -> None:
    rows = [("00:00", "Intro"), ("75:30", "Tea"), ("76:00", "End")]
    text = "\n".join(form.format(*row) for row in rows)
    assert cues(text) == (cue(0, "Intro"), cue(4530, "Tea"), cue(4560, "End"))


def test_cues_begin_at_zero() -> None:
    text = "10:00 Doors open\n0:00 Intro\n1:00 Tea\n2:00 End"
    assert cues(text) == (cue(0, "Intro"), cue(60, "Tea"), cue(120, "End"))


@pytest.mark.parametrize(
    "text",
    [
        "0:00 Intro\n1:00 Tea",
        "0:10 Intro\n1:00 Tea\n2:00 End",
        "0:00 Intro\n2:00 Tea\n1:00 End",
        "0:00 Intro\n1:00 Tea\n1:00 End",
        "0:00\n1:00\n2:00",
        "0:00 Intro\n1:60 Tea\n2:61 End",
    ],
    ids=["two", "no zero", "descending", "equal", "no labels", "no times"],
)
def test_cues_are_none_where_the_rules_are_broken(text: str) -> None:
    assert cues(text) == ()


@given(st.text(alphabet="0:1 2\n-htps/.ex)(", max_size=80))
def test_cues_ascend_from_zero_whatever_the_text(text: str) -> None:
    starts = [one.start for one in cues(text)]
    assert starts == sorted(set(starts))
    assert starts[:1] in ([], [timedelta(0)])
