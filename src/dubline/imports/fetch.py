"""One door to all ways of fetching."""

from __future__ import annotations

import mimetypes
from urllib.parse import urlsplit

from dubline.imports import plain, site
from dubline.imports.errand import Errand, Fetched
from dubline.imports.errors import told_plainly


def fetch(errand: Errand) -> Fetched:
    """UserError: address_refused, import_failed, import_too_large, import_too_slow, import_unsupported;
    Unavailable: import_unavailable, importer_missing; StorageFull; Cancelled."""
    with told_plainly():
        place = errand.egress.route(errand.url).place
        if _is_file(place.target):
            return plain.fetch(errand)
        return site.fetch(errand) or plain.fetch(errand)


def _is_file(target: str) -> bool:
    """What ends as recordings do is fetched as one; yt-dlp takes seconds only to say that it knows no such site."""
    kind = mimetypes.guess_type(urlsplit(target).path)[0] or ""
    return kind.startswith(("video/", "audio/")) and "mpegurl" not in kind
