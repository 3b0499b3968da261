"""Where messages may go, looked at when somebody names it; what a name leads to is judged at each try."""

from __future__ import annotations

from dubline.egress import Refused
from dubline.egress.addresses import may_be_met
from dubline.egress.urls import read_url
from dubline.service.context import Context
from dubline.service.hooks import signing
from dubline.service.hooks.schemas import JobHook


def check_hook(context: Context, asked: JobHook) -> None:
    check_receiver(context, asked.url)
    if asked.secret is not None:
        signing.check(asked.secret)


def check_receiver(context: Context, url: str) -> None:
    """A mistake shows at once, not in a delivery log. Nothing is looked up or contacted for it."""
    policy, place = context.egress.policy, read_url(url)
    policy.admit(place)
    if place.literal is not None and not may_be_met(place.literal, policy.allowed):
        raise Refused
