"""Kind `page`: index.html, an event's recap page or the index of all events.

Must not say when it was made or last looked. Look and wording stand in templates/page/.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.outputs._outline import outline
from pipeline.templating import Templates
from pipeline.views.event import view_event


class PageOutput:
    """Renders a page without scripts, web fonts or anything that another host would serve."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `index.html`; links within the site are relative."""
        if collection.event:
            html = self._templates.render(
                "page/recap.html", event=view_event(collection.event), site=site
            )
        elif collection.kind == "all" and collection.page is None:
            events = [outline(one) for one in collection.events]
            html = self._templates.render(
                "page/events.html", events=events, site=site, collection=collection
            )
        else:
            return ()
        return (Artifact(path=f"{collection.path}index.html", body=html.encode()),)
