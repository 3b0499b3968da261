"""The voice library: characters with their prints and the voices that speak for them. SQLite, on this machine only.

It is no cache: nothing here can be made again from elsewhere, and no cache command touches it.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy import (
    Column,
    Engine,
    Float,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)

from dubline.domain.characters import Character, Characters
from dubline.domain.speech import Traits
from dubline.storage.blobs import disk_full_is_plain
from dubline.storage.making import make_tables

FILE = "library.sqlite"
PRINT_TYPE = "<f4"

_tables = MetaData()

_characters = Table(
    "characters",
    _tables,
    Column("name", String(200), primary_key=True),
    Column("traits", Text, nullable=False),
    Column("encoder", String(100), nullable=False),
    Column("print", LargeBinary, nullable=False),
    Column("seconds", Float, nullable=False),
)

_voices = Table(
    "character_voices",
    _tables,
    Column("character", ForeignKey("characters.name", ondelete="CASCADE"), primary_key=True),
    Column("language", String(40), primary_key=True),
    Column("voice", String(400), nullable=False),
)


class Library:
    """Makes its file with the first character; a library nobody uses leaves no trace."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def characters(self) -> tuple[Character, ...]:
        """By name."""
        if not self._path.exists():
            return ()
        with self._engine.connect() as connection:
            rows = connection.execute(select(_characters).order_by(_characters.c.name)).all()
            chosen = connection.execute(select(_voices).order_by(_voices.c.language)).all()
        voices: dict[str, dict[str, str]] = {row.name: {} for row in rows}
        for row in chosen:
            voices[row.character][row.language] = row.voice
        return tuple(
            Character(
                name=row.name,
                traits=Traits.model_validate_json(row.traits),
                encoder=row.encoder,
                print=tuple(np.frombuffer(row.print, dtype=PRINT_TYPE).astype(float).tolist()),
                seconds=row.seconds,
                voices=voices[row.name],
            )
            for row in rows
        )

    def find(self, name: str) -> Character | None:
        """Whoever is called that, in large or small letters."""
        return Characters(characters=self.characters()).named(name)

    def put(self, character: Character) -> None:
        """Add a character, or replace the one of that name."""
        row = {
            "name": character.name,
            "traits": character.traits.model_dump_json(),
            "encoder": character.encoder,
            "print": np.array(character.print, dtype=PRINT_TYPE).tobytes(),
            "seconds": character.seconds,
        }
        voices = [
            {"character": character.name, "language": language, "voice": voice}
            for language, voice in character.voices.items()
        ]
        with disk_full_is_plain(), self._engine.begin() as connection:
            connection.execute(delete(_characters).where(_characters.c.name == character.name))
            connection.execute(insert(_characters).values(row))
            if voices:
                connection.execute(insert(_voices), voices)

    def remove(self, name: str) -> bool:
        if (known := self.find(name)) is None:
            return False
        with self._engine.begin() as connection:
            connection.execute(delete(_characters).where(_characters.c.name == known.name))
        return True

    def close(self) -> None:
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self._path}")
        event.listen(engine, "connect", _careful)
        with engine.begin() as connection:
            make_tables(_tables, connection)
        return engine


def _careful(connection: object, _record: object) -> None:
    """SQLite drops a character's voices with it only where it is told to."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection, typed by no one
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
