"""Writes a migration from what the last one made to what the tables say.

python scripts/new_migration.py "what it does"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from dubline.storage.database import MIGRATIONS, Database


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'now.sqlite'}")
        database.migrate()
        with database.engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            number = 1 + len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    main(sys.argv[1])
