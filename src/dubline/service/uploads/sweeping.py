"""What nobody comes back for: uploads past their time, forms whose sender or server died, folders without a row."""

from __future__ import annotations

from dubline.service.context import Context
from dubline.service.uploads import files, repository
from dubline.service.uploads.holding import is_held
from dubline.storage.tables import Upload

FORM_GRACE = 900.0
"""Seconds after which a form that nobody is receiving, and no job came of, was left by a server that died."""

AT_ONCE = 500
"""Ids in one question to the database."""


def sweep_expired(context: Context, now: float) -> int:
    """How many uploads went. One that somebody writes to, or that a job was made of, stays."""
    with context.database.reading() as session:
        found = repository.unused_past(session, now, now - FORM_GRACE)
        session.expunge_all()
    gone = sum(_swept(context, upload) for upload in found)
    _sweep_folders(context)
    return gone


def _swept(context: Context, upload: Upload) -> bool:
    if is_held(context, upload.id):
        return False
    with context.database.writing() as session:
        if not repository.delete_unclaimed(session, upload.id, upload.claims):
            return False
    files.remove(context, upload.id)
    return True


def _sweep_folders(context: Context) -> None:
    """The row comes before the folder, so a folder that has none now lost it. Asked after looking at the disk: an
    upload that begins meanwhile is not among these."""
    names = [folder.name for folder in context.uploads.glob("*")]
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        with context.database.reading() as session:
            known = repository.known(session, some)
        for name in set(some) - known:
            files.remove(context, name)
