"""YAML text to plain values with a place for each, and back; small, strict and safe.

PyYAML speaks YAML 1.1, in which `language: no` is False, `24:26` is 1466 and `0123` is 83, and
its C composer crashes on 60,000 open brackets. So values are built here from the parser's events,
in one pass that ends 32 levels deep: true, false, null and decimal numbers are read as such, all
other plain text stays text, and what would make a file dangerous or ambiguous is refused with its
place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import yaml
from yaml import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from pipeline.errors import DatasetError, Problem

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""What a document is made of."""

Path_ = tuple[str | int, ...]
"""A place inside a document: keys and indexes from the root."""

DEPTH_LIMIT = 32
_NOTED = 2
"""Steps from the root, of which the places are noted at once; deeper ones where somebody asks."""

SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes of a file; the dataset of a 500-talk event has about 1 MB."""

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]{1,3})?\Z")
# What YAML 1.1 resolves as a base-60 int or float (yaml.org/type/int.html, float.html).
_BASE_60 = re.compile(r"[-+]?([1-9][0-9_]*(:[0-5]?[0-9])+|[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*)\Z")
_NUMERIC = frozenset("+-0123456789")
"""What every number begins with."""

_CONFLICT = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)
_DECORATED = "anchors (&name) and tags (!name) are not read; write plain values"
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(slots=True)
class Document:
    """A parsed file. What it was parsed from is kept to find places again."""

    file: str
    value: Plain
    _text: str = field(repr=False)
    _places: dict[Path_, tuple[int, int]] = field(repr=False, compare=False)
    _noted: int = field(repr=False, compare=False)

    @property
    def places(self) -> dict[Path_, tuple[int, int]]:
        """Return (line, column), from 1, of each key and item by its path."""
        if self._noted < DEPTH_LIMIT:
            self._places = _built(self._text, self.file, noted=DEPTH_LIMIT).places
            self._noted = DEPTH_LIMIT
        return self._places

    def place(self, path: Path_) -> tuple[int, int]:
        """Return (line, column) of what stands at `path`; raises KeyError where nothing does."""
        return self._places[path] if len(path) <= self._noted else self.places[path]

    def problem(self, path: Path_, message: str) -> Problem:
        """Return a Problem at `path`, or at its nearest ancestor that stands in the file."""
        places = self.places
        ends = range(len(path), -1, -1)
        line, column = next((places[path[:end]] for end in ends if path[:end] in places), (1, 1))
        return Problem(file=self.file, line=line, column=column, path=spell(path), message=message)


def spell(path: Path_) -> str:
    """Return a path as people write it: `talks[3].speakers[0].name`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.lstrip(".")


def read(path: Path, *, name: str) -> Document:
    """Read and parse the file at `path`, called `name` in messages. Raises DatasetError."""
    try:
        with path.open("rb") as stream:
            body = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise _refused(name, f"cannot be read: {error.strerror or error}") from error
    return load(decode(body, file=name), file=name)


def decode(body: bytes, *, file: str) -> str:
    """Return the text of a file's bytes. Raises DatasetError when it is too long or not UTF-8."""
    if len(body) > SIZE_LIMIT:
        raise _refused(file, f"is larger than {SIZE_LIMIT // 1024**2} MiB; split it")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _refused(file, "is not UTF-8 here; save the file as UTF-8", line, 1) from error


def load(text: str, *, file: str) -> Document:
    """Parse `text`; `file` is its name in messages.

    Raises DatasetError for text that is no YAML, is empty, nests deeper than 32, uses anchors,
    aliases, tags or merge keys, repeats a key, or holds an unquoted base-60 number such as 24:26.
    """
    try:
        builder = _built(text, file, noted=_NOTED)
    except DatasetError:
        builder = _built(text, file, noted=DEPTH_LIMIT)  # raises again, and knows all places
    return Document(file, builder.root, text, builder.places, builder.noted)


def _built(text: str, file: str, *, noted: int) -> _Builder:
    """Parse `text`, and note the places of what stands at most `noted` steps deep."""
    loader = None
    try:
        loader = _PARSER(text)
        builder = _Builder(loader.get_event, file, noted)
        builder.build()
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise _refused(file, f"holds a control character ({error.reason})", line, column) from error
    except yaml.MarkedYAMLError as error:
        raise _syntax(text, file, error) from error
    finally:
        if loader is not None:
            loader.dispose()
    if builder.problems:
        raise DatasetError(tuple(builder.problems))
    if builder.empty:
        raise _refused(file, "is empty; write at least the required keys, or delete the file")
    return builder


def dump(value: Plain) -> str:
    """Return `value` as YAML in the order given; `load` reads the same value back."""
    text: str = yaml.dump(
        value, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=1_000_000
    )
    return text


