"""What may go wrong on the way out. None of it says what stands behind an address: no number, no port, no banner.

UserError
├── Refused    the address is none that we contact
├── Failed     it is, and nothing useful came from there; closed, filtered and babbling look the same
├── TooLarge   more came than we take
└── TooSlow    it took longer than we wait
Unavailable
└── ProxyDown  the operator's own proxy does not answer; nothing ever goes around it
"""

from __future__ import annotations

from dubline.domain.errors import Unavailable, UserError


class Refused(UserError):
    """Not public, not found, or written in a way that can be read in two."""

    def __init__(self, message: str = "There is no public server at this address.", hint: str = "") -> None:
        super().__init__(
            "address_refused", message, hint=hint or "Give a public https address by its plain name."
        )


class Failed(UserError):
    """One sentence for everything, because any difference would make us a scanner of other people's ports."""

    def __init__(self) -> None:
        super().__init__(
            "fetch_failed",
            "Nothing could be fetched from this address.",
            hint="Check that it opens in a browser without signing in, then try again.",
        )


class TooLarge(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(
            "fetch_too_large",
            f"What this address sends is larger than the {most} bytes that are taken.",
            hint="Fetch it yourself, make it smaller and upload it.",
        )


class TooSlow(UserError):
    def __init__(self) -> None:
        super().__init__(
            "fetch_too_slow",
            "This address sends too slowly.",
            hint="Try again later, or fetch it yourself and upload it.",
        )


class ProxyDown(Unavailable):
    def __init__(self) -> None:
        super().__init__(
            "egress_unavailable",
            "The way out of this server is closed at the moment.",
            hint="Try again later; the operator can check the setting egress_proxy.",
        )
