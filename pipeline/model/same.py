"""A value as a key that is equal to itself alone: nothing of it is read to find what it led to.

Several outputs ask for the same of one event, one after the other. Comparing an event talk by talk
to see that it is the same takes longer than some of what is asked.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """Holds `value`, so that no other can take its place in memory as long as the key is kept."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        """Tell whether `other` holds this very value."""
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        """Return the identity of the value."""
        return id(self.value)
