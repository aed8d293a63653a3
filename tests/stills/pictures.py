"""Small pictures made byte by byte; every one is grey, and differs by its size or its text."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 320, height: int = 180, *, text: bytes = b"") -> bytes:
    """Return a whole PNG (www.w3.org/TR/png-3) with a comment in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = ((b"IHDR", header), (b"tEXt", b"Comment\0" + text), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def jpeg(width: int = 320, height: int = 180) -> bytes:
    """Return the head of a JPEG: application marker, frame, end (ITU-T T.81, annex B)."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"
    )


def webp(width: int = 320, height: int = 180) -> bytes:
    """Return the head of a WebP with an extended header (RFC 9649, 2.7)."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
