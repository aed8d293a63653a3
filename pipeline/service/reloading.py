"""config.yaml while a process runs: read again when it changed; a bad one keeps the old.

Must not apply anything: who asks for the configuration gets the one that holds by then.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from pipeline.config import NAME, Config, load_config
from pipeline.errors import ConfigError, Problem

LOG = logging.getLogger("recap.config")


class Settings:
    """The configuration that holds; any thread may ask for it.

    `problems` are what is wrong with the file as it stands, where the one before holds on.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._path = config.root / NAME
        self._lock = threading.Lock()
        self._mark = _mark(self._path)
        self.problems: tuple[Problem, ...] = ()

    @property
    def config(self) -> Config:
        """Return the configuration that holds, without looking at the file."""
        return self._config

    def current(self) -> Config:
        """Return the configuration that holds, after looking whether the file was changed."""
        with self._lock:
            # The mark comes first: a file that is saved while it is read is read once more.
            mark = _mark(self._path)
            if mark != self._mark:
                self._mark = mark
                self._read()
            return self._config

    def reload(self) -> None:
        """Read the file again though it looks unchanged."""
        with self._lock:
            self._mark = _mark(self._path)
            self._read()

    def _read(self) -> None:
        try:
            self._config = load_config(self._config.root)
        except ConfigError as error:
            told = error.problems or (Problem(file=NAME, message=error.message),)
            self.problems = (*told, Problem(file=NAME, message=_KEPT))
            LOG.warning("config.yaml was changed and cannot be used; the one before stays")
        else:
            self.problems = ()
            LOG.info("config.yaml was read again")


_KEPT = "the configuration that was read before this change stays until it is mended"


def _mark(path: Path) -> tuple[int, ...]:
    """Return what changes whenever the file is saved; nothing where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)
