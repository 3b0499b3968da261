"""How long a client tries again while nothing gets better."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from dubline.client.errors import ClientError, ConnectionLost

FIRST, LONGEST = 0.25, 10.0
"""Seconds before the second try, and at most between two."""

STRANGER = 10.0
"""Seconds of patience where nobody was ever reached: the address is wrong more often than the server is starting."""


@dataclass
class Acquaintance:
    """Whether somebody was ever reached there; all of a client's requests share it."""

    met: bool = False


class Patience:
    """Pauses grow, each by chance a little, so that many clients do not all come back at once."""

    def __init__(self, seconds: float, server: Acquaintance) -> None:
        self._seconds = seconds
        self._server = server
        self.renew()

    def renew(self) -> None:
        """Something went well: whatever fails now fails for the first time."""
        self._since = time.monotonic()
        self._tries = 0

    def wait(self, error: ClientError, asked: float | None = None) -> None:
        """Until the next try is due; raises the error when enough was tried. `asked` is what the server said."""
        pause = asked if asked is not None else min(LONGEST, FIRST * 2**self._tries)
        pause *= random.uniform(1.0, 1.2)  # noqa: S311 - spreads load, hides nothing
        if time.monotonic() - self._since + pause > self._limit(error):
            raise error
        self._tries += 1
        time.sleep(pause)

    def _limit(self, error: ClientError) -> float:
        """A line that broke was there: it may come back, and is waited for as long as was asked."""
        if not isinstance(error, ConnectionLost) or error.sent:
            self._server.met = True
        return self._seconds if self._server.met else min(self._seconds, STRANGER)
