"""Keys over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request

from dubline.service.access.admission import address_of
from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.keys import repository, service
from dubline.service.keys.schemas import KeyList, KeyRequest, KeyView, NewKeyView

router = APIRouter(prefix="/keys", tags=["keys"])

Owner = Annotated[Principal, may(Operation.KEYS_OWN)]


@router.post("", status_code=201)
def make(request: Request, principal: Owner, asked: KeyRequest) -> NewKeyView:
    """Make a key of your own. The reply is the only place where its secret ever stands."""
    until = asked.expires_at.timestamp() if asked.expires_at else None
    with context_of(request).database.writing() as session:
        made = service.make(session, principal, asked.name, asked.scopes, until, address_of(request))
        session.flush()
        return NewKeyView(**KeyView.of(made.row).model_dump(), secret=made.secret)


@router.get("")
def listed(request: Request, principal: Owner) -> KeyList:
    """Your keys; for an admin, all of the organisation."""
    with context_of(request).database.reading() as session:
        return KeyList(keys=[KeyView.of(key) for key in repository.visible(session, principal)])


@router.get("/{key_id}")
def one(request: Request, principal: Owner, key_id: str) -> KeyView:
    """A key: what it may do, until when, and when it was used last."""
    with context_of(request).database.reading() as session:
        return KeyView.of(repository.get(session, principal, key_id))


@router.delete("/{key_id}", status_code=204)
def revoke(request: Request, principal: Owner, key_id: str) -> None:
    """Revoke a key: it opens nothing from now on, and what it holds open closes within five seconds."""
    with context_of(request).database.writing() as session:
        service.revoke(session, principal, key_id, address_of(request))
