"""Docs that cannot rot: what pages take from the code is what the code says."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest

from pipeline import plugins
from pipeline.plugins import Seam
from tests.workspace import REPOSITORY

DOCS = REPOSITORY / "docs"


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["commands.md", "configuration.md", "dataset.md"])
def test_reference_pages_are_what_the_code_says(page: str) -> None:
    written = (DOCS / page).read_text("utf-8")
    assert written == reference().pages()[page], "run: python docs/reference.py"


@pytest.mark.parametrize("seam", plugins.BUILT_IN)
def test_every_kind_has_a_section_in_the_docs(seam: Seam) -> None:
    body = (DOCS / f"{seam}.md").read_text("utf-8")
    missing = [kind for kind in plugins.BUILT_IN[seam] if f"\n## {kind}\n" not in body]
    assert missing == []


def test_the_architecture_page_names_every_module() -> None:
    body = (DOCS / "architecture.md").read_text("utf-8")
    parts = {
        path.name + ("/" if path.is_dir() else "")
        for path in (REPOSITORY / "pipeline").iterdir()
        if not path.name.startswith(("_", "."))
    }
    named = set(re.findall(r"^  ([a-z]+(?:\.py|/))", body, re.MULTILINE))
    assert parts - {"py.typed", "templates/"} == named


def test_links_between_pages_lead_somewhere() -> None:
    dead = []
    for page in [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if not target.startswith(("http:", "https:")) and not (page.parent / target).exists():
                dead.append(f"{page.name}: {target}")
    assert dead == []
