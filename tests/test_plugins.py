from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import plugins
from pipeline.errors import ConfigError
from pipeline.model import DeliveryOptions
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


def test_anchored_makes_the_paths_of_a_kind_absolute(tmp_path: Path) -> None:
    class Kind:
        paths = ("path", "other")

    options: DeliveryOptions = {
        "path": "out/mails",
        "other": "/srv/mails",
        "host": "a/b",
        "headers": {"path": "x"},
    }
    assert plugins.anchored(Kind, options, folder=tmp_path) == {
        **options,
        "path": str(tmp_path / "out" / "mails"),
    }


def test_anchored_leaves_a_kind_without_paths_alone(tmp_path: Path) -> None:
    assert plugins.anchored(object, {"path": "x"}, folder=tmp_path) == {"path": "x"}
