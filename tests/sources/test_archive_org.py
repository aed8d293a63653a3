from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Known, Listing, Video
from pipeline.sources.archive_org import (
    FIELDS,
    ArchiveOrgSource,
    parse_address,
    parse_page,
    parse_runtime,
)
from tests.builders import no_secret, watch
from tests.sources.case import Case
from tests.sources.fakes import FakeFetch

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "archive-org"
QUERY = {"q": "collection:teaconf2031 AND mediatype:movies", "fields": FIELDS, "count": "1000"}
FIRST = f"https://archive.org/services/search/v1/scrape?{urlencode(QUERY)}"


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "identifier": f"teaconf2031-{number}",
        "mediatype": "movies",
        "title": "Brewing &amp; Pouring <i>Tea</i>",
        "description": '<a href="https://slides.example.org/1">Slides</a>',
        "publicdate": "2031-05-20T09:30:00Z",
        "date": "2031-05-17T00:00:00Z",
        "runtime": "00:24:26",
        "language": "eng",
        "creator": ["TeaConf", "Ada Example"],
        **more,
    }


def body(*items: object, total: int | None = None, **more: Any) -> bytes:
    total = len(items) if total is None else total
    return json.dumps({"items": items, "count": len(items), "total": total, **more}).encode()


def tea(number: int = 1) -> Video:
    return Video(
        key=f"archive:teaconf2031-{number}",
        url=f"https://archive.org/details/teaconf2031-{number}",
        title="Brewing & Pouring Tea",
        duration=timedelta(minutes=24, seconds=26),
        language="en",
        channel="TeaConf",
        platform_date=datetime(2031, 5, 20, 9, 30, tzinfo=UTC),
        thumbnail=f"https://archive.org/services/img/teaconf2031-{number}",
        anchors=("https://slides.example.org/1",),
    )


CASES = {
    "archive-org": Case("archive-org", {"collection": "teaconf2031"}, FIRST, body(row(1), row(2)))
}


def source(**options: str) -> ArchiveOrgSource:
    made = watch(kind="archive-org", options=options)
    return ArchiveOrgSource(made, folder=Path(), secret=no_secret)


@pytest.mark.parametrize(
    "url",
    [
        "https://archive.org/details/teaconf2031",
        "archive.org/details/teaconf2031?tab=collection",
        "https://www.archive.org/details/teaconf2031/",
    ],
)
def test_parse_address_reads_what_is_pasted(url: str) -> None:
    assert parse_address(url) == "teaconf2031"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://vimeo.com/1", "is no address of archive.org"),
        ("https://[::1", "is no web address"),
        ("https://archive.org/", "names no collection"),
        ("https://archive.org/details/a b", "is no identifier of a collection"),
    ],
)
def test_parse_address_says_what_to_paste_instead(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_address(url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {},
            (
                "write either `url: https://archive.org/details/…` or `collection: NAME`, "
                "one of them"
            ),
        ),
        (
            {"collection": "a OR b"},
            ("collection: 'a OR b' is no identifier of a collection; it stands after /details/"),
        ),
    ],
)
def test_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(**options)
    assert str(caught.value) == f"watch list 'list': {message}"


def test_source_reads_every_page_also_when_some_is_known() -> None:
    second = f"{FIRST}&cursor=W3siaWQi"
    fetch = FakeFetch(
        {FIRST: body(row(1), total=2, cursor="W3siaWQi"), second: body(row(2), total=2)}
    )
    known = Known(keys=frozenset((tea(1).key,)), whole=False)
    listing = source(collection="teaconf2031").videos(fetch, known)
    assert listing == Listing(videos=(tea(1), tea(2)))
    assert [headers for _, headers in fetch.asked] == [{"Cache-Control": "no-cache"}] * 2


def test_source_takes_an_answer_that_was_cut_short_for_unknown() -> None:
    with pytest.raises(SourceError, match="it shows 1 of the 2 that it says it has"):
        source(collection="teaconf2031").videos(FakeFetch({FIRST: body(row(), total=2)}), Known())


def test_source_says_that_a_collection_may_not_exist() -> None:
    with pytest.raises(SourceError) as caught:
        source(collection="teaconf2031").videos(FakeFetch({FIRST: body()}), Known())
    assert str(caught.value) == (
        "the collection 'teaconf2031' shows no films; check at "
        "https://archive.org/details/teaconf2031 that it exists and holds any"
    )


def test_source_looks_at_another_base() -> None:
    base = "http://127.0.0.1:8080"
    fetch = FakeFetch({FIRST.replace("https://archive.org", base): body(row())})
    looking = source(url=f"{base}/details/teaconf2031", base=f"{base}/")
    assert looking.videos(fetch, Known()) == Listing(videos=(tea(),))


def test_parse_page_passes_over_what_is_no_film() -> None:
    page = parse_page(body(row(1), row(2, mediatype="image"), row(3, mediatype=["texts"])))
    assert (page.videos, page.skipped, page.rows) == ((tea(1),), (), 3)


def test_parse_page_takes_an_item_of_an_identifier_alone() -> None:
    (one,) = parse_page(body({"identifier": "teaconf2031-1"})).videos
    assert one == Video(key=tea().key, url=tea().url, thumbnail=tea().thumbnail)


def test_parse_page_skips_and_names_what_it_cannot_use() -> None:
    page = parse_page(body(row(identifier="a/b"), "tea", row()))
    assert (page.videos, page.skipped) == (
        (tea(),),
        ("item 1: it has no usable identifier", "item 2: it is no item"),
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b'{"error": "bad query"}', "it has no list of 'items'"),
        (body(row())[:-9], "it is not JSON"),
    ],
)
def test_parse_page_takes_what_is_no_list_for_unknown(answer: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        parse_page(answer)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("24:26", 1466),
        ("0:24:26.5", 1466),
        ("26 minutes", 1560),
        ("26 min.", 1560),
        ("1466.5 seconds", 1466),
        ("1h02m", 3720),
        ("1 hour, 2 minutes 3 seconds", 3723),
        ("1466.52", 1467),
        ("1466", None),
        ("approx. one reel", None),
        ("", None),
        ("0:00", None),
    ],
)
def test_parse_runtime_reads_what_uploaders_write(value: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_runtime(value) == expected


def test_parse_page_reads_real_items() -> None:
    path = SHARED / "advanced_search_response.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    # Recorded from the older search, whose items are the same.
    items = json.loads(path.read_bytes())["response"]["docs"]
    page = parse_page(body(*items))
    assert (len(page.videos), page.rows, page.skipped) == (14, 50, ())
    assert sum(one.platform_date is not None for one in page.videos) == 10
