"""docs/serving.md says what the server does."""

from __future__ import annotations

import re

from pipeline.model import Want
from pipeline.state.database import Look, State
from pipeline.web.api import Wish
from tests.builders import NOW
from tests.web.asking import moment
from tests.web.conftest import Serve
from tests.workspace import REPOSITORY, Workspace

PAGE = (REPOSITORY / "docs" / "serving.md").read_text("utf-8")


def section(name: str) -> str:
    return PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def test_the_page_shows_health_as_it_is_told(serve: Serve) -> None:
    served = serve(next_tick=moment(seconds=15))
    served.runner.publish(Want())
    shown = re.search(r"^\{.*\}$", section("Health"), re.MULTILINE)
    assert shown is not None
    assert served.ask("/healthz").text == shown[0]


def test_the_page_names_every_metric(serve: Serve, tea: Workspace) -> None:
    with State.open(tea.root / ".recap/state.sqlite") as state:
        state.commit(looks={"teaconf-2031/list": Look(last_good=NOW)}, validators={})
    served = serve()
    served.runner.publish(Want())
    served.runner.stop()
    assert served.runner.ended(30)
    told = set(re.findall(r"^# TYPE (\S+)", served.ask("/metrics").text, re.MULTILINE))
    made = {name for name in told if not name.endswith("_created")}
    assert set(re.findall(r"`(recap_\w+)", section("Metrics"))) == made


def test_the_page_names_every_key_of_a_trigger() -> None:
    assert re.findall(r"^\| `(\w+)` \|", section("Triggers"), re.MULTILINE) == list(
        Wish.model_fields
    )
