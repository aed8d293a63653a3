"""Kind `json`: a list of talks in a JSON document of any shape; see `_document`."""

from __future__ import annotations

from functools import partial

from pipeline.programmes._document import DocumentProgramme, parse_document, parse_people
from pipeline.programmes._reading import load_json


class JsonProgramme(DocumentProgramme):
    """Imports a JSON document; options name the list and its keys (docs/programmes.md)."""

    kind = "json"
    load = staticmethod(load_json)


parse_json = partial(parse_document, load=load_json)
parse_json_people = partial(parse_people, load=load_json)
