"""Looks over a run: shared lists once, unchanged ones cheaply, failing ones politely."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import FetchError
from pipeline.model import Event, Listing
from pipeline.state.database import Look, State
from pipeline.written.watches import Lists
from tests.builders import NOW, event, watch
from tests.looking.servers import BODY, URL, Watching, listed

TEA, CUP = listed(), listed("cupconf-2031")
KEY = "teaconf-2031/list"


@pytest.fixture
def run() -> Iterator[Watching]:
    with State.in_memory() as state:
        yield Watching(state)


def counts(found: list[Listing | None]) -> list[int | None]:
    """Return how many videos each listing has; None for no look."""
    return [None if one is None else len(one.videos) for one in found]


def test_a_list_that_two_events_share_is_fetched_once(run: Watching) -> None:
    assert counts(run.run(TEA, CUP)) == [1, 1]
    assert run.server.conditional == [False]


def test_only_changes_are_asked_for_once_the_sightings_are_saved(run: Watching) -> None:
    run.run(TEA)
    found = run.run(TEA)
    assert (run.server.conditional, [one and one.unchanged for one in found]) == (
        [False, True],
        [True],
    )


def test_everything_is_asked_for_when_the_ledger_does_not_know_what_was_seen(
    run: Watching,
) -> None:
    run.run(TEA)
    run.ledgers.clear()
    run.run(TEA)
    assert run.server.conditional == [False, False]


def test_events_that_saw_the_same_are_told_unchanged_by_one_answer(run: Watching) -> None:
    run.run(TEA, CUP)
    found = run.run(TEA, CUP)
    assert run.server.conditional == [False, True]
    assert [one and one.unchanged for one in found] == [True, True]


def test_an_event_that_knows_less_gets_the_whole_list_with_one_request(run: Watching) -> None:
    run.run(TEA)
    assert counts(run.run(TEA, CUP)) == [1, 1]
    assert run.server.conditional == [False, False]


def test_an_event_that_comes_after_the_answer_asks_again_if_it_knows_less(run: Watching) -> None:
    run.run(TEA)
    with run.opened() as lookout:
        lookout.plan(TEA, run.known(TEA), folder=run.folder, due=False)
        first = lookout.look(TEA, folder=run.folder)
        lookout.plan(CUP, run.known(CUP), folder=run.folder, due=False)
        second = lookout.look(CUP, folder=run.folder)
    assert (first["list"].unchanged, len(second["list"].videos)) == (True, 1)


def test_an_event_that_comes_after_the_answer_is_served_by_a_whole_one(run: Watching) -> None:
    with run.opened() as lookout:
        for one in (TEA, CUP):
            lookout.plan(one, run.known(one), folder=run.folder, due=False)
            lookout.look(one, folder=run.folder)
    assert run.server.conditional == [False]


def test_lists_of_a_series_are_asked_on_behalf_of_every_event_that_will_come(
    run: Watching,
) -> None:
    shared = watch(series="teaconf", options={"url": URL})
    first, second = (replace(one, watches=(shared,)) for one in (TEA, CUP))
    run.run(first)
    with run.opened() as lookout:
        for one in (first, second):
            lookout.survey(one, run.known(one), folder=run.folder, due=False)
        found = []
        for one in (first, second):
            lookout.plan(one, run.known(one), folder=run.folder, due=False)
            found.append(len(lookout.look(one, folder=run.folder)["list"].videos))
    assert (run.server.conditional, found) == ([False, False], [1, 1])


def test_answers_are_taken_in_the_order_of_the_events_whichever_is_first(run: Watching) -> None:
    events = [listed(f"conf-{number}", url=f"https://{number}.example.org/") for number in range(9)]
    for number, one in enumerate(events):
        rows = ", ".join(f'{{"id": "tea{number}000{row:04d}"}}' for row in range(number + 1))
        run.server.bodies[one.watches[0].options["url"]] = f"[{rows}]".encode()
    assert counts(run.run(*events)) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def file_event(**more: Any) -> Event:
    return event(watches=(watch(options={"path": "list.json"}, **more),))


def test_a_saved_file_is_due_whatever_the_interval(run: Watching, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(BODY)
    run.folder = tmp_path
    looks = []
    for saved, hours in ((0, 1), (0, 2), (3, 4)):
        stamp = (NOW + timedelta(hours=saved)).timestamp()
        os.utime(path, (stamp, stamp))
        run.now = NOW + timedelta(hours=hours)
        looks += counts(run.run(file_event(every=timedelta(days=9)), due=True))
    assert looks == [1, None, 1]


def test_a_file_needs_no_thread(run: Watching, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(BODY)
    run.folder = tmp_path
    before = threading.active_count()
    with run.opened() as lookout:
        lookout.plan(file_event(), run.known(TEA), folder=tmp_path, due=False)
        lookout.look(file_event(), folder=tmp_path)
        during = threading.active_count()
    assert during == before


def test_a_file_of_a_series_starts_at_data(run: Watching, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(BODY)
    run.folder = tmp_path / "teaconf-2031"
    assert counts(run.run(file_event(series="teaconf"))) == [1]


def test_options_of_the_kind_stand_below_those_of_the_list(run: Watching) -> None:
    run.lists = Lists(options={"file": {"url": URL}})
    run.run(event(watches=(watch(),)))
    assert run.server.asked == [(URL, False)]


def test_failures_are_counted_and_retry_after_is_honoured(run: Watching) -> None:
    run.server.failures[URL] = FetchError("busy", status=503, retry_after=NOW + timedelta(hours=2))
    run.run(TEA)
    first = run.state.look(KEY)
    run.server.failures.clear()
    run.later(hours=1)
    early = run.run(TEA)
    run.later(hours=1)
    assert counts([*early, *run.run(TEA)]) == [None, 1]
    assert first == Look(
        last_try=NOW,
        failing_since=NOW,
        failures=1,
        not_before=NOW + timedelta(hours=2),
        last_error="busy",
    )
    assert run.state.look(KEY) == Look(last_try=run.now, last_good=run.now)


def test_a_due_look_waits_while_the_server_calls_its_answer_fresh(run: Watching) -> None:
    run.server.fresh_until = NOW + timedelta(minutes=50)
    run.run(TEA)
    looks = []
    for minutes in (40, 10):
        run.later(minutes=minutes)
        looks += counts(run.run(TEA, due=True))
    assert looks == [None, 0]


def test_max_age_is_believed_for_an_hour_while_the_event_is_fresh(run: Watching) -> None:
    run.server.fresh_until = NOW + timedelta(days=3)
    run.run(TEA)
    assert run.state.look(KEY).fresh_until == NOW + timedelta(hours=1)


def test_max_age_holds_no_look_up_that_a_person_asks_for(run: Watching) -> None:
    run.server.fresh_until = NOW + timedelta(minutes=50)
    run.run(TEA)
    assert counts(run.run(TEA)) == [0]


def test_the_next_look_is_sooner_once_something_new_was_seen(run: Watching) -> None:
    run.run(TEA)
    run.later(hours=3)
    run.server.bodies[URL] = b'[{"id": "tea00000001"}, {"id": "por00000001"}]'
    report = run.report(TEA)
    assert report.next_look is not None
    assert timedelta(minutes=9) <= report.next_look - run.now <= timedelta(minutes=10)


def test_events_of_a_series_are_due_for_its_list_together(run: Watching) -> None:
    shared = watch(series="teaconf", options={"url": URL})
    events = [replace(one, watches=(shared,)) for one in (TEA, CUP)]
    assert len({run.report(one).next_look for one in events}) == 1


def test_a_fallback_that_helped_is_said_to_a_person(run: Watching) -> None:
    other = "https://example.org/other.json"
    run.server.failures[URL] = FetchError("no answer")
    fuller = watch(options={"url": other})
    found = run.run(replace(TEA, watches=(replace(TEA.watches[0], fallback=fuller),)))
    assert (counts(found), run.notes) == (
        [1],
        [f"{KEY}: read by the fallback 'file' only, for the list itself failed: no answer"],
    )


def test_no_thread_is_left_when_a_run_breaks_off(run: Watching) -> None:
    before = threading.active_count()

    def broken_off() -> None:
        with run.opened() as lookout:
            lookout.plan(TEA, run.known(TEA), folder=run.folder, due=False)
            lookout.ask()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert threading.active_count() == before


def test_a_source_that_breaks_fails_its_own_list_alone(
    run: Watching, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("pipeline.sources.file.FileSource.videos", broken)
    assert counts(run.run(TEA)) == [None]
    look = run.state.look(KEY)
    assert (look.failures, str(look.last_error).partition(";")[0]) == (
        1,
        "the kind 'file' broke while it read the list (ZeroDivisionError)",
    )
    (line,) = (one for one in caplog.records if one.name == "recap.looking")
    assert (line.watch, line.exc_info is not None) == ("list", True)  # type: ignore[attr-defined]  # ids are extra


@pytest.mark.parametrize(("series", "requests"), [(None, 2), ("teaconf", 1)])
def test_answers_are_let_go_when_they_are_many_but_not_those_of_a_series(
    run: Watching, monkeypatch: pytest.MonkeyPatch, series: str | None, requests: int
) -> None:
    monkeypatch.setattr("pipeline.looking.lookout.HELD", 1)
    shared = watch(series=series, options={"url": URL})
    with run.opened() as lookout:
        for one in (replace(TEA, watches=(shared,)), replace(CUP, watches=(shared,))):
            lookout.plan(one, run.known(one), folder=run.folder, due=False)
            assert len(lookout.look(one, folder=run.folder)["list"].videos) == 1
    assert len(run.server.asked) == requests


def test_a_job_apart_has_a_fetch_and_leaves_no_trace_among_the_looks(run: Watching) -> None:
    with run.opened() as lookout:
        done = lookout.apart(URL, lambda fetch: fetch.get(URL).body)
        assert (done.result(), lookout.looks.states, lookout.looks.reports) == (BODY, {}, [])


def test_a_job_apart_gives_its_error_to_whoever_waits(run: Watching) -> None:
    run.server.failures[URL] = FetchError("no")
    with run.opened() as lookout:
        done = lookout.apart(URL, lambda fetch: fetch.get(URL).body)
        with pytest.raises(FetchError, match=r"^no$"):
            done.result()
