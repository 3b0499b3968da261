"""What clients read of streams beside the events themselves."""

from __future__ import annotations

from pydantic import BaseModel

from dubline.service.moments import Instant


class StreamTicket(BaseModel):
    ticket: str
    """For `?ticket=` of the job's event stream or socket."""
    expires_at: Instant
