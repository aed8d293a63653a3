"""Kind `rss`: a collection's newest talks as rss.xml. Must not choose or order entries."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.outputs import _feedgen, _items
from pipeline.templating import Templates


class RssOutput:
    """Renders every collection as an RSS 2.0 feed."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `rss.xml`; an empty collection gives a valid feed without items."""
        feed = _items.feed(collection, site, templates=self._templates)
        return (Artifact(path=f"{collection.path}{_feedgen.RSS}", body=_feedgen.rss(feed)),)
