from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.model import Imported, Link, Speaker
from pipeline.programmes.wrapup import parse_wrapup
from pipeline.text import clean
from pipeline.views.markdown import escape_address, escape_notes, escape_text
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE, only
from tests.programmes.test_wrapup import POST, SEED

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
        "Two days of *tea*.\n"
        "\n"
        "TeaConf 2031, Kettle Hall, Berlin, 17 and 18 May 2031: 1 of 2 recordings out. "
        "Kept up to date: [https\\://recaps.example.org/teaconf-2031/]"
        "(https://recaps.example.org/teaconf-2031/)\n"
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
        "*Recording to come:* [https\\://recaps.example.org/teaconf-2031/\\#talk-2]"
        "(https://recaps.example.org/teaconf-2031/#talk-2)\n"
        "\n"
        "---\n"
        "\n"
        "Thank you.\n"
        "\n"
        "*Ada Example*\n"
    )


POSTS = {
    "made-up": POST,
    # Real ones lie beside this repository where it is developed.
    **{path.name: path.read_text("utf-8") for path in sorted(SEED.glob("*.txt"))},
}


def republished(text: str, *, language: str) -> tuple[Imported, str]:
    """Import a post, let two of three talks have a recording, and publish it."""
    post = parse_wrapup(text.encode(), where="post.txt")
    entries = []
    for number, talk in enumerate(post.talks, start=1):
        told: dict[str, Any] = {
            "talk_id": talk.id,
            "title": talk.title,
            "speakers": talk.speakers,
            "summary": talk.summary,
            "kind": talk.kind,
            "slides": talk.slides,
            "links": talk.links,
        }
        out = number % 3 > 0
        entries.append(samples.released(number, 19, **told) if out else entry(number, **told))
    event = published(
        *entries,
        name=post.name or "TeaConf",
        recap_title=post.recap_title,
        introduction=post.introduction,
        conclusion=post.conclusion,
        author=post.author,
        language=language,
    )
    return post, only("markdown", collection(event))


def words_of_lines(text: str) -> list[list[str]]:
    """Return the words of each line that has any, in order: bullets and commas are form."""
    return [found for line in text.split("\n") if (found := re.findall(r"\w+", line))]


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("text", POSTS.values(), ids=POSTS)
def test_markdown_of_an_imported_post_imports_as_the_same_post(text: str, language: str) -> None:
    post, made = republished(text, language=language)
    again = parse_wrapup(made.encode(), where="recap.md")

    assert again == post


@pytest.mark.parametrize("text", POSTS.values(), ids=POSTS)
def test_markdown_of_an_imported_post_says_all_that_it_said(text: str) -> None:
    _, made = republished(text, language="en")
    told = text.partition("\nConclusion\n")[0].replace("\nThe Talks\n", "\n")
    left = iter(words_of_lines(made))

    assert [line for line in words_of_lines(told) if line not in left] == []


def test_markdown_has_a_recording_beside_every_talk_that_is_out_and_a_progress_line() -> None:
    post, made = republished(POST, language="en")
    shown = made.count("[Watch](https://www.youtube.com/watch?v=vid0000000")

    assert (shown, len(post.talks), "3 of 4 recordings out. Kept up to date: [" in made) == (
        3,
        4,
        True,
    )


def test_markdown_lets_a_title_of_an_upload_stay_one_that_nobody_gave() -> None:
    ada = Speaker(name="Ada Example", role="Engineer", affiliation="Teapot")
    one = samples.released(1, 19, title="Tea (official)", title_from="upload", speakers=(ada,))
    made = only("markdown", collection(published(one)))
    (talk,) = parse_wrapup(made.encode(), where="recap.md").talks

    assert ("### *Tea \\(official\\)*\n" in made, talk.title) == (True, None)


def test_markdown_keeps_slides_links_and_other_recordings_apart_from_the_notes() -> None:
    ada = Speaker(name="Ada Example", role="Engineer", affiliation="Teapot")
    one = replace(samples.many_recordings(), speakers=(ada,))
    links = (Link(url="https://example.org/a_(b)", label="The [long] story"),)
    slides = (Link(url="https://example.org/s.pdf", label="Slides"),)
    made = only("markdown", collection(published(replace(one, links=links, slides=slides))))
    (talk,) = parse_wrapup(made.encode(), where="recap.md").talks

    assert (talk.summary, talk.recordings, talk.slides, talk.links) == (
        "What talk 1 is about.",
        (),
        slides,
        (Link(url="https://example.org/a_%28b%29", label="The [long] story"),),
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
