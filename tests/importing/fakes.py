"""A programme system of the tests: a YAML file of events, read with the dataset's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline import plugins
from pipeline.dataset.assembly import build_talk
from pipeline.dataset.schema import TalkFile
from pipeline.errors import ConfigError, SourceError
from pipeline.model import Fetch, Imported, Secret
from pipeline.written.yamltext import read
from tests.workspace import Workspace

KIND = "fake"

PROGRAMME = """\
- key: teaconf-2031
  talks:
    - {id: brewing-tea, title: Brewing Tea at Scale, speakers: [Ada Example], codes: [AAA]}
    - {id: porcelain, title: Porcelain in Production, speakers: [Grace Sample], codes: [BBB]}
    - {id: kettles, title: Whistling Kettles, speakers: [Alan Specimen], codes: [CCC]}
"""

BARE_EVENT = """\
id: teaconf-2031
name: TeaConf 2031
start: 2031-05-17
end: 2031-05-18
timezone: Europe/Berlin
"""


class FakeProgramme:
    """Reads events from a YAML file; one without a file cannot be read."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:
        del secret
        unknown = sorted(set(options) - {"room"})
        if unknown:
            raise ConfigError(f"a fake programme has no option {unknown[0]!r}; it has room")

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        del fetch
        path = Path(where)
        if not path.exists():
            raise SourceError(f"the programme {path.name} cannot be read: there is none")
        rows = read(path, name=path.name).value
        for row in rows if isinstance(rows, list) else []:
            assert isinstance(row, dict)
            yield _imported(row)


def _imported(row: Mapping[str, object]) -> Imported:
    talks = row.get("talks")
    days = {key: date.fromisoformat(str(row[key])) for key in ("start", "end") if key in row}
    words = {
        key: str(row[key]) for key in ("key", "name", "timezone", "introduction") if key in row
    }
    return Imported(
        talks=tuple(
            build_talk(TalkFile.model_validate(one))
            for one in (talks if isinstance(talks, list) else [])
        ),
        skipped=tuple(str(row[key]) for key in ("skipped",) if key in row),
        **words,  # type: ignore[arg-type]  # words by their field
        **days,  # type: ignore[arg-type]  # days by their field
    )


def use_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `fake` be a kind of programme."""
    kinds = {**plugins.BUILT_IN["programmes"], KIND: "tests.importing.fakes:FakeProgramme"}
    monkeypatch.setitem(plugins.BUILT_IN, "programmes", kinds)


def bare(workspace: Workspace, *, more: str = "") -> None:
    """Let the event have no talk of its own, and the fake programme three."""
    workspace.write("data/teaconf-2031/event.yaml", BARE_EVENT + more)
    workspace.write("programme", PROGRAMME)


def change(workspace: Workspace, *pairs: tuple[str, str]) -> None:
    """Let the programme say something else."""
    path = workspace.root / "programme"
    body = path.read_text("utf-8")
    for old, new in pairs:
        assert old in body
        body = body.replace(old, new)
    path.write_text(body, encoding="utf-8")
