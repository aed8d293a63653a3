from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerting import Finding, digest, due, findings, noted, programmes, spent
from pipeline.model import Gap, Notice, WatchReport
from tests.builders import NOW

HOUR = timedelta(hours=1)
PLACE = "teaconf-2031/list"
WELL = WatchReport(key=PLACE, last_good=NOW)
FAILING = WatchReport(
    key=PLACE, error="no answer", last_good=NOW - 30 * HOUR, failing_since=NOW - 29 * HOUR
)
LATE = replace(FAILING, late=True)
BEGUN = Notice(kind="list", place=PLACE, since=NOW - 29 * HOUR, words="no answer")
WRONG = Finding(kind="list", place=PLACE, wrong="no answer", since=NOW - 29 * HOUR)
FINE = Finding(kind="list", place=PLACE)


def of_lists(*watches: WatchReport, whole: bool = True) -> list[Finding]:
    return [one for one in findings(watches, whole=whole) if one.kind == "list"]


def of_gaps(*watches: WatchReport, whole: bool = True) -> list[Finding]:
    return [one for one in findings(watches, whole=whole) if one.kind == "gap"]


def shared(event: str, report: WatchReport = WELL, **more: Any) -> WatchReport:
    return replace(report, key=f"{event}/channel", series="hot-drinks", **more)


def test_a_list_that_is_late_is_wrong_since_it_fails() -> None:
    assert of_lists(LATE) == [WRONG]


def test_a_list_that_fails_within_its_budget_is_neither_wrong_nor_well() -> None:
    assert of_lists(FAILING) == []


def test_a_list_that_is_read_is_well() -> None:
    assert of_lists(WELL) == [FINE]


def test_a_list_that_was_never_looked_at_is_nothing_yet() -> None:
    assert of_lists(WatchReport(key=PLACE)) == []


def test_a_list_of_a_series_is_found_once() -> None:
    found = of_lists(shared("teaconf-2031", LATE), shared("cupconf-2031", LATE))
    assert found == [replace(WRONG, place="series hot-drinks/channel")]


def test_a_list_of_a_series_is_well_as_soon_as_one_event_could_read_it() -> None:
    found = of_lists(shared("teaconf-2031", LATE), shared("cupconf-2031", WELL))
    assert found == [replace(FINE, place="series hot-drinks/channel")]


def test_a_list_of_a_series_is_not_well_by_an_event_that_was_not_asked() -> None:
    found = of_lists(shared("a", LATE), shared("b", WELL, last_good=LATE.last_good))
    assert found == [replace(WRONG, place="series hot-drinks/channel")]


def test_a_gap_is_wrong_while_it_is_open() -> None:
    found = of_gaps(replace(WELL, gap=Gap(after=NOW - HOUR, before=NOW)))
    span = "between 2031-05-20 11:00 UTC and 2031-05-20 12:00 UTC"
    assert found == [Finding(kind="gap", place=PLACE, wrong=span, since=NOW)]


def test_a_gap_of_a_first_look_has_no_beginning() -> None:
    found = of_gaps(replace(WELL, gap=Gap(after=None, before=NOW)))
    assert [one.wrong for one in found] == ["before 2031-05-20 12:00 UTC"]


def test_a_list_without_a_gap_is_whole() -> None:
    assert of_gaps(WELL) == [Finding(kind="gap", place=PLACE)]


def test_a_gap_of_a_series_is_closed_only_when_all_events_were_asked() -> None:
    assert of_gaps(shared("teaconf-2031"), whole=False) == []


def test_programmes_are_found_by_event() -> None:
    assert programmes({"b": None, "a": "changed by hand"}) == (
        Finding(kind="programme", place="a", wrong="changed by hand"),
        Finding(kind="programme", place="b"),
    )


def test_what_is_wrong_is_noted_once() -> None:
    first = noted((), (WRONG,), now=NOW)
    assert first == (BEGUN,)
    assert noted(first, (WRONG,), now=NOW + HOUR) == ()


def test_what_does_not_say_since_when_is_noted_from_the_run_that_found_it() -> None:
    made = noted((), programmes({"teaconf-2031": "changed by hand"}), now=NOW)
    assert made == (
        Notice(kind="programme", place="teaconf-2031", since=NOW, words="changed by hand"),
    )


