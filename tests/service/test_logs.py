from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.service.logs import JsonFormatter, set_up


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("recap.tea", logging.WARNING, __file__, 1, message, arguments, None)
    made.created = 1936958400.25
    made.__dict__.update(extra)
    return made


def test_json_log_has_one_object_a_line() -> None:
    line = JsonFormatter().format(record("two\nlines of %s", "tea"))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2031-05-19T12:00:00.250Z",
        "level": "warning",
        "logger": "recap.tea",
        "message": "two\nlines of tea",
    }


def test_json_log_holds_ids_where_they_are_known() -> None:
    found = json.loads(JsonFormatter().format(record("x", event="teaconf-2031", watch="list")))
    assert (found["event"], found["watch"], "talk" in found) == ("teaconf-2031", "list", False)


def test_json_log_holds_a_traceback() -> None:
    made = record("x")
    try:
        raise ValueError("spilt")
    except ValueError:
        made.exc_info = sys.exc_info()
    assert "ValueError: spilt" in json.loads(JsonFormatter().format(made))["traceback"]


class Screen(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@contextmanager
def bare() -> Iterator[logging.Logger]:
    """The root logger, as in a process that was just started."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        yield root
    finally:
        root.handlers[:] = kept
        root.setLevel(level)


def test_log_is_json_for_machines() -> None:
    stream = io.StringIO()
    with bare() as root:
        set_up(logging.INFO, stream=stream)
        root.info("brewed")
        root.debug("watched")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "brewed"


def test_log_is_plain_on_a_terminal() -> None:
    stream = Screen()
    with bare() as root:
        set_up(logging.WARNING, stream=stream)
        root.warning("spilt")
    assert stream.getvalue().endswith(" WARNING root spilt\n")
