"""Markdown of the dataset as HTML that is safe to publish, and as one line of plain text.

Must not know of talks or outputs. Raw HTML in Markdown is text here; what is left is cleaned.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

Known = Mapping[str, tuple[str, str]]
"""Notes by their Markdown: as clean HTML, and as a line."""

_MOST = 2_048
"""Notes that are known at once: some 3 MB, and more than an event has."""

_KNOWN: OrderedDict[str, tuple[Markup, str]] = OrderedDict()
"""The latest notes in both forms, by their Markdown: a cache, and nothing else."""


def notes_html(markdown: str | None) -> Markup:
    """Return `markdown` as clean HTML of paragraphs, lists, links and emphasis; "" for None.

    Headings become bold paragraphs, images their alternative text, and only absolute web and mail
    addresses stay links, so that the same HTML fits in pages, feeds and mails.
    """
    return _read(markdown or "")[0]


def notes_line(markdown: str | None) -> str:
    """Return the first paragraph of `markdown` as one line of plain text, "" where none is."""
    return _read(markdown or "")[1]


def known_notes(several: Iterable[str | None]) -> Known:
    """Return those of several notes that are known, for `recall_notes` to take back."""
    found = ((markdown, _KNOWN.get(markdown)) for markdown in several if markdown)
    return {markdown: made for markdown, made in found if made}


def recall_notes(known: Known) -> None:
    """Know again what `known_notes` returned, so that nobody parses it a second time."""
    for markdown, (html, line) in known.items():
        _KNOWN[markdown] = Markup(html), line  # noqa: S704 - it was cleaned when it was made
    while len(_KNOWN) > _MOST:
        _KNOWN.popitem(last=False)


def _read(markdown: str) -> tuple[Markup, str]:
    """Return notes in both forms. Page, mail, Markdown and feeds ask for the same, one by one."""
    made = _KNOWN.get(markdown)
    if made is None:
        made = _parsed(markdown)
        recall_notes({markdown: made})
    return made


def _parsed(markdown: str) -> tuple[Markup, str]:
    """Return notes as clean HTML, and their first paragraph as a line."""
    reader = _renderer()
    tokens = reader.parse(markdown)
    html = _cleaner().clean(reader.renderer.render(tokens, reader.options, {}))
    first = next((token for token in tokens if token.type == "inline"), None)
    line = " ".join(_plain(first.children or []).split()) if first else ""
    return Markup(html.strip()), line  # noqa: S704 - nh3 has cleaned it


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


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener",
    )
