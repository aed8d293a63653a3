"""The picture of the house in docs/architecture.md is true."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

from tests.workspace import REPOSITORY

MODULES = sorted((REPOSITORY / "pipeline").rglob("*.py"))


def test_imports_go_one_way_and_the_core_is_pure() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "import importlinter.cli as c; c.lint_imports_command()"],
        cwd=REPOSITORY,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path.name: path.read_text("utf-8").count("\n") for path in MODULES}
    assert {name: count for name, count in lengths.items() if count > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{path.name}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []
