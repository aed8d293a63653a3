"""The log of a pass, as a machine reads it."""

from __future__ import annotations

import logging
import re

import pytest

from tests.workspace import PORCELAIN, TEA, Workspace

IDS = ("event", "watch", "talk")


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, dict[str, str]]]:
    """Return level, message and ids of every line."""
    return [
        (
            each.levelname,
            re.sub(r"\b0\.9\d\b", "SURE", each.getMessage()),
            {name: getattr(each, name) for name in IDS if getattr(each, name, None)},
        )
        for each in caplog.records
        if each.name.startswith("recap")
    ]


def test_a_pass_logs_one_line_a_decision_with_its_ids(
    tea: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "recap")
    tea.list_videos(TEA)
    tea.pass_()
    event = {"event": "teaconf-2031"}
    assert told(caplog) == [
        (
            "INFO",
            "teaconf-2031: youtube:tea00000001 auto brewing-tea (SURE)",
            event | {"talk": "brewing-tea"},
        ),
        ("INFO", "teaconf-2031/brewing-tea: released", event | {"talk": "brewing-tea"}),
        ("INFO", "teaconf-2031: + 1 recording, feed + 1, mail draft + 1, recap 1 of 3", event),
    ]


def test_a_pass_that_changes_nothing_logs_nothing(
    tea: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    caplog.set_level(logging.INFO, "recap")
    tea.pass_()
    assert told(caplog) == []


def test_a_talk_that_leaves_the_feeds_is_logged(
    tea: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    tea.list_videos(PORCELAIN)
    tea.pass_()
    body = (tea.event_folder / "event.yaml").read_text("utf-8")
    gated = body.replace("id: porcelain", "id: porcelain\n    expectation: withheld")
    tea.write("data/teaconf-2031/event.yaml", gated)
    caplog.set_level(logging.INFO, "recap")
    tea.pass_()
    left = ("INFO", "teaconf-2031/porcelain: left the feeds")
    assert left in [line[:2] for line in told(caplog)]


def test_every_look_is_logged_with_its_list(
    tea: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "recap.looking")
    tea.list_videos(TEA)
    tea.pass_()
    tea.write("data/teaconf-2031/videos.yaml", "videos: [")
    tea.pass_()
    ids = {"event": "teaconf-2031", "watch": "file-videos"}
    first, second = told(caplog)
    assert first == ("DEBUG", "teaconf-2031/file-videos: it shows 1 videos", ids)
    assert (second[0], second[2]) == ("DEBUG", ids)
