"""Whoever is asking: proven by a key, or, on the machine itself, by sitting at it."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.service.access.roles import MATRIX, Operation, Role


@dataclass(frozen=True)
class Principal:
    organisation: str
    user: str
    role: Role
    key: str | None = None
    scopes: frozenset[Operation] = frozenset(Operation)
    """A key may allow less than its owner's role does, never more."""
    session_began: float | None = None
    """When they signed in, where a browser's session is what proves them."""

    def may(self, operation: Operation) -> bool:
        return operation in MATRIX[self.role] and operation in self.scopes
