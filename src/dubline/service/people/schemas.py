"""People and organisations as clients write and read them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dubline.service.access.roles import Role
from dubline.service.moments import Instant
from dubline.service.settings import Limits
from dubline.storage.tables import User

ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")


def plain_address(value: str) -> str:
    """As it is compared: addresses that differ in case reach the same person."""
    address = value.strip().lower()
    if not ADDRESS.fullmatch(address) or not address.isprintable():
        raise ValueError("this is no e-mail address")
    return address


Email = Annotated[str, Field(max_length=200), AfterValidator(plain_address)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class UserRequest(BaseModel):
    """Somebody new in your organisation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Ana", "email": "ana@example.org", "role": "editor"}]},
    )

    name: Name
    email: Email | None = None
    """By which they are known when they sign in with a browser."""
    role: Role = Role.VIEWER


class UserChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "operator"}]})

    name: Name | None = None
    role: Role | None = None
    disabled: bool | None = None


class UserView(BaseModel):
    id: str
    name: str
    email: str | None
    role: str
    created_at: Instant
    disabled_at: Instant | None

    @classmethod
    def of(cls, row: User) -> UserView:
        return cls.model_validate(row, from_attributes=True)


class UserList(BaseModel):
    users: list[UserView]


class OrganisationView(BaseModel):
    id: str
    name: str
    created_at: Instant
    limits: Limits


class Me(BaseModel):
    """Whoever is asking, and what they may do."""

    user: UserView
    organisation: OrganisationView
    operations: list[str]
    csrf_token: str | None
    """For a browser that signed in: to be sent in X-CSRF-Token with whatever changes something."""
