"""A list that comes in pages: to its end, or to the first page that shows what is known.

Must not read a page itself: what a page means is told by `read`. Must not reach the network but
through `fetch`, and never follows a page to another server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from pipeline.errors import SourceError
from pipeline.model import Completeness, Fetch, Known, Listing, Video
from pipeline.sources._rows import RowError
from pipeline.text import mask

PAGES = 400
"""Pages that one look reads at most: 40,000 videos at 100 a page."""

FRESH: Mapping[str, str] = {"Cache-Control": "no-cache"}
"""Headers for an answer that is needed whole, so that "not modified" cannot come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list.

    `rows` is how many rows it held, usable or not; `total` is how many the whole list says that
    it holds, None where it does not say or is not to be believed. `following` is the address of
    the next page, relative or whole. `completeness` is the list's once this, its last page, was
    read.
    """

    videos: tuple[Video, ...] = ()
    skipped: tuple[str, ...] = ()
    rows: int = 0
    total: int | None = None
    following: str | None = None
    completeness: Completeness = Completeness.COMPLETE


def walk(
    fetch: Fetch,
    first: str,
    *,
    read: Callable[[bytes, str], Page],
    known: Known,
    newest_first: bool,
    conditional: bool,
    headers: Mapping[str, str] | None = None,
) -> Listing:
    """Read a list page by page. Raises SourceError when one of its pages cannot be read.

    A list that is `newest_first` ends with the first page that shows a known video, unless the
    whole list is asked for. `conditional` lets the server say that the first page is unchanged;
    it must be set only where that is true of everything that would be read. `headers` go to the
    server of `first` only.
    """
    pages: list[Page] = []
    videos: dict[str, Video] = {}
    address: str | None = first
    asked: set[str] = set()
    while address is not None:
        if address in asked or len(asked) >= PAGES:
            raise _unknown(first, f"its pages do not end; {len(asked)} were read")
        asked.add(address)
        sent = headers if headers and _origin(address) == _origin(first) else {}
        fresh = {} if conditional and not pages else FRESH
        response = fetch.get(address, headers={**sent, **fresh})
        if response.unchanged:
            return Listing(unchanged=True)
        page = read(response.body, response.url)
        if pages and page.videos and all(video.key in videos for video in page.videos):
            raise _unknown(first, f"page {len(pages) + 1} repeats what stood before it")
        pages.append(page)
        for video in page.videos:
            videos.setdefault(video.key, video)
        address = _next(page, response.url)
        if newest_first and not known.whole and any(one.key in known.keys for one in page.videos):
            break
    return _listing(pages, videos, where=first, ended=address is None)


def read_rows(
    rows: Iterable[object], read: Callable[[object], Video | None], *, noun: str = "row"
) -> tuple[tuple[Video, ...], tuple[str, ...]]:
    """Return the videos of rows, each once, and a sentence for each row that cannot be used.

    `read` raises RowError for such a row, and returns None for one that is no video at all.
    """
    videos: dict[str, Video] = {}
    skipped: list[str] = []
    for number, row in enumerate(rows, start=1):
        try:
            video = read(row)
        except RowError as error:
            skipped.append(f"{noun} {number}: {error}")
        else:
            if video is not None:
                videos.setdefault(video.key, video)
    return tuple(videos.values()), tuple(skipped)


def _next(page: Page, here: str) -> str | None:
    if page.following is None:
        return None
    try:
        address = urljoin(here, page.following)
        stays = _origin(address) == _origin(here)
    except ValueError:
        stays = False
    if not stays:
        raise _unknown(here, f"its next page, {mask(page.following)!r}, is on another server")
    return address


def _listing(pages: list[Page], videos: Mapping[str, Video], *, where: str, ended: bool) -> Listing:
    skipped = tuple(one for page in pages for one in page.skipped)
    rows, total = sum(page.rows for page in pages), pages[-1].total
    if skipped and not videos:
        raise _unknown(where, f"none of its {len(skipped)} rows can be used ({skipped[0]})")
    if ended and total is not None and rows < total:
        raise _unknown(where, f"it shows {rows} of the {total} that it says it has")
    if ended and pages[-1].completeness is Completeness.COMPLETE:
        return Listing(videos=tuple(videos.values()), skipped=skipped)
    # One page of a list without end is all that it can show; of more pages none was left out
    # that could be new.
    return Listing(
        videos=tuple(videos.values()),
        completeness=Completeness.WINDOW,
        window=len(videos) if ended and len(pages) == 1 else None,
        skipped=skipped,
    )


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


def _unknown(where: str, why: str) -> SourceError:
    return SourceError(
        f"{mask(where)} cannot be read whole: {why}; the next look may succeed, and if it does not "
        "open the address in a browser"
    )
