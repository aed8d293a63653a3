"""YouTube's Data API v3: the rows of a playlist, page by page, and what is known of each video.

Documented at developers.google.com/youtube/v3/docs (channels, playlistItems, videos). Each call
costs one unit of the key's 10,000 a day; search.list, which costs 100, is never called. Must not
reach the network but through `fetch`, and must not put the key anywhere but into a header.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from pipeline.errors import FetchError, SourceError
from pipeline.model import Access, Completeness, Fetch, Listing, Video
from pipeline.sources._description import anchors, cues
from pipeline.sources._rows import RowError, is_language, read_length, read_moment, thumbnail
from pipeline.text import clean, clean_block, mask, video_key, video_url

BASE = "https://www.googleapis.com"

KEY = "YOUTUBE_API_KEY"
"""The secret that holds the key."""

PAGE = 50
"""Rows of a page, and videos of one question: the most that the API gives."""

MAX_PAGES = 400
"""Pages that are read of one list; YouTube's own uploads lists end at 20,000 videos."""

Channel = Literal["id", "forHandle", "forUsername"]
"""How channels.list can be asked for one channel."""

_TOKEN = re.compile(r"[A-Za-z0-9_=-]{1,200}\Z")
_SECRET = re.compile(r"[!-~]{1,200}\Z")
_PRIVACY = {
    "public": Access.PUBLIC,
    "unlisted": Access.UNLISTED,
    "private": Access.PRIVATE,
}
_HIDDEN_TITLES = {"Private video": Access.PRIVATE, "Deleted video": Access.DELETED}
_LOST_UPLOADS = frozenset(("deleted", "failed", "rejected"))
_NO_LANGUAGE = frozenset(("zxx", "und", "mul"))
_IMAGES = ("maxres", "standard", "high", "medium", "default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a playlist: its rows, the token of the next page, and what cannot be read."""

    videos: tuple[Video, ...]
    next: str | None = None
    skipped: tuple[str, ...] = ()


class Api:
    """Asks the API at `base` with `key`, through `fetch`. Raises SourceError, like each `parse_`.

    Every answer is asked for afresh: "not modified" of one page would say nothing of the others,
    and nothing of a video that was private.
    """

    def __init__(self, fetch: Fetch, *, key: str, base: str = BASE) -> None:
        if not _SECRET.match(key):
            raise SourceError(
                f"the secret {KEY} holds signs that no key has, or is too long; copy it again "
                "from console.cloud.google.com, APIs & Services, Credentials"
            )
        self._fetch = fetch
        self._base = base
        self._headers = {"X-goog-api-key": key, "Cache-Control": "no-cache"}

    def uploads(self, by: Channel, value: str) -> str:
        """Return the id of the playlist that holds all public uploads of a channel."""
        body, where = self._ask("channels", {"part": "contentDetails", by: value})
        return parse_uploads(body, where=where)

    def listing(self, playlist: str, *, stop_at: frozenset[str] = frozenset()) -> Listing:
        """Return the rows of `playlist`, to its end or to the first page with a key of `stop_at`.

        All videos of the pages read are asked about, the known ones too: what was private opens,
        a stream ends, and neither shows in the playlist. That costs no more than the paging.
        """
        rows, skipped, whole = self._paged(playlist, stop_at)
        open_rows = [row for row in rows.values() if row.access not in _HIDDEN_TITLES.values()]
        facts: dict[str, Video] = {}
        for start in range(0, len(open_rows), PAGE):
            found, unread = self._facts(open_rows[start : start + PAGE])
            facts |= found
            skipped += unread
        videos = tuple(facts.get(key) or _hidden(row) for key, row in rows.items())
        if skipped and not videos:
            raise _unknown(self._where("playlistItems"), f"no row can be used ({skipped[0]})")
        return Listing(
            videos=videos,
            completeness=Completeness.COMPLETE if whole else Completeness.WINDOW,
            skipped=tuple(skipped),
        )

    def _paged(
        self, playlist: str, stop_at: frozenset[str]
    ) -> tuple[dict[str, Video], list[str], bool]:
        """Return the rows by key, what cannot be read, and whether the end was reached."""
        asked = {
            "part": "snippet,contentDetails,status",
            "playlistId": playlist,
            "maxResults": str(PAGE),
        }
        rows: dict[str, Video] = {}
        skipped: list[str] = []
        tokens: set[str] = set()
        for _ in range(MAX_PAGES):
            body, where = self._ask("playlistItems", asked)
            page = parse_items(body, where=where)
            repeats = bool(page.videos) and all(row.key in rows for row in page.videos)
            for row in page.videos:
                rows.setdefault(row.key, row)
            skipped += page.skipped
            if page.next is None:
                return rows, skipped, True
            if any(row.key in stop_at for row in page.videos):
                return rows, skipped, False
            if page.next in tokens or repeats:
                raise _unknown(where, "its pages lead in a circle")
            tokens.add(page.next)
            asked["pageToken"] = page.next
        raise _unknown(where, f"it has more than {MAX_PAGES} pages; watch a shorter playlist")

    def _facts(self, rows: list[Video]) -> tuple[dict[str, Video], tuple[str, ...]]:
        names = ",".join(row.key.partition(":")[2] for row in rows)
        body, where = self._ask(
            "videos", {"part": "snippet,contentDetails,status,liveStreamingDetails", "id": names}
        )
        page = parse_videos(body, where=where)
        found = {video.key: video for video in page.videos}
        if len(rows) > 1 and not found.keys() & {row.key for row in rows}:
            raise _unknown(where, f"it knows none of {len(rows)} videos that the playlist shows")
        return found, page.skipped

    def _ask(self, method: str, query: Mapping[str, str]) -> tuple[bytes, str]:
        address = f"{self._where(method)}?{urlencode(query, safe=',')}"
        try:
            return self._fetch.get(address, headers=self._headers).body, address
        except FetchError as error:
            if error.status is None:
                raise
            raise FetchError(
                f"YouTube's Data API answers {error.status} at {mask(address)}: "
                f"{_advice(error.status)}",
                status=error.status,
                retry_after=error.retry_after,
            ) from error

    def _where(self, method: str) -> str:
        return f"{self._base}/youtube/v3/{method}"


def parse_uploads(body: bytes, *, where: str = "the answer") -> str:
    """Read channels.list: the id of the channel's uploads playlist."""
    document = _document(body, where, "channelListResponse")
    # The answer for a channel that does not exist has no `items` at all.
    for item in _rows(document, where) if "items" in document else ():
        lists = _part(_part(item, "contentDetails"), "relatedPlaylists")
        uploads = _text(lists, "uploads")
        if _TOKEN.match(uploads):
            return uploads
    raise _unknown(where, "it knows no such channel; check the address in a browser")


def parse_items(body: bytes, *, where: str = "the answer") -> Page:
    """Read playlistItems.list.

    `snippet.publishedAt` is when the row joined the playlist, so that it is no date of ours.
    """
    document = _document(body, where, "playlistItemListResponse")
    token = document.get("nextPageToken")
    if token is not None and not (isinstance(token, str) and _TOKEN.match(token)):
        raise _unknown(where, f"its nextPageToken is odd ({clean(str(token), limit=80)})")
    videos: list[Video] = []
    skipped: list[str] = []
    for number, item in enumerate(_rows(document, where), start=1):
        row = _row(item)
        if row is None:
            skipped.append(f"row {number} of {mask(where)}: it has no usable videoId")
        else:
            videos.append(row)
    return Page(videos=tuple(videos), next=token, skipped=tuple(skipped))


def parse_videos(body: bytes, *, where: str = "the answer") -> Page:
    """Read videos.list: what there is to know of each video that is not hidden."""
    videos: list[Video] = []
    skipped: list[str] = []
    document = _document(body, where, "videoListResponse")
    for number, item in enumerate(_rows(document, where), start=1):
        key = _key(_text(item, "id"))
        if key is None:
            skipped.append(f"video {number} of {mask(where)}: it has no usable id")
        else:
            videos.append(_video(item, key))
    return Page(videos=tuple(videos), skipped=tuple(skipped))


def _document(body: bytes, where: str, kind: str) -> Mapping[str, object]:
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _unknown(where, f"it is not JSON ({error}); was it cut off?") from error
    if not isinstance(document, Mapping):
        raise _unknown(where, "it is JSON of another kind")
    if document.get("kind") == f"youtube#{kind}":
        return document
    said = _text(_part(document, "error"), "message") or _text(document, "kind")
    raise _unknown(where, f"it is no {kind} ({clean(said) or 'it does not say what it is'})")


def _rows(document: Mapping[str, object], where: str) -> list[object]:
    rows = document.get("items")
    if not isinstance(rows, list):
        raise _unknown(where, "its `items` are no list")
    return rows


def _row(item: object) -> Video | None:
    """Return a playlist's row as far as the playlist knows the video; None without an id."""
    snippet, details = _part(item, "snippet"), _part(item, "contentDetails")
    name = _text(details, "videoId") or _text(_part(snippet, "resourceId"), "videoId")
    key = _key(name)
    if key is None:
        return None
    title = clean(_text(snippet, "title"))
    access = _PRIVACY.get(_text(_part(item, "status"), "privacyStatus"), Access.PUBLIC)
    if "videoPublishedAt" not in details:
        # A video may well be called "Deleted video"; one that is deleted was never published.
        access = _HIDDEN_TITLES.get(title, access)
    return Video(key=key, url=video_url(key) or "", access=access)


def _hidden(row: Video) -> Video:
    """Return the row of a video that only its playlist still knows: it is not public any more."""
    return row if row.access in _HIDDEN_TITLES.values() else replace(row, access=Access.PRIVATE)


def _video(item: object, key: str) -> Video:
    snippet = _part(item, "snippet")
    description = clean_block(_text(snippet, "description"))
    language = clean(_text(snippet, "defaultAudioLanguage"))
    return Video(
        key=key,
        url=video_url(key) or "",
        title=clean(_text(snippet, "title")) or None,
        duration=_length(_text(_part(item, "contentDetails"), "duration")),
        language=language if is_language(language) and language not in _NO_LANGUAGE else None,
        channel=clean(_text(snippet, "channelTitle")) or None,
        platform_date=_moment(_text(snippet, "publishedAt")),
        access=_access(item),
        thumbnail=_thumbnail(_part(snippet, "thumbnails")),
        anchors=anchors(description),
        cues=cues(description),
    )


def _access(item: object) -> Access:
    status, live = _part(item, "status"), _part(item, "liveStreamingDetails")
    if _text(status, "uploadStatus") in _LOST_UPLOADS:
        return Access.DELETED
    privacy = _PRIVACY.get(_text(status, "privacyStatus"), Access.PUBLIC)
    if privacy is not Access.PUBLIC:
        return privacy
    match _text(_part(item, "snippet"), "liveBroadcastContent"):
        case "live":
            return Access.LIVE
        case "upcoming":
            return Access.UPCOMING
    # A stream that was announced and never began has nothing to watch.
    begun = "actualStartTime" in live or "scheduledStartTime" not in live
    return Access.PUBLIC if begun else Access.UPCOMING


def _thumbnail(images: Mapping[str, object]) -> str | None:
    for size in _IMAGES:
        found = thumbnail(_text(_part(images, size), "url"))
        if found:
            return found
    return None


def _length(text: str) -> timedelta | None:
    try:
        return read_length(text)
    except RowError:
        # An odd length is no reason to lose the video.
        return None


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except RowError:
        return None


def _key(name: str) -> str | None:
    try:
        key = video_key(name)
    except ValueError:
        return None
    return key if key == f"youtube:{name}" else None


def _part(value: object, name: str) -> Mapping[str, object]:
    part = value.get(name) if isinstance(value, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _text(value: object, name: str) -> str:
    text = value.get(name) if isinstance(value, Mapping) else None
    return text if isinstance(text, str) else ""


def _advice(status: int) -> str:
    match status:
        case 400 | 401:
            return (
                f"it does not take the key; copy {KEY} again from console.cloud.google.com, "
                "APIs & Services, Credentials"
            )
        case 403:
            return (
                "the key's daily quota is used up (it is renewed at midnight in Los Angeles; look "
                "less often with `every:`), the key may not use the YouTube Data API v3 (see "
                "console.cloud.google.com, APIs & Services), or the playlist is private"
            )
        case 404:
            return "it knows no such playlist; check in a browser that it exists and is public"
        case 429 | 503:
            return "it asks for patience; the next look comes later"
        case _:
            return "the server has trouble; the next look may succeed"


def _unknown(where: str, why: str) -> SourceError:
    return SourceError(f"{mask(where)} cannot be read: {why}")
