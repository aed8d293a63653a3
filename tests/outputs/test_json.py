from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pipeline.outputs._json import document

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(VALUES)
def test_document_is_what_the_json_module_writes(value: object) -> None:
    expected = json.dumps(value, ensure_ascii=False, indent=2) + "\n"

    assert document(value) == expected.encode()
