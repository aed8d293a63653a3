"""What counts as a picture, and which one the ledger names."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import SeenVideo
from pipeline.stills import Picture, kept, parse_picture
from pipeline.stills.picture import SIZE_BYTES
from tests.builders import video
from tests.stills.pictures import jpeg, png, webp

PICTURE = Picture(sha256="0123456789abcdef" * 4, suffix="jpg", width=320, height=180)
ROW = SeenVideo(
    video=video(),
    image="img/0123456789abcdef.jpg",
    image_sha256="0123456789abcdef" * 4,
    image_width=320,
    image_height=180,
)


@pytest.mark.parametrize(
    ("body", "suffix"), [(jpeg(), "jpg"), (png(), "png"), (webp(), "webp")], ids=str
)
def test_picture_is_known_by_its_bytes(body: bytes, suffix: str) -> None:
    digest = hashlib.sha256(body).hexdigest()

    assert parse_picture(body) == Picture(sha256=digest, suffix=suffix, width=320, height=180)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><title>Not found</title>",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"/>',
        b"GIF89a\x40\x01\xb4\x00\x00\x00\x00",
        jpeg()[:20],
        png()[:12],
        webp()[:16],
        png(1, 1),
        png(15, 400),
        jpeg(9000, 180),
        jpeg() + b"\0" * SIZE_BYTES,
    ],
    ids=["empty", "page", "svg", "gif", "jpeg", "png", "webp", "dot", "thin", "huge", "heavy"],
)
def test_anything_else_is_no_picture(body: bytes) -> None:
    assert parse_picture(body) is None


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]),
    st.binary(max_size=300),
)
def test_odd_bytes_behind_a_good_beginning_are_a_picture_or_none(head: bytes, rest: bytes) -> None:
    found = parse_picture(head + rest)

    assert found is None or min(found.width, found.height) >= 16


def test_picture_lies_under_the_beginning_of_its_hash() -> None:
    assert (PICTURE.path, PICTURE.name) == (
        "img/0123456789abcdef.jpg",
        f"{'0123456789abcdef' * 4}.jpg",
    )


def test_kept_is_the_picture_of_a_row() -> None:
    assert kept(ROW) == PICTURE


@pytest.mark.parametrize(
    "row",
    [
        SeenVideo(video=video()),
        replace(ROW, image=None),
        replace(ROW, image_sha256=None),
        replace(ROW, image_sha256="../../../../etc/passwd"),
        replace(ROW, image="../0123456789abcdef.jpg"),
        replace(ROW, image="img/0123456789abcdef.svg"),
        replace(ROW, image="img/fedcba9876543210.jpg"),
    ],
)
def test_kept_is_nothing_where_a_row_names_no_picture_of_ours(row: SeenVideo) -> None:
    assert kept(row) is None
