"""What all tables share. Moments are seconds since 1970 in UTC: they sort, subtract and survive every database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Double, MetaData, String
from sqlalchemy.orm import DeclarativeBase

Document = dict[str, Any]
"""A JSON object."""


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {float: Double, str: String(200), Document: JSON, list[str]: JSON}  # noqa: RUF012
