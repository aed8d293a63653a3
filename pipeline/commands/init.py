"""`recap init`: a repository of one's own, ready for the first publish."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from pipeline.commands.terminal import Terminal, clock, standard

if TYPE_CHECKING:
    from pipeline.importing import Plan

EVENT = "example-conf"

FORGE = {".github/workflows/recap.yml": "workflow.yml", ".github/recap.sh": "recap.sh"}
"""What --forge writes, and the template of each."""

PROPOSAL = "recap/proposal"
"""The branch on which a workflow proposes what is new."""

_FORGE_NEXT = (
    "Wrote a workflow, .github/workflows/recap.yml, which publishes once an hour.",
    "  Push the repository, and let its pages be built by the workflow (Settings, Pages).",
    "  Schedules stop after 60 days without a commit; the status page shows it.",
)


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--url", help="Where feeds/ will be served, such as https://recaps.example.org/.")
@click.option("--tag", help="Domain and year that feed ids are made of; from --url if absent.")
@click.option(
    "--from",
    "source",
    nargs=2,
    metavar="KIND SOURCE",
    help="Start with the event of this programme (docs/programmes.md).",
)
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="Of the kind.")
@click.option("--event", "event_id", metavar="ID", help="The event's id, with --from.")
@click.option("--name", metavar="NAME", help="The event's name, if its programme does not tell.")
@click.option("--start", metavar="DATE", help="Its first day, if its programme does not tell.")
@click.option("--forge", is_flag=True, help="Write a workflow that publishes without a server.")
@click.option(
    "--pull-request",
    is_flag=True,
    help="With --forge: propose what is new instead of pushing it, for a protected branch.",
)
@click.option("--branch", metavar="NAME", help="With --forge: the branch to publish; main.")
@standard
def init(
    terminal: Terminal,
    *,
    folder: str,
    url: str | None,
    tag: str | None,
    source: tuple[str, str] | None,
    options: tuple[str, ...],
    event_id: str | None,
    name: str | None,
    start: str | None,
    forge: bool,
    pull_request: bool,
    branch: str | None,
) -> int:
    """Start a repository: config.yaml, a starter event, .gitignore and the editors' schemas.

    With --from the event and its talks come from a programme; in a folder that has a config.yaml
    already the event is added to it. With --forge a workflow is written as well, or alone where
    there is a config.yaml; docs/operations.md says what it does.
    """
    from pipeline.errors import ConfigError
    from pipeline.model import Outcome

    root = terminal.root / folder
    begun = (root / "config.yaml").exists()
    if begun and not source and not forge:
        raise ConfigError(f"{root / 'config.yaml'} exists already; nothing was written")
    if forge:
        _check_forge(root)
    elif pull_request or branch:
        raise click.UsageError("--pull-request and --branch go with --forge")
    if not source and (options or event_id or name or start):
        raise click.UsageError("--option, --event, --name and --start go with --from KIND SOURCE")
    made = (
        _planned(terminal, root, source, options=options, event_id=event_id, name=name, start=start)
        if source
        else None
    )
    used, written = (None, []) if begun else _begin(terminal, root, url, tag, own=made is not None)
    event = EVENT
    if made:
        event = made.event_id
        written += _import(terminal, root, made)
    if forge:
        written += _forge(root, branch=branch or "main", propose=PROPOSAL if pull_request else "")
    if terminal.as_json:
        terminal.data({"folder": str(root), "tag": used, "written": written})
    if not begun or made:
        for line in _next(root, folder, event, begun=begun, imported=made is not None):
            terminal.say(line)
    for line in _FORGE_NEXT if forge else ():
        terminal.say(line)
    return Outcome.FINE


def _check_forge(root: Path) -> None:
    """Raise ConfigError where there is a workflow already: it may hold what a person changed."""
    from pipeline.errors import ConfigError

    for path in FORGE:
        if (root / path).exists():
            raise ConfigError(
                f"{root / path} exists already; nothing was written. Delete it to have it "
                "written anew"
            )


def _forge(root: Path, *, branch: str, propose: str) -> list[str]:
    """Write the workflow and the script of its steps; return their paths."""
    from pipeline import __version__
    from pipeline.config import load_config
    from pipeline.templating import Templates

    minute = str(_minute(load_config(root).site.tag))
    values = {"minute": minute, "branch": branch, "propose": propose, "version": __version__}
    templates = Templates()
    for path, name in FORGE.items():
        _write(root / path, templates.render(f"starter/{name}", **values).encode())
    return list(FORGE)


def _minute(tag: str) -> int:
    """Return an odd minute of the hour that is a site's own: at full hours forges are late."""
    return 2 * (int.from_bytes(hashlib.sha256(tag.encode()).digest()[:2]) % 28) + 3


