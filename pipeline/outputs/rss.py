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
        """Render `rss.xml`, or its archive page; an empty collection gives a feed without items.

        `index.xml` is a copy for those who guess the address (docs/design/feeds.md).
        """
        if not collection.in_all_formats:
            return ()
        feed = _items.feed(collection, site, templates=self._templates)
        file, body = _items.file_path(_feedgen.RSS, feed.page), _feedgen.rss(feed)
        names = (file, "index.xml") if collection.is_guessed else (file,)
        return tuple(Artifact(path=f"{collection.path}{name}", body=body) for name in names)
