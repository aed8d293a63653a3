"""A decision and its file: bytes, name, and who is taken to have decided.

A file is written once and never changed; its name is its time in UTC and a short hash of its
bytes. Does not choose what is decided, and writes nothing itself (see `FolderStore.decide`).
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import ledger, text
from pipeline.model import Decision, Mend
from pipeline.written.yamltext import Plain, dump

_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(\d{8}T\d{6}Z)-")
_FIELDS = (
    "video",
    "talk",
    "speaker",
    "event",
    "watch",
    "announcement",
    "target",
    "undoes",
    "reason",
)
_GIT_WAIT_S = 5.0


def render_decision(decision: Decision) -> bytes:
    """Return the bytes of a decision's file; its `id` is not in them."""
    rows: dict[str, Plain] = {
        "time": _plain(decision.time),
        "verb": str(decision.verb),
        "by": decision.by,
    }
    values = {name: getattr(decision, name) for name in _FIELDS}
    values["start"] = None if decision.start is None else text.length(decision.start)
    mend = decision.mend
    values["mend"] = mend and {
        "since": _plain(mend.since),
        "until": _plain(mend.until),
        "at": _plain(mend.at),
    }
    return dump(rows | {name: value for name, value in values.items() if value}).encode()


def named(decision: Decision) -> Decision:
    """Return the decision with the id that its time and its bytes give it."""
    digest = hashlib.sha256(render_decision(decision)).hexdigest()[:6]
    return replace(decision, id=f"{decision.time.astimezone(UTC).strftime(_STAMP)}-{digest}")


def after(decision: Decision, names: Iterable[str], *, mends: Sequence[Mend] = ()) -> Decision:
    """Return the decision, dated after every one of `names` (stems of decision files).

    Whoever decides has seen what was decided before: within one second, or with a clock that is
    behind another machine's, the later word must still be the later one. Names that a clock
    gave that ran ahead count as `mends` say; and no new word gets a time that they speak of.
    """
    named = (when for name in names if (when := _moment(name)))
    known = [ledger.meant(when, mends) + timedelta(seconds=1) for when in named]
    moment = max([decision.time, *known])
    for each in sorted(mends, key=lambda one: one.until):
        if each.since <= moment <= each.until:
            moment = each.until + timedelta(seconds=1)
    return replace(decision, time=moment)


def righted(decision: Decision, mends: Sequence[Mend]) -> Decision:
    """Return the decision as `mends` say when it was made; its id stays its file's."""
    return replace(decision, time=ledger.meant(decision.time, mends)) if mends else decision


def decider(root: Path) -> str:
    """Return who decides: RECAP_USER, else git's user.name in `root`, else the login name."""
    for name in (os.environ.get("RECAP_USER"), _git_name(root)):
        cleaned = text.clean(name or "")
        if cleaned:
            return cleaned
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no entry for this user: KeyError up to Python 3.12
        return f"user {os.getuid()}"


def _plain(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(name: str) -> datetime | None:
    """Return the time that a file's name tells; None for a name that a person gave."""
    found = _NAME.match(name)
    try:
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _git_name(root: Path) -> str | None:
    command = ("git", "-C", str(root), "config", "user.name")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; `root` is the caller's folder
            command, capture_output=True, text=True, timeout=_GIT_WAIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # without git somebody else's word is as good
    return done.stdout.strip() if done.returncode == 0 else None
