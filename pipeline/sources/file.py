"""A list of videos in a file or behind an address: YAML, JSON, CSV, or what yt-dlp prints.

Must not look at the network but through `fetch`, and must not look at any other file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from pipeline.errors import DatasetError, SourceError
from pipeline.model import Fetch, Known, Listing, Secret, Video, Watch
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._rows import FIELDS, RowError, read_row, read_yt_dlp
from pipeline.text import clean, mask
from pipeline.written.yamltext import load

SIZE_BYTES = 32 * 1024 * 1024
"""The largest list that is read; 100,000 videos take about 20 MiB."""

Format = Literal["yaml", "json", "csv", "yt-dlp"]
"""What a list may be written in."""

_ENDINGS: dict[str, Format] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "yt-dlp",
    ".ndjson": "yt-dlp",
}
_OPTIONS = ("path", "url", "format")

_Rows = Iterable[tuple[str, object]]
"""Rows, each with the name that a person finds it by."""


class FileSource:
    """Watches a list that a person or a program keeps: option `path` or `url`, and `format`.

    A relative `path` starts at `folder`, the event's folder.
    """

    def __init__(self, watch: Watch, *, folder: Path, secret: Secret) -> None:  # noqa: ARG002  # all sources are made alike
        check_names(watch, known=_OPTIONS)
        if ("path" in watch.options) == ("url" in watch.options):
            raise wrong(watch, "write either `path: videos.yaml` or `url: https://…`, one of them")
        format_ = watch.options.get("format")
        if format_ is not None and format_ not in get_args(Format):
            known = ", ".join(get_args(Format))
            raise wrong(watch, f"format: {clean(format_)!r} is not known; write one of {known}")
        self._format = cast("Format | None", format_)
        self._path: Path | None = None
        self._url = ""
        if "url" in watch.options:
            self._url = web_address(watch, "url")
        elif not watch.options["path"].strip("./ "):
            raise wrong(watch, "path: it names no file; write `path: videos.yaml`")
        else:
            self._path = folder / watch.options["path"]

    def videos(self, fetch: Fetch, known: Known) -> Listing:  # noqa: ARG002  # the seam's signature
        """Read the list once, whole. Raises SourceError when it cannot be read."""
        if self._path is not None:
            body = _read(self._path)
            return parse_list(body, where=str(self._path), format=self._format)
        response = fetch.get(self._url)
        if response.unchanged:
            return Listing(unchanged=True)
        return parse_list(response.body, where=self._url, format=self._format)


def parse_list(body: bytes, *, where: str, format: Format | None = None) -> Listing:  # noqa: A002  # the option's name
    """Read a list of videos in `format`, else in what the ending of `where` or the text tells.

    Raises SourceError when the list is not one, or not one of its rows can be used.
    """
    text = _decode(body, where)
    read, rows = _reader(text, format or _guess(text, where), where)
    videos: dict[str, Video] = {}
    skipped: list[str] = []
    for name, row in rows:
        try:
            video = read(row)
        except RowError as error:
            skipped.append(f"{name}: {error}")
        else:
            videos.setdefault(video.key, video)
    if skipped and not videos:
        raise _unknown(where, f"none of its {len(skipped)} rows can be used ({skipped[0]})")
    return Listing(videos=tuple(videos.values()), skipped=tuple(skipped))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(SIZE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _unknown(
            str(path), f"{reason}; a relative path starts at the event's folder"
        ) from error
    if len(body) > SIZE_BYTES:
        raise _unknown(str(path), f"it is larger than {SIZE_BYTES} bytes; split it into two")
    return body


def _decode(body: bytes, where: str) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unknown(where, f"it is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    start = text.lstrip()[:1]
    if not start:
        raise _unknown(where, "it is empty; a list without videos is written `videos: []`")
    if start == "<":
        raise _unknown(where, "it is a web page or XML; use the address of the list itself")
    return text


def _unknown(where: str, why: str) -> SourceError:
    return SourceError(f"the list {mask(where)} cannot be read: {why}")


def _guess(text: str, where: str) -> Format:
    path = urlsplit(where).path if where.startswith(("http:", "https:")) else where
    ending = _ENDINGS.get(Path(path).suffix.lower())
    if ending:
        return ending
    if text.lstrip().startswith(("{", "[")):
        return "json"
    header = _header(text.lstrip().partition("\n")[0])
    return "csv" if len(header) > 1 and {"url", "id"} & set(header) else "yaml"


def _reader(text: str, form: Format, where: str) -> tuple[Callable[[object], Video], _Rows]:
    """Return the rows of a list, and what reads one of them."""
    match form:
        case "csv":
            return _read_csv, _csv_rows(text, where)
        case "yaml":
            return _read_yaml, _listed(_load_yaml(text, where), where)
        case "json" | "yt-dlp":
            document = _load_json(text, where)
            if form == "yt-dlp" or _is_yt_dlp(document):
                return read_yt_dlp, _yt_dlp_rows(document, where)
            return read_row, _listed(document, where)


def _read_yaml(row: object) -> Video:
    """Read a row of YAML, where a bare number of a length is a slip of the pen."""
    length = row.get("length") if isinstance(row, Mapping) else None
    if isinstance(length, (int, float)):
        raise RowError(f'length: {length} may be minutes or seconds; write "24:26", in quotes')
    return read_row(row)


def _load_yaml(text: str, where: str) -> object:
    try:
        return load(text, file=where).value
    except DatasetError as error:
        raise _unknown(where, error.message) from error


def _load_json(text: str, where: str) -> object:
    """Return a JSON document; several objects, one a line, come back as a list of yt-dlp's."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise _unknown(where, "it nests too deep") from error
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not lines[0].rstrip().endswith("}"):
            raise _unknown(where, f"it is not JSON ({error}); was it cut off?") from error
    return {"_type": "playlist", "entries": [_load_line(line, where) for line in lines]}


