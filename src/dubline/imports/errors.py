"""How an import fails, in the words of imports; the only place where other failures become these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dubline.domain.errors import Unavailable, UserError
from dubline.egress import Failed, ProxyDown, Refused, TooLarge, TooSlow

UPLOAD_INSTEAD = "Fetch it yourself and upload the file."


@contextmanager
def told_plainly() -> Iterator[None]:
    try:
        yield
    except Failed as error:
        raise failed() from error
    except TooLarge as error:
        raise too_large() from error
    except TooSlow as error:
        raise too_slow() from error
    except ProxyDown as error:
        raise unavailable() from error


def refused() -> UserError:
    """A page, a playlist or a redirect led where nobody may go."""
    return Refused("This address leads on to one that is not public.", UPLOAD_INSTEAD)


def failed() -> UserError:
    """The same words whatever it was that did not answer."""
    return UserError(
        "import_failed",
        "Nothing could be fetched from this address.",
        hint=f"Check that it opens without signing in. Or: {UPLOAD_INSTEAD.lower()}",
    )


def too_large() -> UserError:
    return UserError(
        "import_too_large", "What this address sends is larger than your uploads may be.", hint=UPLOAD_INSTEAD
    )


def too_slow() -> UserError:
    return UserError("import_too_slow", "This address sends too slowly.", hint=UPLOAD_INSTEAD)


def unavailable() -> Unavailable:
    return Unavailable(
        "import_unavailable",
        "This server cannot fetch anything at the moment: its way out is closed.",
        hint="Try again later; the operator can check the setting egress_proxy.",
    )
