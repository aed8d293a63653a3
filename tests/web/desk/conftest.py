"""A desk over an invented event: one talk out and drafted, one in doubt, one upload nobody's."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.model import RunReport, Want
from pipeline.state.database import State
from tests.commands.person import DASHED, OPEN_EVENT
from tests.web.asking import Answer, Passes, Served
from tests.workspace import CONFIG, TEA, UNTITLED, Workspace

EVENT = "/desk/events/teaconf-2031"
DOUBT = "youtube:unt00000001"
MAIL = (
    "announce: {when: each, quiet: 0m}\n"
    "mail:\n  from: recaps@example.org\n  to:\n"
    "    - {kind: folder, path: out, to: list@example.org}\n"
)
INPUT = re.compile(r'<input type="(hidden|radio)" name="([^"]+)" value="([^"]*)"([^>]*)>')
FILE = re.compile(r"<figcaption>data/([^<]+)</figcaption><pre[^>]*>([^<]*)</pre>")


class RealPasses(Passes):
    """Runs the pass over the folder, as the service does."""

    def __init__(self, tea: Workspace) -> None:
        super().__init__()
        self._tea = tea

    def __call__(self, want: Want) -> RunReport:
        super().__call__(want)
        with State.open(self._tea.root / ".recap" / "state.sqlite") as self._tea.state:
            return self._tea.pass_(events=want.events)


@dataclass(slots=True)
class Sitting:
    """A person at the desk, as a browser without scripts: pages are asked for and forms sent."""

    tea: Workspace
    served: Served
    cookie: str = ""

    def get(self, path: str = EVENT) -> Answer:
        self.served.now = self.tea.now
        found = self.served.ask(path, headers={"cookie": self.cookie})
        given = found.headers.get("set-cookie", "").partition(";")[0]
        self.cookie = given or self.cookie
        return found

    def send(self, page: Answer, path: str = EVENT, *, form: str = "answer", **say: str) -> Answer:
        """Send a form of a page; `say` is the button, and fields that are filled otherwise."""
        self.served.now = self.tea.now
        return self.served.post(path, {**fields(page, form), **say}, cookie=self.cookie)

    def decisions(self) -> dict[str, str]:
        """Return the decision files by their path below data/."""
        data = self.tea.root / "data"
        found: list[Path] = sorted(data.glob("teaconf-2031/decisions/*.yaml"))
        return {path.relative_to(data).as_posix(): path.read_text("utf-8") for path in found}


def fields(page: Answer, form: str = "answer") -> dict[str, str]:
    """Return what a browser would send of a form: hidden fields, and the card that is chosen."""
    body = re.search(rf'<form id="{form}".*?</form>', page.text, re.DOTALL)
    assert body is not None
    return {
        name: html.unescape(value)
        for kind, name, value, more in INPUT.findall(body[0])
        if kind == "hidden" or "checked" in more
    }


def files_shown(page: Answer) -> list[tuple[str, str]]:
    """Return the decision files that a page shows, in its order: path and content."""
    return [(path, html.unescape(body)) for path, body in FILE.findall(page.text)]


@pytest.fixture
def desk(tea: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sitting]:
    """Ada at her desk."""
    monkeypatch.setenv("RECAP_USER", "Ada")
    tea.write("config.yaml", CONFIG + MAIL)
    tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT)
    tea.list_videos(TEA, UNTITLED, DASHED)
    tea.state.close()
    passes = RealPasses(tea)
    passes(Want())
    tea.later(minutes=5)
    served = Served(config=tea.config, passes=passes, now=tea.now)
    yield Sitting(tea=tea, served=served)
    served.runner.stop()
    assert served.runner.ended(30)
