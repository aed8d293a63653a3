"""The run log in the browser."""

from __future__ import annotations

from pipeline.model import Want
from tests.web.desk.conftest import Sitting


def test_runs_tells_when_each_run_was_how_it_ended_and_what_it_did(desk: Sitting) -> None:
    desk.served.runner.publish(Want())
    page = desk.get("/desk/runs?event=teaconf-2031").text
    assert page.count("<li>\n<p><b><time") == 2
    assert "12:05 UTC</time></b>" in page
    assert "a person is needed" in page
    assert "teaconf-2031: 3 new videos, + 1 recording, 1 question, 1 of 3 out" in page


def test_runs_keeps_the_bar_of_an_event_only_where_one_is_named(desk: Sitting) -> None:
    assert "Look now" in desk.get("/desk/runs?event=teaconf-2031").text
    assert "Look now" not in desk.get("/desk/runs").text