def _begin(
    terminal: Terminal, root: Path, url: str | None, tag: str | None, *, own: bool
) -> tuple[str, list[str]]:
    """Write what a repository begins with; without a starter event where it gets its `own`.

    Returns the tag and the paths that were written.
    """
    from pipeline.commands.schema import FOLDER, render, schemas
    from pipeline.config import load_config
    from pipeline.templating import Templates

    if url is None and terminal.may_ask:
        url = click.prompt("Where will feeds/ be served", default="http://localhost:8000/")
    values = {"url": url or "http://localhost:8000/", "tag": tag or _tag(url), "event": EVENT}
    names = {"config.yaml": "config.yaml", ".gitignore": "gitignore"}
    if not own:
        names |= {f"data/{EVENT}/{name}": name for name in ("event.yaml", "videos.yaml")}
    templates = Templates()
    bodies = {
        path: templates.render(f"starter/{name}", **values).encode() for path, name in names.items()
    }
    bodies |= {f"{FOLDER}/{name}": render(one) for name, one in schemas().items()}
    written = [path for path, body in bodies.items() if _write(root / path, body)]
    load_config(root)
    return values["tag"], written


def _planned(
    terminal: Terminal,
    root: Path,
    source: tuple[str, str],
    *,
    options: tuple[str, ...],
    event_id: str | None,
    name: str | None,
    start: str | None,
) -> Plan:
    """Return the new event of a programme, before anything is written."""
    from pipeline.commands.importing import events_of, pairs
    from pipeline.config import Config, load_config
    from pipeline.errors import ConfigError
    from pipeline.importing import located, plan, single, starter
    from pipeline.model import Site

    kind, where = source[0], located(source[1], terminal.root)
    given = pairs(options, "--option")
    new = Config(root=root, site=Site(tag="", url="", title=""))
    config = load_config(root) if (root / "config.yaml").exists() else new
    with events_of(config, kind, where, options=given) as events:
        imported = single(events, where=where, event_id=event_id or "")
    origin = (
        {"kind": kind, "url": where, **given}
        if where == source[1] and not Path(where).exists()
        else None
    )
    begun = starter(
        imported, event_id=event_id, name=name, start=_day(start) if start else None, origin=origin
    )
    chosen = begun.written.event.id
    if (config.data / chosen).exists():
        raise ConfigError(
            f"{config.data / chosen} exists already; nothing was written. Import into it with "
            f"`recap import {kind} {source[1]} --event {chosen}`, or choose another id with --event"
        )
    return replace(plan(begun.written, imported), event_body=begun.body)


def _import(terminal: Terminal, root: Path, made: Plan) -> list[str]:
    """Write the new event and say what is in it; return the paths."""
    from pipeline.commands.importing import put, tell
    from pipeline.config import load_config

    put(load_config(root), made)
    tell(terminal, made)
    return [f"data/{made.event_id}/{name}" for name in ("event.yaml", "programme.yaml")]


def _next(root: Path, folder: str, event: str, *, begun: bool, imported: bool) -> list[str]:
    """Return what to do next, line by line."""
    where = "" if folder == "." else f" -C {folder}"
    file = root / "data" / event / "event.yaml"
    look = f"Look at {root / 'config.yaml'}: `site.tag` stays for ever, `site.url` may move."
    steps = [] if begun else [look]
    if imported:
        steps.append(f"Look at {file}, and name its recordings: `recap watch add URL{where}`.")
    else:
        steps.append(f"Put your talks and the list to watch into {file}.")
    steps.append(f"Run `recap publish{where}` and look at {root / 'feeds'}.")
    first = f"Added {event} in {root}." if begun else f"Started a recap in {root}."
    return [first, *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]


def _day(given: str) -> date:
    from pipeline.errors import ConfigError
    from pipeline.written.filemodel import parse_day

    try:
        return parse_day(given)
    except ValueError as error:
        raise ConfigError(f"--start: {error}") from error


def _write(path: Path, body: bytes) -> bool:
    """Write a starter file unless a person already has one of that name."""
    from pipeline import files

    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    return files.replace(path, body)


def _tag(url: str | None) -> str:
    """Return a tag authority: the site's own domain, else a random name that nobody owns."""
    today = clock().date()
    host = urlsplit(url or "").hostname or ""
    if "." in host and not host.replace(".", "").isdigit():
        return f"{host},{today:%Y}"
    return f"recap-{uuid.uuid4().hex[:12]}.invalid,{today:%Y}"
