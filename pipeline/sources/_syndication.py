"""RSS, Atom, RDF and JSON Feed as one page of videos. Pure.

Must not fetch: feedparser is given bytes and never an address. It is imported on first use, for
it costs a tenth of a second.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import struct_time
from urllib.parse import urljoin, urlsplit

from pipeline.model import Completeness, Video
from pipeline.sources._fields import (
    described,
    exact,
    field,
    language,
    line,
    load_json,
    moment,
    plain,
    rows,
    seconds,
    spoken_length,
    text,
    unknown,
    web,
)
from pipeline.sources._paging import Page, read_rows
from pipeline.sources._rows import RowError, is_web
from pipeline.text import clean, video_key, video_url

SIZE_BYTES = 8 * 1024 * 1024
"""The largest feed that is read; feedparser takes the better part of a second for each MiB."""

# What a declaration may name; UTF-7 and the like could hide what is searched for below.
_ENCODING = re.compile(
    rb"<\?xml[^>]{1,200}encoding\s*=\s*[\"']\s*"
    rb"(utf-?8|us-ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|big5|gbk|gb2312|gb18030"
    rb"|shift_jis|euc-jp|euc-kr)\s*[\"']",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,300}\?>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_HISTORY = "http://purl.org/syndication/history/1.0"
_MARKUP = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What either kind of feed tells of one entry, not cleaned.

    `files` are the addresses of the recording itself and of players; `ids` what names it exactly.
    """

    link: str
    files: tuple[str, ...]
    ids: tuple[str, ...]
    title: str | None
    prose: str
    published: datetime | None
    duration: timedelta | None
    thumbnail: str | None
    language: str | None


def parse_feed(body: bytes, *, where: str = "the feed") -> Page:
    """Read a feed of any of the kinds; `where` is its address, against which links are whole.

    A feed shows its newest entries only, unless it says that it is complete (RFC 5005, 2).
    Raises SourceError for what is no feed, for one without entries, and for one that was cut off.
    """
    if len(body) > SIZE_BYTES:
        raise unknown(where, f"it is larger than {SIZE_BYTES} bytes; ask for a shorter feed")
    document = _decode(body, where)
    if document.startswith("{"):
        return _json_page(load_json(document.encode("utf-8", "replace"), where=where), where)
    return _xml_page(document, where)


def _decode(body: bytes, where: str) -> str:
    named = _ENCODING.match(body.lstrip()[:400])
    encoding = named[1].decode("ascii") if named else "utf-8"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif body.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    try:
        document = body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        # As browsers do (encoding.spec.whatwg.org, windows-1252): a wrong letter in a title is
        # a smaller loss than the feed.
        document = body.decode("cp1252", "replace")
    if "\0" in document:
        raise unknown(where, "it is no text")
    if not document.strip():
        raise unknown(where, "it is empty")
    return document.strip()


def _xml_page(document: str, where: str) -> Page:
    if _ENTITY.search(document):
        raise unknown(where, "it declares entities of its own, which are not read")
    if not _END.search(document):
        raise unknown(where, "it is no feed, or it was cut off")
    result = _parsed(_DECLARATION.sub("", document, count=1), where)
    head, entries = result.get("feed"), result.get("entries")
    if not result.get("version") or not isinstance(entries, list) or not entries:
        raise unknown(where, "it is no feed that is known, or it has no entries")
    dated_by_update = not str(result.get("version")).startswith("atom")
    channel = _said(head, "title")
    spoken = language(text(head, "language"))

    def read(row: object) -> Video:
        return _video(
            _xml_entry(row, where, dated_by_update=dated_by_update), channel=channel, spoken=spoken
        )

    videos, skipped = read_rows(entries, read, noun="entry")
    complete = not result.get("bozo") and _says_complete(head, result.get("namespaces"))
    links = _links(head, "next")
    return _page(
        videos,
        skipped,
        rows=len(entries),
        following=next(iter(links), None),
        where=where,
        complete=complete,
    )


