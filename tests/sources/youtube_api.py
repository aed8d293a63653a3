"""A stand-in for YouTube's Data API: a list of invented videos, page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipeline.errors import FetchError
from pipeline.model import Response

PUBLISHED = "2031-05-20T09:30:00Z"


def row(name: str, title: str = "Brewing Tea", *, privacy: str = "public") -> dict[str, Any]:
    """Return a playlist's row; titles of hidden videos make one of such."""
    details = {"videoId": name}
    if title not in ("Private video", "Deleted video"):
        details["videoPublishedAt"] = PUBLISHED
    return {
        "snippet": {"publishedAt": "2031-06-30T00:00:00Z", "title": title},
        "contentDetails": details,
        "status": {"privacyStatus": privacy},
    }


def fact(name: str, **more: Any) -> dict[str, Any]:
    """Return what videos.list tells of a public video; `more` replaces parts of it."""
    return {
        "id": name,
        "snippet": {
            "publishedAt": PUBLISHED,
            "title": "Brewing Tea",
            "liveBroadcastContent": "none",
        },
        "contentDetails": {"duration": "PT24M26S"},
        "status": {"uploadStatus": "processed", "privacyStatus": "public"},
        **more,
    }


def items(*rows: object, following: str | None = None) -> bytes:
    further = {"nextPageToken": following} if following else {}
    return answer("playlistItemListResponse", items=list(rows), **further)


def facts(*rows: object) -> bytes:
    return answer("videoListResponse", items=list(rows))


def uploads(playlist: str) -> bytes:
    return answer(
        "channelListResponse",
        items=[{"contentDetails": {"relatedPlaylists": {"uploads": playlist}}}],
    )


def answer(kind: str, **more: object) -> bytes:
    return json.dumps({"kind": f"youtube#{kind}", **more}).encode()


@dataclass
class FakeApi:
    """Implements `model.Fetch`: a playlist of `size` public videos, numbered from 1."""

    playlist: str
    size: int
    pages: Mapping[str, bytes] = field(default_factory=dict)
    base: str = "https://www.googleapis.com"
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        return Response(url=url, status=200, body=self._body(url, headers or {}), headers={})

    def count(self, method: str) -> int:
        return sum(one.startswith(f"{method}?") for one in self.asked)

    def _body(self, url: str, headers: Mapping[str, str]) -> bytes:
        if url in self.pages:
            return self.pages[url]
        assert url.startswith(f"{self.base}/youtube/v3/"), url
        method = urlsplit(url).path.rpartition("/")[2]
        query = dict(parse_qsl(urlsplit(url).query))
        self.asked.append(f"{method}?{urlencode(query, safe=',@')}")
        self.headers.append(headers)
        match method:
            case "channels":
                return uploads(self.playlist)
            case "playlistItems" if query["playlistId"] == self.playlist:
                return self._page(int(query.get("pageToken", "page0")[4:]))
            case "videos":
                return facts(*(fact(name) for name in query["id"].split(",")))
        raise FetchError(f"{url} could not be fetched: the server answers 404", status=404)

    def _page(self, start: int) -> bytes:
        end = min(start + 50, self.size)
        following = f"page{end}" if end < self.size else None
        return items(*(row(f"tea{n:08}") for n in range(start + 1, end + 1)), following=following)
