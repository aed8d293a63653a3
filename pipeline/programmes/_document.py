"""What the kinds `json` and `yaml` share: a list of talks in a document of any shape.

Where the list stands and what its keys mean is told by options; no code. Must not guess what a
value means (`_cells` reads them), nor know how a document is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Protocol

from pipeline.model import Fetch, Imported, Secret
from pipeline.programmes._columns import Layout, read_layout
from pipeline.programmes._people import People, read_people
from pipeline.programmes._reading import read_bytes
from pipeline.programmes._rows import beside_file, listed
from pipeline.programmes._table import parse_rows


class Load(Protocol):
    """Returns a document as plain values. Raises SourceError where it cannot be read."""

    def __call__(self, body: bytes, /, *, where: str) -> object:
        """Read `body`, which came from `where`."""


class DocumentProgramme:
    """Imports a document; options name the list and its keys (docs/programmes.md)."""

    kind: ClassVar[str]
    load: ClassVar[Load]

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        self._layout = read_layout(self.kind, options, own=("items", "speakers_items"))
        self._items = options.get("items")
        self._speakers_items = options.get("speakers_items")

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the one event at `where`, a web address or a file. Raises SourceError."""
        people = None
        if self._layout.speakers_file:
            file = beside_file(where, self._layout.speakers_file)
            people = parse_people(
                read_bytes(fetch, file),
                self._layout,
                load=self.load,
                where=file,
                items=self._speakers_items,
            )
        yield parse_document(
            read_bytes(fetch, where),
            self._layout,
            load=self.load,
            where=where,
            items=self._items,
            people=people,
        )


def parse_document(
    body: bytes,
    layout: Layout,
    *,
    load: Load,
    where: str,
    items: str | None = None,
    people: People | None = None,
) -> Imported:
    """Return the event whose talks stand at `items` in a document. Raises SourceError."""
    rows = listed(load(body, where=where), items, where=where)
    return parse_rows(rows, layout, where=where, people=people)


def parse_people(
    body: bytes, layout: Layout, *, load: Load, where: str, items: str | None = None
) -> People:
    """Return the speakers who stand at `items` in a document. Raises SourceError."""
    rows = listed(load(body, where=where), items, where=where, option="speakers_items")
    return read_people(rows, columns=layout.columns, where=where)
