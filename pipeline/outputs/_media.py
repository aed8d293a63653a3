"""A talk's recordings as Media RSS tells them: files, or pages that play them; and its picture.

Must not guess: a recording is a file only where its address ends in the name of a known type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pipeline.model import Recording
from pipeline.views import talk as views

# The types that IANA registers for these names; m4v, which it does not know, is what Apple says.
_TYPES = {
    ".m4a": "audio/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".webm": "video/webm",
}

_SUFFIX = re.compile(r"[^/](\.[^./]+)/*\Z")
_NAMED = re.compile("|".join(map(re.escape, _TYPES)), re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One recording of a whole talk. `url` is a file of `type`, or a page where that is None."""

    url: str
    type: str | None
    medium: Literal["video", "audio"]
    seconds: int | None
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The stored picture of a talk by its address; sides are in pixels, where they are known."""

    url: str
    width: int | None = None
    height: int | None = None


def image(playable: Sequence[Recording], url: str) -> Image | None:
    """Return the stored picture of what readers are sent to; `url` is the site's.

    Never one of another host, who would be told of every reader.
    """
    first = playable[0] if playable else None
    if first is None or not first.image or views.web_address(first.image):
        return None
    return Image(url=f"{url}{first.image}", width=first.image_width, height=first.image_height)


def renditions(playable: Sequence[Recording]) -> tuple[Rendition, ...]:
    """Return what of a talk's recordings a feed tells, the one that a reader is sent to first.

    Only others that show the same talk follow: a part, or a longer video, is something else.
    """
    same = (one for one in playable[1:] if one.role == "alternative")
    return tuple(_rendition(one) for one in (*playable[:1], *same))


def file_type(url: str) -> str | None:
    """Return the media type of the file that `url` names, None where it names none."""
    found = _SUFFIX.search(urlsplit(url).path) if _NAMED.search(url) else None
    return _TYPES.get(found[1].lower()) if found else None


def _rendition(recording: Recording) -> Rendition:
    kind = file_type(recording.url)
    return Rendition(
        url=recording.url,
        type=kind,
        medium="audio" if kind and kind.startswith("audio/") else "video",
        seconds=views.whole_seconds(recording),
        language=recording.language,
    )
