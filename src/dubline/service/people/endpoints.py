"""People over HTTP. Organisations are founded by the server's operator, on the command line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from dubline.service.access import sessions
from dubline.service.access.admission import address_of
from dubline.service.access.door import identify, may
from dubline.service.access.limits import limits_of
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.moments import moment
from dubline.service.people import repository, service
from dubline.service.people.schemas import Me, OrganisationView, UserChange, UserList, UserRequest, UserView
from dubline.storage.tables import Organisation, User

router = APIRouter(tags=["people"])

Anybody = Annotated[Principal, Depends(identify)]
Admin = Annotated[Principal, may(Operation.PEOPLE_MANAGE)]


@router.get("/me")
def me(request: Request, principal: Anybody) -> Me:
    """Who you are to this server, and what you may do with what you showed."""
    context = context_of(request)
    cookie = request.cookies.get(sessions.COOKIE) if principal.session_began else None
    with context.database.reading() as session:
        organisation = session.get_one(Organisation, principal.organisation)
        return Me(
            user=UserView.of(session.get_one(User, principal.user)),
            organisation=OrganisationView(
                id=organisation.id,
                name=organisation.name,
                created_at=moment(organisation.created_at),
                limits=limits_of(context.settings, organisation),
            ),
            operations=sorted(operation for operation in Operation if principal.may(operation)),
            csrf_token=sessions.csrf_token(context.settings, cookie) if cookie else None,
        )


@router.get("/users")
def listed(request: Request, principal: Admin) -> UserList:
    """Everybody in your organisation."""
    with context_of(request).database.reading() as session:
        return UserList(
            users=[UserView.of(user) for user in repository.users(session, principal.organisation)]
        )


@router.post("/users", status_code=201)
def add(request: Request, principal: Admin, asked: UserRequest) -> UserView:
    """Let somebody into your organisation."""
    with context_of(request).database.writing() as session:
        made = service.add(
            session,
            principal.organisation,
            asked.name,
            asked.email,
            asked.role,
            by=principal,
            address=address_of(request),
        )
        return UserView.of(made)


@router.get("/users/{user_id}")
def one(request: Request, principal: Admin, user_id: str) -> UserView:
    """Somebody in your organisation."""
    with context_of(request).database.reading() as session:
        return UserView.of(repository.user(session, principal.organisation, user_id))


@router.patch("/users/{user_id}")
def change(request: Request, principal: Admin, user_id: str, asked: UserChange) -> UserView:
    """Change somebody's name or role, or shut them out. The last admin stays one."""
    with context_of(request).database.writing() as session:
        user = repository.user(session, principal.organisation, user_id)
        service.change(session, user, **asked.model_dump(), by=principal, address=address_of(request))
        return UserView.of(user)
