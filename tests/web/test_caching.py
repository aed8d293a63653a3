from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.web.caching import (
    cache_control,
    content_type,
    is_fresh,
    is_packed,
    media_type,
    takes_gzip,
)

MODIFIED = datetime(2031, 5, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("teaconf-2031/feed.xml", "application/atom+xml; charset=utf-8"),
        ("teaconf-2031/archive/atom-3.xml", "application/atom+xml; charset=utf-8"),
        ("rss.xml", "application/rss+xml; charset=utf-8"),
        ("index.xml", "application/rss+xml; charset=utf-8"),
        ("archive/rss-12.xml", "application/rss+xml; charset=utf-8"),
        ("feed.json", "application/feed+json"),
        ("archive/feed-1.json", "application/feed+json"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("teaconf-2031/talks.json", "application/json"),
        ("teaconf-2031/recap.md", "text/markdown; charset=utf-8"),
        ("teaconf-2031/email.txt", "text/plain; charset=utf-8"),
        ("teaconf-2031/recap.eml", "message/rfc822"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("img/0123456789abcdef.webp", "image/webp"),
        ("archive/atom-x.xml", "application/xml; charset=utf-8"),
        ("what.ever", "application/octet-stream"),
    ],
)
def test_files_have_their_media_type_and_charset(path: str, kind: str) -> None:
    assert content_type(media_type(path)) == kind


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("atom.xml", "public, max-age=900"),
        ("status.json", "public, max-age=60"),
        ("status.html", "public, max-age=60"),
        ("archive/atom-1.xml", "public, max-age=900"),
        ("img/0123456789abcdef.jpg", "public, max-age=31536000, immutable"),
        ("img/logo.jpg", "public, max-age=86400"),
    ],
)
def test_only_what_is_named_by_its_hash_is_kept_for_ever(path: str, value: str) -> None:
    assert cache_control(path) == value


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("br, *;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip; q=0.0", False),
        ("gzip;q=much", False),
        ("identity", False),
        ("", False),
    ],
)
def test_gzip_is_for_those_who_take_it(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


@pytest.mark.parametrize(("kind", "packed"), [("text/html", True), ("image/png", False)])
def test_images_are_packed_already(kind: str, packed: bool) -> None:
    assert is_packed(kind) is packed


@pytest.mark.parametrize(
    ("etags", "since", "fresh"),
    [
        ('"abc"', None, True),
        ('W/"abc"', None, True),
        ('"x", "abc"', None, True),
        ("*", None, True),
        ('"x"', None, False),
        ('"x"', "Tue, 20 May 2031 12:00:00 GMT", False),
        (None, "Tue, 20 May 2031 12:00:00 GMT", True),
        (None, "Tue, 20 May 2031 11:59:59 GMT", False),
        (None, "Tue, 20 May 2031 12:00:00 -0000", True),
        (None, "yesterday", False),
        (None, "Tue, 20 May 2031 12:00:00 +99999999999999", False),
        (None, "Tue, 20 May 2031 99999999999999999999:00:00 GMT", False),
        (None, None, False),
    ],
)
def test_what_a_client_has_is_not_sent_again(
    etags: str | None,
    since: str | None,
    fresh: bool,
) -> None:
    found = is_fresh(etag='"abc"', modified=MODIFIED, if_none_match=etags, if_modified_since=since)
    assert found is fresh
