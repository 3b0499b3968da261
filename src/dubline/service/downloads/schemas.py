"""Downloads as clients read them."""

from __future__ import annotations

from pydantic import BaseModel

from dubline.service.downloads.kinds import Format, Kind, Text
from dubline.service.moments import Instant


class Link(BaseModel):
    """A file, for whoever has the link, until it expires."""

    download_url: str
    filename: str
    file_size: int
    media_type: str
    expires_at: Instant


class Preparing(BaseModel):
    """The file is being made; ask again after `Retry-After` seconds."""

    status: str = "preparing"


class OutputView(BaseModel):
    language: str
    kind: Kind
    format: Format | None
    text: Text | None
    """Of subtitles: whose words."""
    filename: str
    media_type: str
    size: int | None
    """None for what is made when it is asked for."""
    digest: str | None
    """SHA-256."""
    created_at: Instant | None


class OutputList(BaseModel):
    outputs: list[OutputView]
