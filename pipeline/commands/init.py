"""`recap init`: a repository of one's own, ready for the first publish."""

from __future__ import annotations

import uuid
from pathlib import Path
from urllib.parse import urlsplit

import click

from pipeline.commands.terminal import Terminal, clock, standard

EVENT = "example-conf"


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--url", help="Where feeds/ will be served, such as https://recaps.example.org/.")
@click.option("--tag", help="Domain and year that feed ids are made of; from --url if absent.")
@standard
def init(terminal: Terminal, *, folder: str, url: str | None, tag: str | None) -> int:
    """Start a repository: config.yaml, a starter event, .gitignore and the editors' schemas."""
    from pipeline.commands.schema import FOLDER, render, schemas
    from pipeline.config import load_config
    from pipeline.errors import ConfigError
    from pipeline.model import Outcome
    from pipeline.templating import Templates

    root = terminal.root / folder
    if (root / "config.yaml").exists():
        raise ConfigError(f"{root / 'config.yaml'} exists already; nothing was written")
    if url is None and terminal.may_ask:
        url = click.prompt("Where will feeds/ be served", default="http://localhost:8000/")
    values = {"url": url or "http://localhost:8000/", "tag": tag or _tag(url), "event": EVENT}
    templates = Templates()
    made = {
        "config.yaml": templates.render("starter/config.yaml", **values),
        ".gitignore": templates.render("starter/gitignore", **values),
        f"data/{EVENT}/event.yaml": templates.render("starter/event.yaml", **values),
        f"data/{EVENT}/videos.yaml": templates.render("starter/videos.yaml", **values),
    }
    bodies = {path: text.encode() for path, text in made.items()}
    bodies |= {f"{FOLDER}/{name}": render(one) for name, one in schemas().items()}
    written = [path for path, body in bodies.items() if _write(root / path, body)]
    load_config(root)
    if terminal.as_json:
        terminal.data({"folder": str(root), "tag": values["tag"], "written": written})
    where = "" if folder == "." else f" -C {folder}"
    for line in (
        f"Started a recap in {root}.",
        f"  1. Look at {root / 'config.yaml'}: `site.tag` stays for ever, `site.url` may move.",
        f"  2. Put your talks and the list to watch into {root / 'data' / EVENT / 'event.yaml'}.",
        f"  3. Run `recap publish{where}` and look at {root / 'feeds'}.",
    ):
        terminal.say(line)
    return Outcome.FINE


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
