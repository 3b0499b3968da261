"""Small documents that we hand out and recognise when they come back: signed, dated, made for one purpose."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time

from dubline.storage.tables import Document


def seal(secret: bytes, purpose: str, content: Document, seconds: float) -> str:
    """Anybody can read it; nobody can change it or use it for something else."""
    body = _text(json.dumps({**content, "until": time.time() + seconds}).encode())
    return f"{body}.{_text(signature(secret, purpose, body))}"


def unseal(secret: bytes, purpose: str, sealed: str) -> Document | None:
    """None if it is not ours, was changed, was made for something else, or is too old."""
    body, _, signed = sealed.partition(".")
    try:
        if not hmac.compare_digest(_bytes(signed), signature(secret, purpose, body)):
            return None
        content: Document = json.loads(_bytes(body))
    except (ValueError, binascii.Error):
        return None
    return content if content["until"] > time.time() else None


def signature(secret: bytes, purpose: str, body: str) -> bytes:
    return hmac.digest(secret, f"{purpose}\n{body}".encode(), hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
