"""Signatures, read by those who did not write them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from dubline.service.context import Context
from dubline.service.hooks import signing
from dubline.service.hooks.deliverer import Deliverer
from tests.service.hooks.conftest import Clock, hook_to, settle
from tests.service.hooks.receiver import Received, Receiver

NODE = """
const crypto = require("crypto");
const [secret, id, at, signatures] = process.argv.slice(1);
const content = require("fs").readFileSync(0);
const key = Buffer.from(secret.slice("whsec_".length), "base64");
const mac = crypto.createHmac("sha256", key).update(`${id}.${at}.`).update(content).digest("base64");
process.exit(signatures.split(" ").includes(`v1,${mac}`) ? 0 : 1);
"""
PERL = """
use Digest::SHA qw(hmac_sha256); use MIME::Base64;
my ($secret, $id, $at, $signatures) = @ARGV; local $/; my $content = <STDIN>;
my $mac = encode_base64(hmac_sha256("$id.$at.$content", decode_base64(substr($secret, 6))), "");
exit((grep { $_ eq "v1,$mac" } split(/ /, $signatures)) ? 0 : 1);
"""


def by_python(secret: str, got: Received) -> bool:
    try:
        Webhook(secret).verify(got.content, dict(got.headers))
    except WebhookVerificationError:
        return False
    return True


def by_program(*command: str) -> Callable[[str, Received], bool]:
    def verify(secret: str, got: Received) -> bool:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        arguments = [*command, secret, *(got.headers[name] for name in names)]
        return subprocess.run(arguments, check=False, input=got.content.encode(), timeout=30).returncode == 0

    return verify


READERS = {
    "python": by_python,
    "node": by_program("node", "-e", NODE, "--"),
    "perl": by_program("perl", "-e", PERL, "--"),
}


def test_w1_the_example_of_the_specification() -> None:
    """Secret, id, time and body of its example; the signature was computed with openssl."""
    headers = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        '{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        1614265330.9,
    )
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("reader", READERS)
def test_w1_what_arrives_is_verified_by(
    reader: str,
    client: httpx.Client,
    accepted: Callable[..., str],
    receiver: Receiver,
    delivery: Callable[..., Deliverer],
) -> None:
    secret = hook_to(client, receiver.url())["secret"]
    accepted(name="Größe \u2028 « naïve » 日本語", labels={"a": 'b"c\\d</script>'})
    settle(delivery())
    (got,) = receiver.received
    assert READERS[reader](secret, got)
    assert not READERS[reader](signing.new_secret(), got)
    tampered = Received(got.path, got.headers, got.content.replace("uploaded", "completed"), got.at)
    assert not READERS[reader](secret, tampered)


def test_w6_both_secrets_are_good_for_a_day(
    client: httpx.Client,
    context: Context,
    accepted: Callable[..., str],
    receiver: Receiver,
    delivery: Callable[..., Deliverer],
) -> None:
    made = hook_to(client, receiver.url())
    rotated = client.post(f"/hooks/{made['id']}/rotate").json()
    assert rotated["secret"] != made["secret"]
    accepted()
    settle(delivery())
    assert by_python(made["secret"], receiver.received[-1])
    assert by_python(rotated["secret"], receiver.received[-1])
    assert len(receiver.received[-1].headers["webhook-signature"].split()) == 2
    clock = Clock(receiver.received[-1].at + 24 * 3600 + 60)
    accepted()
    settle(delivery(clock=clock))
    assert len(receiver.received[-1].headers["webhook-signature"].split()) == 1


def test_a_second_rotation_does_not_cut_the_first_short_unless_asked(
    client: httpx.Client, receiver: Receiver
) -> None:
    made = hook_to(client, receiver.url())
    client.post(f"/hooks/{made['id']}/rotate")
    again = client.post(f"/hooks/{made['id']}/rotate")
    assert (again.status_code, again.json()["code"]) == (409, "rotation_under_way")
    dropped = client.post(f"/hooks/{made['id']}/rotate", json={"drop_old": True})
    assert dropped.status_code == 200
    assert dropped.json()["old_secret_until"] is None


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_" + "A" * 120, "whsec_***", "A" * 44]
)
def test_a_weak_secret_is_refused(
    client: httpx.Client, talk: object, uploaded: Callable[..., str], receiver: Receiver, secret: str
) -> None:
    webhook = {"url": receiver.url(), "secret": secret}
    asked = {
        "upload_id": uploaded(talk),
        "target_languages": ["es"],
        "source_language": "en",
        "webhook": webhook,
    }
    refused = client.post("/jobs", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook_secret_invalid")
    assert client.get("/jobs").json()["jobs"] == []
