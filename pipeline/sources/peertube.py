"""A channel, account or playlist on a PeerTube server, by the server's public API.

The API is described at docs.joinpeertube.org/api-rest-reference. Must not reach the network but
through `fetch`.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

from pipeline.model import Access, Fetch, Known, Listing, Secret, Video, Watch
from pipeline.sources._fields import (
    described,
    exact,
    field,
    language,
    line,
    load_json,
    moment,
    number,
    rows,
    seconds,
    text,
    unknown,
    web,
)
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._paging import Page, read_rows, walk
from pipeline.sources._rows import RowError
from pipeline.text import clean, mask, video_key, video_url

PAGE_ROWS = 100
"""Videos asked for at once; the API gives no more."""

_OPTIONS = ("url", "base")
_NAME = re.compile(r"[\w.-]{1,120}(@[\w.-]{1,250}(:\d{1,5})?)?\Z", re.ASCII)
_PLAYLIST = re.compile(r"[0-9A-Za-z-]{1,40}\Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_CUT = re.compile(r"\S{0,2000}\.\.\.\Z")
# packages/models/src/videos/video-privacy.enum.ts: internal is for those who have an account,
# password-protected for those who know a word; neither is for everybody.
_PRIVACY = {
    1: Access.PUBLIC,
    2: Access.UNLISTED,
    3: Access.PRIVATE,
    4: Access.MEMBERS,
    5: Access.MEMBERS,
}
# video-state.enum.ts. A video can be watched while it is transcoded (unless it waits for that)
# and while it is moved between stores.
_PUBLISHED, _TRANSCODING, _WAITING_FOR_LIVE = 1, 2, 4
_WATCHABLE = frozenset((_PUBLISHED, _TRANSCODING, 6, 8, 10, 11))
# video-playlist-element.model.ts
_NO_VIDEO = {1: "it was deleted", 2: "it is private", 3: "it is not available"}


class PeerTubeSource:
    """Watches the channel, account or playlist behind option `url`, as pasted from the browser.

    `base` is the address of a server that stands in for the one in `url`.
    """

    def __init__(self, watch: Watch, *, folder: Path, secret: Secret) -> None:  # noqa: ARG002  # all sources are made alike
        check_names(watch, known=_OPTIONS)
        if "url" not in watch.options:
            raise wrong(
                watch, "`url` is missing; paste the address of the channel, account or playlist"
            )
        url = web_address(watch, "url")
        try:
            path = parse_address(url)
        except ValueError as error:
            raise wrong(watch, f"url: {error}") from error
        server = web_address(watch, "base").rstrip("/") if "base" in watch.options else None
        self._list = f"{server or urljoin(url, '/').rstrip('/')}/api/v1/{path}/videos"
        self._newest_first = not path.startswith("video-playlists/")

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        """Look at the list. Raises SourceError when one of its pages cannot be read."""
        query = {"start": "0", "count": str(PAGE_ROWS)}
        if self._newest_first:
            query |= {"sort": "-publishedAt", "nsfw": "both"}
        return walk(
            fetch,
            f"{self._list}?{urlencode(query)}",
            read=lambda body, where: parse_page(body, where=where),
            known=known,
            newest_first=self._newest_first,
            # The first page tells the total, but not what was exchanged on a later one.
            conditional=self._newest_first and not known.whole,
        )


def parse_address(url: str) -> str:
    """Read the address of a list: the API's path, such as `video-channels/NAME`.

    Raises ValueError with what to paste instead.
    """
    shown = mask(clean(url, limit=2000))
    steps = [step for step in urlsplit(url).path.split("/") if step]
    match steps[2:] if steps[:2] == ["api", "v1"] else steps:
        case ["c" | "video-channels", name, *_] if _NAME.match(name):
            return f"video-channels/{quote(name, safe='@:')}"
        case ["a" | "accounts", name, *_] if _NAME.match(name):
            return f"accounts/{quote(name, safe='@:')}"
        case (
            ["w", "p", name, *_]
            | ["videos", "watch", "playlist", name, *_]
            | ["video-playlists", "embed", name, *_]
            | ["video-playlists", name, *_]
        ) if _PLAYLIST.match(name):
            return f"video-playlists/{name}"
        case ["w" | "videos", *_]:
            raise ValueError(
                f"{shown!r} is one video, not a list; paste the address of its channel or playlist"
            )
        case [name, *_] if name.startswith("@"):
            raise ValueError(
                f"{shown!r} may be an account or a channel; paste the address with /a/ or /c/"
            )
        case _:
            raise ValueError(
                f"{shown!r} names no channel, account or playlist; paste an address such as "
                "https://HOST/c/NAME, https://HOST/a/NAME or https://HOST/w/p/ID"
            )


def parse_page(body: bytes, *, where: str = "the list") -> Page:
    """Read one page of a channel, account or playlist; `where` is its address.

    A list without videos is an empty one. Raises SourceError for what is no such page, and for
    one that is empty before the end.
    """
    document = load_json(body, where=where)
    data = rows(document, "data", where=where)
    total = number(document, "total")
    if total is None:
        raise unknown(where, "it does not say how many videos there are")
    videos, skipped = read_rows(data, lambda row: _video(row, where), noun="video")
    parts = urlsplit(where)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    start = query.get("start", "0")
    end = (int(start) if start.isdecimal() else 0) + len(data)
    following = f"?{urlencode({**query, 'start': str(end)})}" if data and end < total else None
    return Page(videos=videos, skipped=skipped, rows=len(data), total=total, following=following)


def _video(row: object, where: str) -> Video:
    if isinstance(row, dict) and "position" in row:
        kind = number(row, "type")
        if row.get("video") is None:
            raise RowError(f"the playlist does not say which it is: {_NO_VIDEO.get(kind or 0, '')}")
        row = row["video"]
    key = _key(row, where)
    prose = text(row, "description") or text(row, "truncatedDescription")
    # Lists cut descriptions at 250 characters; a link that is cut there is none.
    links, marks = described(_CUT.sub("", prose))
    return Video(
        key=key,
        url=video_url(key) or "",
        title=line(row, "name"),
        duration=seconds(row, "duration"),
        language=language(text(row, "language", "id")),
        channel=line(row, "channel", "displayName") or line(row, "channel", "name"),
        platform_date=moment(row, "publishedAt"),
        access=_access(row),
        thumbnail=_image(row, where),
        anchors=exact(*links),
        cues=marks,
    )


def _key(row: object, where: str) -> str:
    """Return the key that the video's address on its own server gives."""
    address = web(row, "url")
    try:
        key = video_key(address or "")
    except ValueError:
        key = ""
    if key.startswith("peertube:"):
        return key
    uuid = text(row, "uuid").lower()
    server = urlsplit(address or where).netloc.lower()
    if not _UUID.match(uuid):
        raise RowError("it has no usable uuid")
    return f"peertube:{server}/{uuid}"


def _access(row: object) -> Access:
    privacy = number(row, "privacy", "id")
    if privacy is not None and privacy not in _PRIVACY:
        raise RowError(f"privacy {privacy} is not known")
    access = _PRIVACY.get(privacy or 1, Access.PUBLIC)
    state = number(row, "state", "id")
    if field(row, "isLive") is True:
        soon = Access.UPCOMING if state == _WAITING_FOR_LIVE else Access.LIVE
        return soon if access is Access.PUBLIC else access
    waits = state == _TRANSCODING and field(row, "waitTranscoding") is True
    if access is Access.PUBLIC and (waits or (state is not None and state not in _WATCHABLE)):
        return Access.UPCOMING
    return access


def _image(row: object, where: str) -> str | None:
    path = text(row, "previewPath") or text(row, "thumbnailPath")
    if not path:
        images = field(row, "thumbnails")
        return web(images[-1], "fileUrl") if isinstance(images, list) and images else None
    try:
        return web({"image": urljoin(where, path)}, "image")
    except ValueError:
        return None
