from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.outputs._xml import attributes, encoded, escaped, lines, quoted

_LAWFUL = st.text(
    st.one_of(
        st.sampled_from("<>&\"'\t\n\r]"),
        st.characters(
            min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"
        ),
    )
)


@given(_LAWFUL, _LAWFUL)
def test_text_and_attributes_are_what_lxml_writes(text: str, value: str) -> None:
    expected = etree.Element("tea", cup=value)
    expected.text = f"!{text}"

    made = f'<tea cup="{quoted(value)}">!{escaped(text)}</tea>'
    assert encoded(made) == etree.tostring(expected, encoding="utf-8")


def test_attributes_stand_in_the_order_given_without_those_that_say_nothing() -> None:
    assert attributes(pot="2", lid=None, cup="<1>", leaf="") == ' pot="2" cup="&lt;1&gt;"'


def test_lines_are_what_lxml_indents() -> None:
    root = etree.fromstring("<tea><leaf>two\nlines</leaf><lid/></tea>")
    inner = lines(["<leaf>two\nlines</leaf>", "<lid/>"], depth=1)

    assert f"<tea>\n{inner}</tea>\n".encode() == etree.tostring(root, pretty_print=True)


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_forbids_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"stands in it|surrogates not allowed"):
        encoded(escaped(f"green{bad}"))
