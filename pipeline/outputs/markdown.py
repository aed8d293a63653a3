"""Kind `markdown`: an event's recap as recap.md, in the form of a wrap-up post.

Must not let a title, name or address become markup. Wording stands in templates/recap.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.templating import Templates
from pipeline.views.event import view_event
from pipeline.views.markdown import escape_address, escape_notes, escape_text


class MarkdownOutput:
    """Renders an event's recap as Markdown (CommonMark); nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `recap.md`."""
        if collection.event is None:
            return ()
        view = view_event(collection.event)
        text = self._templates.render(
            "recap.md",
            language=view.wording.language,
            event=view,
            page=f"{site.url}{collection.path}",
            plain=escape_text,
            address=escape_address,
            notes=escape_notes,
        )
        return (Artifact(path=f"{collection.path}recap.md", body=text.rstrip().encode() + b"\n"),)