def test_what_is_well_again_is_noted_once() -> None:
    first = noted((replace(BEGUN, told=NOW),), (FINE,), now=NOW + HOUR)
    assert first == (replace(BEGUN, told=NOW, ended=NOW + HOUR),)
    assert noted(first, (FINE,), now=NOW + 2 * HOUR) == ()


def test_what_was_always_well_is_not_noted() -> None:
    assert noted((), (FINE,), now=NOW) == ()


def test_what_fails_again_before_its_end_was_told_goes_on() -> None:
    over = replace(BEGUN, told=NOW, ended=NOW + HOUR)
    assert noted((over,), (WRONG,), now=NOW + 2 * HOUR) == (replace(BEGUN, told=NOW),)


def test_what_fails_again_after_it_was_never_told_begins_anew() -> None:
    later = replace(WRONG, since=NOW + HOUR)
    over = replace(BEGUN, ended=NOW)
    assert noted((over,), (later,), now=NOW + 2 * HOUR) == (replace(BEGUN, since=NOW + HOUR),)


def test_due_is_what_began_and_what_is_over_of_that_which_was_told() -> None:
    told = replace(BEGUN, told=NOW)
    over = replace(told, ended=NOW)
    unheard = replace(BEGUN, ended=NOW)
    kept = (BEGUN, told, over, unheard)
    assert (due(kept), spent(kept)) == ((BEGUN, over), (unheard,))


@given(st.lists(st.sampled_from(["wrong", "well", "told"]), max_size=12))
def test_beginnings_and_ends_are_told_in_turns(steps: list[str]) -> None:
    """Whatever happens between, people hear "began" and "over" alternately, "began" first."""
    kept: dict[tuple[str, str], Notice] = {}
    heard: list[str] = []
    for number, step in enumerate(steps):
        now = NOW + number * HOUR
        if step != "told":
            found = WRONG if step == "wrong" else FINE
            kept |= {one.key: one for one in noted(kept.values(), (found,), now=now)}
            continue
        for one in spent(kept.values()):
            del kept[one.key]
        for one in due(kept.values()):
            heard.append("over" if one.ended else "began")
            if one.ended:
                del kept[one.key]
            else:
                kept[one.key] = replace(one, told=now)
    assert heard == ["began", "over"] * (len(heard) // 2) + ["began"] * (len(heard) % 2)


def test_digest_tells_of_everything_at_once() -> None:
    gap = Notice(kind="gap", place="series hot-drinks/channel", since=NOW, words="before noon")
    asks = Notice(kind="programme", place="cupconf-2031", since=NOW, words="changed by hand")
    over = Notice(kind="list", place="cupconf-2031/list", since=NOW, told=NOW, ended=NOW + HOUR)
    made = digest([over, gap, asks, BEGUN], title="Recaps", to="webhook", now=NOW)
    assert made.subject == (
        "Recaps: 1 list is failing, 1 list may have missed videos, 1 programme needs you, "
        "1 list is well again"
    )
    assert made.text == (
        "This needs a look:\n"
        "\n"
        "- series hot-drinks/channel may have missed videos before noon: it shows its newest "
        "few only. Give it a `fallback:` that shows all of it, or look by hand and run "
        "`recap gap close channel`.\n"
        "- teaconf-2031/list has not been read since 2031-05-19 07:00 UTC: no answer. What is "
        "out stays out, and it is tried again by itself; if the list has moved, write its new "
        "address under `watch:`.\n"
        "- cupconf-2031: its programme stays as it was read last, since 2031-05-20 12:00 UTC: "
        "changed by hand\n"
        "\n"
        "This is over:\n"
        "\n"
        "- cupconf-2031/list is read again, since 2031-05-20 13:00 UTC.\n"
        "\n"
        "`recap status` says how everything stands. Each of these is told once.\n"
    )
    assert made.items == (gap, BEGUN, asks, over)


def test_digest_of_the_same_has_the_same_id_whenever_it_is_sent() -> None:
    ids = {
        digest([BEGUN], title="Recaps", to="webhook", now=NOW).id,
        digest([BEGUN], title="Recaps", to="webhook", now=NOW + HOUR).id,
        digest([BEGUN], title="Recaps", to="other", now=NOW).id,
        digest([replace(BEGUN, told=NOW, ended=NOW)], title="Recaps", to="webhook", now=NOW).id,
    }
    assert len(ids) == 3
