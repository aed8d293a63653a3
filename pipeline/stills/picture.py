"""What a picture is, judged by its bytes; and what the ledger says of one. Pure.

Must not believe a name or a media type that a server tells.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO

import imagesize

from pipeline.model import SeenVideo

SIZE_BYTES = 1_000_000
"""Bytes of a picture at most; preview images have a tenth of that."""

SIDES = (16, 8192)
"""Pixels of a side, at least and at most: beacons are smaller, and no preview image is larger."""

_SUFFIXES = frozenset(("jpg", "png", "webp"))
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture by the hexadecimal SHA-256 of its bytes; sides are in pixels."""

    sha256: str
    suffix: str
    width: int
    height: int

    @property
    def path(self) -> str:
        """Return where it lies below feeds/."""
        return f"img/{self.sha256[:16]}.{self.suffix}"

    @property
    def name(self) -> str:
        """Return its file's name among those that are kept."""
        return f"{self.sha256}.{self.suffix}"


def parse_picture(body: bytes) -> Picture | None:
    """Return which picture `body` is, None where it is no JPEG, PNG or WebP of a fitting size."""
    suffix = _suffix(body)
    if suffix is None or len(body) > SIZE_BYTES:
        return None
    width, height = imagesize.get(BytesIO(body))
    if not (SIDES[0] <= min(width, height) and max(width, height) <= SIDES[1]):
        return None
    digest = hashlib.sha256(body).hexdigest()
    return Picture(sha256=digest, suffix=suffix, width=width, height=height)


def kept(row: SeenVideo) -> Picture | None:
    """Return the picture that a row of the ledger names, None where it names none of ours."""
    if not row.image or not row.image_sha256 or not _SHA256.match(row.image_sha256):
        return None
    found = Picture(
        sha256=row.image_sha256,
        suffix=row.image.rpartition(".")[2],
        width=row.image_width or 0,
        height=row.image_height or 0,
    )
    return found if found.suffix in _SUFFIXES and found.path == row.image else None


def _suffix(body: bytes) -> str | None:
    """Tell the format by its first bytes (mimesniff.spec.whatwg.org, section 6.1)."""
    if body.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "webp" if body[:4] == b"RIFF" and body[8:14] == b"WEBPVP" else None
