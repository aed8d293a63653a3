from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.outputs.markdown import escape_address, escape_notes, escape_text
from pipeline.text import clean
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE, only

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TEXTS = st.text(max_size=40).map(clean)


def test_markdown_has_the_form_of_a_wrap_up_post() -> None:
    event = published(
        samples.released(1, 19),
        entry(2),
        recap_title="TeaConf 2031: Wrap-Up",
        venue="Kettle Hall",
        city="Berlin",
        introduction="Two days of *tea*.",
        conclusion="Thank you.",
        author="Ada Example",
    )

    assert only("markdown", collection(event)) == (
        "# TeaConf 2031: Wrap-Up\n"
        "\n"
        "TeaConf 2031, Kettle Hall, Berlin, 17 and 18 May 2031.\n"
        "1 of 2 recordings out.\n"
        "\n"
        "Two days of *tea*.\n"
        "\n"
        "## The talks\n"
        "\n"
        "### Talk number 1\n"
        "\n"
        "Speaker 1, Engineer, Example Works\n"
        "\n"
        "What talk 1 is about.\n"
        "\n"
        "[Watch](https://www.youtube.com/watch?v=vid00000001), 21 min, released 19 May.\n"
        "\n"
        "### Talk number 2\n"
        "\n"
        "Speaker 2, Engineer, Example Works\n"
        "\n"
        "What talk 2 is about.\n"
        "\n"
        "*Recording to come.*\n"
        "\n"
        "---\n"
        "\n"
        "Thank you.\n"
        "\n"
        "*Ada Example*\n"
        "\n"
        "The whole recap, with feeds for what is still to come: "
        "[https\\://recaps.example.org/teaconf-2031/](https://recaps.example.org/teaconf-2031/)\n"
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_markdown_title_is_shown_as_it_is(title: str) -> None:
    event = published(entry(1, title=title, speakers=(), summary=None))
    made = Markup(READER.render(only("markdown", collection(event))))

    assert title in "".join(made.texts)


def test_markdown_of_hostile_texts_has_no_elements_but_its_own() -> None:
    made = Markup(READER.render(only("markdown", collection(samples.hostile()))))

    assert made.names <= {
        *("h1", "h2", "h3", "p", "a", "em", "ul", "ol", "li", "hr", "code", "br", "s"),
    }


@given(TEXTS.filter(bool))
def test_escape_text_leaves_nothing_but_text(text: str) -> None:
    tokens = READER.parse(f"{escape_text(text)}\n")

    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(child.content for child in tokens[1].children or ()) == text
    assert {child.type for child in tokens[1].children or ()} <= {"text", "text_special"}


@given(TEXTS.filter(bool))
def test_escape_text_survives_a_heading(text: str) -> None:
    tokens = READER.parse(f"### {escape_text(text)}\n")

    assert "".join(child.content for child in tokens[1].children or ()) == text


def test_escape_text_leaves_ordinary_titles_readable() -> None:
    title = "Keynote: What’s new in Tea, part 2 - a tour (with cups)!"

    assert escape_text(title) == "Keynote: What’s new in Tea, part 2 - a tour \\(with cups\\)!"


def test_escape_text_stops_bare_addresses_from_becoming_links() -> None:
    assert escape_text("https://a.example www.b.example c@example.org") == (
        "https\\://a.example www\\.b.example c\\@example.org"
    )


def test_escape_address_fits_between_parentheses() -> None:
    assert escape_address("https://example.org/a (b)<c>%20?d=[e]&f=é") == (
        "https://example.org/a%20%28b%29%3Cc%3E%20?d=[e]&f=%C3%A9"
    )


def test_escape_notes_turns_raw_html_into_text() -> None:
    assert escape_notes("1 < 2 <b>*x*</b> <!-- y -->") == "1 < 2 &lt;b>*x*&lt;/b> &lt;!-- y -->"
