"""One row of a list in our own form, or of yt-dlp's, as a Video. Pure.

A row that cannot be used raises RowError, so that it stops only itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import urlsplit

from pipeline.model import Access, Video
from pipeline.sources._description import anchors, cues
from pipeline.text import LANGUAGE, clean, clean_block, mask, video_key, video_url

FIELDS = (
    "url",
    "id",
    "title",
    "length",
    "published",
    "language",
    "channel",
    "thumbnail",
    "description",
    "access",
)
"""The fields of a row in our own form."""

# The hosts and folders in which YouTube keeps the images of a video; what follows picks one.
_YOUTUBE_IMAGE = re.compile(r"https?://i\d*\.ytimg\.com/(?:vi|vi_webp)/([\w-]{11})/", re.ASCII)
_URL_LIMIT = 2000
_LONGEST = timedelta(days=7)
_CLOCK = re.compile(r"(?:(?P<h>\d{1,3}):(?P<low>[0-5]\d)|(?P<m>\d{1,4})):(?P<s>[0-5]\d)\Z")
# ISO 8601 as the platforms write it: PT24M26S, PT1H2M3S, P0DT3H; no months, no years.
_ISO = re.compile(
    r"P(?:(?P<d>\d{1,3})D)?(?:T(?:(?P<h>\d{1,4})H)?(?:(?P<m>\d{1,5})M)?"
    r"(?:(?P<s>\d{1,7})(?:[.,]\d{1,9})?S)?)?\Z"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_YT_DLP_ACCESS = {
    "private": Access.PRIVATE,
    "premium_only": Access.MEMBERS,
    "subscriber_only": Access.MEMBERS,
    "needs_auth": Access.MEMBERS,
    "unlisted": Access.UNLISTED,
}
_YT_DLP_LIVE = {"is_upcoming": Access.UPCOMING, "is_live": Access.LIVE}
_YT_DLP_TITLES = {"[Private video]": Access.PRIVATE, "[Deleted video]": Access.DELETED}


class RowError(ValueError):
    """A row cannot be used; the message says which field, why, and what to write instead."""


def read_row(row: object) -> Video:
    """Read a row in our own form: a mapping of FIELDS, or the bare address. Raises RowError."""
    if isinstance(row, str):
        row = {"url": row}
    if not isinstance(row, Mapping):
        raise RowError("it is neither a mapping nor an address; write `url:` and `title:`")
    _check_fields(row)
    key, url = _identity(row)
    description = clean_block(_text(row, "description") or "")
    return Video(
        key=key,
        url=url,
        title=_line(row, "title"),
        duration=read_length(row.get("length")),
        language=_language(row),
        channel=_line(row, "channel"),
        platform_date=read_moment(row.get("published")),
        access=_access(row),
        thumbnail=_web(row, "thumbnail"),
        anchors=anchors(description),
        cues=cues(description),
    )


def read_length(value: object) -> timedelta | None:
    """Read 24:26, 1:02:03, PT24M26S or a number of seconds; None for nothing and for zero.

    Raises RowError for anything else, and for more than seven days.
    """
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        length = timedelta(seconds=round(value)) if 0 <= value < 1e7 else -_LONGEST
    else:
        text = _word(value, "length")
        match = _CLOCK.match(text) or (len(text) > 2 and _ISO.match(text)) or None
        if match is None:
            raise RowError(f"length: {text!r} is no length; write 24:26, 1:02:03 or PT24M26S")
        part = match.groupdict()
        length = timedelta(
            days=int(part.get("d") or 0),
            hours=int(part["h"] or 0),
            minutes=int(part.get("low") or part["m"] or 0),
            seconds=int(part["s"] or 0),
        )
    if not timedelta(0) <= length <= _LONGEST:
        raise RowError(f"length: {value!r} is not between 0 and 7 days")
    return length or None


def read_moment(value: object) -> datetime | None:
    """Read an ISO 8601 time with its offset as UTC; a bare day is taken as its 00:00 UTC.

    Raises RowError for anything else; a time without offset could be up to a day off.
    """
    if value is None or value == "":
        return None
    text = _word(value, "published")
    try:
        moment = datetime.fromisoformat(text)
        if _DAY.match(text):
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise RowError(
            f"published: {text!r} is no time; write 2031-05-17 or 2031-05-17T09:30:00Z"
        ) from error
    raise RowError(f"published: {text!r} has no offset; add Z for UTC, or one such as +02:00")


def read_yt_dlp(row: object) -> Video:
    """Read an entry of yt-dlp's flat playlist, or one line of `yt-dlp -j`. Raises RowError.

    Its dates are left alone: in flat lists they are missing, or guessed from `2 years ago`.
    """
    if not isinstance(row, Mapping):
        raise RowError("yt-dlp could not read this entry")
    key, url = _yt_dlp_identity(row)
    title = clean(_lenient(row, "title"))
    access = _yt_dlp_access(row, title)
    description = clean_block(_lenient(row, "description"))
    language = clean(_lenient(row, "language"))
    return Video(
        key=key,
        url=url,
        title=None if title in _YT_DLP_TITLES else title or None,
        duration=_yt_dlp_length(row),
        language=language if is_language(language) else None,
        channel=clean(_lenient(row, "channel") or _lenient(row, "uploader")) or None,
        access=access,
        thumbnail=_yt_dlp_thumbnail(row),
        anchors=anchors(description),
        cues=cues(description),
    )


def thumbnail(address: str) -> str | None:
    """Return the address of a preview image to take for the one that was told, if it is one.

    Of YouTube it is always `mqdefault` (320 by 180): every video has it, and of the sizes that
    every video has it is the widest without black bars (`hqdefault` is 480 by 360 with bars,
    `maxresdefault` is missing for some). So every way to a list tells the same address.
    """
    address = clean(address, limit=_URL_LIMIT)
    of_youtube = _YOUTUBE_IMAGE.match(address)
    if of_youtube:
        return f"https://i.ytimg.com/vi/{of_youtube[1]}/mqdefault.jpg"
    return address if is_web(address) else None


def is_web(value: str) -> bool:
    """Return whether `value` is an http or https address."""
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        return False


def is_language(value: str) -> bool:
    """Return whether `value` has the form of a language tag such as en or pt-BR."""
    return bool(LANGUAGE.match(value))


def _check_fields(row: Mapping[object, object]) -> None:
    for name in row:
        if name not in FIELDS:
            close = get_close_matches(str(name), FIELDS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(FIELDS)}"
            raise RowError(f"there is no field {clean(str(name))!r}; {hint}")


def _word(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise RowError(f"{name}: it must be text; put it in quotes")
    return clean(value)


def _text(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise RowError(f"{name}: it must be text; put it in quotes")
    return str(value)


def _line(row: Mapping[str, object], name: str) -> str | None:
    return clean(_text(row, name) or "") or None


def _web(row: Mapping[str, object], name: str) -> str | None:
    value = clean(_text(row, name) or "", limit=_URL_LIMIT)
    if not value:
        return None
    if not is_web(value):
        raise RowError(f"{name}: {mask(value)!r} is no web address; write it with https://")
    return value


def _key(value: str) -> str:
    try:
        return clean(video_key(value), limit=_URL_LIMIT)
    except ValueError as error:
        raise RowError(f"{mask(value)!r} does not name one video; paste its address") from error


def _identity(row: Mapping[str, object]) -> tuple[str, str]:
    url, name = _web(row, "url"), _line(row, "id")
    if not url and not name:
        raise RowError("it has neither `url` nor `id`; paste the video's address as `url`")
    key = _key(name or url or "")
    address = video_url(key) or url
    if address is None:
        raise RowError(f"id: {key!r} does not tell where the video is; add its `url`")
    return key, address


def _language(row: Mapping[str, object]) -> str | None:
    language = _line(row, "language")
    if language and not is_language(language):
        raise RowError(f"language: {language!r} is no language tag; write en or pt-BR")
    return language


def _access(row: Mapping[str, object]) -> Access:
    value = _line(row, "access")
    if value is None:
        return Access.PUBLIC
    try:
        return Access(value.lower())
    except ValueError as error:
        names = [str(one) for one in Access]
        close = get_close_matches(value.lower(), names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names)}"
        raise RowError(f"access: {value!r} is not known; {hint}") from error


def _lenient(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _yt_dlp_identity(row: Mapping[str, object]) -> tuple[str, str]:
    extractor = _lenient(row, "ie_key") or _lenient(row, "extractor_key")
    if extractor == "YoutubeTab":
        raise RowError("it is a list, not a video; give yt-dlp the list's own address")
    url = clean(_lenient(row, "webpage_url") or _lenient(row, "url"), limit=_URL_LIMIT)
    key = _key(_lenient(row, "id") if extractor == "Youtube" else url)
    address = video_url(key) or url
    if not is_web(address):
        raise RowError(f"{key!r} has no web address")
    return key, address


def _yt_dlp_access(row: Mapping[str, object], title: str) -> Access:
    return (
        _YT_DLP_TITLES.get(title)
        or _YT_DLP_ACCESS.get(_lenient(row, "availability"))
        or _YT_DLP_LIVE.get(_lenient(row, "live_status"))
        or Access.PUBLIC
    )


def _yt_dlp_length(row: Mapping[str, object]) -> timedelta | None:
    value = row.get("duration")
    try:
        return read_length(value if isinstance(value, (int, float)) else None)
    except RowError:
        # A live stream's odd length is no reason to lose the video.
        return None


def _yt_dlp_thumbnail(row: Mapping[str, object]) -> str | None:
    """Return the last thumbnail, which is the largest."""
    found = _lenient(row, "thumbnail")
    images = row.get("thumbnails")
    if not found and isinstance(images, list) and images and isinstance(images[-1], Mapping):
        found = _lenient(images[-1], "url")
    return thumbnail(found)
