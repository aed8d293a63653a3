"""Plain text, addresses and notes as Markdown that shows them as they are.

Must not know of talks or outputs.
"""

from __future__ import annotations

import re
from urllib.parse import quote

# CommonMark 0.31, 2.4: any ASCII punctuation may be escaped. These are the ones that mean
# something inside a line, there or in its common extensions (tables, strike-through, formulas,
# template braces); the second pattern is what means something at a line's start, the third what
# GitHub's autolinks extension would turn into links.
_INLINE = re.compile(r"([\\`*_{}\[\]<>()#|~&$])")
_START = re.compile(r"\A([-+=:]|\d{1,9}(?=[.)]))")
_AUTOLINK = re.compile(r"(?i)(?<=http)(:)|(?<=https)(:)|(?<=ftp)(:)|(?<=www)(\.)|(@)")
_RAW_HTML = re.compile(r"<(?=[A-Za-z/!?])")


def escape_text(text: str) -> str:
    """Return one line of plain text so that Markdown shows it as it is."""
    escaped = _AUTOLINK.sub(lambda found: f"\\{found[0]}", _INLINE.sub(r"\\\1", text))
    return _START.sub(_escape_start, escaped)


def escape_address(url: str) -> str:
    """Return an address so that it can stand between the parentheses of a Markdown link."""
    return quote(url, safe="%/:?#@!$&'*+,;=~-._[]")


def escape_notes(markdown: str) -> str:
    """Return notes that are Markdown themselves, with raw HTML in them turned into text."""
    return _RAW_HTML.sub("&lt;", markdown)


def _escape_start(found: re.Match[str]) -> str:
    mark = found[1]
    return f"{mark}\\" if mark[0].isdigit() else f"\\{mark}"
