"""Uploads on disk: a folder each, named by its id. Bytes count as there once they are synced."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from dubline.service.context import Context
from dubline.service.uploads.names import safe_suffix
from dubline.storage.blobs import disk_full_is_plain


def folder_of(context: Context, upload_id: str) -> Path:
    return context.uploads / upload_id


def path_of(context: Context, upload_id: str) -> Path:
    """Where bytes lie while they come in."""
    return folder_of(context, upload_id) / "content"


def lock_of(context: Context, upload_id: str) -> Path:
    """Whoever writes to the upload holds this file locked."""
    return folder_of(context, upload_id) / "lock"


def named_path(context: Context, upload_id: str, filename: str) -> Path:
    """The same bytes under a name that ends as the sender's did: engines and results are named after it."""
    return folder_of(context, upload_id) / f"source{safe_suffix(filename)}"


def make_folder(context: Context, upload_id: str) -> None:
    """Durably: bytes that are synced into a folder nobody finds again would be lost all the same."""
    folder = folder_of(context, upload_id)
    if not folder.is_dir():
        with disk_full_is_plain():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)


def bring_back(context: Context, upload_id: str, filename: str) -> None:
    """A server may die between giving the finished file its place and noting that it did."""
    received, place = path_of(context, upload_id), named_path(context, upload_id, filename)
    if place.is_file() and not received.exists():
        place.replace(received)


def complete(context: Context, upload_id: str, filename: str) -> Path:
    """Bytes and their name made durable; the file now stands where jobs read it."""
    received, place = path_of(context, upload_id), named_path(context, upload_id, filename)
    with disk_full_is_plain():
        with received.open("rb+") as file:
            os.fsync(file.fileno())
        received.replace(place)
        sync_folder(place.parent)
    return place


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(context: Context, upload_id: str) -> None:
    shutil.rmtree(folder_of(context, upload_id), ignore_errors=True)


def results_of(context: Context, job_id: str) -> Path:
    return context.results / job_id


def forget_results(context: Context, job_id: str) -> None:
    shutil.rmtree(results_of(context, job_id), ignore_errors=True)
