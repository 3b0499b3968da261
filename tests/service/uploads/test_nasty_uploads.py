"""Three hundred nasty names through both doors (promise M9): nothing is ever written outside a folder of ours, and
whoever fetches an upload's name gets a harmless one."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.service.uploads.names import plain_name, safe_suffix
from tests.service.uploads.nasty import NAMES
from tests.service.uploads.tus_client import BYTES, encoded

ID = re.compile(r"upl_[0-9a-z]{26}")
WRITTEN = 5
"""Every so manyth also gets its byte: test_names.py proves of all what their files would end with."""


def all_paths(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_m9_tus_takes_every_name_and_writes_only_under_ids(
    tus: httpx.Client, context: Context, settings: ServiceSettings
) -> None:
    def elsewhere() -> set[str]:
        whole = all_paths(settings.data.parent)
        return {path for path in whole if "uploads/" not in path and "sqlite" not in path}

    before = elsewhere()
    for number, name in enumerate(NAMES):
        first = BYTES if number % WRITTEN == 0 else {}
        sent = {**first, "Upload-Length": "1", "Upload-Metadata": f"filename {encoded(name)}".strip()}
        made = tus.post("", content=b"x" if first else b"", headers=sent)
        assert made.status_code == 201, name
        upload = made.headers["location"].rsplit("/", 1)[-1]
        assert ID.fullmatch(upload)
        assert tus.get(f"/{upload}").json()["filename"] == plain_name(name)
        if first:
            assert {path.name for path in (context.uploads / upload).iterdir()} == {
                "lock",
                f"source{safe_suffix(name)}",
            }
    assert len(list(context.uploads.iterdir())) == len(NAMES[::WRITTEN])
    assert elsewhere() - before <= {"data/uploads"}


def test_m9_the_form_takes_nasty_names_and_leaves_nothing_behind(
    tus: httpx.Client, context: Context, settings: ServiceSettings
) -> None:
    """No media, so each is refused; until then it lay on disk."""
    for name in NAMES[::WRITTEN]:
        quoted = (
            name.encode(errors="replace").replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
        )
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + quoted + b'"\r\n\r\nhello\r\n'
            b'--x\r\nContent-Disposition: form-data; name="target_language"\r\n\r\nes\r\n--x--\r\n'
        )
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        refused = httpx.post(tus.base_url.join("/api/v1/upload"), content=body, headers=headers)
        assert refused.status_code in (400, 422), (name, refused.text)
        assert refused.json()["code"] in ("form_broken", "not_media"), (name, refused.text)
    assert not list(context.uploads.glob("*"))
    assert not (settings.data.parent / "etc").exists()
