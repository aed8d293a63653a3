from __future__ import annotations

import pytest

from pipeline import plugins
from pipeline.errors import ConfigError
from pipeline.plugins import Seam
from pipeline.sources.file import FileSource


@pytest.mark.parametrize(
    ("seam", "kind"), [(seam, kind) for seam, kinds in plugins.BUILT_IN.items() for kind in kinds]
)
def test_load_finds_every_built_in_in_the_module_of_its_name(seam: Seam, kind: str) -> None:
    assert plugins.load(seam, kind).__module__ == f"pipeline.{seam}.{kind.replace('-', '_')}"


def test_load_says_what_was_meant() -> None:
    with pytest.raises(ConfigError, match=r"no source of kind 'yotube' .* did you mean 'youtube'"):
        plugins.load("sources", "yotube")


def test_load_falls_back_to_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "teapot"

        def load(self) -> type[FileSource]:
            return FileSource

    def entry_points(**wanted: str) -> list[Point]:
        named = wanted.get("name", "teapot") == "teapot"
        return [Point()] if wanted["group"] == "recap.sources" and named else []

    monkeypatch.setattr(plugins, "entry_points", entry_points)
    assert plugins.load("sources", "teapot") is FileSource
    assert plugins.kinds("sources") == (*plugins.BUILT_IN["sources"], "teapot")
