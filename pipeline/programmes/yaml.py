"""Kind `yaml`: a list of talks in a YAML document of any shape.

Where the list stands and what its keys mean is told by options; no code. YAML is read strictly,
as the dataset is (docs/dataset.md). Must not guess what a value means: `_cells` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.errors import DatasetError
from pipeline.model import Fetch, Imported, Secret
from pipeline.programmes._columns import Layout, read_layout
from pipeline.programmes._people import People, read_people
from pipeline.programmes._reading import decode, read_bytes, unreadable
from pipeline.programmes._rows import beside_file, listed
from pipeline.programmes._table import parse_rows
from pipeline.yamltext import load


class YamlProgramme:
    """Imports a YAML document; options name the list and its keys (docs/programmes.md)."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        self._layout = read_layout("yaml", options, own=("items", "speakers_items"))
        self._items = options.get("items")
        self._speakers_items = options.get("speakers_items")

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the one event at `where`, a web address or a file. Raises SourceError."""
        people = None
        if self._layout.speakers_file:
            file = beside_file(where, self._layout.speakers_file)
            people = parse_yaml_people(
                read_bytes(fetch, file), self._layout, where=file, items=self._speakers_items
            )
        yield parse_yaml(
            read_bytes(fetch, where), self._layout, where=where, items=self._items, people=people
        )


def parse_yaml(
    body: bytes,
    layout: Layout,
    *,
    where: str,
    items: str | None = None,
    people: People | None = None,
) -> Imported:
    """Return the event whose talks stand at `items` in a document. Raises SourceError."""
    rows = listed(load_yaml(body, where=where), items, where=where)
    return parse_rows(rows, layout, where=where, people=people)


def parse_yaml_people(
    body: bytes, layout: Layout, *, where: str, items: str | None = None
) -> People:
    """Return the speakers who stand at `items` in a document. Raises SourceError."""
    rows = listed(load_yaml(body, where=where), items, where=where, option="speakers_items")
    return read_people(rows, columns=layout.columns, where=where)


def load_yaml(body: bytes, *, where: str) -> object:
    """Return a YAML document as plain values. Raises SourceError, also for anchors and aliases."""
    text = decode(body, where=where)
    try:
        return load(text, file=where).value
    except DatasetError as error:
        raise unreadable(
            where,
            f"{error.message}\nWhere it is YAML, but not as strict as this, have its own program "
            "write it as JSON, and import that with kind json",
        ) from error
