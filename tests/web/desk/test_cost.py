"""What a page of the desk costs: passages of the event, which is what takes long."""

from __future__ import annotations

import pytest

from pipeline import passage
from pipeline.model import Want
from tests.commands.person import OPEN_EVENT
from tests.web.desk.conftest import DOUBT, EVENT, Sitting
from tests.workspace import TEA, UNTITLED

MORE = "  - {id: untitled-too, speakers: [Alan Specimen]}\n  - {id: kettles, title: Kettles}\n"


@pytest.fixture
def passages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events whose whole way through the stages was taken."""
    taken: list[str] = []
    take = passage.take

    def counted(*args: object, **more: object) -> object:
        taken.append("one")
        return take(*args, **more)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(passage, "take", counted)
    return taken


@pytest.fixture
def busy(desk: Sitting) -> Sitting:
    """A desk with a question that several talks answer, and a decision to undo."""
    desk.tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT + MORE)
    desk.tea.list_videos(TEA, UNTITLED)
    desk.served.runner.publish(Want())
    desk.send(desk.get(f"{EVENT}?video=youtube:tea00000001"), verb="ignore")
    desk.tea.later(minutes=1)
    return desk


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        (f"?video={DOUBT}&talk=porcelain", 2),
        (f"?video={DOUBT}&tried=no", 3),
        (f"?video={DOUBT}&tried=ignore", 3),
        (f"?video={DOUBT}&tried=undo", 3),
        ("/drafts", 1),
    ],
)
def test_a_page_tries_out_the_answer_that_is_chosen_and_the_one_that_is_asked_for(
    busy: Sitting, passages: list[str], query: str, count: int
) -> None:
    page = busy.get(EVENT + query)
    assert (page.status, len(passages)) == (200, count)


@pytest.mark.parametrize("said", ["link", "no", "ignore"])
def test_an_answer_tries_out_itself(busy: Sitting, passages: list[str], said: str) -> None:
    page = busy.get()
    passages.clear()
    found = busy.send(page, verb=said)
    assert (found.status, len(passages)) == (303, 2)
