"""Webhooks over HTTP."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.hooks import replaying, repository, service
from dubline.service.hooks.receivers import check_receiver
from dubline.service.hooks.schemas import (
    DeliveryPage,
    DeliveryView,
    HookChange,
    HookList,
    HookMade,
    HookRequest,
    HookView,
    MessagePage,
    MessageView,
    MessageWhole,
    Replayed,
    ReplayRequest,
    Rotation,
)
from dubline.service.hooks.states import MessageStatus

router = APIRouter(prefix="/hooks", tags=["hooks"])

Manager = Annotated[Principal, may(Operation.HOOKS_MANAGE)]
Cursor = Annotated[str | None, Query(max_length=200)]
Size = Annotated[int, Query(ge=1, le=200)]


@router.post("", status_code=201)
def create(request: Request, response: Response, principal: Manager, asked: HookRequest) -> HookMade:
    """Have an address of yours told what happens to your organisation's jobs. The reply shows the secret this once:
    check signatures with it as Standard Webhooks says."""
    context = context_of(request)
    check_receiver(context, asked.url)
    with context.database.writing() as session:
        hook = service.create(session, principal, asked)
        response.headers["Location"] = f"/api/v1/hooks/{hook.id}"
        return HookMade.of(hook, secret=hook.secret)


@router.get("")
def listed(request: Request, principal: Manager, job_id: str | None = None) -> HookList:
    """The hooks of your organisation, or with `job_id` those of one job."""
    with context_of(request).database.reading() as session:
        hooks = repository.listed(session, principal.organisation, job_id)
        return HookList(hooks=[HookView.of(hook) for hook in hooks])


@router.get("/{hook_id}")
def one(request: Request, principal: Manager, hook_id: str) -> HookView:
    """How a hook stands: whether it is enabled, and if not, why."""
    with context_of(request).database.reading() as session:
        return HookView.of(repository.get(session, principal.organisation, hook_id))


@router.patch("/{hook_id}")
def change(request: Request, principal: Manager, hook_id: str, asked: HookChange) -> HookView:
    """Change some of a hook, disable it, or enable it again."""
    context = context_of(request)
    if asked.url is not None:
        check_receiver(context, asked.url)
    with context.database.writing() as session:
        hook = repository.get(session, principal.organisation, hook_id)
        service.change(session, principal, hook, asked)
        return HookView.of(hook)


@router.delete("/{hook_id}", status_code=204)
def delete(request: Request, principal: Manager, hook_id: str) -> None:
    """Forget a hook with all its messages."""
    with context_of(request).database.writing() as session:
        service.remove(session, principal, repository.get(session, principal.organisation, hook_id))


@router.post("/{hook_id}/rotate")
def rotate(request: Request, principal: Manager, hook_id: str, asked: Rotation | None = None) -> HookMade:
    """A new secret, shown this once. For 24 hours messages are signed with the old one, too."""
    drop_old = asked is not None and asked.drop_old
    with context_of(request).database.writing() as session:
        hook = repository.get(session, principal.organisation, hook_id)
        service.rotate(session, principal, hook, drop_old=drop_old, now=time.time())
        return HookMade.of(hook, secret=hook.secret)


@router.post("/{hook_id}/ping", status_code=202)
def ping(request: Request, principal: Manager, hook_id: str) -> MessageView:
    """Send a message of type `hook.ping`, to try a receiver. Its deliveries tell how it went."""
    with context_of(request).database.writing() as session:
        return MessageView.of(service.ping(session, repository.get(session, principal.organisation, hook_id)))


@router.post("/{hook_id}/replay", status_code=202)
def replay(request: Request, principal: Manager, hook_id: str, asked: ReplayRequest) -> Replayed:
    """Send one message again, or all of a span of time; each keeps its webhook-id."""
    with context_of(request).database.writing() as session:
        hook = repository.get(session, principal.organisation, hook_id)
        return Replayed(messages=replaying.replay(session, hook, asked, time.time()))


@router.get("/{hook_id}/messages")
def messages(
    request: Request,
    principal: Manager,
    hook_id: str,
    status: MessageStatus | None = None,
    cursor: Cursor = None,
    limit: Size = 50,
) -> MessagePage:
    """What was sent or is to be sent, newest first, a page at a time."""
    with context_of(request).database.reading() as session:
        hook = repository.get(session, principal.organisation, hook_id)
        found, more = repository.messages(session, hook, status, cursor, limit)
        return MessagePage(messages=[MessageView.of(each) for each in found], next_cursor=more)


@router.get("/{hook_id}/messages/{message_id}")
def message(request: Request, principal: Manager, hook_id: str, message_id: str) -> MessageWhole:
    """A message with its body and every try."""
    with context_of(request).database.reading() as session:
        hook = repository.get(session, principal.organisation, hook_id)
        found = repository.message(session, hook, message_id)
        tries = [DeliveryView.of(each, found) for each in repository.tries_of(session, found)]
        return MessageWhole(message=MessageView.of(found), body=found.body, deliveries=tries)


@router.get("/{hook_id}/deliveries")
def deliveries(
    request: Request, principal: Manager, hook_id: str, cursor: Cursor = None, limit: Size = 50
) -> DeliveryPage:
    """Every try of a hook's messages, newest first, a page at a time: when, how long, what came back."""
    with context_of(request).database.reading() as session:
        hook = repository.get(session, principal.organisation, hook_id)
        found, more = repository.tries(session, hook, cursor, limit)
        return DeliveryPage(deliveries=[DeliveryView.of(*each) for each in found], next_cursor=more)
