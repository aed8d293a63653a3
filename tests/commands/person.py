"""A person at a terminal who decides, with a clock of the test's own."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.workspace import EVENT, Workspace

DASHED = "{id: -qRUsuevKj4, title: Something else entirely, length: '30:10'}"
OPEN_EVENT = EVENT.replace("path: videos.yaml", "path: videos.yaml, only_this_event: false")
OTHER = OPEN_EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
"""A second event with the same talks."""


class Keyboard(io.StringIO):
    """Typed lines; a terminal as far as programs can tell."""

    def isatty(self) -> bool:
        return True


@dataclass(slots=True)
class Person:
    """Types `recap` commands in `tea`, as Ada, at `tea.now`."""

    tea: Workspace
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def recap(self, *arguments: str, keys: str | None = None) -> tuple[int, str, str]:
        """Return exit code, stdout and stderr; `keys` are typed at a terminal."""
        self.monkeypatch.setattr("sys.stdin", Keyboard(keys) if keys else io.StringIO())
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "-C", str(self.tea.root)])
        out, err = self.capsys.readouterr()
        return int(str(ended.value.code)), out, err

    def says(self, *arguments: str, keys: str | None = None) -> list[str]:
        """Return what a command prints, line by line; it must succeed."""
        code, out, err = self.recap(*arguments, keys=keys)
        assert (code, err) == (0, "")
        return out.splitlines()

    def publish(self) -> list[str]:
        """Publish offline a minute later; return the titles in the event's feed."""
        self.tea.later(minutes=1)
        self.tea.pass_(offline=True)
        body = (self.tea.root / "feeds/teaconf-2031/feed.json").read_text("utf-8")
        return [item["title"] for item in json.loads(body)["items"]]

    def decisions(self, place: str = "teaconf-2031/decisions") -> list[str]:
        """Return the bodies of the decision files, oldest first."""
        found: list[Path] = sorted((self.tea.root / "data" / place).glob("*.yaml"))
        return [path.read_text("utf-8") for path in found]
