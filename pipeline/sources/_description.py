"""What a video's description tells besides prose: the links in it, and its chapter marks.

Pure. Must not judge which talk a link or a chapter means; matching does.
"""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.model import Cue
from pipeline.text import clean

ANCHOR_LIMIT = 20
"""Links kept of one description; programmes and slides stand near the top."""

_URL_LIMIT = 2000
_LINK = re.compile(r"https?://[^\s<>\"'`]+")
_TRAILING = ".,;:!?…»”’*_"
_CUE = re.compile(
    r"[\W_]*(?:(?P<hours>\d{1,2}):(?P<low>[0-5]\d)|(?P<minutes>\d{1,3})):(?P<seconds>[0-5]\d)"
    r"(?!:?\d)[\s\])}|:.–—-]+(?P<label>\S.*)"
)


def anchors(description: str) -> tuple[str, ...]:
    """Return the http and https links of a description in order, each once, 20 at most."""
    found: dict[str, None] = {}
    for match in _LINK.finditer(description):
        link = clean(_trim(match[0]), limit=_URL_LIMIT)
        if not link.endswith(("…", "//")):
            found[link] = None
    return tuple(found)[:ANCHOR_LIMIT]


def _trim(link: str) -> str:
    """Cut what belongs to the sentence around a link, not to the link."""
    while link:
        last = link[-1]
        opening = {")": "(", "]": "[", "}": "{"}.get(last)
        unbalanced = opening is not None and link.count(last) > link.count(opening)
        if last not in _TRAILING and not unbalanced:
            break
        link = link[:-1]
    return link


def cues(description: str) -> tuple[Cue, ...]:
    """Return the chapter marks of a description: lines that start with a time.

    As YouTube reads them (support.google.com/youtube/answer/9884579): the first is 0:00, there
    are three at least, and each is later than the one before; otherwise there are none.
    """
    found: list[Cue] = []
    for line in description.splitlines():
        match = _CUE.match(line)
        if match is None:
            continue
        start = timedelta(
            hours=int(match["hours"] or 0),
            minutes=int(match["low"] or match["minutes"]),
            seconds=int(match["seconds"]),
        )
        if not found and start:
            continue
        if found and start <= found[-1].start:
            return ()
        found.append(Cue(start=start, label=clean(match["label"])))
    return tuple(found) if len(found) >= 3 else ()
