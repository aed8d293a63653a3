"""Kind `markdown`: an event's recap as recap.md, in the form of a wrap-up post.

Must not let a title, name or address become markup. Wording stands in templates/recap.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from pipeline.model import Artifact, Collection, Site
from pipeline.templating import Templates
from pipeline.views.event import view_event

# CommonMark 0.31, 2.4: any ASCII punctuation may be escaped. These are the ones that mean
# something inside a line, there or in its common extensions (tables, strike-through, formulas,
# template braces); the second pattern is what means something at a line's start, the third what
# GitHub's autolinks extension would turn into links.
_INLINE = re.compile(r"([\\`*_{}\[\]<>()#|~&$])")
_START = re.compile(r"\A([-+=:]|\d{1,9}(?=[.)]))")
_AUTOLINK = re.compile(r"(?i)(?<=http)(:)|(?<=https)(:)|(?<=ftp)(:)|(?<=www)(\.)|(@)")
_RAW_HTML = re.compile(r"<(?=[A-Za-z/!?])")


class MarkdownOutput:
    """Renders an event's recap as Markdown (CommonMark); nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `recap.md`."""
        if collection.event is None:
            return ()
        text = self._templates.render(
            "recap.md",
            event=view_event(collection.event),
            page=f"{site.url}{collection.path}",
            plain=escape_text,
            address=escape_address,
            notes=escape_notes,
        )
        return (Artifact(path=f"{collection.path}recap.md", body=text.encode()),)


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
