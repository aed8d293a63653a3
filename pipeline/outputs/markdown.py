"""Kind `markdown`: an event's recap as recap.md, in the form of a wrap-up post.

Wording stands in templates/recap.md and templates/fragments/.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.outputs._wrapup import wrapup
from pipeline.templating import Templates
from pipeline.views.event import view_event


class MarkdownOutput:
    """Renders an event's recap as Markdown (CommonMark); nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `recap.md`."""
        if collection.event is None:
            return ()
        body = wrapup(
            "recap.md",
            view_event(collection.event),
            page=f"{site.url}{collection.path}",
            templates=self._templates,
        )
        return (Artifact(path=f"{collection.path}recap.md", body=body),)
