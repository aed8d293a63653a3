"""Kind `fragments`: an event's recap for an existing site, as recap-body.html and recap-post.md.

Must not style anything, nor say when it was made. Wording stands in templates/fragments/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pipeline.model import Artifact, Collection, PublishedEvent, Site
from pipeline.outputs._wrapup import wrapup
from pipeline.templating import Templates
from pipeline.views.event import EventView, newest_release, view_event
from pipeline.views.talk import stamp


class FragmentsOutput:
    """Renders what goes into pages of other programs; nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `recap-body.html` and `recap-post.md`; every link is absolute."""
        published = collection.event
        if published is None:
            return ()
        view = view_event(published)
        page = f"{site.url}{collection.path}"
        html = self._templates.render(
            "fragments/body.html", language=view.wording.language, event=view, page=page
        )
        post = wrapup(
            "fragments/post.md",
            view,
            page=page,
            templates=self._templates,
            front=_front(view, published),
        )
        return (
            Artifact(path=f"{collection.path}recap-body.html", body=html.encode()),
            Artifact(path=f"{collection.path}recap-post.md", body=post),
        )


def _front(view: EventView, published: PublishedEvent) -> dict[str, str]:
    """Return the front matter; JSON values are YAML, whatever stands in them.

    The post is dated by the first release, and changed last at the newest.
    """
    moments = [one.released for one in published.entries if one.released]
    first = min(moments, default=newest_release(published))
    tags = dict.fromkeys(tag for one in published.entries for tag in one.tags)
    values: dict[str, object] = {
        "title": view.title,
        "date": stamp(first),
        "lastmod": stamp(newest_release(published)),
        "lang": view.language,
        "author": view.author,
        "tags": list(tags),
    }
    return {key: json.dumps(value, ensure_ascii=False) for key, value in values.items() if value}
