from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.outputs._xml import element, encoded, parent

_LAWFUL = st.text(
    st.one_of(
        st.sampled_from("<>&\"'\t\n\r]"),
        st.characters(
            min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"
        ),
    )
)


@given(_LAWFUL, _LAWFUL)
def test_element_is_what_lxml_writes(text: str, value: str) -> None:
    expected = etree.Element("tea", cup=value)
    expected.text = text

    assert encoded(element("tea", text, cup=value)) == etree.tostring(expected, encoding="utf-8")


def test_element_without_text_is_empty() -> None:
    assert (element("tea"), element("tea", cup="1"), element("tea", "")) == (
        "<tea/>",
        '<tea cup="1"/>',
        "<tea></tea>",
    )


def test_parent_is_what_lxml_indents() -> None:
    root = etree.fromstring("<pot><tea cup='1'><leaf>two\nlines</leaf><lid/></tea></pot>")
    inner = parent("tea", (element("leaf", "two\nlines"), element("lid")), depth=1, cup="1")

    assert f"{parent('pot', (inner,), depth=0)}\n".encode() == etree.tostring(
        root, pretty_print=True
    )


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_forbids_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"stands in it|surrogates not allowed"):
        encoded(element("tea", f"green{bad}"))
