"""The notes of events as they were rendered, laid aside until the shared feeds of a pass need them.

Parsing Markdown is the dearest part of a page, and shared feeds come when all events are done: too
many to hold. A cache of one pass: whoever does not find notes in it renders them again. The file
has no name, so it goes with the process, however that ends.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import orjson

from pipeline.views.notes import Known


@dataclass(slots=True)
class Spool:
    """Notes by event, in a file on the disk of a folder."""

    _folder: Path
    _file: IO[bytes] | None = None
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __enter__(self) -> Spool:
        """Begin with nothing, and no file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the file go."""
        with suppress(OSError):
            if self._file:
                self._file.close()

    def put(self, event_id: str, known: Known) -> None:
        """Lay the notes of an event aside; where the disk refuses, they are not there later."""
        with suppress(OSError):
            if self._file is None:
                self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - open until the end
            body, start = orjson.dumps(known), self._file.seek(0, 2)
            self._file.write(body)
            self._places[event_id] = (start, len(body))

    def get(self, event_id: str) -> Known:
        """Return the notes of an event, nothing where there are none."""
        with suppress(OSError):
            if self._file and event_id in self._places:
                start, size = self._places[event_id]
                self._file.seek(start)
                known = orjson.loads(self._file.read(size))
                return {markdown: (html, line) for markdown, (html, line) in known.items()}
        return {}
