"""One door to all ways of fetching."""

from __future__ import annotations

from dubline.imports import plain, site
from dubline.imports.errand import Errand, Fetched
from dubline.imports.errors import told_plainly


def fetch(errand: Errand) -> Fetched:
    """UserError: address_refused, import_failed, import_too_large, import_too_slow, import_unsupported;
    Unavailable: import_unavailable, importer_missing; StorageFull; Cancelled."""
    with told_plainly():
        errand.egress.route(errand.url)
        return site.fetch(errand) or plain.fetch(errand)