@dataclass(slots=True)
class _Builder:
    """Turns parser events into values; collects problems instead of stopping at the first.

    `take` gives the next event. Places are noted up to `noted` steps from the root. A key that is
    refused is the step "" of its path.
    """

    take: Callable[[], Event]
    file: str
    noted: int
    root: Plain = None
    empty: bool = True
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def build(self) -> None:
        """Take every event of a file."""
        while type(event := self.take()) is not StreamEndEvent:
            if isinstance(event, DocumentStartEvent) and not self.empty:
                self._stop(event, (), "holds a second document (---); keep one a file")
            if isinstance(event, NodeEvent):
                self.places[()] = _mark(event)
                if type(event) is ScalarEvent:
                    self.root = self._value(event, (), "")
                    self.empty = self.root is None and not event.value
                else:
                    self.root = self._collection(event, ())
                    self.empty = False

    def _mapping(self, path: Path_) -> dict[str, Plain]:
        made: dict[str, Plain] = {}
        take, is_noted = self.take, len(path) < self.noted
        while type(event := take()) is ScalarEvent:
            key = event.value
            if event.anchor or event.tag:
                self._stop(event, (*path, ""), _DECORATED)
            if key == "<<":
                self._stop(event, (*path, ""), "merge keys (<<) are not read; write the values out")
            if key in made:
                self._repeated(event, (*path, key))
            if is_noted:
                self.places[*path, key] = _mark(event)
            made[key] = self._value(take(), path, key)
        if type(event) is not MappingEndEvent:
            self._check(event, (*path, ""))
            self._stop(event, (*path, ""), "a key must be plain text, not a list or a mapping")
        return made

    def _list(self, path: Path_) -> list[Plain]:
        made: list[Plain] = []
        take, is_noted = self.take, len(path) < self.noted
        while type(event := take()) is not SequenceEndEvent:
            if is_noted:
                self.places[*path, len(made)] = _mark(event)
            made.append(self._value(event, path, len(made)))
        return made

    def _value(self, event: Event, path: Path_, step: str | int) -> Plain:
        """Return what `event` begins, which is `step` of what stands at `path`."""
        if type(event) is not ScalarEvent:
            return self._collection(event, (*path, step))
        if event.anchor or event.tag:
            self._stop(event, (*path, step), _DECORATED)
        text = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        return self._number(event, (*path, step)) if text[0] in _NUMERIC else text

    def _number(self, event: ScalarEvent, path: Path_) -> int | float | str:
        """Return plain text that begins like a number as the number that it is, if it is one."""
        text = event.value
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
        if _BASE_60.match(text):
            message = (
                f"{text} needs quotes: other YAML readers take it for a base-60 number; "
                f'write "{text}"'
            )
            self.problems.append(self._problem(event, path, message))
        return text

    def _collection(self, event: Event, path: Path_) -> Plain:
        self._check(event, path)
        return self._mapping(path) if type(event) is MappingStartEvent else self._list(path)

    def _check(self, event: Event, path: Path_) -> None:
        """Stop where `event` begins no list or mapping that is read."""
        if isinstance(event, AliasEvent):
            self._stop(event, path, "aliases (*name) are not read; write the value out")
        if isinstance(event, CollectionStartEvent) and (event.anchor or event.tag):
            self._stop(event, path, _DECORATED)
        if len(path) >= DEPTH_LIMIT:
            self._stop(event, path, f"nests deeper than {DEPTH_LIMIT} levels")

    def _repeated(self, event: Event, path: Path_) -> None:
        line = self.places.get(path, (1, 1))[0]
        message = f"the key {path[-1]!r} stands here a second time (first on line {line}); keep one"
        self.problems.append(self._problem(event, path, message))

    def _problem(self, event: Event, path: Path_, message: str) -> Problem:
        line, column = _mark(event)
        return Problem(file=self.file, line=line, column=column, path=spell(path), message=message)

    def _stop(self, event: Event, path: Path_, message: str) -> NoReturn:
        raise DatasetError((*self.problems, self._problem(event, path, message)))


def _mark(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refused(file: str, message: str, line: int = 1, column: int = 1) -> DatasetError:
    return DatasetError((Problem(file=file, line=line, column=column, message=message),))


def _syntax(text: str, file: str, error: yaml.MarkedYAMLError) -> DatasetError:
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return _refused(file, "a merge conflict stands here; keep one side of it", line)
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    shown = lines[line - 1] if line <= len(lines) else ""
    if "\t" in shown[: len(shown) - len(shown.lstrip())] or shown[column - 1 : column] == "\t":
        return _refused(file, "a tab stands here; YAML is indented with spaces", line, column)
    if "nesting depth" in str(error.problem):
        return _refused(file, f"nests deeper than {DEPTH_LIMIT} levels", line, column)
    if "mapping values" in str(error.problem):
        message = "a colon in plain text starts a value here; put the whole text in quotes"
        return _refused(file, message, line, column)
    reason = ", ".join(part for part in (error.context, error.problem) if part)
    return _refused(file, f"is not valid YAML here: {reason}", line, column)
