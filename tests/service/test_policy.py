"""What an operator does not want dubbed, and whose voice may be imitated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.policy.checkers import Keywords, Text
from dubline.service.policy.judging import State, Verdict, judge
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import AuditEntry
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> ServiceSettings:
    """With a list of words, `flag` or `refuse`."""
    words = tmp_path / "words.txt"
    words.write_text("# not here\nforbidden film\nrojo  # the stub's word for red\n", encoding="utf-8")
    action = getattr(request, "param", "flag")
    return ServiceSettings(data=tmp_path / "data", workers=0, policy_file=words, policy_action=action)


refusing = pytest.mark.parametrize("settings", ["refuse"], indirect=True)


def asked(upload: str, **more: object) -> dict[str, object]:
    usual = {"upload_id": upload, "source_language": "en", "target_languages": ["es"]}
    return {**usual, "settings": {"engines": ENGINES}, **more}


def audited(context: Context, action: str) -> list[AuditEntry]:
    with context.database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_a_name_that_is_not_wanted_is_flagged_for_all_to_see(
    client: httpx.Client, context: Context, talk: Path, uploaded: Callable[..., str]
) -> None:
    made = client.post("/jobs", json=asked(uploaded(talk), name="My FORBIDDEN  film!"))
    assert made.status_code == 201, made.text
    seen = client.get(f"/jobs/{made.json()['id']}").json()["policy"]
    assert seen == {"state": "flagged", "reasons": ["'forbidden film' in name"]}
    [entry] = audited(context, "policy.found")
    assert (entry.object, entry.details["reasons"]) == (made.json()["id"], seen["reasons"])


@refusing
def test_or_refused_with_the_reason(
    client: httpx.Client, context: Context, talk: Path, uploaded: Callable[..., str]
) -> None:
    refused = client.post("/jobs", json=asked(uploaded(talk), metadata={"tag": "rojo"}))
    assert (refused.status_code, refused.json()["code"]) == (422, "policy_refused")
    assert "'rojo' in metadata" in refused.json()["detail"]
    assert client.get("/jobs").json()["jobs"] == []
    assert [entry.outcome for entry in audited(context, "policy.found")] == ["refused"]


def test_what_is_said_is_looked_at_when_it_is_known(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> None:
    job = client.post("/jobs", json=asked(uploaded(talk))).json()
    assert job["policy"] == {"state": "clear", "reasons": []}
    assert worker.once()
    done = client.get(f"/jobs/{job['id']}").json()
    assert done["status"] == "completed"
    assert done["policy"] == {"state": "flagged", "reasons": ["'rojo' in translation (es)"]}


@refusing
def test_and_a_dub_that_is_refused_then_is_not_kept(
    client: httpx.Client, context: Context, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> None:
    job = client.post("/jobs", json=asked(uploaded(talk))).json()
    assert worker.once()
    done = client.get(f"/jobs/{job['id']}").json()
    assert (done["status"], done["error_code"]) == ("failed", "policy_refused")
    assert done["policy"]["state"] == "refused"
    assert not [path for path in context.results.rglob("*") if path.is_file()]


def test_words_are_found_whatever_their_case_and_form_but_not_inside_others() -> None:
    found = Keywords(["Straße", "red", "爆弾"]).check
    assert found([Text("name", "Die STRASSE")]) == ["'Straße' in name"]
    assert found([Text("name", "ｒｅｄ!")]) == ["'red' in name"]
    assert found([Text("name", "hundred reds")]) == []
    assert found([Text("name", "これは爆弾です")]) == ["'爆弾' in name"]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package with a checker of its own, found as any is."""
    folder = tmp_path / "site" / "strict-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: strict\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text("[dubline.policy]\nstrict = strict_policy:Strict\n")
    (folder.parent / "strict_policy.py").write_text(
        "class Strict:\n    def check(self, texts):\n"
        "        if any('boom' in text.text for text in texts):\n            raise RuntimeError('boom')\n"
        "        return ['too long'] if any(len(text.text) > 5 for text in texts) else []\n"
    )
    monkeypatch.syspath_prepend(str(folder.parent))
    yield


def test_a_checker_of_ones_own_is_found_by_entry_point(settings: ServiceSettings, installed: None) -> None:
    own = settings.model_copy(update={"policy_file": None})
    assert judge(own, [Text("name", "short")]) == Verdict(state=State.CLEAR)
    assert judge(own, [Text("name", "longer")]).reasons == ["too long"]
    assert "broke" in judge(own, [Text("name", "boom")]).reasons[0]


def test_without_a_policy_it_is_said_that_nobody_looked(settings: ServiceSettings) -> None:
    none = settings.model_copy(update={"policy_file": None})
    assert judge(none, [Text("name", "forbidden film")]).state is State.UNCHECKED


def test_a_list_that_is_gone_lets_nothing_through(
    settings: ServiceSettings, client: httpx.Client, talk: Path, uploaded: Callable[..., str]
) -> None:
    assert settings.policy_file is not None
    settings.policy_file.unlink()
    refused = client.post("/jobs", json=asked(uploaded(talk)))
    assert (refused.status_code, refused.json()["code"]) == (503, "policy_file_missing")


CLONING = {"engines": {**ENGINES, "synthesizer": "stub-cloner"}}


@pytest.mark.parametrize(
    "given", [{}, {"consent": True}, {"consent_by": "Ana"}, {"consent": True, "consent_by": " "}]
)
def test_no_voice_is_imitated_without_consent(
    client: httpx.Client, talk: Path, uploaded: Callable[..., str], given: dict[str, object]
) -> None:
    refused = client.post("/jobs", json=asked(uploaded(talk), **{**given, "settings": CLONING}))
    assert (refused.status_code, refused.json()["code"]) == (422, "consent_required")


def test_a13_who_gave_consent_is_kept(
    person: Callable[..., Person], context: Context, talk: Path, uploaded: Callable[..., str]
) -> None:
    somebody = person(Role.EDITOR)
    upload = uploaded(talk, Principal(somebody.organisation, somebody.user, Role.EDITOR))
    given = {"consent": True, "consent_by": "Ana\r\nFORGED entry", "settings": CLONING}
    made = somebody.client.post("/jobs", json=asked(upload, **given))
    assert made.status_code == 201, made.text
    [entry] = audited(context, "cloning.consented")
    assert (entry.user_id, entry.object) == (somebody.user, made.json()["id"])
    assert entry.details == {"consent_by": "Ana\\r\\nFORGED entry"}
