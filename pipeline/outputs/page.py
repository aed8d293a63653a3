"""Kind `page`: index.html, an event's recap page or the index of all events.

Must not say when it was made or last looked. Look and wording stand in templates/page/.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, PublishedEvent, Site
from pipeline.outputs._about import About, about_event
from pipeline.outputs._outline import outline
from pipeline.templating import Templates
from pipeline.views.event import view_event
from pipeline.wording import wording


class PageOutput:
    """Renders a page without scripts, web fonts or anything that another host would serve."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `index.html`; links within the site are relative."""
        if collection.event:
            html = self._recap(collection.event, site)
        elif collection.kind == "all" and collection.page is None:
            html = self._index(collection, site)
        else:
            return ()
        return (Artifact(path=f"{collection.path}index.html", body=html.encode()),)

    def _recap(self, published: PublishedEvent, site: Site) -> str:
        view = view_event(published)
        return self._templates.render(
            "page/recap.html",
            language=view.wording.language,
            event=view,
            site=site,
            about=about_event(view, published.event, site),
        )

    def _index(self, collection: Collection, site: Site) -> str:
        spoken = wording(site.language)
        about = About(
            title=site.title,
            description=spoken.gettext("Talk recordings as they are released, event by event"),
            address=site.url,
            site=site.title,
        )
        return self._templates.render(
            "page/events.html",
            language=spoken.language,
            events=[outline(one, wording=spoken) for one in collection.events],
            site=site,
            collection=collection,
            about=about,
        )
