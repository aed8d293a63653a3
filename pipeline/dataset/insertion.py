"""One more item in a list of an event.yaml, as text: nothing that stands there is touched.

Text in, text out. It reads and writes no file, and refuses where it cannot prove that the new
text means the old one plus the item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from pipeline.errors import DatasetError
from pipeline.written.yamltext import Document, Plain, load

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INDENTED = 2
"""Columns before a dash where the file has no list to learn it from."""

_COMMENT = re.compile(r"\r?\n( *)#[^\r\n]*")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")


def insert_item(text: str, *, document: Document, key: str, item: Mapping[str, Plain]) -> str:
    """Return `text` with `item` as the last of the list under the top-level `key`.

    `document` is what `load` made of `text`. The item is inserted in one piece, in the file's own
    indentation and line ends; a key that is missing is made at the end. Raises DatasetError, with
    the lines to paste by hand, for a list in brackets and for whatever cannot be extended safely.
    """
    survey = _survey(text, key)
    why = _obstacle(survey, document.value, key)
    if why:
        raise _refused(document, key, item, why)
    made = _inserted(text, survey, key, item)
    if not isinstance(document.value, dict) or not _means(
        made, {**document.value, key: [*_items(document.value.get(key)), dict(item)]}
    ):
        why = "nothing can be added here without changing what stands there"
        raise _refused(document, key, item, why)
    return made


@dataclass(slots=True)
class _Survey:
    """Where things stand in a file, as offsets into its text.

    `value` is the first event of the key's value, `last` the last that stands for something in
    it; `root_last` is that of the whole file. `dashes` are the columns of the file's lists.
    """

    in_brackets: bool = False
    value: yaml.Event | None = None
    last: yaml.Event | None = None
    root_last: yaml.Event | None = None
    items: list[int] = field(default_factory=list)
    dashes: list[int] = field(default_factory=list)


def _survey(text: str, key: str) -> _Survey:
    found = _Survey()
    depth = nodes = 0
    inside = False
    for event in yaml.parse(text, Loader=_PARSER):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.NodeEvent):
            if depth == 0:
                found.in_brackets = bool(getattr(event, "flow_style", False))
            elif depth == 1:
                nodes += 1
                if nodes % 2:
                    inside = isinstance(event, yaml.ScalarEvent) and event.value == key
                else:
                    _note_value(found, event, inside=inside)
            elif depth == 2 and inside:
                found.items.append(_start(event))
        if _stands(event):
            found.root_last = event
            found.last = event if inside else found.last
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
    return found


def _note_value(found: _Survey, event: yaml.Event, *, inside: bool) -> None:
    if inside:
        found.value = event
    if isinstance(event, yaml.SequenceStartEvent) and not event.flow_style:
        found.dashes.append(_column(event))


def _stands(event: yaml.Event) -> bool:
    """Tell whether `event` stands for text; the end of a list with dashes stands for none."""
    if isinstance(event, yaml.CollectionEndEvent):
        return _end(event) > _start(event)
    return isinstance(event, yaml.ScalarEvent)


def _obstacle(survey: _Survey, value: Plain, key: str) -> str | None:
    """Return why nothing can be added under `key`, None where it can."""
    if not isinstance(value, dict):
        return "the file is no mapping of keys to values"
    if survey.in_brackets:
        return "the whole file stands in braces, which nothing is added to"
    first = survey.value
    if first is None:
        return None
    if isinstance(first, yaml.SequenceStartEvent):
        if not first.flow_style:
            return None
        return "the list stands in brackets, which nothing is added to; write it with dashes"
    empty = isinstance(first, yaml.ScalarEvent) and _start(first) == _end(first)
    return None if empty else f"{key} holds no list"


def _inserted(text: str, survey: _Survey, key: str, item: Mapping[str, Plain]) -> str:
    """Return `text` with the item; whether it means what it should is for the caller to prove."""
    if survey.value is None:
        indent = survey.dashes[0] if survey.dashes else _INDENTED
        lines = [f"{key}:", *_lines(item, indent=indent)]
        at, keeps = _after(text, survey.root_last, column=0)
        spaced = bool(_BLANK_LINE.search(text))
    elif not survey.items:
        at, keeps, spaced = _line_end(text, _end(survey.value)), False, False
        lines = _lines(item, indent=survey.dashes[0] if survey.dashes else _INDENTED)
    else:
        indent = _column(survey.value)
        lines = _lines(item, indent=indent, gap=_gap(text, survey.items[-1]))
        at, keeps = _after(text, survey.last, column=indent)
        spaced = _is_spaced(text, survey.items)
    if spaced and not keeps:
        lines.insert(0, "")
    newline = "\r\n" if "\r\n" in text else "\n"
    return text[:at] + "".join(newline + line for line in lines) + text[at:]


def _after(text: str, last: yaml.Event | None, *, column: int) -> tuple[int, bool]:
    """Return where the line of `last` and the comments that belong to it end.

    Those are indented deeper than `column` and follow at once. The second value tells whether
    blank lines before that place are part of `last`, so that no more may be added.
    """
    end = _end(last) if last else 0
    keeps = False
    if isinstance(last, yaml.ScalarEvent) and last.style in ("|", ">"):
        # The mark of a block text stands behind the blank lines after it; those of `|+` are its.
        header = text[_start(last) : end].partition("\n")[0]
        keeps = "+" in header.partition("#")[0]
        end = end - 1 if keeps else len(text[:end].rstrip(" \t\r\n"))
    end = _line_end(text, end)
    comment = _COMMENT.match(text, end)
    while comment and len(comment[1]) > column:
        end = comment.end()
        comment = _COMMENT.match(text, end)
    return end, keeps


def _line_end(text: str, at: int) -> int:
    """Return where the line at `at` ends, before its line break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _gap(text: str, start: int) -> str:
    """Return the spaces between the dash and the item that begins at `start`."""
    found = re.search(r"-( +)\Z", text[text.rfind("\n", 0, start) + 1 : start])
    return found[1] if found else " "


