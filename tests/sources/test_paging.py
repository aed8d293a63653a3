from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.errors import FetchError, SourceError
from pipeline.model import Completeness, Known, Listing, Response, Video
from pipeline.sources import _paging
from pipeline.sources._paging import Page, walk
from tests.builders import video
from tests.sources.fakes import FakeFetch

FIRST = "https://tube.example.org/list?page=1"
OLD, MID, NEW = video("tea00000001"), video("tea00000002"), video("tea00000003")
NEWEST_FIRST = {
    FIRST: Page(videos=(NEW,), rows=1, following="?page=2"),
    "https://tube.example.org/list?page=2": Page(videos=(MID,), rows=1, following="?page=3"),
    "https://tube.example.org/list?page=3": Page(videos=(OLD,), rows=1),
}
UNKNOWN = Known()
FRESH = {"Cache-Control": "no-cache"}


def network(pages: Mapping[str, Page]) -> FakeFetch:
    return FakeFetch({address: address.encode() for address in pages})


def look(
    pages: Mapping[str, Page],
    *,
    known: Known = UNKNOWN,
    newest_first: bool = True,
    fetch: FakeFetch | None = None,
    conditional: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Listing:
    return walk(
        fetch or network(pages),
        FIRST,
        read=lambda body, _: pages[body.decode()],
        known=known,
        newest_first=newest_first,
        conditional=conditional,
        headers=headers,
    )


def keys(*videos: Video, whole: bool) -> Known:
    return Known(keys=frozenset(one.key for one in videos), whole=whole)


def test_walk_reads_every_page() -> None:
    assert look(NEWEST_FIRST) == Listing(videos=(NEW, MID, OLD))


def test_walk_stops_at_the_first_known_page() -> None:
    fetch = network(NEWEST_FIRST)
    listing = look(NEWEST_FIRST, known=keys(MID, OLD, whole=False), fetch=fetch)
    assert listing == Listing(videos=(NEW, MID), completeness=Completeness.WINDOW)
    assert len(fetch.asked) == 2


def test_walk_reads_on_when_the_whole_list_is_wanted() -> None:
    assert look(NEWEST_FIRST, known=keys(NEW, whole=True)) == Listing(videos=(NEW, MID, OLD))


def test_walk_reads_on_where_new_videos_may_stand_at_the_end() -> None:
    listing = look(NEWEST_FIRST, known=keys(NEW, whole=False), newest_first=False)
    assert listing == Listing(videos=(NEW, MID, OLD))


def test_walk_that_stops_on_the_last_page_has_read_the_list() -> None:
    assert look(NEWEST_FIRST, known=keys(OLD, whole=False)).completeness is Completeness.COMPLETE


def test_walk_takes_one_page_without_end_for_a_full_window() -> None:
    page = Page(videos=(NEW, OLD), rows=2, completeness=Completeness.WINDOW)
    assert look({FIRST: page}) == Listing(
        videos=(NEW, OLD), completeness=Completeness.WINDOW, window=2
    )


def test_walk_asks_only_for_the_first_page_conditionally() -> None:
    fetch = network(NEWEST_FIRST)
    look(NEWEST_FIRST, fetch=fetch, conditional=True)
    assert [headers for _, headers in fetch.asked] == [{}, FRESH, FRESH]


def test_walk_asks_for_the_first_page_anew_where_it_does_not_speak_for_the_others() -> None:
    fetch = network(NEWEST_FIRST)
    look(NEWEST_FIRST, fetch=fetch)
    assert [headers for _, headers in fetch.asked] == [FRESH, FRESH, FRESH]


def test_walk_passes_on_that_nothing_changed() -> None:
    assert look({}, fetch=FakeFetch({FIRST: None}), conditional=True) == Listing(unchanged=True)


def test_walk_fails_when_one_page_fails() -> None:
    pages = dict(list(NEWEST_FIRST.items())[:2])
    with pytest.raises(FetchError, match="404"):
        look(pages)


def test_walk_refuses_a_page_on_another_server() -> None:
    page = replace(NEWEST_FIRST[FIRST], following="https://other.example.org/list?page=2")
    with pytest.raises(SourceError, match="is on another server"):
        look({FIRST: page})


def test_walk_refuses_an_address_that_is_none() -> None:
    with pytest.raises(SourceError, match="is on another server"):
        look({FIRST: replace(NEWEST_FIRST[FIRST], following="https://[::1")})


def test_walk_refuses_pages_that_lead_back() -> None:
    with pytest.raises(SourceError, match="its pages do not end; 1 were read"):
        look({FIRST: replace(NEWEST_FIRST[FIRST], following="?page=1")})


def test_walk_refuses_a_page_that_repeats() -> None:
    pages = {**NEWEST_FIRST, "https://tube.example.org/list?page=2": NEWEST_FIRST[FIRST]}
    with pytest.raises(SourceError, match="page 2 repeats what stood before it"):
        look(pages)


def test_walk_takes_a_page_that_new_videos_have_shifted() -> None:
    second = "https://tube.example.org/list?page=2"
    pages = {**NEWEST_FIRST, second: replace(NEWEST_FIRST[second], videos=(NEW, MID))}
    assert look(pages) == Listing(videos=(NEW, MID, OLD))


def test_walk_refuses_pages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_paging, "PAGES", 2)
    with pytest.raises(SourceError, match="its pages do not end; 2 were read"):
        look(NEWEST_FIRST)


def test_walk_refuses_a_list_that_is_shorter_than_it_says() -> None:
    with pytest.raises(SourceError, match="it shows 1 of the 2 that it says it has"):
        look({FIRST: Page(videos=(NEW,), rows=1, total=2)})


def test_walk_names_the_rows_that_were_skipped() -> None:
    page = Page(videos=(NEW,), skipped=("row 2: broken",), rows=2, total=2)
    assert look({FIRST: page}).skipped == ("row 2: broken",)


def test_walk_takes_a_list_without_one_usable_row_for_unknown() -> None:
    with pytest.raises(SourceError, match=r"none of its 1 rows can be used \(row 1: broken\)"):
        look({FIRST: Page(skipped=("row 1: broken",), rows=1)})


class Moved(FakeFetch):
    """A network whose every answer comes from another server, as after a redirect."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        answer = super().get(url, headers=headers)
        return replace(answer, url=url.replace("tube.", "moved."))


def test_walk_sends_its_headers_to_the_first_server_only() -> None:
    second = "https://moved.example.org/list?page=2"
    pages = {FIRST: NEWEST_FIRST[FIRST], second: Page(videos=(OLD,), rows=1)}
    fetch = Moved({address: address.encode() for address in pages})
    look(pages, fetch=fetch, headers={"Authorization": "bearer tea"})
    assert fetch.asked == [(FIRST, {"Authorization": "bearer tea", **FRESH}), (second, FRESH)]
