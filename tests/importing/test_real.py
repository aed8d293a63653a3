"""Real exports of programme systems, imported twice into an invented event."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.dataset.folder import FolderStore
from tests.importing.fakes import bare
from tests.workspace import Workspace, files_below

SHARED = Path(__file__).parents[3] / "shared" / "fixtures"
EXPORTS: list[tuple[str, str, tuple[str, ...], int]] = [
    ("pretalx", "pretalx-json/pretalx-democon.json", (), 36),
    ("frab", "schedule-xml/debconf23.xml", (), 85),
    ("frab", "pretalx-json/frab-camp2019.json", (), 79),
    ("sessionize", "sessionize/globalazure_all.json", (), 13),
    ("ical", "ical/jres_2022.ics", (), 111),
    (
        "csv",
        "csv/droidcon-2025_sessions.csv",
        ("speakers_file={shared}/csv/droidcon-2025_speakers.csv",),
        28,
    ),
    ("yaml", "yaml-programme/atlantic-2023-sessions.yaml", (), 12),
]


@pytest.mark.parametrize("export", EXPORTS, ids=[one[1] for one in EXPORTS])
def test_import_of_a_real_export_is_whole_and_empty_the_second_time(
    tea: Workspace,
    capsys: pytest.CaptureFixture[str],
    export: tuple[str, str, tuple[str, ...], int],
) -> None:
    kind, path, options, talks = export
    if not (SHARED / path).exists():
        pytest.skip(f"{path} is not beside this checkout")
    bare(tea)
    given = [word for one in options for word in ("--option", one.format(shared=SHARED))]

    def imported() -> str:
        with pytest.raises(SystemExit) as ended:
            main(["import", kind, str(SHARED / path), *given, "-C", str(tea.root)])
        out, err = capsys.readouterr()
        assert ended.value.code == 0, err
        return out

    assert f"{talks} added" in imported()
    assert len(FolderStore(tea.root / "data").open("teaconf-2031").event.talks) == talks
    before = files_below(tea.root)
    assert imported().splitlines()[0] == "teaconf-2031: nothing changes"
    assert files_below(tea.root) == before
