"""From words and turns to lines that one person says in one breath."""
