"""The few words of tus that tests speak by themselves."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx

from dubline.service.context import Context

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


def create(tus: httpx.Client, size: int, **headers: str) -> str:
    made = tus.post("", headers={"Upload-Length": str(size), **headers})
    assert made.status_code == 201, made.text
    return str(httpx.URL(made.headers["location"]).path).rsplit("/", 1)[-1]


def patch(tus: httpx.Client, upload: str, offset: int, data: bytes, **headers: str) -> httpx.Response:
    return tus.patch(f"/{upload}", content=data, headers={**BYTES, "Upload-Offset": str(offset), **headers})


def offset(tus: httpx.Client, upload: str) -> int:
    return int(tus.head(f"/{upload}").headers["upload-offset"])


def place(context: Context, upload: str) -> Path:
    folder = context.uploads / upload
    (found,) = [*folder.glob("source*"), *folder.glob("content")]
    return found


def content(context: Context, upload: str) -> bytes:
    return place(context, upload).read_bytes()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
