"""Kind `opml`: the list of all feeds as feeds.opml (OPML 2.0). Must not choose or order feeds."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from pipeline.model import Artifact, Collection, FeedLink, Site
from pipeline.templating import Templates


class OpmlOutput:
    """Renders the list of all feeds, for readers that import subscriptions."""

    def __init__(self, templates: Templates) -> None:
        """Take the templates as every output does; OPML has no wording."""

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `feeds.opml`; nothing for a collection of talks."""
        if collection.kind != "feeds":
            return ()
        root = ElementTree.Element("opml", version="2.0")
        head = ElementTree.SubElement(root, "head")
        ElementTree.SubElement(head, "title").text = collection.title
        body = ElementTree.SubElement(root, "body")
        for feed in collection.feeds:
            body.append(_outline(feed, site))
        ElementTree.indent(root)
        text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return (Artifact(path="feeds.opml", body=text + b"\n"),)


def _outline(feed: FeedLink, site: Site) -> ElementTree.Element:
    return ElementTree.Element(
        "outline",
        {
            # "rss" is what OPML calls a feed of any format.
            "type": "rss",
            "text": feed.title,
            "title": feed.title,
            "xmlUrl": f"{site.url}{feed.path}atom.xml",
            "htmlUrl": f"{site.url}{feed.home}",
        },
    )
