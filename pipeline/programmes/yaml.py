"""Kind `yaml`: a list of talks in a YAML document of any shape; see `_document`.

YAML is read strictly, as the dataset is (docs/dataset.md).
"""

from __future__ import annotations

from functools import partial

from pipeline.errors import DatasetError
from pipeline.programmes._document import DocumentProgramme, parse_document, parse_people
from pipeline.programmes._reading import decode, unreadable
from pipeline.written.yamltext import load


def load_yaml(body: bytes, *, where: str) -> object:
    """Return a YAML document as plain values. Raises SourceError, also for anchors and aliases."""
    text = decode(body, where=where)
    try:
        return load(text, file=where).value
    except DatasetError as error:
        raise unreadable(
            where,
            f"{error.message}\nWhere it is YAML, but not as strict as this, have its own program "
            "write it as JSON, and import that with kind json",
        ) from error


class YamlProgramme(DocumentProgramme):
    """Imports a YAML document; options name the list and its keys (docs/programmes.md)."""

    kind = "yaml"
    load = staticmethod(load_yaml)


parse_yaml = partial(parse_document, load=load_yaml)
parse_yaml_people = partial(parse_people, load=load_yaml)
