"""A showcase, channel, group or person on Vimeo: by the API with a token, else by the public feed.

The API is described at developer.vimeo.com/api/reference/videos; the token is the environment's
VIMEO_TOKEN. Must not reach the network but through `fetch`, and sends the token to the API only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from pipeline.errors import SourceError
from pipeline.model import Access, Fetch, Known, Listing, Secret, Video, Watch
from pipeline.sources._address import steps
from pipeline.sources._fields import (
    described,
    exact,
    field,
    language,
    line,
    load_json,
    moment,
    rows,
    seconds,
    text,
    web,
)
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._paging import Page, read_rows, walk
from pipeline.sources._rows import RowError
from pipeline.sources._syndication import parse_feed
from pipeline.text import clean, mask, video_url

API = "https://api.vimeo.com"
SITE = "https://vimeo.com"

TOKEN = "VIMEO_TOKEN"  # noqa: S105  # the name of the secret
"""The secret that opens the API; any token of the scope `public` does for public lists."""

FIELDS = (
    "uri,name,description,duration,language,created_time,release_time,status,type,live.status,"
    "privacy.view,pictures.base_link,pictures.sizes.link,user.name"
)
"""What is asked of each video; a request that names its fields also has a higher rate limit."""

_OPTIONS = ("url", "base")
_HOSTS = frozenset(("vimeo.com", "www.vimeo.com"))
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,100}\Z", re.ASCII)
_DIGITS = re.compile(r"\d{1,20}\Z", re.ASCII)
# The address of a person who chose no name.
_NUMBERED = re.compile(r"user(\d{1,20})\Z", re.ASCII)
_NUMBER = re.compile(r"/videos/(\d{1,20})(?:[:/].*)?\Z")
_ACCEPT = "application/vnd.vimeo.*+json;version=3.4"
# `disable` is hidden on vimeo.com and shown where it is embedded; `users` are those who have an
# account; `ptv` and `stock` are sold.
_VIEW = {
    "anybody": Access.PUBLIC,
    "unlisted": Access.UNLISTED,
    "disable": Access.UNLISTED,
    "users": Access.MEMBERS,
    "ptv": Access.MEMBERS,
    "stock": Access.MEMBERS,
    "password": Access.PRIVATE,
    "contacts": Access.PRIVATE,
    "nobody": Access.PRIVATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A list on Vimeo: its path in the API, its public feed's path, None where it has none.

    `newest_first` tells whether the API can give it in the order in which videos came to it.
    """

    api: str
    feed: str | None = None
    newest_first: bool = False


class VimeoSource:
    """Watches the list behind option `url`, as pasted from the browser.

    `base` is the address of a server that stands in for https://api.vimeo.com and for
    https://vimeo.com.
    """

    def __init__(self, watch: Watch, *, folder: Path, secret: Secret) -> None:  # noqa: ARG002  # all sources are made alike
        check_names(watch, known=_OPTIONS)
        if "url" not in watch.options:
            raise wrong(watch, "`url` is missing; paste the showcase's or channel's address")
        base = web_address(watch, "base").rstrip("/") if "base" in watch.options else None
        try:
            self._place = parse_address(watch.options["url"], base=base or SITE)
        except ValueError as error:
            raise wrong(watch, f"url: {error}") from error
        self._api, self._site, self._secret = base or API, base or SITE, secret

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        """Look at the list. Raises SourceError when it cannot be read."""
        token = self._secret(TOKEN)
        if token:
            return self._by_api(fetch, known, token=token)
        if self._place.feed is None:
            raise SourceError(
                f"{self._site}{self._place.api} cannot be read: a showcase has no public feed; "
                f"set {TOKEN} in the environment (developer.vimeo.com/apps gives one), or watch "
                "the channel or the person's page"
            )
        return walk(
            fetch,
            f"{self._site}{self._place.feed}",
            read=lambda body, where: parse_feed(body, where=where),
            known=known,
            newest_first=True,
            conditional=True,
        )

    def _by_api(self, fetch: Fetch, known: Known, *, token: str) -> Listing:
        query = {"per_page": "100", "fields": FIELDS}
        if self._place.newest_first:
            query |= {"sort": "date", "direction": "desc"}
        return walk(
            fetch,
            f"{self._api}{self._place.api}?{urlencode(query)}",
            read=lambda body, where: parse_page(body, where=where),
            known=known,
            newest_first=self._place.newest_first,
            conditional=self._place.newest_first and not known.whole,
            headers={"Authorization": f"bearer {token}", "Accept": _ACCEPT},
        )


