"""The ledger: which step was finished, under which key, with which outcome.

It is the cache, the checkpoint, the resume and the incremental edit in one. A key is written after its
artefacts are durable, so a key that is here can be believed after any crash.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from dubline.domain.script import Blob
from dubline.storage.blobs import disk_full_is_plain
from dubline.storage.making import make_tables

_tables = MetaData()

_steps = Table(
    "steps",
    _tables,
    Column("key", String(64), primary_key=True),
    Column("stage", String(40), nullable=False),
    Column("outputs", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("media_seconds", Float, nullable=False),
    Column("used_at", Float, nullable=False),
    Index("steps_by_use", "used_at"),
)

_uses = Table(
    "uses",
    _tables,
    Column("owner", String(80), primary_key=True),
    Column("key", String(64), primary_key=True),
    Index("uses_by_key", "key"),
)
"""Whose runs made or used a step, where runs have an owner: what nobody else used goes with the last of them."""

Outputs = dict[str, Blob | tuple[Blob, ...]]


@dataclass(frozen=True)
class Pace:
    """What a stage cost so far on this machine."""

    stage: str
    seconds: float
    media_seconds: float


class Ledger:
    """Finished steps in SQLite (WAL, synchronous=FULL: a power cut loses nothing that was acknowledged)."""

    def __init__(self, path: Path) -> None:
        with disk_full_is_plain():
            self._open(path)

    def _open(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        event.listen(self._engine, "connect", _durable)
        with self._engine.begin() as connection:
            make_tables(_tables, connection)

    @property
    def engine(self) -> Engine:
        return self._engine

    def find(self, key: str) -> Outputs | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(_steps.c.outputs).where(_steps.c.key == key)).one_or_none()
        return None if row is None else _decode(row.outputs)

    def finish(
        self,
        key: str,
        stage: str,
        outputs: Outputs,
        *,
        seconds: float,
        media_seconds: float,
        owner: str = "",
    ) -> None:
        row = {
            "key": key,
            "stage": stage,
            "outputs": _encode(outputs),
            "seconds": seconds,
            "media_seconds": media_seconds,
            "used_at": time.time(),
        }
        statement = insert(_steps).values(row).on_conflict_do_update(index_elements=["key"], set_=row)
        with disk_full_is_plain(), self._engine.begin() as connection:
            connection.execute(statement)
            _note_use(connection, owner, [key])

    def touch(self, keys: Iterable[str], owner: str = "") -> None:
        """Mark keys as used now, so that the collector takes others first."""
        with disk_full_is_plain(), self._engine.begin() as connection:
            for some in _batches(list(keys), 500):
                connection.execute(update(_steps).where(_steps.c.key.in_(some)).values(used_at=time.time()))
                _note_use(connection, owner, some)

    def owners(self) -> set[str]:
        with self._engine.connect() as connection:
            return set(connection.execute(select(_uses.c.owner).distinct()).scalars())

    def let_go(self, owner: str) -> list[Outputs]:
        """Forget the steps that only this owner used; gives back what they gave."""
        with self._engine.begin() as connection:
            own = select(_uses.c.key).where(_uses.c.owner == owner)
            shared = select(_uses.c.key).where(_uses.c.owner != owner)
            alone = _steps.c.key.in_(own), _steps.c.key.not_in(shared)
            rows = connection.execute(delete(_steps).where(*alone).returning(_steps.c.outputs)).all()
            connection.execute(delete(_uses).where(_uses.c.owner == owner))
        return [_decode(row.outputs) for row in rows]

    def forget_artefact(self, digest: str) -> int:
        """Forget every step that gave an artefact, so that it is made again."""
        with self._engine.begin() as connection:
            found = connection.execute(delete(_steps).where(_steps.c.outputs.contains(f'"{digest}"')))
        return found.rowcount

    def forget(self, keys: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            for some in _batches(keys, 500):
                connection.execute(delete(_steps).where(_steps.c.key.in_(some)))
                connection.execute(delete(_uses).where(_uses.c.key.in_(some)))

    def clear(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(_steps))
            connection.execute(delete(_uses))

    def oldest_first(self) -> list[tuple[str, Outputs]]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(_steps.c.key, _steps.c.outputs).order_by(_steps.c.used_at))
            return [(row.key, _decode(row.outputs)) for row in rows]

    def counts(self) -> dict[str, int]:
        """Finished steps per stage."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_steps.c.stage, func.count()).group_by(_steps.c.stage))
            return {row[0]: row[1] for row in rows}

    def paces(self) -> list[Pace]:
        """What each stage cost here, summed over everything in the ledger."""
        columns = (_steps.c.stage, func.sum(_steps.c.seconds), func.sum(_steps.c.media_seconds))
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).group_by(_steps.c.stage))
            return [Pace(stage, seconds, media) for stage, seconds, media in rows]

    def close(self) -> None:
        self._engine.dispose()


def _durable(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection, typed by no one
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _note_use(connection: Connection, owner: str, keys: Sequence[str]) -> None:
    if owner and keys:
        rows = [{"owner": owner, "key": key} for key in keys]
        connection.execute(insert(_uses).values(rows).on_conflict_do_nothing())


def _batches(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _encode(outputs: Outputs) -> str:
    plain = {
        name: value.model_dump() if isinstance(value, Blob) else [blob.model_dump() for blob in value]
        for name, value in outputs.items()
    }
    return json.dumps(plain, sort_keys=True)


def _decode(text: str) -> Outputs:
    return {
        name: tuple(Blob(**blob) for blob in value) if isinstance(value, list) else Blob(**value)
        for name, value in json.loads(text).items()
    }
