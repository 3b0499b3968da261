"""One door to all ways of fetching."""

from __future__ import annotations

from dubline.imports import plain
from dubline.imports.errand import Errand, Fetched
from dubline.imports.errors import told_plainly


def fetch(errand: Errand) -> Fetched:
    """UserError: address_refused, import_failed, import_too_large, import_too_slow; Unavailable:
    import_unavailable; StorageFull; Cancelled."""
    with told_plainly():
        return plain.fetch(errand)
