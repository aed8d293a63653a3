from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.views import notes
from pipeline.views.notes import known_notes, notes_html, notes_line, recall_notes
from tests.outputs.markup import Markup


def test_notes_become_paragraphs_lists_and_links() -> None:
    markdown = "Of *tea* and\n[cups](https://example.org/c).\n\n- one\n- two"

    assert notes_html(markdown) == (
        '<p>Of <em>tea</em> and\n<a href="https://example.org/c" rel="noopener">cups</a>.</p>\n'
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    )


def test_notes_show_html_as_text() -> None:
    assert notes_html("<script>x</script>") == "<p>&lt;script&gt;x&lt;/script&gt;</p>"


def test_notes_turn_headings_into_bold_paragraphs() -> None:
    assert notes_html("# Tea & cups") == "<p><strong>Tea &amp; cups</strong></p>"


def test_notes_show_an_image_by_its_alternative_text() -> None:
    assert notes_html("![A <cup>](https://example.org/cup.png)") == "<p>A &lt;cup&gt;</p>"


def test_notes_unlink_relative_addresses() -> None:
    assert notes_html("[cups](cups.html)") == '<p><a rel="noopener">cups</a></p>'


def test_notes_of_nothing_are_empty() -> None:
    assert (notes_html(None), notes_line(None)) == ("", "")


def test_notes_line_is_the_first_paragraph_as_plain_text() -> None:
    markdown = "Of *tea* and\n`cups` & [pots](https://example.org).\n\nMore."

    assert notes_line(markdown) == "Of tea and cups & pots."


def test_notes_that_are_known_can_be_handed_on() -> None:
    notes_html("Of *kettles* alone")

    assert known_notes([None, "Of *kettles* alone", "Of kettles that nobody asked for"]) == {
        "Of *kettles* alone": ("<p>Of <em>kettles</em> alone</p>", "Of kettles alone")
    }


def test_notes_that_are_recalled_are_not_parsed_again() -> None:
    recall_notes({"Of recalled *pots*": ("<p>Of pots, as recalled</p>", "Of pots, as recalled")})

    assert (notes_html("Of recalled *pots*"), notes_line("Of recalled *pots*")) == (
        "<p>Of pots, as recalled</p>",
        "Of pots, as recalled",
    )


def test_notes_are_known_until_many_later_ones_came() -> None:
    notes_html("Of old *lids*")
    recall_notes({f"Of lid {number}": ("", "") for number in range(5_000)})

    assert known_notes(["Of old *lids*", "Of lid 0", "Of lid 4999"]) == {"Of lid 4999": ("", "")}


_WRITTEN = st.lists(
    st.one_of(
        st.sampled_from(("Of tea", "1. ", "12", "- ", "+", "=", "===", "# ", "~~~", "> ", "    ")),
        st.sampled_from(("\n", "\n\n", "\n\n\n", " ", "  \n", "\t", "\r\n", "\xa0", "\u3000")),
        st.sampled_from(("*", "**", "_", "`", "[a]", "[a]: x", "!", "<b>", "&amp;", "\\", "---")),
        st.sampled_from(("https://example.org", '"', "'", "|", ":", ".", "\x0b", "\x85", "\ufeff")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=14,
).map("".join)


@settings(max_examples=500)
@given(_WRITTEN)
def test_plain_paragraphs_are_what_the_parser_makes_of_them(markdown: str) -> None:
    html, line = notes._marked(markdown)

    assert (notes_html(markdown), notes_line(markdown)) == (html.strip(), line)


def test_a_text_of_plain_paragraphs_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "_marked", lambda markdown: (f"(of {markdown!r})", ""))

    assert notes_html("Of plain pots.\nTwo lines.\n\nFour ways: 1. none\n\n- more") == (
        "<p>Of plain pots.\nTwo lines.</p>\n<p>Four ways: 1. none</p>\n(of '- more')"
    )


@given(st.text())
def test_notes_never_give_an_element_that_was_not_meant(markdown: str) -> None:
    markup = Markup(notes_html(markdown))

    meant = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a"}
    assert (markup.names - meant, markup.stray, markup.open) == (set(), [], [])


@given(st.from_regex(notes._PLAIN_ADDRESS, fullmatch=True))
def test_addresses_that_are_left_alone_are_written_as_the_standard_wants(address: str) -> None:
    assert MarkdownIt("commonmark").normalizeLink(address) == address
