"""Writes what the reference pages take from the code: `python docs/reference.py`.

docs/commands.md is whole; docs/dataset.md and docs/configuration.md get their tables between
markers. A test fails while a page differs from what this would write.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from pipeline.cli import recap
from pipeline.config import ConfigFile
from pipeline.dataset.schema import BarredFile, DecisionFile, EventFile
from pipeline.written.filemodel import FileModel

DOCS = Path(__file__).parent

EXIT_CODES = (
    "Exit codes: 0 fine, 1 a stage failed, 2 usage or people's files, 3 a person is needed "
    "(with `--exit-code`), 75 another run is under way, 130 interrupted."
)


def pages() -> dict[str, str]:
    """Return every generated page by its file name."""
    return {
        "commands.md": commands(),
        "configuration.md": filled("configuration.md", {"config": ConfigFile}),
        "dataset.md": filled(
            "dataset.md",
            {"event": EventFile, "no-publish": BarredFile, "decision": DecisionFile},
        ),
    }


def commands() -> str:
    """Return the page of all commands with their help."""
    parts = [
        "# Commands\n",
        "This page is made from the program by `python docs/reference.py`.\n",
        EXIT_CODES,
        "Where several hold, the first of 75, 2, 1, 3 is taken.\n",
    ]
    for name in names(recap):
        parts += [f"## {name}\n", f"```text\n{help_of(name)}\n```\n"]
    return "\n".join(parts)


def names(group: click.Group) -> list[str]:
    """Return every command's name in the order of the help, `watch add` for one in a group."""
    context = click.Context(group)
    found: list[str] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += [f"{name} {inner}" for inner in names(command)]
        else:
            found.append(name)
    return found


def help_of(name: str) -> str:
    """Return what `recap NAME --help` prints, 88 columns wide."""
    result = CliRunner().invoke(
        recap, [*name.split(), "--help"], prog_name="recap", terminal_width=88, max_content_width=88
    )
    return result.output.strip()


def filled(page: str, models: dict[str, type[FileModel]]) -> str:
    """Return a page with the table of each model between its markers."""
    body = (DOCS / page).read_text("utf-8")
    for name, model in models.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        table = "\n".join(rows(model.model_json_schema()))
        body = re.sub(
            f"{re.escape(start)}.*?{re.escape(end)}",
            lambda _, table=table, start=start, end=end: f"{start}\n{table}\n\n{end}",
            body,
            flags=re.DOTALL,
        )
    return body


def rows(schema: dict[str, Any]) -> list[str]:
    """Return a Markdown table of every key of a schema, nested ones with their path."""
    found = ["| key | what it is |", "|---|---|"]
    _add_rows(schema, schema.get("$defs", {}), "", found)
    return found


def _add_rows(part: dict[str, Any], defs: dict[str, Any], prefix: str, found: list[str]) -> None:
    required = part.get("required", [])
    for key, field in part.get("properties", {}).items():
        inner, suffix = _inner(field, defs)
        text = field.get("description") or (inner or {}).get("description") or ""
        text = " ".join(text.split()).replace("|", "\\|")
        needed = " Required." if key in required else ""
        found.append(f"| `{prefix}{key}{suffix}` | {text}{needed} |")
        if inner:
            _add_rows(inner, defs, f"{prefix}{key}{suffix}.", found)


def _inner(field: dict[str, Any], defs: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """Return the model a field holds, if it holds one, and `[]` if it holds a list."""
    if field.get("type") == "array":
        return _inner(field.get("items", {}), defs)[0], "[]"
    for option in [field, *field.get("anyOf", []), *field.get("allOf", [])]:
        name = str(option.get("$ref", "")).rpartition("/")[2]
        if "properties" in defs.get(name, {}):
            return defs[name], ""
    return None, ""


if __name__ == "__main__":
    for name, body in pages().items():
        (DOCS / name).write_text(body, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
