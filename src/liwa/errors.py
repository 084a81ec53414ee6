"""What a user did wrong, said in one line with the remedy."""

from __future__ import annotations

from typing import Any


class LiwaError(Exception):
    """A mistake in a user's input or usage; the command line prints it as one line and exits with 2.

    message: what was expected and what was found.
    where: ``file:line``, or an article and an offset; "" when the command itself is at fault.
    hint: the remedy, an imperative sentence; "" when the message says it.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message, where, hint)
        self.message = message
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        return _error, (type(self), self.message, self.where, self.hint)

    def __str__(self) -> str:
        line = f"{self.where}: {self.message}" if self.where else self.message
        return f"{line}. {self.hint}" if self.hint else line


def _error(kind: type[LiwaError], message: str, where: str, hint: str) -> LiwaError:
    """Put together an error that came from another process."""
    return kind(message, where=where, hint=hint)
