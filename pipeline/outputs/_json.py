"""JSON documents for people to look at, as the json module writes them with `indent=2`."""

from __future__ import annotations

import orjson

_LAID_OUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def document(value: object) -> bytes:
    """Return a value as an indented JSON document.

    It is made of dicts with text keys, lists, texts, truth values, None and whole numbers of 64
    bits. Raises TypeError for a lone surrogate, and for what JSON cannot hold.
    """
    return orjson.dumps(value, option=_LAID_OUT)
