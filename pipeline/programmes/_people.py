"""Who speaks, as a table tells it: names, mappings, or keys of a second file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.model import Speaker
from pipeline.programmes._cells import CellError, find, read_line
from pipeline.programmes._columns import SPEAKER, choose, no_column
from pipeline.programmes._reading import unreadable
from pipeline.programmes._values import web
from pipeline.text import clean, mask, name_key, words

Paths = Mapping[str, tuple[str, ...]]
"""Where each field stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The speakers of a second file, by what the talks call them; `by_id` says by which."""

    by_id: Mapping[str, Speaker] = field(default_factory=dict)
    by_name: Mapping[str, Speaker] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()

    def joins_by_id(self, keys: Iterable[str]) -> bool:
        """Tell whether talks name their speakers by id: one of `keys` at least is one."""
        return any(key in self.by_id for key in keys)


def read_people(
    rows: Sequence[tuple[str, object]], *, columns: Mapping[str, str], where: str
) -> People:
    """Read a file of speakers. Raises SourceError where it tells no names."""
    names = column_names(row for _, row in rows)
    paths = choose(columns, SPEAKER, names, where=where)
    if "speaker_name" not in paths and not _two_names(dict.fromkeys(names, "x")):
        raise no_column("speaker_name", columns.get("speaker_name", "name"), names, where=where)
    by_id: dict[str, Speaker] = {}
    by_name: dict[str, Speaker] = {}
    skipped: list[str] = []
    for place, row in rows:
        try:
            if isinstance(row, CellError):
                raise row
            speaker = read_speaker(row, paths)
            ids = [one for path in paths.get("speaker_id", ()) for one in find(row, path)]
            keys = [key for key in map(read_line, ids) if key]
        except CellError as error:
            skipped.append(f"{mask(where)}, {place}: {error}")
            continue
        by_name.setdefault(name_key(speaker.name), speaker)
        for key in keys:
            by_id.setdefault(key, speaker)
    if not by_name:
        why = skipped[0] if skipped else "it has no rows"
        raise unreadable(where, f"it names no speaker ({why})")
    return People(by_id=by_id, by_name=by_name, skipped=tuple(skipped))


def column_names(rows: Iterable[object]) -> tuple[str, ...]:
    """Return the keys of all rows in order, each once."""
    found: dict[str, None] = {}
    for row in rows:
        if isinstance(row, Mapping):
            found.update((str(name), None) for name in row)
    return tuple(found)


def read_speaker(row: object, paths: Paths) -> Speaker:
    """Read a speaker who is a mapping or a row. Raises CellError where there is no name."""

    def line(name: str) -> str | None:
        values = [one for path in paths.get(name, ()) for one in find(row, path)]
        return next(filter(None, map(read_line, values)), None)

    name = line("speaker_name") or _two_names(row)
    if not name:
        raise CellError("a speaker has no name; name its column with `speaker_name`")
    return Speaker(
        name=name,
        role=line("speaker_role"),
        affiliation=line("speaker_affiliation"),
        url=web(line("speaker_url")),
    )


def _two_names(row: object) -> str:
    """Return first and last name where they stand in two columns, as registrations have them."""
    if not isinstance(row, Mapping):
        return ""
    parts = {"".join(words(str(name))): value for name, value in row.items()}
    return clean(" ".join(read_line(parts.get(name)) for name in ("firstname", "lastname")))


def split(text: str, separator: str | None) -> list[str]:
    """Return the parts of a cell: at `separator`, else at lines, semicolons or else commas."""
    if separator is None:
        separator = next((mark for mark in ("\n", ";") if mark in text.strip()), ",")
    return [part for part in map(clean, text.split(separator)) if part]


def beside(speakers: list[Speaker], values: Mapping[str, list[str]]) -> list[Speaker]:
    """Return speakers with what stands in further columns of their row, one value each.

    Raises CellError where there are more or fewer values than speakers.
    """
    for cells in values.values():
        if len(cells) != len(speakers):
            raise CellError(f"{len(cells)} values stand beside {len(speakers)} speakers")

    def value(name: str, number: int, own: str | None) -> str | None:
        return (values[name][number] if name in values else None) or own

    return [
        replace(
            one,
            role=value("speaker_role", number, one.role),
            affiliation=value("speaker_affiliation", number, one.affiliation),
            url=web(value("speaker_url", number, one.url)),
        )
        for number, one in enumerate(speakers)
    ]
