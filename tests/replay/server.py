"""A server on 127.0.0.1 that shows what a story says, as YouTube's feed and Data API would."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from tests.replay.script import Story, Upload

CHANNEL = "UCteateateateateateateat"
PLAYLIST = "PLteaconf2031recordings"
PAGE = 50


class ListServer(ThreadingHTTPServer):
    """Tells `story` at `now`; `views` grow with each answer, as statistics do."""

    daemon_threads = True

    def __init__(self, story: Story) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.story = story
        self.now: datetime | None = None
        self.views = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ListServer

    def do_GET(self) -> None:
        server, parts = self.server, urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert server.now is not None
        now, story = server.now, server.story
        server.views += 1
        match parts.path:
            case "/feeds/videos.xml" if not story.answers(now):
                self._send(500, b"")
            case "/feeds/videos.xml" if not story.feed_works(now):
                self._send(404, b"<!DOCTYPE html><title>Error 404 (Not Found)</title>")
            case "/feeds/videos.xml":
                self._send(200, _feed(story.feed(now), now, server.views))
            case _ if not story.api_works(now):
                reason = {"errors": [{"reason": "quotaExceeded"}], "message": "quota"}
                self._send(403, json.dumps({"error": {"code": 403, **reason}}).encode())
            case "/youtube/v3/playlistItems":
                self._send(200, _items(story.playlist(now), now, asked.get("pageToken")))
            case "/youtube/v3/videos":
                names = asked["id"].split(",")
                found = [one for one in story.uploads if one.name in names and one.is_open(now)]
                self._send(200, _videos(found, now, server.views))
            case _:
                self._send(404, b"")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "private, max-age=900")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        pass


def _moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _feed(rows: list[Upload], now: datetime, views: int) -> bytes:
    entries = "".join(
        f"<entry><id>yt:video:{one.name}</id><yt:videoId>{one.name}</yt:videoId>"
        f"<yt:channelId>{CHANNEL}</yt:channelId><title>{escape(one.title_at(now))}</title>"
        f'<link rel="alternate" href="https://www.youtube.com/watch?v={one.name}"/>'
        f"<author><name>TeaConf</name></author><published>{_moment(one.date)}</published>"
        f"<updated>{_moment(now)}</updated><media:group>"
        f"<media:title>{escape(one.title_at(now))}</media:title><media:description/>"
        f'<media:community><media:statistics views="{views}"/></media:community>'
        "</media:group></entry>"
        for one in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        f"<title>TeaConf</title>{entries}</feed>"
    ).encode()


def _items(rows: list[Upload], now: datetime, token: str | None) -> bytes:
    start = int(token.removeprefix("page")) if token else 0
    page = rows[start : start + PAGE]
    body: dict[str, object] = {
        "kind": "youtube#playlistItemListResponse",
        "pageInfo": {"totalResults": len(rows), "resultsPerPage": PAGE},
        "items": [_item(one, now) for one in page],
    }
    if start + PAGE < len(rows):
        body["nextPageToken"] = f"page{start + PAGE}"
    return json.dumps(body).encode()


def _item(one: Upload, now: datetime) -> dict[str, object]:
    is_open = one.is_open(now)
    details = {"videoId": one.name}
    snippet: dict[str, object] = {
        "publishedAt": "2031-05-16T08:00:00Z",  # when the row joined: all on one day, once rebuilt
        "title": one.title_at(now) if is_open else "Private video",
        "description": "" if is_open else "This video is private.",
        "resourceId": {"kind": "youtube#video", "videoId": one.name},
    }
    if is_open:
        details["videoPublishedAt"] = _moment(one.date)
        snippet |= {"videoOwnerChannelId": CHANNEL, "videoOwnerChannelTitle": "TeaConf"}
    return {
        "kind": "youtube#playlistItem",
        "snippet": snippet,
        "contentDetails": details,
        "status": {"privacyStatus": "public" if is_open else "private"},
    }


def _videos(rows: list[Upload], now: datetime, views: int) -> bytes:
    items = [
        {
            "kind": "youtube#video",
            "id": one.name,
            "snippet": {
                "publishedAt": _moment(one.date),
                "title": one.title_at(now),
                "description": "",
                "channelId": CHANNEL,
                "channelTitle": "TeaConf",
                "liveBroadcastContent": "none",
            },
            "contentDetails": {"duration": f"PT{one.seconds // 60}M{one.seconds % 60}S"},
            "status": {"uploadStatus": "processed", "privacyStatus": "public"},
            "statistics": {"viewCount": str(views)},
        }
        for one in rows
    ]
    return json.dumps({"kind": "youtube#videoListResponse", "items": items}).encode()


@contextmanager
def telling(story: Story) -> Iterator[ListServer]:
    """Run a server that tells `story`."""
    with ListServer(story) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
