"""A job goes with all that belongs to it: rows, results, its upload, and what was made on the way.

The rows go first. Should the server die before the files are gone, nobody can reach them any more, and the janitor
finds them without a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dubline.service.context import Context
from dubline.service.jobs import repository, service
from dubline.service.uploads import files
from dubline.service.uploads import repository as uploads
from dubline.storage.blobs import BlobStore
from dubline.storage.collect import erase as erase_artefacts
from dubline.storage.ledger import Ledger
from dubline.storage.tables import Upload


def erase(context: Context, organisation: str, job_id: str) -> None:
    """What another job uses too, the upload or a finished step, stays for that one."""
    with context.database.writing() as session:
        job = repository.get(session, organisation, job_id)
        upload = session.get(Upload, job.upload_id) if job.upload_id else None
        service.remove(session, job)
        gone = upload.id if upload and uploads.delete_unclaimed(session, upload.id, upload.claims) else None
    files.forget_results(context, job_id)
    if gone:
        files.remove(context, gone)
    with workroom(context) as (store, ledger):
        erase_artefacts(store, ledger, job_id)


@contextmanager
def workroom(context: Context) -> Iterator[tuple[BlobStore, Ledger]]:
    """Where the workers keep what they finished."""
    store, ledger = BlobStore(context.work / "artefacts"), Ledger(context.work / "ledger.sqlite")
    try:
        yield store, ledger
    finally:
        ledger.close()
