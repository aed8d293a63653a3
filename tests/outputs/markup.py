"""What a browser would make of HTML: its elements, addresses and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("meta", "link", "br", "img", "input"))


@dataclass
class Markup(HTMLParser):
    """The elements, their attributes and the text of an HTML document or fragment."""

    html: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.stray.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def names(self) -> set[str]:
        """Return the names of all elements."""
        return {name for name, _ in self.elements}

    @property
    def text(self) -> str:
        """Return all text with spaces folded."""
        return " ".join("".join(self.texts).split())

    @property
    def addresses(self) -> list[str]:
        """Return every address that is linked to or loaded, in order."""
        return [
            value
            for _, attributes in self.elements
            for name, value in attributes.items()
            if name in ("href", "src", "srcset", "action", "background") and value
        ]

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element called `name`."""
        return [attributes for found, attributes in self.elements if found == name]
