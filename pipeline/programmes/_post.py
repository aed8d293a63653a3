"""A post's text as blocks, and what the form of a block says of it. Pure.

Must not build talks; `wrapup` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.model import Link
from pipeline.programmes._byline import Byline, bare, has_lead_in, read_byline, read_names
from pipeline.text import clean, clean_block

TITLE_LIMIT = 160
"""Characters of a line that may be a title or a heading."""

_LONGEST_CALL = 15
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\Z")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*\Z")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_BULLET = re.compile(r"(?P<indent>[ \t]*)[•◦‣▪●·*+–-][ \t]+(?P<text>\S.*)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"[.:;,…][\"'”’»)\]*_]*\Z")
_CALL_END = re.compile(r"[?!][\"'”’»)\]*_]*\Z")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ITALIC = re.compile(r"(?:\*(?!\*)[^*]+\*|_(?!_)[^_]+_)\Z")
_LABELLED = re.compile(
    r"(?:[-*•]\s+)?(?:\[(?P<a>watch|video|recording|slides)\b[^\]]*\]\((?P<x>https?://[^()\s]+)\)"
    r"|(?P<b>watch|video|recording|slides)\s*:\s*<?(?P<y>https?://[^\s<>]+)>?\Z)",
    re.IGNORECASE,
)
_POINTER = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)\W*\Z")
_LISTED = re.compile(r"- \[(?P<label>(?:[^\[\]\\]|\\.)+)\]\((?P<url>https?://[^()\s]+)\)\Z")
_AUTHOR = re.compile(r"(?:(?:written|posted|words)\s+)?by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands between blank lines. `text` is plain and one line, `markdown` what to keep.

    `level` is that of a Markdown heading, 0 for any other block. `is_heading` says that it may
    be a title: a single line that does not end as sentences do. `stand_in` is a heading in
    italics, as our own recaps show a talk whose title nobody knows. `names` are those of a line
    that holds nothing else.
    """

    text: str
    markdown: str
    level: int = 0
    is_heading: bool = False
    is_rule: bool = False
    stand_in: bool = False
    byline: Byline | None = None
    names: tuple[str, ...] = ()


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of a post in order."""
    return [
        block
        for lines in _groups(clean_block(text, limit=len(text) + 1))
        for block in _blocks(lines)
    ]


def _groups(text: str) -> Iterator[list[str]]:
    """Yield the lines between blank lines; headings and rules of Markdown stand alone."""
    group: list[str] = []
    for line in text.split("\n"):
        underlined = len(group) == 1 and _UNDERLINE.match(line) and not _BULLET.match(group[0])
        if underlined:
            yield [("# " if "=" in line else "## ") + group[0].strip()]
            group = []
        elif not line.strip() or _HEADING.match(line) or _RULE.match(line):
            if group:
                yield group
            group = []
            if line.strip():
                yield [line]
        else:
            group.append(line)
    if group:
        yield group


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield a group as one block, or a title, bylines and notes that no blank lines part."""
    plain = [line.rstrip("\\").rstrip() for line in lines]
    bylines = [number for number, line in enumerate(plain[:3]) if _is_strong(line)]
    if len(lines) == 1 or not bylines or not all(_is_title(line) for line in plain[: bylines[0]]):
        yield _block(lines)
        return
    end = bylines[0]
    while end < len(plain) and _is_strong(plain[end]):
        end += 1
    for line in plain[:end]:
        yield _block([line])
    if end < len(lines):
        yield _block(lines[end:])


def _is_strong(line: str) -> bool:
    byline = read_byline(_plain(line))
    return byline is not None and byline.strong


def _block(lines: list[str]) -> Block:
    heading = _HEADING.match(lines[0]) if len(lines) == 1 else None
    if heading:
        inside = heading[2].strip()
        return Block(
            text=clean(bare(_plain(inside))),
            markdown=lines[0].strip(),
            level=len(heading[1]),
            is_heading=bool(inside),
            stand_in=bool(_ITALIC.match(inside)),
        )
    if len(lines) == 1 and _RULE.match(lines[0]):
        return Block(text="", markdown="", is_rule=True)
    text = _plain(" ".join(line.strip() for line in lines))
    single = len(lines) == 1 and not _BULLET.match(lines[0])
    return Block(
        text=clean(bare(text), limit=1000),
        markdown=_markdown(lines),
        is_heading=single and _is_title(lines[0]),
        byline=read_byline(text) if single else None,
        names=read_names(text) if single else (),
    )


def _plain(text: str) -> str:
    """Return a line without links and escapes of Markdown."""
    return _ESCAPE.sub(r"\1", _LINK.sub(r"\1", text)).strip()


def _is_title(line: str) -> bool:
    """Return whether a line may be a title: short, and no sentence, bullet or address."""
    text = _plain(line)
    if not 0 < len(text) <= TITLE_LIMIT or "://" in text:
        return False
    if _BULLET.match(line) or _NUMBERED.match(line) or _SENTENCE_END.search(text):
        return False
    return not _CALL_END.search(text) or len(text.split()) <= _LONGEST_CALL


