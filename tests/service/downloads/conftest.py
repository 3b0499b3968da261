"""One film, dubbed once for all tests of a module, behind a server of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from dubline.api.workshop import workshop
from dubline.service.access.keys import issue
from dubline.service.access.local import ORGANISATION, local_principal
from dubline.service.access.roles import Role
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.settings import ServiceSettings
from dubline.service.uploads import files, service
from dubline.storage.tables import Organisation, User
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, served
from tests.stubbed import make_film

SECONDS = 14.12


@dataclass(frozen=True)
class Gallery:
    """`client` is whoever sits at the machine, `stranger` an admin of another organisation."""

    context: Context
    client: httpx.Client
    stranger: httpx.Client
    film: Path
    job: str

    def link(self, path: str, **wanted: object) -> httpx.Response:
        """What the link to something leads to."""
        made = self.client.get(f"/jobs/{self.job}/{path}", params=wanted)
        assert made.status_code == 200, made.text
        return self.client.get(made.json()["download_url"])


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory, talk: Path) -> Iterator[Gallery]:
    folder = tmp_path_factory.mktemp("gallery")
    film = make_film(Path(shutil.copy(talk, folder / "film.wav")))
    context = open_context(ServiceSettings(data=folder / "data", workers=0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBLINE_HOME", str(folder / "home"))
        with served(context) as url, workshop(context.work) as shop:
            base = f"{url}/api/v1"
            key = {"Authorization": f"Bearer {somebody(context)}"}
            with (
                httpx.Client(base_url=base, timeout=60) as client,
                httpx.Client(base_url=base, timeout=60, headers=key) as stranger,
            ):
                job = dubbed(context, client, film, Worker(context, shop))
                yield Gallery(context, client, stranger, film, job)
    context.database.close()


def uploaded(context: Context, film: Path) -> str:
    with context.database.writing() as session:
        row = service.begin(session, local_principal(), film.name, 0, 1.0)
        session.flush()
        session.expunge(row)
    place = files.path_of(context, row.id)
    place.parent.mkdir(parents=True)
    shutil.copyfile(film, place)
    return service.finish(context, row).id


def dubbed(context: Context, client: httpx.Client, film: Path, worker: Worker) -> str:
    asked = {
        "upload_id": uploaded(context, film),
        "name": "the film",
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }
    made = client.post("/jobs", json=asked)
    assert made.status_code == 201, made.text
    assert worker.once()
    job = str(made.json()["id"])
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"
    return job


def somebody(context: Context, role: Role = Role.ADMIN, organisation: str | None = None) -> str:
    """The key of a new person, in an organisation of their own or in the one that is named."""
    with context.database.writing() as session:
        if organisation is None:
            organisation = new_id("org")
            session.add(Organisation(id=organisation, name="Somebody's", limits={}, created_at=0.0))
            session.flush()
        user = User(id=new_id("usr"), organisation_id=organisation, name=role, role=role, created_at=0.0)
        session.add(user)
        session.flush()
        return issue(session, user, "test").secret


def colleague(gallery: Gallery, role: Role = Role.VIEWER) -> httpx.Client:
    secret = somebody(gallery.context, role, ORGANISATION)
    return httpx.Client(
        base_url=gallery.client.base_url, timeout=60, headers={"Authorization": f"Bearer {secret}"}
    )


def probed(content: bytes, folder: Path) -> dict[str, object]:
    """What a player would find: streams by kind, and how long it plays once every frame is decoded."""
    path = folder / "played"
    path.write_bytes(content)
    entries = (
        "-show_entries",
        "stream=codec_type,codec_name,width,height,channels,sample_rate:format=duration",
    )
    said = subprocess.run(
        ["ffprobe", "-v", "error", *entries, "-of", "json", str(path)], capture_output=True, check=True
    )
    played = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-f", "null", "-"], capture_output=True, check=True
    )
    assert not played.stderr, played.stderr
    found = json.loads(said.stdout)
    streams = {stream["codec_type"]: stream for stream in found["streams"]}
    return {"duration": float(found["format"]["duration"]), **streams}
