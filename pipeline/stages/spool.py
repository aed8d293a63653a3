"""What one pass renders early and needs late, laid aside on the disk: it would be too much to hold.

The notes of events, for shared feeds that come long after them, and archive pages printed while
their events are at hand. A cache of one pass: whoever does not find something in it renders it
then. The file has no name, so it goes with the process, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import orjson

from pipeline.model import Artifact
from pipeline.views.notes import Known

_NOTES = "notes"


@dataclass(slots=True)
class Spool:
    """Artifacts by a key, in a file on the disk of a folder."""

    _folder: Path
    _file: IO[bytes] | None = None
    _places: dict[str, tuple[tuple[str, int, int], ...]] = field(default_factory=dict)

    def __enter__(self) -> Spool:
        """Begin with nothing, and no file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the file go."""
        self.give_way()

    def give_way(self) -> bool:
        """Let go of all that is there, whose room is needed; tell whether there was any."""
        file, self._file = self._file, None
        self._places.clear()
        with suppress(OSError):
            if file:
                file.close()
        return file is not None

    def put(self, inputs: str, artifacts: Iterable[Artifact]) -> None:
        """Lay aside what was made of `inputs`.

        Where the disk refuses, the file goes: its room is needed for what is to be published.
        """
        try:
            file, places = self._opened(), []
            start = file.seek(0, 2)
            for one in artifacts:
                file.write(one.body)
                places.append((one.path, start, len(one.body)))
                start += len(one.body)
            file.flush()
            self._places[inputs] = tuple(places)
        except OSError:
            self.give_way()

    def get(self, inputs: str) -> tuple[Artifact, ...]:
        """Return what was made of `inputs`, nothing where it is not there whole."""
        with suppress(OSError):
            places = self._places.get(inputs, ())
            found = tuple(Artifact(path=path, body=self._body(*at)) for path, *at in places)
            if [len(one.body) for one in found] == [size for _, _, size in places]:
                return found
        return ()

    def put_notes(self, event_id: str, known: Known) -> None:
        """Lay the notes of an event aside."""
        self.put(event_id, (Artifact(path=_NOTES, body=orjson.dumps(known)),))

    def notes(self, event_id: str) -> Known:
        """Return the notes of an event, nothing where they are not there."""
        for one in self.get(event_id):
            known = orjson.loads(one.body)
            return {markdown: (html, line) for markdown, (html, line) in known.items()}
        return {}

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - open until the end
        return self._file

    def _body(self, start: int, size: int) -> bytes:
        file = self._opened()
        file.seek(start)
        return file.read(size)
