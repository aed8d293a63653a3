"""Kind `csv`: a table with a header row, as spreadsheets and submission systems export it.

Columns are told by their names or by options; no code. Must not guess what a value means:
`_cells` reads them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from pipeline.model import Fetch, Imported, Secret
from pipeline.programmes._cells import CellError
from pipeline.programmes._columns import Layout, read_layout
from pipeline.programmes._people import People, read_people
from pipeline.programmes._reading import decode, read_bytes, unreadable
from pipeline.programmes._rows import Rows, beside_file
from pipeline.programmes._table import parse_rows


class CsvProgramme:
    """Imports a table; options name its columns (docs/programmes.md)."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        self._layout = read_layout("csv", options)

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the one event at `where`, a web address or a file. Raises SourceError."""
        people = None
        if self._layout.speakers_file:
            file = beside_file(where, self._layout.speakers_file)
            people = parse_csv_people(read_bytes(fetch, file), self._layout, where=file)
        yield parse_csv(read_bytes(fetch, where), self._layout, where=where, people=people)


def parse_csv(body: bytes, layout: Layout, *, where: str, people: People | None = None) -> Imported:
    """Return the event of a table of talks. Raises SourceError."""
    return parse_rows(csv_rows(body, where=where), layout, where=where, people=people)


def parse_csv_people(body: bytes, layout: Layout, *, where: str) -> People:
    """Return the speakers of a table of them. Raises SourceError."""
    return read_people(csv_rows(body, where=where), columns=layout.columns, where=where)


def csv_rows(body: bytes, *, where: str) -> Rows:
    """Return the rows beneath the header, each as a mapping, named by its line.

    Separated by commas, semicolons or tabs, whichever the header has most of. A row of another
    width than the header is a CellError in place of its mapping. Raises SourceError.
    """
    text = decode(body, where=where).lstrip("\r\n")
    header_line = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, object]] = []
    line = 1
    try:
        header = [name.strip() for name in next(reader)]
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((f"line {line}", _row(header, row)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(
            where, f"line {line} is no CSV ({error}); export it again, as CSV in UTF-8"
        ) from error
    broken = [f"{place}: {row}" for place, row in rows if isinstance(row, CellError)]
    if rows and len(broken) == len(rows):
        raise unreadable(where, f"none of its {len(rows)} rows fits its header ({broken[0]})")
    return rows


def _row(header: list[str], row: list[str]) -> object:
    """Return a row as a mapping; of columns with the same name the first one counts."""
    if len(row) != len(header):
        return CellError(
            f"it has {len(row)} fields and the header has {len(header)}; check its quotes"
        )
    found: dict[str, str] = {}
    for name, cell in zip(header, row, strict=True):
        if name:
            found.setdefault(name, cell)
    return found
