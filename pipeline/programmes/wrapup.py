"""Kind `wrapup`: a recap post as plain text or Markdown, talk after talk.

A title line, an introduction, then for each talk a title line where it has one, a byline
"Name, Role, Affiliation" and notes, then a conclusion and who wrote it. It is read by form alone:
which lines stand alone, what ends a sentence, what looks like a name. Must not look for words of
any one post.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.model import Fetch, Imported, Link, Secret, Speaker, Talk
from pipeline.programmes import _post as post
from pipeline.programmes._byline import speakers
from pipeline.programmes._claims import settle
from pipeline.programmes._ids import Ids
from pipeline.programmes._post import Block
from pipeline.programmes._reading import check_options, decode, read_bytes, unreadable
from pipeline.text import clean, clean_block, fold, mask, video_key

_KIND = re.compile(
    r"(?P<kind>(?:opening |closing )?keynote|panel|workshop|tutorial|lightning talk)\s*"
    r"(?::|[-–—]\s)\s*(?=\S)",
    re.IGNORECASE,
)
_KINDS = {"tutorial": "workshop", "lightning talk": "lightning"}
_RECAP = r"(?:wrap[- ]?up|recap|round[- ]?up|review|report|summary|highlights|retrospective)"
_NAMED = (
    re.compile(rf"(?P<name>.+?)\s*(?::|\s[-–—|])\s*(?:(?:a|the|our|event)\s+)*{_RECAP}\Z", re.I),
    re.compile(rf"(?:(?:a|the|our)\s+)*{_RECAP}\s*(?::|\s[-–—|]|\sof)\s*(?P<name>.+)\Z", re.I),
    re.compile(rf"(?P<name>.+?)\s+{_RECAP}\Z", re.I),
)


class WrapupProgramme:
    """Imports the talks of one recap post."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        check_options("wrapup", options)

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the one event at `where`, a web address or a file. Raises SourceError."""
        yield parse_wrapup(read_bytes(fetch, where), where=where)


@dataclass(slots=True, kw_only=True)
class _Part:
    """A talk under construction: what its title line says, who speaks, and its notes."""

    title: str | None
    bylines: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)


def parse_wrapup(body: bytes, *, where: str) -> Imported:
    """Return the event of a recap post. Raises SourceError where it names no speaker."""
    blocks = post.read_blocks(decode(body, where=where))
    within = post.outline(blocks)
    skipped: list[str] = []
    head, parts = _parts(blocks, within, skipped)
    if not parts:
        raise unreadable(
            where,
            "no talk is found in it; put a line `Name, Role, Affiliation` above the notes of each "
            "talk, with the talk's title on a line of its own above that, and blank lines between",
        )
    closing, author = _closing(parts[-1], within.level)
    home = post.pointer(head[-1]) if head else None
    if home:
        del head[-1]
    title = head[0].text if head and head[0].is_heading else None
    known = frozenset(
        fold(byline.affiliation)
        for part in parts
        for block in part.bylines
        if (byline := block.byline) and byline.affiliation
    )
    ids = Ids()
    return Imported(
        name=_event_name(title),
        recap_title=title,
        introduction=_markdown(head[1:] if title else head),
        conclusion=_markdown(closing),
        author=author,
        talks=settle([_talk(part, known, ids, skipped, home=home) for part in parts], skipped),
        skipped=tuple(skipped),
    )


def _parts(
    blocks: list[Block], within: post.Outline, skipped: list[str]
) -> tuple[list[Block], list[_Part]]:
    """Return what stands before the first talk, and the talks with all that follows each."""
    head: list[Block] = []
    parts: list[_Part] = []
    number = 0
    while number < len(blocks):
        titles, bylines = post.opening(blocks, number, within=within)
        if not bylines and not titles:
            (parts[-1].notes if parts else head).append(blocks[number])
            number += 1
            continue
        skipped += [
            f"{one.text!r} is taken for the heading of a section, and is not kept"
            for one in titles[:-1]
            if parts
        ]
        last = titles[-1] if titles else None
        parts.append(
            _Part(
                title=last.text if last and not last.stand_in else None,
                bylines=bylines,
            )
        )
        number += len(titles) + len(bylines)
    while head[1:] and head[-1].is_heading:
        head.pop()
    return head, parts


def _closing(last: _Part, level: int) -> tuple[list[Block], str | None]:
    """Take conclusion and author off the last talk's notes; what follows the author is dropped."""
    notes = last.notes
    author = None
    for number, block in enumerate(notes):
        author = post.author_of(block, last=number >= len(notes) - 2)
        if author:
            del notes[number:]
            break
    marked = [n for n, one in enumerate(notes) if one.is_rule or 0 < one.level <= level]
    # In plain text a heading is a line of its own with sentences below.
    plain = [
        n
        for n, (one, after) in enumerate(pairwise(notes))
        if one.is_heading and not one.level and not after.is_heading
    ]
    start = (marked[:1] or plain[-1:] or [len(notes)])[0]
    closing = notes[start + 1 :]
    del notes[start:]
    return [block for block in closing if not post.pointer(block)], author


