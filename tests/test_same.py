from __future__ import annotations

from pipeline.model.same import Same


def test_a_value_is_the_same_as_itself_alone() -> None:
    one, other = ["tea"], ["tea"]

    assert Same(one) == Same(one)
    assert Same(one) != Same(other)
    assert {Same(one): 1}.get(Same(one)) == 1
    assert Same(one) != one
