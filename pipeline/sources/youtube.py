"""A YouTube playlist or channel: by the Data API with a key, by yt-dlp, or by the Atom feed.

The feed needs no key and shows the newest 15 entries. It is described at
developers.google.com/youtube/v3/guides/push_notifications; that it shows 15 entries is known by
looking. Must not reach the network but through `fetch` and what `yt_dlp` offers.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import parse_qs, urlencode, urlsplit

from pipeline.errors import SourceError
from pipeline.model import Completeness, Fetch, Known, Listing, Secret, Video, Watch
from pipeline.sources._description import anchors, cues
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._rows import RowError, read_moment, thumbnail
from pipeline.sources._youtube_api import BASE as API
from pipeline.sources._youtube_api import KEY, Api
from pipeline.sources.yt_dlp import Extract, installed, look
from pipeline.text import clean, clean_block, mask, video_key, video_url

WINDOW = 15
"""Entries that the feed shows at most."""

BASE = "https://www.youtube.com"

Query = Literal["playlist_id", "channel_id", "user"]
"""What the feed can be asked for."""

Way = Literal["auto", "api", "yt-dlp", "feed"]
"""How the list is read; `auto` takes the fullest that is there."""

_OPTIONS = ("url", "way", "base", "api")
_HOSTS = frozenset(("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"))
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}\Z")
_PLAYLIST = re.compile(r"(PL|UU|OL|FL|EC)[A-Za-z0-9_-]{8,62}\Z")
# A channel's uploads, its id with another start; lists such as UULP… (by popularity) are longer.
_UPLOADS = re.compile(r"UU[A-Za-z0-9_-]{22}\Z")
_NAME = re.compile(r"[^\s/?#<>\"]{1,100}\Z")
# Where a channel's page names its own id. A bare "channelId" in its scripts is not among them:
# that can be another channel's, whose video is shown there.
_CHANNEL_MARKS = (
    re.compile(rb'<link rel="canonical" href="https?://[a-z.]+/channel/(UC[\w-]{22})"', re.ASCII),
    re.compile(rb"/feeds/videos\.xml\?channel_id=(UC[\w-]{22})", re.ASCII),
    re.compile(rb'"externalId":\s?"(UC[\w-]{22})"', re.ASCII),
    re.compile(rb'itemprop="(?:channelId|identifier)" content="(UC[\w-]{22})"', re.ASCII),
)
_ATOM = "{http://www.w3.org/2005/Atom}"
_YT = "{http://www.youtube.com/xml/schemas/2015}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_FULLER = (
    f"to see the whole list set {KEY}, or install yt-dlp (pip install 'recap-pipeline[yt-dlp]'), "
    "or give the list a `fallback:`"
)
_FRESH: Mapping[str, str] = {"Cache-Control": "no-cache"}


class YouTubeSource:
    """Watches the list behind option `url`, as pasted from the browser.

    `way` is how. `base` is the address of a server that stands in for https://www.youtube.com,
    `api` of one that stands in for https://www.googleapis.com. `find` returns what asks yt-dlp,
    if it is installed.
    """

    def __init__(
        self,
        watch: Watch,
        *,
        folder: Path,  # noqa: ARG002  # all sources are made alike
        secret: Secret,
        find: Callable[[], Extract | None] = installed,
    ) -> None:
        check_names(watch, known=_OPTIONS)
        if "url" not in watch.options:
            raise wrong(watch, "`url` is missing; paste the playlist's or channel's address")
        self._base = _server(watch, "base", BASE)
        self._api = _server(watch, "api", API)
        self._way = _way(watch)
        if self._way == "yt-dlp" and self._base != BASE:
            raise wrong(watch, "way: yt-dlp asks YouTube itself; leave `base` out")
        self._secret = secret
        self._find = find
        try:
            self._list = parse_address(watch.options["url"], base=self._base)
        except ValueError as error:
            raise wrong(watch, f"url: {error}") from error

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        """Look at the list once. Raises SourceError when it cannot be read, or not in that way."""
        key = self._secret(KEY) if self._way in ("auto", "api") else None
        if key:
            return self._by_api(Api(fetch, key=key.strip(), base=self._api), fetch, known)
        if self._way == "api":
            raise SourceError(
                f"{self._address()} cannot be read with `way: api`: there is no key; "
                f"set {KEY} in the environment, or write `way: auto`"
            )
        # yt-dlp knows YouTube by its name, and would not ask a server that stands in for it.
        extract = self._find() if self._base == BASE and self._way != "feed" else None
        if extract or self._way == "yt-dlp":
            return look(self._address(), extract=extract)
        return self._by_feed(fetch, known)

    def _by_api(self, api: Api, fetch: Fetch, known: Known) -> Listing:
        """Page through the list; a channel's uploads stand newest first, no other list does."""
        query, value = self._list
        match query:
            case "playlist_id":
                playlist = value
            case "channel_id":
                playlist = api.uploads("id", value)
            case "user":
                playlist = api.uploads("forUsername", value)
            case "page" if value.startswith("@"):
                playlist = api.uploads("forHandle", value)
            case _:
                page = f"{self._base}/{value}"
                playlist = api.uploads("id", self._channel_id(fetch, page=page))
        newest_first = _UPLOADS.match(playlist) and not known.whole
        stop_at = known.keys if newest_first else frozenset()
        return api.listing(playlist, stop_at=stop_at)

    def _by_feed(self, fetch: Fetch, known: Known) -> Listing:
        """Read the feed; a channel that is given by its name costs a request to find its id."""
        query, value = self._list
        if query == "page":
            query, value = "channel_id", self._channel_id(fetch, page=f"{self._base}/{value}")
        address = f"{self._base}/feeds/videos.xml?{urlencode([(query, value)])}"
        response = fetch.get(address)
        if response.unchanged:
            return Listing(completeness=Completeness.WINDOW, window=WINDOW, unchanged=True)
        listing = parse_feed(response.body, where=address)
        return replace(listing, notes=_notes(listing, is_first=not known.keys))

    def _address(self) -> str:
        """Return the list's address on YouTube."""
        query, value = self._list
        match query:
            case "playlist_id":
                return f"{self._base}/playlist?list={value}"
            case "channel_id":
                return f"{self._base}/channel/{value}"
            case "user":
                return f"{self._base}/user/{value}"
            case _:
                return f"{self._base}/{value}"

    def _channel_id(self, fetch: Fetch, *, page: str) -> str:
        # The answer is needed each time, so "not modified" would be of no use.
        return parse_channel_id(fetch.get(page, headers=_FRESH).body, where=page)


