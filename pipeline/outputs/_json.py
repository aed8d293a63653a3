"""JSON documents for people to look at: the bytes of `json.dumps` with `indent=2`, but faster.

The json module indents in Python, step by step; here only lists and objects are Python.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring as quoted


def document(value: object) -> bytes:
    """Return a value of dicts with text keys, lists and scalars as an indented JSON document."""
    return f"{_text(value, chr(10))}\n".encode()


def _text(value: object, line: str) -> str:
    """Return a value as JSON; `line` is the line break with the indentation of where it stands."""
    if isinstance(value, str):
        return quoted(value)
    within = f"{line}  "
    if isinstance(value, dict):
        parts = [f"{quoted(name)}: {_text(one, within)}" for name, one in value.items()]
        return f"{{{within}{f',{within}'.join(parts)}{line}}}" if parts else "{}"
    if isinstance(value, list):
        parts = [_text(one, within) for one in value]
        return f"[{within}{f',{within}'.join(parts)}{line}]" if parts else "[]"
    return json.dumps(value)
