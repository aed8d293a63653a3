"""A collection of the Internet Archive, by its scrape API: the films of it, whole.

The API is described at archive.org/help/aboutsearch.htm. Must not reach the network but through
`fetch`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from pipeline.errors import SourceError
from pipeline.model import Fetch, Known, Listing, Secret, Video, Watch
from pipeline.sources._address import steps
from pipeline.sources._fields import (
    described,
    exact,
    field,
    language,
    load_json,
    moment,
    number,
    plain,
    rows,
    spoken_length,
    text,
)
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._paging import Page, read_rows, walk
from pipeline.sources._rows import RowError
from pipeline.text import clean, mask, video_url

BASE = "https://archive.org"

PAGE_ROWS = 1000
"""Items asked for at once; the API gives between 100 and 10,000."""

FIELDS = "identifier,mediatype,title,description,publicdate,addeddate,runtime,language,creator"
"""What is asked of each item. `date` is not: it is the day of the talk, or of the film's making."""

_OPTIONS = ("url", "collection", "base")
_HOSTS = frozenset(("archive.org", "www.archive.org"))
_NAME = re.compile(r"[A-Za-z0-9@][A-Za-z0-9._-]{0,100}\Z")
# 1 h 2 min, 26 minutes, 1466.5 seconds
_RUNTIME = re.compile(
    r"(?:(?P<h>\d{1,3})\s*h(?:(?:ou)?rs?)?[,.]?\s*)?"
    r"(?:(?P<m>\d{1,4})\s*m(?:in(?:ute)?s?)?[,.]?\s*)?"
    r"(?:(?P<s>\d{1,6}(?:\.\d{1,9})?)\s*s(?:ec(?:ond)?s?)?\.?)?\Z",
    re.IGNORECASE,
)


class ArchiveOrgSource:
    """Watches a collection, by option `url` (as pasted) or `collection` (its identifier).

    `base` is the address of a server that stands in for https://archive.org.
    """

    def __init__(self, watch: Watch, *, folder: Path, secret: Secret) -> None:  # noqa: ARG002  # all sources are made alike
        check_names(watch, known=_OPTIONS)
        if ("url" in watch.options) == ("collection" in watch.options):
            raise wrong(
                watch,
                "write either `url: https://archive.org/details/…` or `collection: NAME`, "
                "one of them",
            )
        self._base = web_address(watch, "base").rstrip("/") if "base" in watch.options else BASE
        try:
            self._collection = (
                parse_address(watch.options["url"], base=self._base)
                if "url" in watch.options
                else _name(watch.options["collection"].strip())
            )
        except ValueError as error:
            option = "url" if "url" in watch.options else "collection"
            raise wrong(watch, f"{option}: {error}") from error

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        """Read the collection to its end: it comes in the order of its identifiers.

        Raises SourceError when one of its pages cannot be read, and for a collection without
        films: a collection that does not exist answers the same.
        """
        query = {
            "q": f"collection:{self._collection} AND mediatype:movies",
            "fields": FIELDS,
            "count": str(PAGE_ROWS),
        }
        listing = walk(
            fetch,
            f"{self._base}/services/search/v1/scrape?{urlencode(query)}",
            read=lambda body, where: parse_page(body, where=where),
            known=known,
            newest_first=False,
            # The first page tells nothing of the others.
            conditional=False,
        )
        if not listing.unchanged and not listing.videos:
            raise SourceError(
                f"the collection {self._collection!r} shows no films; check at "
                f"{self._base}/details/{self._collection} that it exists and holds any"
            )
        return listing


def parse_address(url: str, *, base: str = BASE) -> str:
    """Return the identifier of the collection whose page is `url`.

    Raises ValueError with what to paste instead.
    """
    address = clean(url, limit=2000)
    match steps(url, hosts=_HOSTS, base=base, site="archive.org", thing="collection"):
        case ["details", name, *_]:
            return _name(name)
        case _:
            raise ValueError(
                f"{mask(address)!r} names no collection; paste an address such as "
                "https://archive.org/details/NAME"
            )


def _name(name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(
            f"{clean(name)!r} is no identifier of a collection; it stands after /details/"
        )
    return name


def parse_page(body: bytes, *, where: str = "the collection") -> Page:
    """Read one page of the scrape API; `where` is its address.

    Items that are no films (images, texts, collections) are passed over. Raises SourceError for
    what is no such page.
    """
    document = load_json(body, where=where)
    items = rows(document, "items", where=where)
    videos, skipped = read_rows(items, _video, noun="item")
    cursor = text(document, "cursor")
    query = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    return Page(
        videos=videos,
        skipped=skipped,
        rows=len(items),
        total=number(document, "total"),
        following=f"?{urlencode({**query, 'cursor': cursor})}" if cursor else None,
    )


def parse_runtime(value: str) -> timedelta | None:
    """Read a length as uploaders write it: `24:26`, `0:24:26.5`, `26 minutes`, `1466.5 seconds`.

    None for anything else, such as `approx. 1 reel`; a whole number alone may be minutes or
    seconds, so it is not read either.
    """
    word = clean(value)
    if word.isdecimal():
        return None
    match = _RUNTIME.match(word)
    if not match or not match.group():
        return spoken_length(word)
    part = match.groupdict(default="0")
    total = int(part["h"]) * 3600 + int(part["m"]) * 60 + float(part["s"])
    return spoken_length(str(total)) or None


def _video(row: object) -> Video | None:
    if not isinstance(row, Mapping):
        raise RowError("it is no item")
    if _first(row, "mediatype") not in ("", "movies"):
        return None
    name = _first(row, "identifier")
    if not _NAME.match(name):
        raise RowError("it has no usable identifier")
    key = f"archive:{name}"
    links, marks = described(_first(row, "description"))
    return Video(
        key=key,
        url=video_url(key) or "",
        title=clean(plain(_first(row, "title"))) or None,
        duration=parse_runtime(_first(row, "runtime")),
        language=language(_first(row, "language")),
        channel=clean(_first(row, "creator")) or None,
        platform_date=moment(row, "publicdate") or moment(row, "addeddate"),
        thumbnail=f"{BASE}/services/img/{quote(name)}",
        anchors=exact(*links),
        cues=marks,
    )


def _first(row: object, name: str) -> str:
    """Return a field's text; where it has several values they come as a list."""
    value = field(row, name)
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), "")
    return value if isinstance(value, str) else ""
