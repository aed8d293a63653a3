"""One more item in an event.yaml: what is added, where, and what is refused."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset.insertion import insert_item
from pipeline.errors import DatasetError
from pipeline.written.yamltext import Plain, load

FILE = "data/teaconf-2031/event.yaml"
NEW: dict[str, Plain] = {"id": "new-talk", "title": "New"}


def insert(text: str, key: str = "talks", item: Mapping[str, Plain] = NEW) -> str:
    return insert_item(text, document=load(text, file=FILE), key=key, item=item)


def refusal(text: str, key: str = "talks") -> list[str]:
    with pytest.raises(DatasetError) as refused:
        insert(text, key)
    return str(refused.value).splitlines()


def test_item_goes_below_the_last_one_in_the_lists_indentation() -> None:
    assert insert("id: x\ntalks:\n  - id: a\n    title: A\nwas: []\n") == (
        "id: x\ntalks:\n  - id: a\n    title: A\n  - id: new-talk\n    title: New\nwas: []\n"
    )


def test_item_is_flush_where_the_list_is() -> None:
    item: dict[str, Plain] = {"id": "b", "speakers": [{"name": "Ada Example", "role": "Brewer"}]}
    assert insert("talks:\n- id: a\n", item=item) == (
        "talks:\n- id: a\n- id: b\n  speakers:\n  - name: Ada Example\n    role: Brewer\n"
    )


def test_lists_inside_an_item_are_indented_where_the_list_is() -> None:
    item: dict[str, Plain] = {"id": "b", "speakers": ["Ada Example"]}
    assert insert("talks:\n    - id: a\n", item=item) == (
        "talks:\n    - id: a\n    - id: b\n      speakers:\n        - Ada Example\n"
    )


def test_the_gap_after_the_dash_is_kept() -> None:
    assert insert("talks:\n-   id: a\n    title: A\n") == (
        "talks:\n-   id: a\n    title: A\n-   id: new-talk\n    title: New\n"
    )


def test_line_ends_of_windows_are_kept() -> None:
    assert insert("talks:\r\n  - id: a\r\nid: x\r\n") == (
        "talks:\r\n  - id: a\r\n  - id: new-talk\r\n    title: New\r\nid: x\r\n"
    )


def test_a_file_without_a_last_line_end_stays_without() -> None:
    assert insert("talks:\n  - id: a") == "talks:\n  - id: a\n  - id: new-talk\n    title: New"


def test_comments_and_blank_lines_before_the_next_key_stay_with_it() -> None:
    assert insert("talks:\n  - id: a  # first\n\n# Former ids.\nwas: [y]\n") == (
        "talks:\n  - id: a  # first\n  - id: new-talk\n    title: New\n\n# Former ids.\nwas: [y]\n"
    )


def test_a_comment_inside_the_last_item_stays_in_it() -> None:
    assert insert("talks:\n  - id: a\n    # no title yet\n  # - id: draft\n") == (
        "talks:\n  - id: a\n    # no title yet\n  - id: new-talk\n    title: New\n  # - id: draft\n"
    )


def test_items_that_are_parted_by_blank_lines_stay_so() -> None:
    assert insert("talks:\n  - id: a\n\n  # second\n  - id: b\n\nid: x\n") == (
        "talks:\n  - id: a\n\n  # second\n  - id: b\n\n  - id: new-talk\n    title: New\n\nid: x\n"
    )


def test_block_text_ends_before_its_trailing_blank_lines() -> None:
    assert insert("talks:\n  - id: a\n    summary: |\n      Tea.\n\n\nid: x\n") == (
        "talks:\n  - id: a\n    summary: |\n      Tea.\n"
        "  - id: new-talk\n    title: New\n\n\nid: x\n"
    )


def test_block_text_that_keeps_its_blank_lines_keeps_them() -> None:
    assert insert("talks:\n  - id: a\n    summary: |+\n      Tea.\n\nid: x\n") == (
        "talks:\n  - id: a\n    summary: |+\n      Tea.\n\n"
        "  - id: new-talk\n    title: New\nid: x\n"
    )


def test_an_item_in_braces_over_several_lines_is_not_split() -> None:
    assert insert("talks:\n  - {id: a,\n     title: A}\n") == (
        "talks:\n  - {id: a,\n     title: A}\n  - id: new-talk\n    title: New\n"
    )


def test_a_missing_key_is_made_at_the_end() -> None:
    assert insert("id: x\nwatch:\n- kind: file\n  path: v.yaml\n") == (
        "id: x\nwatch:\n- kind: file\n  path: v.yaml\ntalks:\n- id: new-talk\n  title: New\n"
    )


def test_a_missing_key_is_parted_by_a_blank_line_where_others_are() -> None:
    assert insert("id: x\n\nname: X\n# vim: set et\n") == (
        "id: x\n\nname: X\n\ntalks:\n  - id: new-talk\n    title: New\n# vim: set et\n"
    )


def test_a_missing_key_is_made_before_the_end_of_the_document() -> None:
    assert insert("---\nid: x\n...\n") == (
        "---\nid: x\ntalks:\n  - id: new-talk\n    title: New\n...\n"
    )


def test_a_key_without_a_value_gets_its_first_item() -> None:
    assert insert("talks:  # later\nid: x\n") == (
        "talks:  # later\n  - id: new-talk\n    title: New\nid: x\n"
    )


def test_days_stand_without_quotes_and_lengths_with_them() -> None:
    item: dict[str, Plain] = {"id": "b", "day": "2031-05-17", "length": "25:00", "title": "no"}
    assert insert("talks:\n- id: a\n", item=item) == (
        "talks:\n- id: a\n- id: b\n  day: 2031-05-17\n  length: '25:00'\n  title: 'no'\n"
    )


def test_a_list_in_brackets_is_refused_with_the_lines_to_paste() -> None:
    assert refusal("id: x\ntalks: []\n") == [
        (
            f"{FILE}:2:1: talks: the list stands in brackets, which nothing is added to; write it "
            "with dashes; nothing was written. To add it by hand, paste under `talks:`"
        ),
        "  - id: new-talk",
        "    title: New",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("talks: [{id: a}]\n", "the list stands in brackets"),
        ("{id: x, talks: [{id: a}]}\n", "the whole file stands in braces"),
        ("- id: a\n", "the file is no mapping"),
        ("talks: none yet\n", "talks holds no list"),
        ("talks: ~\n", "talks holds no list"),
        ("talks: {a: 1}\n", "talks holds no list"),
        ("talks:\n  - id: a\n    summary: |\n      Tea", "without changing what stands there"),
    ],
)
def test_what_cannot_be_extended_safely_is_refused(text: str, why: str) -> None:
    assert why in refusal(text)[0]


# Random event files, in the ways in which people write them.

WORDS = st.sampled_from(["Tea", "Tee für zwei", "茶", "🫖 pot", "Steep: again", "no", "'quoted'"])
IDS = st.integers(0, 999).map(lambda number: f"talk-{number}")
COMMENTS = st.sampled_from(["", "# note", "  # note", "    # note", "      # note", "  "])


@st.composite
def items(draw: st.DrawFn, indent: str, gap: str) -> list[str]:
    """Return the lines of one item of a list."""
    inner = f"{indent} {' ' * len(gap)}"
    lines = [f"{indent}-{gap}id: {draw(IDS)}"]
    if draw(st.booleans()):
        title = draw(st.sampled_from(["Tea", "Tee 茶 🫖", '"Tea: two"']))
        lines.append(f"{inner}title: {title}")
    match draw(st.integers(0, 6)):
        case 0:
            head = draw(st.sampled_from(["|", ">", "|-", ">-", "|+", ">+"]))
            blank = [""] * draw(st.integers(0, 2))
            lines += [f"{inner}summary: {head}", f"{inner}  One.", "", f"{inner}  Two.", *blank]
        case 1:
            lines += [f"{inner}speakers:", f"{inner}  - Ada Example", f"{inner}  - {{name: Grace}}"]
        case 2:
            lines += [f"{inner}speakers:", f"{inner}- Ada Example"]
        case 3:
            lines += [f"{inner}tags: [a,", f"{inner}  b]"]
        case 4:
            lines += [f"{inner}title2: plain text", f"{inner}  over two lines"]
        case 5:
            lines += [f"{inner}summary:"]
        case _:
            lines = [f"{indent}-{gap}{{id: a,", f"{inner}  title: b}}  # braces"]
    return lines


@st.composite
def blocks(draw: st.DrawFn, key: str) -> list[str]:
    """Return the lines of one list under a top-level key."""
    indent = draw(st.sampled_from(["", "  ", "    "]))
    gap = draw(st.sampled_from([" ", "   "]))
    spaced = draw(st.booleans())
    lines = [f"{key}:"]
    for _ in range(draw(st.integers(1, 3))):
        lines += draw(items(indent, gap))
        lines += [""] if spaced else []
        lines += draw(st.lists(COMMENTS, max_size=2))
    return lines


@st.composite
def event_files(draw: st.DrawFn) -> str:
    """Return an event.yaml of some style."""
    parts = [["id: teaconf-2031"], ["name: TeaConf 2031", "", "# about"], ["was: [a, b]"]]
    for key in draw(st.lists(st.sampled_from(["talks", "watch"]), unique=True)):
        parts.append(draw(blocks(key)))
    order = draw(st.permutations(parts))
    lines = [line for part in order for line in part]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(lines) + draw(st.sampled_from(["", newline, newline * 3]))


NEW_ITEMS = st.fixed_dictionaries(
    {"id": IDS},
    optional={
        "title": st.one_of(WORDS, st.text(st.characters(codec="utf-8", exclude_categories=["C"]))),
        "speakers": st.lists(st.one_of(WORDS, st.fixed_dictionaries({"name": WORDS})), min_size=1),
        "length": st.just("24:26"),
        "only_this_event": st.booleans(),
    },
)


@settings(deadline=None)
@given(text=event_files(), key=st.sampled_from(["talks", "watch"]), item=NEW_ITEMS)
def test_insertion_only_adds_and_means_the_old_value_plus_the_item(
    text: str, key: str, item: dict[str, Plain]
) -> None:
    before = load(text, file=FILE)
    try:
        made = insert_item(text, document=before, key=key, item=item)
    except DatasetError:
        # Only a block text at the very end, without a line end, would change its meaning.
        assert not text.endswith("\n")
        return
    old = before.value
    assert isinstance(old, dict)
    listed = old.get(key, [])
    assert isinstance(listed, list)
    assert load(made, file=FILE).value == {**old, key: [*listed, item]}
    common = len(text) - next(
        size for size in range(len(text) + 1) if made.startswith(text[: len(text) - size])
    )
    assert made.endswith(text[common:])
    diff = difflib.ndiff(text.splitlines(), made.splitlines())
    assert [line for line in diff if line.startswith("- ")] == []
