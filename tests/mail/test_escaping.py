"""Merge tags: each tool is stood for by what it finds in a document, leftmost first."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.mail.escaping import TAGS, UNSUBSCRIBE, Part, address, escape
from pipeline.model import MergeTags
from pipeline.text import clean
from tests.builders import published
from tests.mail.cases import hostile_titles, made
from tests.outputs.markup import Markup
from tests.outputs.samples import released

GO = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
CHIMP = re.compile(r"\*\|.*?\|\*")
SHORTHAND = re.compile(r"https?://.+?@TrackLink")
ACTIONS = {
    '"{"': "{",
    '"@"': "@",
    'Safe "<"': "<",
    "UnsubscribeURL": "https://leave.example.org/",
}
TEMPLATE_TAGS = {
    "{% templatetag openvariable %}": "{{",
    "{% templatetag openblock %}": "{%",
    "{% templatetag opencomment %}": "{#",
    "{{ unsubscribe_url }}": "https://leave.example.org/",
}
TOOLS: tuple[MergeTags, ...] = ("listmonk", "buttondown", "mailchimp")
PIECES = st.sampled_from(
    ["{", "}", "%", "#", "*", "|", "<", "@TrackLink", "https://a.example/", "a"]
)
DOCUMENTS = st.lists(PIECES, max_size=30).map("".join) | st.sampled_from(hostile_titles()).map(
    clean
)


def listmonk(document: str) -> str:
    """Return what listmonk's text/template makes of a document; a KeyError is a failed campaign."""
    assert SHORTHAND.search(document) is None
    return GO.sub(lambda found: ACTIONS[found[1].strip()], document)


def buttondown(document: str) -> str:
    """Return what Django's templates make of a document; a KeyError is a failed mail."""
    return DJANGO.sub(lambda found: TEMPLATE_TAGS[found[0]], document)


@given(DOCUMENTS)
def test_text_for_listmonk_reads_as_it_was(document: str) -> None:
    assert listmonk(escape(document, "listmonk", part="text")) == document


@given(DOCUMENTS)
def test_text_for_listmonk_has_no_markup_for_its_html_templates(document: str) -> None:
    assert "<" not in GO.sub("", escape(document, "listmonk", part="text"))


@given(DOCUMENTS)
def test_subject_for_listmonk_reads_as_it_was(document: str) -> None:
    assert listmonk(escape(document, "listmonk", part="subject")) == document


@pytest.mark.parametrize("part", ["text", "subject"])
@given(document=DOCUMENTS)
def test_text_for_buttondown_reads_as_it_was(part: Part, document: str) -> None:
    assert buttondown(escape(document, "buttondown", part=part)) == document


@given(DOCUMENTS)
def test_text_for_mailchimp_has_nothing_to_replace(document: str) -> None:
    escaped = escape(document, "mailchimp", part="text")

    assert CHIMP.search(escaped) is None
    assert escaped.replace("\N{WORD JOINER}", "") == document


@pytest.mark.parametrize("target", ["plain", *TOOLS])
@given(document=DOCUMENTS)
def test_html_shows_what_it_showed_and_holds_no_tag(target: MergeTags, document: str) -> None:
    plain = html.escape(document)
    escaped = escape(plain, target, part="html")

    assert html.unescape(escaped) == document
    assert [one for one in ("{{", "{%", "{#", "*|") if one in escaped] == []


@pytest.mark.parametrize("target", TOOLS)
@given(document=DOCUMENTS)
def test_markdown_holds_no_tag_before_and_after_it_is_html(
    target: MergeTags, document: str
) -> None:
    escaped = escape(document, target, part="markdown")
    shown = MarkdownIt("commonmark", {"html": True}).render(escaped)

    for text in (escaped, html.unescape(re.sub(r"href=\"[^\"]*\"", "", shown))):
        assert [one for one in ("{{", "{%", "{#", "*|", "@TrackLink") if one in text] == []


@pytest.mark.parametrize("target", TOOLS)
def test_unsubscribe_becomes_the_tools_own_tag(target: MergeTags) -> None:
    assert escape(f"Leave: {UNSUBSCRIBE}", target, part="text") == f"Leave: {TAGS[target]}"


@pytest.mark.parametrize("target", TOOLS)
def test_mail_has_the_tools_unsubscribe_tag_once_in_each_format(target: MergeTags) -> None:
    mail = made(published(released(1, 19)), "talk-1", target=target)

    counts = [one.count(TAGS[target]) for one in (mail.html, mail.text, mail.markdown)]
    assert counts == [1, 1, 1]


@pytest.mark.parametrize("target", TOOLS)
def test_mail_for_a_tool_holds_no_other_tag(target: MergeTags) -> None:
    titles = [clean(one) for one in hostile_titles() if len(one) < 200]
    event = published(*(released(n, 19, title=one) for n, one in enumerate(titles[:80], start=1)))
    mail = made(event, "talk-1", target=target)

    assert "{{" not in mail.html.replace(TAGS[target], "").replace("{{ Safe `<!--[if mso]>", "")
    assert "*|" not in mail.html.replace(TAGS[target], "")


def test_listmonk_is_given_comments_for_outlook_as_safe() -> None:
    html_ = made(published(released(1, 19)), "talk-1", target="listmonk").html

    assert len(re.findall(r"<!--\[if mso\]>", html_)) == len(
        re.findall(r"\{\{ Safe `<!--\[if mso\]>[^`]*<!\[endif\]-->` \}\}", html_)
    )


def test_address_keeps_its_meaning_without_characters_of_tags() -> None:
    assert address("https://example.org/{{a}}?b=*|C|*#d") == (
        "https://example.org/%7B%7Ba%7D%7D?b=*%7CC%7C*#d"
    )


def test_addresses_are_the_same_in_all_formats() -> None:
    one = released(1, 19)
    strange = replace(one.recordings[0], url="https://example.org/{{a}}/*|B|*")
    event = published(replace(one, recordings=(strange,)))
    mail = made(event, "talk-1")

    assert "https://example.org/%7B%7Ba%7D%7D/*%7CB%7C*" in mail.text
    assert "https://example.org/%7B%7Ba%7D%7D/*%7CB%7C*" in Markup(mail.html).addresses