def _server(watch: Watch, name: str, default: str) -> str:
    return web_address(watch, name).rstrip("/") if name in watch.options else default


def _way(watch: Watch) -> str:
    way = watch.options.get("way", "auto")
    known = get_args(Way)
    if way in known:
        return way
    close = get_close_matches(way, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"write one of {', '.join(known)}"
    raise wrong(watch, f"way: {clean(way)!r} is not known; {hint}")


def _notes(listing: Listing, *, is_first: bool) -> tuple[str, ...]:
    """Return what a person should know of a feed that is full: there may be more than it shows."""
    if listing.window is None or len(listing.videos) < listing.window:
        return ()
    dates = [video.platform_date for video in listing.videos if video.platform_date]
    if len(dates) > 1 and dates == sorted(dates) and dates[0] < dates[-1]:
        return (f"the feed shows {WINDOW} videos, oldest first: not what is added last; {_FULLER}",)
    if is_first:
        return (f"the feed shows {WINDOW} videos, and the list may have more; {_FULLER}",)
    return ()


def parse_address(url: str, *, base: str = BASE) -> tuple[Query | Literal["page"], str]:
    """Read the address of a list: what to ask the feed for, or `page` and the page's path.

    Raises ValueError with what to paste instead.
    """
    text = clean(url, limit=2000)
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise ValueError(f"{mask(text)!r} is no web address; paste it from the browser") from error
    if host not in _HOSTS and host != urlsplit(base).hostname:
        raise ValueError(
            f"{mask(text)!r} is no address of YouTube; paste the playlist's or channel's"
        )
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    steps = [step for step in parts.path.split("/") if step]
    return (
        _from_query(query)
        or _from_path(steps)
        or _refuse(text, is_video="v" in query or steps[:1] in (["shorts"], ["live"]))
    )


def _from_query(query: Mapping[str, str]) -> tuple[Query, str] | None:
    playlist = query.get("list") or query.get("playlist_id")
    if playlist is not None:
        if not _PLAYLIST.match(playlist):
            raise ValueError(
                f"the list {clean(playlist)!r} is made for one viewer or is cut off; "
                "paste the address of a public playlist (…?list=PL…)"
            )
        return "playlist_id", playlist
    if _CHANNEL.match(query.get("channel_id", "")):
        return "channel_id", query["channel_id"]
    if _NAME.match(query.get("user", "")):
        return "user", query["user"]
    return None


def _from_path(steps: list[str]) -> tuple[Query | Literal["page"], str] | None:
    match steps:
        case ["channel", name, *_] if _CHANNEL.match(name):
            return "channel_id", name
        case ["user", name, *_] if _NAME.match(name):
            return "user", name
        case ["c", name, *_] if _NAME.match(name):
            return "page", f"c/{name}"
        case [name, *_] if name.startswith("@") and len(name) > 1 and _NAME.match(name):
            return "page", name
        case _:
            return None


def _refuse(text: str, *, is_video: bool) -> tuple[Query, str]:
    if is_video:
        raise ValueError(f"{mask(text)!r} is one video, not a list; paste the playlist's address")
    raise ValueError(
        f"{mask(text)!r} names no playlist or channel; paste an address such as "
        "https://www.youtube.com/playlist?list=PL… or https://www.youtube.com/channel/UC…"
    )


def parse_channel_id(body: bytes, *, where: str = "the page") -> str:
    """Return the id (UC…) of the channel whose page `body` is. Raises SourceError without one."""
    for mark in _CHANNEL_MARKS:
        found = mark.search(body)
        if found:
            return found[1].decode("ascii")
    raise SourceError(
        f"{mask(where)} does not tell the channel's id; open it in a browser, choose "
        "Share channel, Copy channel ID, and watch https://www.youtube.com/channel/UC…"
    )


def parse_feed(body: bytes, *, where: str = "the feed") -> Listing:
    """Read the Atom feed of a playlist or channel.

    Raises SourceError for what is no such feed, and for one without entries: what a list shows
    is unknown then, not empty.
    """
    root = _root(body, where)
    if root.tag != f"{_ATOM}feed":
        raise _unknown(where, f"its root is <{clean(root.tag, limit=80)}>, not an Atom <feed>")
    videos: dict[str, Video] = {}
    skipped: list[str] = []
    number = 0
    for number, entry in enumerate(root.iterfind(f"{_ATOM}entry"), start=1):
        video = _video(entry)
        if video is None:
            skipped.append(f"entry {number}: it has no usable yt:videoId")
        else:
            videos.setdefault(video.key, video)
    if not videos:
        raise _unknown(where, f"it holds no videos ({len(skipped)} entries without an id)")
    return Listing(
        videos=tuple(videos.values()),
        completeness=Completeness.WINDOW,
        # A full feed may hold a video twice, or one that cannot be read.
        window=len(videos) if number >= WINDOW else WINDOW,
        skipped=tuple(skipped),
    )


def _root(body: bytes, where: str) -> ET.Element:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unknown(where, f"it is not UTF-8 at byte {error.start}") from error
    if not text.strip():
        raise _unknown(where, "it is empty")
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _unknown(where, "it is a web page, or XML with a document type, which is not read")
    try:
        # Text, not bytes: an encoding named inside cannot smuggle in what was searched for above.
        # Some feeds are stored with a blank line before the XML declaration.
        return ET.fromstring(text.strip())  # noqa: S314  # DTDs and entities are refused above
    except (ET.ParseError, ValueError) as error:
        raise _unknown(where, f"it is broken XML ({error}); was it cut off?") from error


def _unknown(where: str, why: str) -> SourceError:
    return SourceError(
        f"{mask(where)} cannot be read: {why}; open it in a browser to see what YouTube says"
    )


def _video(entry: ET.Element) -> Video | None:
    name = (entry.findtext(f"{_YT}videoId") or "").strip()
    try:
        key = video_key(name)
    except ValueError:
        return None
    if key != f"youtube:{name}":
        return None
    description = clean_block(entry.findtext(f"{_MEDIA}group/{_MEDIA}description") or "")
    return Video(
        key=key,
        url=video_url(key) or "",
        title=clean(entry.findtext(f"{_ATOM}title") or "") or None,
        channel=clean(entry.findtext(f"{_ATOM}author/{_ATOM}name") or "") or None,
        platform_date=_moment(entry.findtext(f"{_ATOM}published")),
        thumbnail=_thumbnail(entry),
        anchors=anchors(description),
        cues=cues(description),
    )


def _moment(text: str | None) -> datetime | None:
    try:
        return read_moment(text)
    except RowError:
        # A date that cannot be read is no reason to lose the video.
        return None


def _thumbnail(entry: ET.Element) -> str | None:
    image = entry.find(f"{_MEDIA}group/{_MEDIA}thumbnail")
    return thumbnail(image.get("url", "")) if image is not None else None
