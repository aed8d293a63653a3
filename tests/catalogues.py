"""The tool of docs/catalogues.py as a module."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from tests.workspace import REPOSITORY


def catalogues() -> ModuleType:
    """Return docs/catalogues.py, imported."""
    spec = importlib.util.spec_from_file_location(
        "catalogues", REPOSITORY / "docs" / "catalogues.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
