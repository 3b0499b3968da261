"""What an organisation may use: the server's limits, but for those it has of its own."""

from __future__ import annotations

from dubline.service.settings import Limits, ServiceSettings
from dubline.storage.tables import Organisation


def limits_of(settings: ServiceSettings, organisation: Organisation) -> Limits:
    return Limits.model_validate({**settings.limits.model_dump(), **organisation.limits})
