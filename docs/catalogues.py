"""Takes the sentences out of code and templates into pipeline/locale/: `python docs/catalogues.py`.

Run it when a sentence changed, translate what is empty in each recap.po, and run it again. With a
language (`python docs/catalogues.py fr`) it begins a new catalogue. A test says when it is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "pipeline" / "locale"
HEADER = (
    "# The sentences of recap-pipeline in %s; written by docs/catalogues.py, translated by people."
)
KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None}
"""What a call is named that holds a sentence; `marked` is of pipeline/wording.py."""


def template() -> Catalog:
    """Return a catalogue of all sentences, none of them translated."""
    made = Catalog(project="recap-pipeline", fuzzy=False)
    for path, method in _sources():
        name = path.relative_to(ROOT).as_posix()
        options = {"trimmed": "true", "silent": "false"}
        found = extract_from_file(method, path, KEYWORDS, ("Translators:",), options)
        for _, message, comments, context in found:
            made.add(message, locations=[(name, 1)], auto_comments=comments, context=context)
    return made


class Plain(Catalog):
    """A catalogue with no more around it than gettext needs: no day, and no tool's version."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return what stands in front of all sentences."""
        return [
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: object) -> None:
        """Keep them as they are, whatever the constructor says."""


def catalogues() -> dict[str, Catalog]:
    """Return what is written in each recap.po, by language."""
    return {
        path.parent.parent.name: read_po(
            BytesIO(path.read_bytes()), locale=path.parent.parent.name, abort_invalid=True
        )
        for path in sorted(LOCALE.glob("*/*/recap.po"))
    }


def updated(language: str, written: Catalog) -> Catalog:
    """Return all sentences there are, and no others, with the translations that are `written`."""
    made = Plain(locale=language, header_comment=HEADER % language, fuzzy=False)
    for message in template():
        if message.id:
            before = written.get(message.id, context=message.context)
            made.add(
                message.id,
                before.string if before else None,
                locations=message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return made


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as people translate it, in a fixed order."""
    body = BytesIO()
    write_po(body, catalogue, width=100, sort_output=True, include_lineno=False)
    return body.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    body = BytesIO()
    write_mo(body, catalogue)
    return body.getvalue()


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        yield path, "python"
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".md", ".txt"):
            yield path, "jinja2"


def main(new: list[str]) -> None:
    """Write every recap.po and recap.mo; begin those of the languages in `new`."""
    begun = {language: Catalog(locale=language) for language in new}
    for language, written in {**begun, **catalogues()}.items():
        folder = LOCALE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        made = updated(language, written)
        (folder / "recap.po").write_bytes(po_bytes(made))
        (folder / "recap.mo").write_bytes(mo_bytes(made))


if __name__ == "__main__":
    main(sys.argv[1:])