def _load_line(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _unknown(where, f"a line of it is not JSON ({error}); was it cut off?") from error


def _listed(document: object, where: str) -> _Rows:
    """Number the rows of a list, or of a mapping with `videos`."""
    if isinstance(document, Mapping):
        if "videos" not in document:
            raise _unknown(where, "it has no `videos:`; write the videos as a list under it")
        document = document["videos"]
    if not isinstance(document, list):
        raise _unknown(where, "its videos are no list; an empty one is written `videos: []`")
    return ((_named(number, row), row) for number, row in enumerate(document, start=1))


def _named(number: int, row: object) -> str:
    value = (row.get("url") or row.get("id")) if isinstance(row, Mapping) else None
    return f"video {number} ({mask(value)})" if isinstance(value, str) else f"video {number}"


def _is_yt_dlp(document: object) -> bool:
    return (
        isinstance(document, Mapping)
        and "videos" not in document
        and ("entries" in document or "extractor_key" in document or "ie_key" in document)
    )


def _yt_dlp_rows(document: object, where: str) -> _Rows:
    """Number yt-dlp's entries in order; tabs of a channel are lists within the list."""
    if isinstance(document, Mapping) and "entries" not in document and "id" in document:
        document = {"entries": [document]}
    entries = document.get("entries") if isinstance(document, Mapping) else document
    if not isinstance(entries, list) or not entries:
        raise _unknown(where, "yt-dlp found no entries; run it by hand to see why")
    flat: list[object] = []
    todo = entries[::-1]
    while todo:
        entry = todo.pop()
        inner = entry.get("entries") if isinstance(entry, Mapping) else None
        if isinstance(inner, list):
            todo += inner[::-1]
        else:
            flat.append(entry)
    if not flat:
        raise _unknown(where, "yt-dlp found no entries; run it by hand to see why")
    return ((_named(number, row), row) for number, row in enumerate(flat, start=1))


def _header(line: str) -> list[str]:
    return [name.strip().strip('"').lower() for name in line.split(_delimiter(line))]


def _delimiter(header: str) -> str:
    """Return what separates the columns; spreadsheets write ; where the comma is decimal."""
    return max((",", ";", "\t"), key=header.count)


def _csv_rows(text: str, where: str) -> _Rows:
    text = text.lstrip("\r\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]), strict=True
    )
    try:
        header = [name.strip().lower() for name in next(reader)]
        if not {"url", "id"} & set(header):
            raise _unknown(where, f"its first row names no column `url` or `id`, only {header[:9]}")
        return [
            (f"line {reader.line_num}", _csv_row(header, cells)) for cells in reader if any(cells)
        ]
    except csv.Error as error:
        raise _unknown(where, f"line {reader.line_num} is no CSV ({error})") from error


def _read_csv(row: object) -> Video:
    if isinstance(row, RowError):
        raise row
    return read_row(row)


def _csv_row(header: list[str], cells: list[str]) -> object:
    if len(header) != len(cells):
        return RowError(
            f"it has {len(cells)} fields and the first row has {len(header)}; check its quotes"
        )
    row: dict[str, object] = {
        name: cell for name, cell in zip(header, cells, strict=True) if name in FIELDS and cell
    }
    length = str(row.get("length", "")).strip()
    if length.isascii() and length.isdigit():
        row["length"] = int(length[:9])
    return row
