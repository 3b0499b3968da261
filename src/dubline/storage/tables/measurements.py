"""What workers counted: sums, added to by every worker, so that they outlive each of them."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Table


class Measurement(Table):
    """One sample as Prometheus reads it. There are as many as there are names and label values: no more with more
    workers or jobs."""

    __tablename__ = "measurements"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    labels: Mapped[str] = mapped_column(String(400), primary_key=True)
    """A JSON object, its names in order."""
    value: Mapped[float] = mapped_column(default=0.0)
