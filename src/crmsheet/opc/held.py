"""The bytes of a part for all that look at them: they may be a hundred megabytes.

Knows that whoever wants few of them need not ask for all, and that they may be let go and come again. Does not know
what they mean.
"""

from __future__ import annotations

from collections.abc import Callable


class HeldBytes:
    """Bytes that several hold at once. They are let go for all, and made again for whoever asks nevertheless, if
    somebody knows how."""

    __slots__ = ("_again", "_data")

    def __init__(self, data: bytes | None, again: Callable[[], bytes] | None = None) -> None:
        self._data = data
        self._again = again

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeldBytes) and self.data == other.data

    __hash__ = None  # type: ignore[assignment] # typeshed knows no other way to say that equal objects are no keys

    @property
    def data(self) -> bytes:
        """All of them."""
        if self._data is None:
            assert self._again is not None, "what cannot be made again is not let go"
            self._data = self._again()
        return self._data

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.data)

    def between(self, start: int, stop: int) -> bytes:
        """Some of them."""
        return self.data[start:stop]

    @property
    def is_let_go(self) -> bool:
        """Whether they would have to be made again."""
        return self._data is None

    def let_go(self) -> None:
        """Hold them no longer, if they can be made again."""
        if self._again is not None:
            self._data = None
