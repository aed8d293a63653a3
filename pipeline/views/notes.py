"""Markdown of the dataset as HTML that is safe to publish, and as one line of plain text.

Must not know of talks or outputs. Raw HTML in Markdown is text here; what is left is cleaned.
Most notes are plain paragraphs, which are taken as they are (`_PLAIN`): that takes a tenth of
the time, and leaves the parser to those that say something in Markdown.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

Known = Mapping[str, tuple[str, str]]
"""Notes by their Markdown: as clean HTML, and as a line."""

_MOST = 1_024
"""Notes that are known at once: some 3 MB, and more than an event has."""

_KNOWN: OrderedDict[str, tuple[Markup, str]] = OrderedDict()
"""The latest notes in both forms, by their Markdown: a cache, and nothing else."""

# A line in which nothing means anything, neither in CommonMark nor in HTML: no mark of either, no
# control character, no space but common ones within, nothing that begins a block. Paragraphs of
# such lines are closed by the blank line after them, whatever follows.
_SPACES = r"\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MEANT = rf"*_`\[\]\\<>&\x00-\x1f\x7f-\x9f{_SPACES}\ud800-\udfff"
_LINE = rf"(?![-+=#~ ]|\d{{1,9}}[.)])[^{_MEANT}]+(?<! )"
_PLAIN_ADDRESS = re.compile(
    r"https?://(?![a-z0-9.-]{64})[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9/_.~-]*)?\Z"
)
"""Addresses in which there is nothing to escape."""

_PLAIN = re.compile(rf"(?:{_LINE}(?:\n{_LINE})*(?:\n{{2,}}|\n?\Z))*")
"""The plain paragraphs that a text begins with."""


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
    plain = _PLAIN.match(markdown)
    end = plain.end() if plain else 0
    paragraphs = [one.strip("\n") for one in markdown[:end].split("\n\n")] if end else []
    paragraphs = [one for one in paragraphs if one]
    html, line = _marked(markdown[end:]) if end < len(markdown) else ("", "")
    # Nothing in a plain paragraph could be escaped, and what was marked has been cleaned.
    whole = Markup("".join(f"<p>{one}</p>\n" for one in paragraphs) + html)  # noqa: S704
    return whole.strip(), " ".join(paragraphs[0].split()) if paragraphs else line


def _marked(markdown: str) -> tuple[str, str]:
    """Return what CommonMark makes of a text, cleaned, and its first paragraph as a line."""
    reader = _renderer()
    tokens = reader.parse(markdown)
    html = _cleaner().clean(reader.renderer.render(tokens, reader.options, {}))
    first = next((token for token in tokens if token.type == "inline"), None)
    return html, " ".join(_plain(first.children or []).split()) if first else ""


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type.endswith("break") else token.content for token in tokens)


class _Reader(MarkdownIt):
    """CommonMark without raw HTML, which leaves addresses alone that are written plainly."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.disable(["html_block", "html_inline"])

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - its name there
        """Return an address as the standard wants it written; most are already."""
        return url if _PLAIN_ADDRESS.match(url) else super().normalizeLink(url)


@cache
def _renderer() -> MarkdownIt:
    renderer = _Reader()
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