def _is_spaced(text: str, items: list[int]) -> bool:
    """Tell whether a blank line, perhaps with comments below it, parts the last two items."""
    if len(items) < 2:
        return False
    above = text[items[-2] : items[-1]].split("\n")[:-1]
    while above and above[-1].lstrip().startswith("#"):
        above.pop()
    return bool(above) and not above[-1].strip()


class _Flush(yaml.SafeDumper):
    """Writes lists flush with their key, and days without quotes, as people do."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - an instance variable in PyYAML's types
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature of PyYAML
        """Write a value that occurs twice out twice."""
        return True


class _Indented(_Flush):
    """Writes lists indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the signature of PyYAML
        """Indent every list."""
        super().increase_indent(flow, False)


def _lines(item: Mapping[str, Plain], *, indent: int, gap: str = " ") -> list[str]:
    """Return the lines of an item of a list whose dashes stand after `indent` spaces."""
    body: str = yaml.dump(
        dict(item),
        Dumper=_Indented if indent else _Flush,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=1_000_000,
    )
    first, *others = body.rstrip("\n").split("\n")
    inner = " " * (indent + 1 + len(gap))
    return [f"{' ' * indent}-{gap}{first}", *(inner + each if each else "" for each in others)]


def _items(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _means(text: str, value: Plain) -> bool:
    """Tell whether `text` is read as `value`."""
    try:
        return load(text, file="the new text").value == value
    except DatasetError:
        # It would not even be read: a reason to leave the file alone, named by the caller.
        return False


def _refused(document: Document, key: str, item: Mapping[str, Plain], why: str) -> DatasetError:
    paste = "\n".join(_lines(item, indent=_INDENTED))
    message = f"{why}; nothing was written. To add it by hand, paste under `{key}:`\n{paste}"
    return DatasetError((document.problem((key,), message),))


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _column(event: yaml.Event) -> int:
    return event.start_mark.column if event.start_mark else 0
