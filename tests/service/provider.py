"""A small real OpenID Connect provider on loopback: it signs everybody in who is told to be at the browser."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "dubline-test", "a secret: with / in it"


@dataclass
class Provider:
    issuer: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))
    person: dict[str, Any] = field(
        default_factory=lambda: {"email": "Ana@radio.example", "email_verified": True, "name": "Ana"}
    )
    twist: dict[str, Any] = field(default_factory=dict)
    """Claims that are not what they should be."""
    signing: ECKey | None = None
    """Another key than the one it publishes."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorise(self, asked: dict[str, str]) -> str:
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, form: dict[str, str], authorisation: str) -> dict[str, Any] | None:
        """A code is good once, for its client, with its verifier."""
        asked = self.codes.pop(form["code"], None)
        expected = base64.b64encode(b"dubline-test:a%20secret%3A%20with%20%2F%20in%20it").decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        proven = authorisation == f"Basic {expected}" and asked is not None
        if not proven or challenge.rstrip("=") != asked["code_challenge"]:  # type: ignore[index]
            return None
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._token(asked["nonce"])}  # type: ignore[index]

    def _token(self, nonce: str) -> str:
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60, "nonce": nonce}
        claims = {**usual, **self.person, **self.twist}
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.signing or self.key)


@contextmanager
def provided() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorise(asked))
                self.end_headers()
            elif parts.path == "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            else:
                ends = {"authorization": "authorize", "token": "token"}
                told = {f"{name}_endpoint": f"{provider.issuer}/{path}" for name, path in ends.items()}
                self._json({"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys", **told})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            token = provider.exchange(form, self.headers.get("Authorization", ""))
            self._json(token or {"error": "invalid_grant"}, 200 if token else 400)

        def _json(self, content: object, status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()
