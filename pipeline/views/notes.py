"""Markdown of the dataset as HTML that is safe to publish, and as one line of plain text.

Must not know of talks or outputs. Raw HTML in Markdown is text here; what is left is cleaned.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a"}


# Page, mail, Markdown and three feeds ask for the same notes within one event.
@lru_cache(maxsize=512)
def notes_html(markdown: str | None) -> Markup:
    """Return `markdown` as clean HTML of paragraphs, lists, links and emphasis; "" for None.

    Headings become bold paragraphs, images their alternative text, and only absolute web and mail
    addresses stay links, so that the same HTML fits in pages, feeds and mails.
    """
    reader = _renderer()
    made = reader.renderer.render(_tokens(markdown or ""), reader.options, {})
    safe = nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener",
    )
    return Markup(safe.strip())  # noqa: S704 - nh3 has cleaned it


@lru_cache(maxsize=512)
def notes_line(markdown: str | None) -> str:
    """Return the first paragraph of `markdown` as one line of plain text, "" where none is."""
    for token in _tokens(markdown or ""):
        if token.type == "inline":
            return " ".join(_plain(token.children or []).split())
    return ""


@lru_cache(maxsize=512)
def _tokens(markdown: str) -> Sequence[Token]:
    """Return the parsed text, which nobody changes."""
    return _renderer().parse(markdown)


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type.endswith("break") else token.content for token in tokens)


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False})
    rules = renderer.renderer.rules  # type: ignore[attr-defined] # the protocol does not name it
    rules["heading_open"] = lambda *_: "<p><strong>"
    rules["heading_close"] = lambda *_: "</strong></p>\n"
    rules["image"] = lambda tokens, index, *_: str(Markup.escape(tokens[index].content))
    return renderer
