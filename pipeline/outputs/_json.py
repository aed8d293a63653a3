"""JSON documents for people to look at, as the json module writes them with `indent=2`."""

from __future__ import annotations

import orjson

_LAID_OUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def document(value: object) -> bytes:
    """Return a value of dicts with text keys, lists and scalars as an indented JSON document.

    Raises TypeError for a lone surrogate, and for what JSON cannot hold.
    """
    return orjson.dumps(value, option=_LAID_OUT)
