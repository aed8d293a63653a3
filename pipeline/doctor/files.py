"""What people write: config.yaml, the dataset, and the secrets that they name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pipeline import ledger, merging, report
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.doctor.finding import Finding, broken, ok, warn
from pipeline.errors import ConfigError, DatasetError, Problem
from pipeline.looking import check_watches
from pipeline.model import EventFiles
from pipeline.service import heartbeat
from pipeline.written.targets import Target

SECRET_OPTIONS = ("secret", "signing_secret", "token")
"""Keys of an entry of `notify:` or `mail.to:` that name a secret."""

DEFAULT_SECRETS = {
    "smtp": "RECAP_SMTP_PASSWORD",
    "listmonk": "LISTMONK_TOKEN",
    "buttondown": "BUTTONDOWN_API_KEY",
}
"""By kind, the secret that is read where the entry names none."""

OPTIONAL_SECRETS = ("RECAP_TOKEN", heartbeat.SECRET, "YOUTUBE_API_KEY", "VIMEO_TOKEN")
"""Secrets that may be set or not; one that is set has to be readable."""

AHEAD = timedelta(minutes=5)


def dataset(store: FolderStore, config: Config) -> tuple[list[Finding], list[EventFiles]]:
    """Judge the files under data/; return the events that can be opened as well."""
    opened: list[EventFiles] = []
    problems: list[Problem] = []
    try:
        store.installation()
        store.barred()
    except DatasetError as error:
        problems += error.problems
    ids = store.event_ids()
    for event_id in ids:
        try:
            files = store.open(event_id)
            check_watches(
                files.event,
                folder=store.folder(event_id),
                file=f"data/{event_id}/event.yaml",
                lists=config.lists,
            )
        except DatasetError as error:
            problems += error.problems
        else:
            opened.append(files)
    count = f"{len(ids)} {report.plural(len(ids), 'event')}"
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        words = f"{count}; {problems[0]}{more}"
        return [broken("dataset", words, do="`recap check` names everything")], opened
    return [ok("dataset", count)], opened


def stamp(store: FolderStore, now: datetime) -> Finding:
    """Judge the newest stamp: one from the future keeps everything from being published."""
    try:
        said = merging.standing(store.barred()[1])
        newest = ledger.mend_installation(store.installation(), said, now).newest
    except DatasetError:
        return warn("stamp", "the dataset cannot be read", do="see `dataset`")
    if newest is None:
        return ok("stamp", "nothing was stamped yet")
    if newest <= now:
        return ok("stamp", f"the newest is of {report.plain(newest)}")
    words = f"the newest in data/ledger.yaml is of {report.plain(newest)}, ahead of the clock"
    soon = newest - now <= AHEAD
    if soon:
        return warn("stamp", words, do="wait until then: nothing is published before")
    return broken(
        "stamp",
        words,
        do="nothing is published until then. Set the clock right if it is wrong (see `clock`); if "
        "it was wrong when that was stamped, say so with `recap clock mend`",
    )


def secrets(config: Config) -> Iterator[Finding]:
    """Judge the secrets: those that are named have to be set, those that are set to be readable."""
    needed = dict.fromkeys(_named((*config.notify, *config.mail_to)))
    for name in needed:
        yield _secret(config, name, needed=True)
    for name in OPTIONAL_SECRETS:
        if name not in needed and (name in os.environ or f"{name}_FILE" in os.environ):
            yield _secret(config, name, needed=False)


def _named(targets: Iterable[Target]) -> Iterator[str]:
    for target in targets:
        found = [target.options[key] for key in SECRET_OPTIONS if target.options.get(key)]
        yield from (one for one in found if isinstance(one, str))
        default = DEFAULT_SECRETS.get(target.kind)
        if default and not found and (target.kind != "smtp" or target.options.get("user")):
            yield default


def _secret(config: Config, name: str, *, needed: bool) -> Finding:
    what = f"secret {name}"
    try:
        value = config.secret(name)
    except ConfigError as error:
        return broken(what, error.message, do="give the file to this user, or name another")
    if value:
        return ok(what, "is set")
    if needed:
        return broken(
            what,
            "config.yaml names it, and it is not set",
            do=f"set {name}, or {name}_FILE with the path of a file, in the environment",
        )
    return warn(what, "is empty", do="give it a value, or unset it")
