"""Nobody's voice is imitated unless somebody says that its owner agreed, and that they said so is kept."""

from __future__ import annotations

from dubline.api.job import Request
from dubline.ports.registry import Registry
from dubline.runs.choosing import choose
from dubline.service.problem import ServiceError


def asks_for_cloning(request: Request, registry: Registry) -> bool:
    """By what the chosen engines declare, so that an engine that comes later is known without a word here."""
    chosen = (choose(registry, request.settings, target).values() for target in request.targets)
    return any(
        registry.engine(choice.port, spec).clones
        for choices in chosen
        for choice in choices
        for spec in choice.specs
    )


def require(consent: bool, given_by: str | None) -> str:
    if not consent or not (given_by or "").strip():
        raise ServiceError(
            422,
            "consent_required",
            "This would imitate the voices of the people who speak.",
            hint="If they agreed, send consent: true and in consent_by who says so.",
        )
    return str(given_by)