def _markdown(lines: list[str]) -> str:
    """Return lines as Markdown: bullets of any kind become dashes, other lines stay."""
    first = next((match for line in lines if (match := _BULLET.match(line))), None)
    if first is None:
        return "\n".join(line.strip() if line.strip() == line.lstrip() else line for line in lines)
    made: list[str] = []
    inside = False
    for line in lines:
        match = _BULLET.match(line)
        if match:
            deeper = len(match["indent"].expandtabs()) > len(first["indent"].expandtabs()) + 1
            made.append(f"{'  ' if deeper else ''}- {match['text'].strip()}")
            inside = True
        else:
            made.append(f"{'  ' if inside else ''}{line.strip()}")
    return "\n".join(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Where talks are in Markdown: the level of their headings, 0 in plain text.

    `first` and `last` are the blocks of the first and last such heading that a byline follows.
    """

    level: int = 0
    first: int = 0
    last: int = 0


def outline(blocks: Sequence[Block]) -> Outline:
    """Return the outline of a post; the talks' level is the one that bylines follow most."""
    above = [
        (place, block.level)
        for place, (block, after) in enumerate(pairwise(blocks))
        if block.level and (after.byline or after.names)
    ]
    levels = Counter(level for _, level in above)
    level = min(levels, key=lambda one: (-levels[one], one), default=0)
    places = [place for place, one in above if one == level]
    return Outline(level=level, first=places[0], last=places[-1]) if places else Outline()


def opening(
    blocks: Sequence[Block], start: int, *, within: Outline
) -> tuple[list[Block], list[Block]]:
    """Return the title lines and bylines that open a talk at `start`; nothing where none opens.

    Of several title lines the last is the talk's own, the others are headings of sections.
    `within` is the outline of the whole post.
    """
    if start == 0:
        return [], []
    if within.level and blocks[start].level:
        return _opening_below(blocks, start, within=within)
    number = start
    while (
        number < len(blocks)
        and not blocks[number].level
        and blocks[number].is_heading | bool(blocks[number].byline)
    ):
        bylines = _bylines(blocks, number, titled=number > start)
        if bylines:
            by_author = number == start and has_lead_in(blocks[number].text)
            after_title = number == start == 1 and blocks[0].is_heading
            return ([], []) if by_author or after_title else (list(blocks[start:number]), bylines)
        number += 1
    return [], []


def _may_open(block: Block) -> bool:
    return not block.level and (block.is_heading or block.byline is not None)


def _opening_below(
    blocks: Sequence[Block], start: int, *, within: Outline
) -> tuple[list[Block], list[Block]]:
    """Return what opens a talk at a Markdown heading, sections above the talk's own included."""
    number = start
    while number < len(blocks) and 0 < blocks[number].level < within.level:
        number += 1
    if number == len(blocks) or blocks[number].level != within.level:
        return [], []
    titles = list(blocks[start : number + 1])
    bylines = _bylines(blocks, number + 1, titled=True, named=True)
    if bylines:
        return titles, bylines
    # Before the first talk and behind the last, such a heading is the introduction's or the like.
    return (titles, []) if within.first < number < within.last else ([], [])


def _bylines(
    blocks: Sequence[Block], start: int, *, titled: bool, named: bool = False
) -> list[Block]:
    """Return the bylines from `start` on; a weak one counts only below a title."""
    found: list[Block] = []
    for number in range(start, len(blocks)):
        block = blocks[number]
        after = blocks[number + 1].byline if number + 1 < len(blocks) else None
        weak = titled and not found and not (after and after.strong)
        usable = block.byline is not None and (block.byline.strong or weak)
        if block.level or not (usable or (named and block.names)):
            break
        found.append(block)
    return found


def author_of(block: Block, *, last: bool) -> str | None:
    """Return who wrote the post, where a block says so: "By …", or a name in italics at the end."""
    if block.level:
        return None
    line = block.markdown.strip()
    said = _AUTHOR.match(block.text)
    if said:
        rest = block.text[said.end() :].lstrip(" :")
        byline = read_byline(rest)
        names = byline.names if byline else read_names(rest)
        return " and ".join(names) or None
    names = read_names(line) if last and _ITALIC.match(line) else ()
    return " and ".join(names) or None


def pointer(block: Block) -> str | None:
    """Return where a block leads that ends with a link which shows its address, else None."""
    match = _POINTER.search(block.markdown)
    return match[2] if match and _ESCAPE.sub(r"\1", match[1]) == match[2] else None


def listed_links(block: Block) -> tuple[Link, ...]:
    """Return the links of a list that holds nothing else; empty for any other block."""
    found = [_LISTED.match(line) for line in block.markdown.split("\n")]
    links = [Link(url=one["url"], label=_ESCAPE.sub(r"\1", one["label"])) for one in found if one]
    return tuple(links) if len(links) == len(found) else ()


def labelled_link(block: Block) -> Link | None:
    """Return the recording or slides that a block of one line names, else None."""
    match = _LABELLED.match(block.markdown) if "\n" not in block.markdown else None
    if match is None:
        return None
    return Link(url=match["x"] or match["y"], label=(match["a"] or match["b"]).lower())