def _parsed(document: str, where: str) -> Mapping[str, object]:
    """Return what feedparser makes of a feed, as plain mappings without its fallbacks."""
    import feedparser

    try:
        result = feedparser.parse(
            io.BytesIO(document.encode("utf-8", "replace")),
            # Without the feed's address: links are made whole here, and it would make "links" of
            # ids too.
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        # It names no errors that it raises; damaged feeds draw ValueError and TypeError from deep
        # inside it (6.0.14). What it cannot read is unknown, whatever it stumbled over.
        raise unknown(where, f"feedparser gives up on it ({clean(repr(error))})") from error
    found = _bare(result)
    if not isinstance(found, Mapping):
        raise unknown(where, "feedparser finds nothing in it")
    return found


def _bare(value: object) -> object:
    """Return feedparser's dictionaries as plain ones.

    Its own answer one key with another's value (`published` for `updated`) and warn of it.
    """
    if isinstance(value, dict):
        return {str(name): _bare(one) for name, one in dict.items(value)}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value


def _xml_entry(row: object, where: str, *, dated_by_update: bool) -> _Entry:
    media = [*_all(row, "media_content"), field(row, "media_player")]
    published = _date(field(row, "published_parsed"))
    if published is None and dated_by_update:
        # dc:date of RSS 1.0; Atom's `updated` is another thing and moves.
        published = _date(field(row, "updated_parsed"))
    played = text(row, "itunes_duration") or next(
        (text(one, "duration") for one in media if text(one, "duration")), ""
    )
    contents = [text(one, "value") for one in _all(row, "content")]
    pictures = [text(one, "url") for one in _all(row, "media_thumbnail")]
    return _Entry(
        link=_whole(where, next(iter(_links(row, "alternate")), "") or text(row, "link")),
        files=tuple(
            _whole(where, one)
            for one in (*_links(row, "enclosure"), *(text(one, "url") for one in media))
        ),
        ids=(text(row, "id"), text(row, "dc_identifier")),
        title=_said(row, "title"),
        prose="\n".join(dict.fromkeys([text(row, "summary"), *contents])),
        published=published,
        duration=spoken_length(played) if played else None,
        thumbnail=next(filter(is_web, [*pictures, text(row, "image", "href")]), None),
        language=language(text(row, "language") or text(row, "dc_language")),
    )


def _json_page(document: object, where: str) -> Page:
    """Read JSON Feed (jsonfeed.org/version/1.1)."""
    if "jsonfeed.org/version/" not in text(document, "version"):
        raise unknown(where, "it is JSON, but no JSON Feed")
    items = rows(document, "items", where=where)
    if not items:
        raise unknown(where, "it has no entries")
    channel, spoken = line(document, "title"), language(text(document, "language"))

    def read(row: object) -> Video:
        return _video(_json_entry(row, where), channel=channel, spoken=spoken)

    videos, skipped = read_rows(items, read, noun="entry")
    following = text(document, "next_url") or None
    return _page(videos, skipped, rows=len(items), following=following, where=where)


def _json_entry(row: object, where: str) -> _Entry:
    files = _all(row, "attachments")
    played = (seconds(one, "duration_in_seconds") for one in files)
    return _Entry(
        link=_whole(where, text(row, "url") or text(row, "external_url")),
        files=tuple(_whole(where, text(one, "url")) for one in files),
        ids=(text(row, "id"),),
        title=line(row, "title"),
        prose=text(row, "content_html") or text(row, "content_text") or text(row, "summary"),
        published=moment(row, "date_published"),
        duration=next((one for one in played if one), None),
        thumbnail=web(row, "image") or web(row, "banner_image"),
        language=language(text(row, "language")),
    )


def _page(
    videos: tuple[Video, ...],
    skipped: tuple[str, ...],
    *,
    rows: int,
    following: str | None,
    where: str,
    complete: bool = False,
) -> Page:
    if following is not None and not _same_server(where, following):
        # Such a page is not asked for, so the list is what this one shows.
        following = None
    return Page(
        videos=videos,
        skipped=skipped,
        rows=rows,
        following=None if complete else following,
        completeness=Completeness.COMPLETE if complete else Completeness.WINDOW,
    )


def _video(entry: _Entry, *, channel: str | None, spoken: str | None) -> Video:
    key, address = _identity(entry)
    links, marks = described(entry.prose)
    others = [one for one in (*entry.ids, entry.link) if one and _key(one) != key]
    return Video(
        key=key,
        url=address,
        title=entry.title,
        duration=entry.duration,
        language=entry.language or spoken,
        channel=channel,
        platform_date=entry.published,
        thumbnail=clean(entry.thumbnail, limit=2000) if entry.thumbnail else None,
        anchors=exact(*others, *links),
        cues=marks,
    )


def _identity(entry: _Entry) -> tuple[str, str]:
    """Return key and address: a platform's video if one is named, else the link, else the file."""
    keys: list[str] = []
    for address in (*entry.files, entry.link):
        key = _key(address)
        if key and not key.startswith("url:"):
            return key, video_url(key) or address
    keys = [key for key in map(_key, (entry.link, *entry.files)) if key]
    if not keys:
        raise RowError("it has neither a link nor an enclosure")
    return keys[0], video_url(keys[0]) or ""


def _key(address: str) -> str | None:
    cleaned = clean(address, limit=2000)
    try:
        return video_key(cleaned) if is_web(cleaned) and not cleaned.endswith("…") else None
    except ValueError:
        return None


def _says_complete(head: object, namespaces: object) -> bool:
    if not isinstance(namespaces, Mapping):
        return False
    prefixes = [name for name, uri in namespaces.items() if uri == _HISTORY]
    return any(field(head, f"{prefix}_complete") is not None for prefix in prefixes)


def _said(row: object, name: str) -> str | None:
    """Return a text as one line, without markup where the feed says that it is markup."""
    value = text(row, name)
    return clean(plain(value) if text(row, f"{name}_detail", "type") in _MARKUP else value) or None


def _links(row: object, relation: str) -> list[str]:
    links = [text(one, "href") for one in _all(row, "links") if text(one, "rel") == relation]
    return [link for link in links if link]


def _all(row: object, name: str) -> Iterable[object]:
    found = field(row, name)
    return found if isinstance(found, list) else []


def _date(value: object) -> datetime | None:
    if not isinstance(value, struct_time):
        return None
    try:
        return datetime(*value[:6], tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _whole(where: str, address: str) -> str:
    try:
        return urljoin(where, address) if address else ""
    except ValueError:
        return ""


def _same_server(one: str, other: str) -> bool:
    try:
        here, there = urlsplit(one), urlsplit(urljoin(one, other))
    except ValueError:
        return False
    return (here.scheme, here.netloc) == (there.scheme, there.netloc)
