"""Which talks a video's links name exactly: by the talk's page, or by its id in another link.

Reads addresses only; titles, names and what follows are decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from pipeline.model import Talk, Video

_CODE = 5
"""Letters from which a code is taken to be one wherever it stands in an address."""


def anchored(video: Video, talks: Iterable[Talk]) -> frozenset[str]:
    """Return the ids of the talks that the video's links name.

    A talk's own page counts, and any address of which one part is the talk's guid, code or slug.
    Numbers and short codes only count within the talk's page, or every address would have them.
    """
    if not video.anchors:
        return frozenset()
    pages = {_page(link) for link in video.anchors}
    pieces = {piece for link in video.anchors for piece in _pieces(link)}
    return frozenset(
        talk.id
        for talk in talks
        if (talk.url and _page(talk.url) in pages)
        or any(_is_telling(code) and code.casefold() in pieces for code in talk.codes)
    )


def _page(link: str) -> str:
    """Return an address for comparing: without scheme, `www.`, query, fragment and last slash."""
    read = urlsplit(link.strip())
    host = (read.hostname or "").removeprefix("www.")
    return f"{host}{unquote(read.path).rstrip('/')}".casefold()


def _pieces(link: str) -> set[str]:
    read = urlsplit(link.strip())
    values = (pair.partition("=")[2] for pair in read.query.split("&"))
    return {unquote(piece).casefold() for piece in (*read.path.split("/"), *values) if piece}


def _is_telling(code: str) -> bool:
    return len(code) >= _CODE and not code.isdigit()
