"""`recap schema`: the JSON Schemas that editors complete from."""

from __future__ import annotations

import json
from typing import Any

import click

from pipeline.commands.terminal import Terminal, standard

FOLDER = "schemas"


@click.command()
@standard
def schema(terminal: Terminal) -> int:
    """Write schemas/*.json, which the first lines of config.yaml and event.yaml name."""
    from pipeline import files
    from pipeline.model import Outcome

    found = schemas()
    if terminal.as_json:
        terminal.data(found)
        return Outcome.FINE
    folder = terminal.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in found:
        written = files.replace(folder / name, render(found[name]))
        terminal.say(f"{folder / name} {'written' if written else 'is up to date'}")
    return Outcome.FINE


def schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by its file name."""
    from pipeline import config
    from pipeline.dataset.schema import json_schemas

    made = {f"{name}.json": one for name, one in json_schemas().items()}
    return {"config.json": config.json_schema(), **made}


def render(one: dict[str, Any]) -> bytes:
    """Return a schema file's bytes."""
    return (json.dumps(one, ensure_ascii=False, indent=2) + "\n").encode()
