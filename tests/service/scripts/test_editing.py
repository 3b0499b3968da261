"""Scripts edited over HTTP: every edit of every kind, what is refused and how, undo and the history."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from dubline.service.access.roles import Role
from tests.service.conftest import Person
from tests.service.scripts.conftest import Desk, talk_of


def texts(script: dict[str, Any]) -> dict[str, str]:
    return {line["id"]: line["text"] for line in script["lines"]}


def content(script: dict[str, Any]) -> list[dict[str, Any]]:
    """What people wrote: all but the marks of when."""
    return [
        {name: line[name] for name in line if name not in ("revision", "stale")} for line in script["lines"]
    ]


def test_a_script_is_read_whole_and_not_sent_twice(desk: Desk) -> None:
    got = desk.client.get(desk.path)
    script = got.json()
    assert (script["revision"], script["rendered"], script["state"]) == (1, 1, "current")
    assert len(script["lines"]) == 12
    assert script["lines"][0]["span"] == {"start": 1.0, "end": 1.9}
    assert "/somewhere" not in got.text, "where files lie on the server is nobody's business"
    again = desk.client.get(desk.path, headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    desk.patch("L0001", text="Hola.")
    assert desk.client.get(desk.path, headers={"If-None-Match": got.headers["etag"]}).status_code == 200


def test_a_text_is_patched_and_the_job_is_stale(desk: Desk) -> None:
    done = desk.patch("L0003", text="Hola a todos.")
    assert done.status_code == 200, done.text
    (line,) = done.json()["lines"]
    assert (line["text"], line["edited"], line["stale"], line["revision"]) == ("Hola a todos.", True, True, 2)
    assert done.headers["etag"] == '"2.1"'
    target = desk.target()
    assert (target["state"], target["revision"], target["rendered"]) == ("stale", 2, 1)
    assert desk.client.get(f"/jobs/{desk.job}").json()["status"] == "completed"
    assert [each["revision"] for each in desk.script()["lines"] if each["stale"]] == [2]


@pytest.mark.parametrize(
    ("asked", "field", "value"),
    [
        ({"source_text": "blue."}, "source_text", "blue."),
        ({"start": 3.1}, "span", {"start": 3.1, "end": 3.9}),
        ({"start": 30, "end": 32}, "span", {"start": 30.0, "end": 32.0}),
        ({"speaker": "S1"}, "speaker", "S1"),
        ({"keep_original": True}, "keep_original", True),
        ({"rate": 1.1}, "rate", 1.1),
    ],
)
def test_everything_about_a_line_can_change(
    desk: Desk, asked: dict[str, Any], field: str, value: object
) -> None:
    done = desk.patch("L0003", **asked)
    assert done.status_code == 200, done.text
    assert done.json()["lines"][0][field] == value
    assert desk.line("L0003")[field] == value


def test_a_voice_is_chosen_by_name(desk: Desk) -> None:
    done = desk.patch("L0003", voice="stub:high")
    assert done.json()["lines"][0]["voice"]["name"] == "high"
    assert desk.patch("L0003", voice="nobody").json()["code"] == "voice_unknown"


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "request_invalid"),
        ({"text": "  "}, 422, "text_empty"),
        ({"colour": "red"}, 422, "request_invalid"),
        ({"start": 5.1, "end": 5.5}, 422, "lines_overlap"),
        ({"start": 9.0}, 422, "span_reversed"),
        ({"end": 900.0}, 422, "outside_programme"),
        ({"start": -1}, 422, "request_invalid"),
        ({"speaker": "S9"}, 422, "speaker_unknown"),
        ({"rate": 9}, 422, "rate_impossible"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    desk: Desk, asked: dict[str, Any], status: int, code: str
) -> None:
    before = desk.script()
    refused = desk.patch("L0003", **asked)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert desk.script() == before


def test_a_write_says_what_it_saw(desk: Desk) -> None:
    missing = desk.send("PATCH", "/lines/L0003", text="Hola.")
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_missing")
    for bad in ("*", '"1", "2"', "abc"):
        sent = desk.client.patch(f"{desk.path}/lines/L0003", json={"text": "x"}, headers={"If-Match": bad})
        assert (sent.status_code, sent.json()["code"]) == (400, "if_match_invalid"), bad
    tag = desk.client.get(f"{desk.path}/lines/L0003").headers["etag"]
    sent = desk.client.patch(f"{desk.path}/lines/L0003", json={"text": "x"}, headers={"If-Match": tag})
    assert sent.status_code == 200


def test_who_comes_late_is_shown_what_is_there(desk: Desk) -> None:
    assert desk.patch("L0003", 1, text="Mine.").status_code == 200
    late = desk.patch("L0003", 1, text="Yours.")
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert late.json()["current"]["text"] == "Mine."
    assert late.json()["current"] == desk.line("L0003")
    assert late.headers["etag"] == '"2.1"'
    assert texts(desk.script())["L0003"] == "Mine."
    assert desk.patch("L0004", 1, text="Another line.").status_code == 200, "that is nobody's conflict"


def test_lines_come_and_go(desk: Desk) -> None:
    put = desk.whole("/lines", start=20, end=22.5, speaker="S2", text="Nuevo.", source_text="New.")
    assert put.status_code == 201, put.text
    new = put.json()["lines"][0]["id"]
    assert put.headers["location"].endswith(f"/lines/{new}")
    assert desk.line(new)["span"] == {"start": 20.0, "end": 22.5}
    assert [line["id"] for line in desk.script()["lines"]][-1] == new
    gone = desk.send("DELETE", "/lines/L0005", 1)
    assert (gone.status_code, gone.json()["removed"]) == (200, ["L0005"])
    assert desk.client.get(f"{desk.path}/lines/L0005").json()["code"] == "line_not_found"
    assert desk.patch("L0005", 1, text="Late.").status_code == 404


def test_a_line_is_split_and_merged_again(desk: Desk) -> None:
    desk.patch("L0003", text="Uno dos. Tres cuatro.")
    done = desk.send("POST", "/lines/L0003/split", 2, character=8)
    assert done.status_code == 200, done.text
    first, second = done.json()["lines"]
    assert (first["id"], first["text"], second["text"]) == ("L0003", "Uno dos.", "Tres cuatro.")
    assert second["id"].startswith("lin_")
    stale = desk.send("POST", "/lines/L0003/merge", first["revision"], next=second["id"], revision=1)
    assert (stale.status_code, stale.json()["current"]["id"]) == (409, second["id"])
    apart = desk.send("POST", "/lines/L0003/merge", first["revision"], next="L0004", revision=1)
    assert apart.json()["code"] == "lines_apart"
    merged = desk.send(
        "POST", "/lines/L0003/merge", first["revision"], next=second["id"], revision=second["revision"]
    )
    assert merged.status_code == 200, merged.text
    assert merged.json()["removed"] == [second["id"]]
    assert desk.line("L0003")["text"] == "Uno dos. Tres cuatro."
    assert desk.line("L0003")["span"] == {"start": 3.0, "end": 3.9}


def test_undo_and_redo_go_all_the_way_and_back(desk: Desk) -> None:
    """Every kind of edit, then all undone, all redone: each stop is what it was on the way."""
    stops = [content(desk.script())]

    def did(sent: httpx.Response) -> None:
        assert sent.is_success, sent.text
        stops.append(content(desk.script()))

    did(desk.patch("L0001", text="Uno dos tres."))
    did(desk.send("POST", "/lines/L0001/split", 2, character=3))
    did(desk.whole("/lines", start=20, end=21, speaker="S1", text="Nuevo."))
    did(desk.send("DELETE", "/lines/L0007", 1))
    second = desk.script()["lines"][1]
    did(desk.send("POST", "/lines/L0001/merge", 3, next=second["id"], revision=3))
    did(desk.patch("L0002", start=2.2, end=2.8, speaker="S1"))
    for expected in reversed(stops[:-1]):
        assert desk.whole("/undo").is_success
        assert content(desk.script()) == expected
    assert desk.whole("/undo").json()["code"] == "nothing_to_undo"
    for expected in stops[1:]:
        assert desk.whole("/redo").is_success
        assert content(desk.script()) == expected
    assert desk.whole("/redo").json()["code"] == "nothing_to_redo"


def test_an_edit_after_an_undo_leaves_nothing_to_redo(desk: Desk) -> None:
    desk.patch("L0001", text="A.")
    desk.patch("L0001", text="B.")
    desk.whole("/undo")
    desk.patch("L0002", text="C.")
    assert desk.whole("/redo").json()["code"] == "nothing_to_redo"
    desk.whole("/undo")
    desk.whole("/undo")
    assert texts(desk.script())["L0001"] == "rojo 1."


def test_a_revision_never_comes_back(desk: Desk) -> None:
    """Or who saw it the first time would write over what they never saw."""
    desk.patch("L0001", text="A.")
    desk.whole("/undo")
    assert desk.line("L0001")["revision"] == 3
    assert desk.patch("L0001", 1, text="B.").status_code == 409
    late = desk.send("POST", "/undo", 1)
    assert (late.status_code, late.json()["current"]["revision"]) == (409, 3)


def test_the_history_tells_who_did_what(desk: Desk) -> None:
    desk.patch("L0001", text="A.")
    desk.whole("/undo")
    steps = desk.client.get(f"{desk.path}/history").json()["steps"]
    assert [(step["revision"], step["action"], step["undone"]) for step in steps] == [
        (3, "undo", False),
        (2, "edit", True),
        (1, "dub", False),
    ]
    assert steps[1]["user_id"] == "usr_local"
    assert steps[1]["summary"] == "L0001: text"
    (change,) = desk.client.get(f"{desk.path}/history/2").json()["changes"]
    assert (change["before"]["text"], change["after"]["text"]) == ("rojo 1.", "A.")
    older = desk.client.get(f"{desk.path}/history", params={"before": 3, "limit": 1}).json()["steps"]
    assert [step["revision"] for step in older] == [2]


def test_lines_are_found_and_paged(client: httpx.Client, written: Callable[..., str]) -> None:
    desk = Desk(client, written(talk_of(5000)))
    found, cursor = list[str](), None
    while True:
        page = client.get(
            f"{desk.path}/lines", params={"limit": 1000, **({"cursor": cursor} if cursor else {})}
        )
        found += [line["id"] for line in page.json()["lines"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert found == [f"L{number:04d}" for number in range(1, 5001)]

    def listed(**wanted: object) -> list[str]:
        got = client.get(f"{desk.path}/lines", params={"limit": 1000, **wanted})
        assert got.status_code == 200, got.text
        return [line["id"] for line in got.json()["lines"]]

    assert len(listed(flag="numbers_differ")) == 500
    assert listed(flag="numbers") == []
    assert listed(speaker="S2", before=4.5) == ["L0001", "L0003"]
    assert listed(after=4999.5) == ["L4999", "L5000"]
    took = desk.patch("L2500", text="Hola.").elapsed.total_seconds()
    assert listed(stale=True) == ["L2500"]
    assert took < 0.5, "one line among thousands is written alone"
    assert client.get(f"{desk.path}/lines", params={"cursor": "x"}).json()["code"] == "cursor_invalid"


def test_nobody_else_finds_a_script(desk: Desk, person: Callable[..., Person]) -> None:
    """Whatever a stranger asks for, in whatever way, is not there; a viewer of ours may read and no more."""
    stranger, viewer = person(), person(Role.VIEWER, organisation="org_local")
    routes = [
        ("GET", "", {}),
        ("GET", "/lines", {}),
        ("GET", "/lines/L0001", {}),
        ("GET", "/history", {}),
        ("GET", "/history/1", {}),
        ("PATCH", "/lines/L0001", {"text": "x"}),
        ("DELETE", "/lines/L0001", {}),
        ("POST", "/lines", {"start": 30, "end": 31, "speaker": "S1", "text": "x"}),
        ("POST", "/lines/L0001/split", {"at": 1.5}),
        ("POST", "/lines/L0001/merge", {"next": "L0003", "revision": 1}),
        ("POST", "/undo", {}),
        ("POST", "/redo", {}),
        ("POST", "/render", {}),
        ("DELETE", "/render", {}),
    ]
    for method, path, asked in routes:
        theirs = Desk(stranger.client, desk.job).send(method, path, 1, **asked)
        assert (theirs.status_code, theirs.json()["code"]) == (404, "job_not_found"), (method, path)
        ours = Desk(viewer.client, desk.job).send(method, path, 1, **asked)
        assert ours.status_code == (200 if method == "GET" else 403), (method, path)
    assert desk.client.get(f"/jobs/{desk.job}/scripts/fr").json()["code"] == "script_not_found"


def test_two_people_write_over_nothing_of_each_other(desk: Desk, server: str) -> None:
    """Two hundred edits by two people at once, who look only when they are told to: each edit that was taken is in
    the history, made of the one before; whoever came late was shown what is there."""
    lines = [f"L{number:04d}" for number in range(1, 5)]
    start = texts(desk.script())

    def work(who: int) -> tuple[list[str], int]:
        chance, sights, taken, late = random.Random(who), dict.fromkeys(lines, 1), list[str](), 0
        with httpx.Client(base_url=f"{server}/api/v1", timeout=30) as client:
            mine = Desk(client, desk.job)
            for number in range(100):
                line, text = chance.choice(lines), f"edit {number} by {who}"
                sent = mine.patch(line, sights[line], text=text)
                assert sent.status_code in (200, 409), sent.text
                now = sent.json()["lines"][0] if sent.is_success else sent.json()["current"]
                taken += [text] if sent.is_success else []
                late += not sent.is_success
                sights[line] = now["revision"]
        return taken, late

    with ThreadPoolExecutor(2) as people:
        done = list(people.map(work, (1, 2)))
    assert sum(late for _, late in done) > 20, "there was something to fight over"
    made, now = list[str](), dict(start)
    for revision in range(2, desk.script()["revision"] + 1):
        (change,) = desk.client.get(f"{desk.path}/history/{revision}").json()["changes"]
        assert change["before"]["text"] == now[change["id"]], "every edit saw the one before"
        now[change["id"]] = change["after"]["text"]
        made.append(change["after"]["text"])
    assert sorted(made) == sorted(text for taken, _ in done for text in taken)
    assert texts(desk.script()) == now


def test_a_script_that_is_not_there_yet_or_never_will_be(
    client: httpx.Client, accepted: Callable[..., str]
) -> None:
    job = accepted()
    for path in ("", "/lines", "/history"):
        early = client.get(f"/jobs/{job}/scripts/es{path}").json()
        assert (early["status"], early["code"]) == (409, "script_not_ready"), path
        assert "still uploaded" in early["detail"] and "completed" in early["hint"]
    other = client.get(f"/jobs/{job}/scripts/fr").json()
    assert (other["status"], other["code"], other["hint"]) == (
        404,
        "script_not_found",
        "Its languages are: es.",
    )
    assert client.post(f"/jobs/{job}/cancel").is_success
    over = client.get(f"/jobs/{job}/scripts/es").json()
    assert (over["status"], over["code"]) == (404, "script_not_found")
    assert "cancelled" in over["detail"] and "/retry" in over["hint"]
