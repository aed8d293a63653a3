"""A conference on media.ccc.de, or the newest recordings there, by voctoweb's public API.

The API is described at github.com/voc/voctoweb (README, "Public JSON API"). Must not reach the
network but through `fetch`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from pipeline.model import Completeness, Fetch, Known, Listing, Secret, Video, Watch
from pipeline.sources._address import steps
from pipeline.sources._fields import (
    described,
    exact,
    language,
    line,
    load_json,
    rows,
    seconds,
    text,
    unknown,
    web,
)
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._paging import FRESH, read_rows
from pipeline.sources._rows import RowError, read_moment
from pipeline.text import clean, mask, video_key, video_url

BASE = "https://api.media.ccc.de"

WINDOW = 100
"""Recordings that the list of recent ones shows at most."""

_OPTIONS = ("url", "conference", "base")
_HOSTS = frozenset(("media.ccc.de", "api.media.ccc.de", "www.media.ccc.de"))
_NAME = re.compile(r"[A-Za-z0-9][\w .+-]{0,100}\Z", re.ASCII)
_RECENT = "events/recent"


class MediaCccDeSource:
    """Watches a conference, by option `url` (as pasted) or `conference` (its acronym).

    `https://media.ccc.de/recent` is the list of the newest recordings of all conferences. `base`
    is the address of a server that stands in for https://api.media.ccc.de.
    """

    def __init__(self, watch: Watch, *, folder: Path, secret: Secret) -> None:  # noqa: ARG002  # all sources are made alike
        check_names(watch, known=_OPTIONS)
        if ("url" in watch.options) == ("conference" in watch.options):
            raise wrong(
                watch,
                "write either `url: https://media.ccc.de/c/…` or `conference: ACRONYM`, "
                "one of them",
            )
        base = web_address(watch, "base") if "base" in watch.options else BASE
        self._public = f"{base.rstrip('/')}/public"
        if "url" in watch.options:
            try:
                self._what = parse_address(watch.options["url"], base=base)
            except ValueError as error:
                raise wrong(watch, f"url: {error}") from error
        else:
            name = watch.options["conference"].strip()
            if not _NAME.match(name):
                raise wrong(
                    watch,
                    f"conference: {clean(name)!r} is no acronym; write the word that stands "
                    "after /c/ in the conference's address",
                )
            self._what = f"conferences/{quote(name)}"

    def videos(self, fetch: Fetch, known: Known) -> Listing:  # noqa: ARG002  # the seam's signature
        """Look at the list once. Raises SourceError when it cannot be read.

        An address with /b/ costs a second request, for the list that tells the acronym.
        """
        what = self._what
        if what.startswith("b/"):
            where = f"{self._public}/conferences"
            name = parse_acronym(fetch.get(where, headers=FRESH).body, folder=what[2:], where=where)
            what = f"conferences/{quote(name)}"
        where = f"{self._public}/{what}"
        response = fetch.get(where)
        if response.unchanged:
            return Listing(unchanged=True)
        listing = parse_events(response.body, where=where)
        if what != _RECENT:
            return listing
        return replace(listing, completeness=Completeness.WINDOW, window=WINDOW)


def parse_address(url: str, *, base: str = BASE) -> str:
    """Read the address of a list: the API's path below /public, or `b/` and the page's folder.

    Raises ValueError with what to paste instead.
    """
    address = clean(url, limit=2000)
    match steps(url, hosts=_HOSTS, base=base, site="media.ccc.de", thing="conference"):
        case ["c", name] | ["public", "conferences", name] if _NAME.match(name):
            return f"conferences/{quote(name)}"
        case ["b", *folders] if folders:
            return f"b/{'/'.join(folders)}"
        case ["recent"] | ["public", "events", "recent"]:
            return _RECENT
        case ["v", *_]:
            raise ValueError(
                f"{mask(address)!r} is one recording, not a list; paste the conference's address"
            )
        case _:
            raise ValueError(
                f"{mask(address)!r} names no conference; paste an address such as "
                "https://media.ccc.de/c/ACRONYM"
            )


def parse_acronym(body: bytes, *, folder: str, where: str = "the conferences") -> str:
    """Return the acronym of the conference whose page is /b/`folder`. Raises SourceError."""
    for row in rows(load_json(body, where=where), "conferences", where=where):
        acronym = text(row, "acronym")
        if folder in (text(row, "slug"), text(row, "webgen_location")) and _NAME.match(acronym):
            return acronym
    raise unknown(
        where,
        f"no conference has the page /b/{clean(folder)}; a folder of several is not watched as "
        "one, paste each conference's own address",
    )


def parse_events(body: bytes, *, where: str = "the conference") -> Listing:
    """Read the events of a conference, or the recent ones, as a complete list.

    A conference without events has nothing out yet. Raises SourceError for everything else that
    shows no event.
    """
    events = rows(load_json(body, where=where), "events", where=where)
    videos, skipped = read_rows(events, _video, noun="event")
    if skipped and not videos:
        raise unknown(where, f"none of its {len(skipped)} events can be used ({skipped[0]})")
    return Listing(videos=videos, skipped=skipped)


def _video(row: object) -> Video:
    page = web(row, "frontend_link")
    try:
        key = video_key(page or "")
    except ValueError as error:
        raise RowError("it has no usable frontend_link") from error
    links, marks = described(text(row, "description"))
    return Video(
        key=key,
        url=video_url(key) or page or "",
        title=line(row, "title"),
        duration=seconds(row, "length") or seconds(row, "duration"),
        language=language(text(row, "original_language")),
        channel=line(row, "conference_title"),
        platform_date=_day(text(row, "release_date")),
        thumbnail=web(row, "poster_url") or web(row, "thumb_url"),
        anchors=exact(text(row, "guid"), text(row, "slug"), _programme_page(row), *links),
        cues=marks,
    )


def _day(value: str) -> datetime | None:
    # A day, which the API writes as a midnight of one zone or another.
    try:
        return read_moment(value[:10])
    except RowError:
        return None


def _programme_page(row: object) -> str | None:
    """Return the event's page in the programme; a bare home page names no talk."""
    link = web(row, "link")
    return link if link and len(urlsplit(link).path) > 1 else None
