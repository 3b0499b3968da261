"""Who may do what: one table for all doors."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    OPERATOR = "operator"
    EDITOR = "editor"
    VIEWER = "viewer"


class Operation(StrEnum):
    """What a key's scopes are named after, too."""

    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    JOBS_DELETE = "jobs:delete"
    SCRIPTS_WRITE = "scripts:write"
    UPLOADS_WRITE = "uploads:write"
    VOICES_READ = "voices:read"
    VOICES_WRITE = "voices:write"
    HOOKS_MANAGE = "hooks:manage"
    KEYS_OWN = "keys:own"
    PEOPLE_MANAGE = "people:manage"
    USAGE_READ = "usage:read"
    AUDIT_READ = "audit:read"
    SERVER_READ = "server:read"
    """Metrics and the state of the machine."""


_VIEWER = {Operation.JOBS_READ, Operation.VOICES_READ, Operation.KEYS_OWN}
_EDITOR = _VIEWER | {
    Operation.JOBS_WRITE,
    Operation.JOBS_DELETE,
    Operation.SCRIPTS_WRITE,
    Operation.UPLOADS_WRITE,
    Operation.VOICES_WRITE,
    Operation.USAGE_READ,
}
_OPERATOR = _VIEWER | {
    Operation.JOBS_WRITE,
    Operation.JOBS_DELETE,
    Operation.HOOKS_MANAGE,
    Operation.USAGE_READ,
    Operation.SERVER_READ,
}

MATRIX: Mapping[Role, frozenset[Operation]] = {
    Role.ADMIN: frozenset(Operation),
    Role.OPERATOR: frozenset(_OPERATOR),
    Role.EDITOR: frozenset(_EDITOR),
    Role.VIEWER: frozenset(_VIEWER),
}