def parse_address(url: str, *, base: str = SITE) -> Place:
    """Read the address of a list. Raises ValueError with what to paste instead."""
    address = clean(url, limit=2000)
    match steps(url, hosts=_HOSTS, base=base, site="Vimeo", thing="showcase"):
        case ["showcase" | "album" | "albums", name] | [
            "showcase" | "album" | "albums",
            name,
            "videos" | "embed",
            *_,
        ] if _DIGITS.match(name):
            return Place(api=f"/albums/{name}/videos")
        # Videos join a channel or group in another order than that of their dates.
        case ["channels" | "groups" as kind, name] | [
            "channels" | "groups" as kind,
            name,
            "videos",
            *_,
        ] if _NAME.match(name):
            return Place(
                api=f"/{kind}/{quote(name)}/videos", feed=f"/{kind}/{quote(name)}/videos/rss"
            )
        case [name] | [name, "videos", *_] if _NAME.match(name) and not _DIGITS.match(name):
            person = _NUMBERED.match(name)
            return Place(
                api=f"/users/{person[1] if person else quote(name)}/videos",
                feed=f"/{quote(name)}/videos/rss",
                newest_first=True,
            )
        case _:
            raise ValueError(
                f"{mask(address)!r} names no list; paste an address such as "
                "https://vimeo.com/showcase/NUMBER, https://vimeo.com/channels/NAME or "
                "https://vimeo.com/NAME"
            )


def parse_page(body: bytes, *, where: str = "the list") -> Page:
    """Read one page of the API's answer. Raises SourceError for what is none."""
    document = load_json(body, where=where)
    data = rows(document, "data", where=where)
    videos, skipped = read_rows(data, _video, noun="video")
    # `total` also counts what the token may not see, so it is not believed.
    return Page(
        videos=videos,
        skipped=skipped,
        rows=len(data),
        following=text(document, "paging", "next") or None,
    )


def _video(row: object) -> Video:
    number = _NUMBER.match(text(row, "uri"))
    if not number:
        raise RowError("it has no usable uri")
    key = f"vimeo:{number[1]}"
    links, marks = described(text(row, "description"))
    return Video(
        key=key,
        url=video_url(key) or "",
        title=line(row, "name"),
        duration=seconds(row, "duration"),
        language=language(text(row, "language")),
        channel=line(row, "user", "name"),
        platform_date=moment(row, "release_time") or moment(row, "created_time"),
        access=_access(row),
        thumbnail=_image(row),
        anchors=exact(*links),
        cues=marks,
    )


def _access(row: object) -> Access:
    view = text(row, "privacy", "view")
    if view not in _VIEW:
        raise RowError(f"privacy.view {clean(view)!r} is not known")
    if _VIEW[view] is not Access.PUBLIC:
        return _VIEW[view]
    live = text(row, "live", "status") if text(row, "type") == "live" else ""
    if live == "streaming":
        return Access.LIVE
    waits = live in ("unavailable", "pending", "ready")
    # Every other status is on the way to it: uploading, transcoding and their errors.
    ready = text(row, "status") in ("", "available")
    return Access.PUBLIC if ready and not waits else Access.UPCOMING


def _image(row: object) -> str | None:
    sizes = field(row, "pictures", "sizes")
    largest = web(sizes[-1], "link") if isinstance(sizes, list) and sizes else None
    return largest or web(row, "pictures", "base_link")