def _talk(
    part: _Part, known: frozenset[str], ids: Ids, skipped: list[str], *, home: str | None
) -> Talk:
    """Return one talk; `home` is where a recap of ours says that it is kept up to date.

    In such a recap a line may lead to the talk's place there, and links stand in a list. Its
    recordings are what was found here: taken as the programme's word, they could never move again.
    """
    people = _people(part.bylines, known)
    title, kind = _kind(part.title)
    own = [block for block in part.notes if home and _is_own(block, home)]
    links = [link for block in own for link in post.listed_links(block)]
    notes = [(block, post.labelled_link(block)) for block in part.notes if block not in own]
    recordings: dict[str, None] = {}
    slides: dict[str, None] = {}
    for link in (link for _, link in notes if link):
        if link.label == "slides":
            slides[link.url] = None
            continue
        if home:
            continue
        try:
            recordings[video_key(link.url)] = None
        except ValueError:
            who = title or next(iter(people), "a talk")
            skipped.append(f"{who}: {mask(link.url)} does not name one video")
    return Talk(
        id=ids.propose(title, *people),
        title=title,
        also=(part.title,) if part.title and part.title != title else (),
        speakers=tuple(people.values()),
        summary=_markdown(block for block, link in notes if not link),
        kind=kind,
        slides=(
            *(Link(url=url, label="Slides") for url in slides),
            *(link for link in links if _is_slides(link)),
        ),
        links=tuple(link for link in links if not _is_slides(link)),
        recordings=tuple(recordings),
    )


def _is_own(block: Block, home: str) -> bool:
    """Tell whether a block is what a recap of ours adds to the notes of a talk."""
    leads = post.pointer(block)
    return bool(leads and leads.startswith(f"{home}#")) or bool(post.listed_links(block))


def _is_slides(link: Link) -> bool:
    return (link.label or "").casefold().startswith("slides")


def _people(bylines: Iterable[Block], known: frozenset[str]) -> dict[str, Speaker]:
    """Return who the bylines of a talk name, by name; `known` are affiliations, folded."""
    people: dict[str, Speaker] = {}
    for block in bylines:
        plain = tuple(Speaker(name=clean(name)) for name in block.names)
        for one in speakers(block.byline, affiliations=known) if block.byline else plain:
            people.setdefault(one.name, one)
    return people


def _kind(title: str | None) -> tuple[str | None, str]:
    """Return a title without the word in front that says what kind of talk it is, and the kind."""
    prefix = _KIND.match(title or "")
    if title is None or prefix is None:
        return title, "talk"
    kind = prefix["kind"].lower()
    return title[prefix.end() :], "keynote" if "keynote" in kind else _KINDS.get(kind, kind)


def _markdown(blocks: Iterable[Block]) -> str | None:
    """Return blocks as Markdown; None for nothing."""
    return clean_block("\n\n".join(block.markdown for block in blocks if not block.is_rule)) or None


def _event_name(title: str | None) -> str | None:
    """Return what a post's title calls the event; None where its form does not tell."""
    for form in _NAMED:
        match = form.match(title or "")
        if match:
            return match["name"].strip()
    return None
