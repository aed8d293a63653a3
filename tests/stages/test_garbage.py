from __future__ import annotations

import gc

import pytest

from pipeline.stages import garbage


def test_garbage_is_sought_less_often_meanwhile_and_as_before_afterwards() -> None:
    before = gc.get_threshold()

    with garbage.rarely_sought():
        meanwhile = gc.get_threshold()

    assert (meanwhile, gc.get_threshold()) == ((20_000, *before[1:]), before)


def test_garbage_is_sought_as_before_after_a_failure() -> None:
    before = gc.get_threshold()

    with pytest.raises(ValueError, match="tea"), garbage.rarely_sought():
        raise ValueError("tea")

    assert gc.get_threshold() == before
