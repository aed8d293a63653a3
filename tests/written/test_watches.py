from __future__ import annotations

from pipeline.written.watches import Lists, WatchFile, build_watch
from tests.builders import event, watch

SHARED = watch("channel", series="teaconf")


def test_join_adds_the_lists_of_the_series_to_those_of_the_event() -> None:
    lists = Lists(series={"teaconf": (SHARED,), "cupconf": (watch("other"),)})
    found = [lists.join(event(series=name)).watches for name in ("teaconf", "cakeconf", None)]
    assert found == [(watch(), SHARED), (watch(),), (watch(),)]


def test_join_leaves_an_events_own_list_of_the_same_id_in_place() -> None:
    own = watch("channel", options={"url": "https://example.org/"})
    one = event(series="teaconf", watches=(own,))
    assert Lists(series={"teaconf": (SHARED,)}).join(one) == one


def test_build_watch_leaves_what_is_no_address_to_its_kind() -> None:
    made = build_watch(WatchFile.model_validate({"kind": "feed", "url": "https://[example.org/"}))
    assert (made.id, made.options) == ("feed", {"url": "https://[example.org/"})


def test_fill_puts_the_options_of_a_kind_below_those_of_its_list() -> None:
    lists = Lists(options={"file": {"format": "csv", "url": "https://example.org/"}})
    found = [
        lists.fill(watch(options={"format": "json"})),
        lists.fill(watch(kind="youtube")),
    ]
    assert found == [
        watch(options={"format": "json", "url": "https://example.org/"}),
        watch(kind="youtube"),
    ]
