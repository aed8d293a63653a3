"""How the log is written: for people on a terminal, one JSON object a line for machines.

Must not decide what is logged, nor print what commands tell people.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TextIO

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

IDS = ("event", "watch", "talk")
"""Ids that a record may carry as `extra`, and that stand in its JSON by the same names."""


class JsonFormatter(logging.Formatter):
    """Makes a record one line of JSON: time, level, logger, message, ids, and a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end; no line break of a message can end it early."""
        moment = datetime.fromtimestamp(record.created, UTC)
        value: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        value |= {name: found for name in IDS if (found := getattr(record, name, None))}
        if record.exc_info:
            value["traceback"] = self.formatException(record.exc_info)
        return json.dumps(value, ensure_ascii=False, default=str)


def set_up(level: int, *, stream: TextIO) -> None:
    """Let the log go to `stream` from `level` on, unless it is set up already."""
    handler = logging.StreamHandler(stream)
    people = stream.isatty()
    handler.setFormatter(logging.Formatter(FORMAT) if people else JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler])
