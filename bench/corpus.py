"""Every item of a media folder through a dub, each with its outcome in one row.

    .venv/bin/python -m bench.corpus MEDIA_FOLDER OUT_FOLDER [--to es,pt] [--only d_video,e_odd]

Reads MANIFEST.json in the folder; writes corpus.jsonl (one document per item and language) and corpus.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dubline.api.delivery import Delivered
from dubline.api.dub import Watch, carry_out, request_for
from dubline.api.job import prepare
from dubline.api.workshop import Workshop, workshop
from dubline.domain.errors import DublineError
from dubline.media.probe import probe

CATEGORIES = ("a_speech", "b_conversation", "d_video", "e_odd", "f_composed")

Row = dict[str, Any]


def rows(folder: Path, out: Path, targets: list[str], only: tuple[str, ...]) -> Iterator[Row]:
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    with workshop() as shop:
        for item in manifest["items"]:
            if item["category"] in only:
                yield from _item(shop, folder / item["file"], item, out, targets)


def _item(shop: Workshop, path: Path, item: Row, out: Path, targets: list[str]) -> Iterator[Row]:
    head = {"item": item["file"], "category": item["category"]}
    for target in targets:
        started = time.monotonic()
        try:
            place = out / item["category"]
            request = request_for(
                path, [target], out=place / f"{path.name}.{target}{path.suffix}", force=True
            )
            job = prepare(request, shop)
            done = carry_out(job, Watch())[0]
            yield {**head, "to": target, **_outcome(done, path, time.monotonic() - started)}
        except DublineError as error:
            taken = round(time.monotonic() - started, 2)
            yield {**head, "to": target, "refused": error.code, "message": error.message, "seconds": taken}
        except Exception:  # noqa: BLE001 - a bench that stops at the first bug tells of only one
            yield {**head, "to": target, "bug": traceback.format_exc()}


def _outcome(done: Delivered, source: Path, seconds: float) -> Row:
    report, summary = done.report, done.report.summary
    worst = [line for line in report.lines if line.id in report.worst]
    return {
        "seconds": round(seconds, 2),
        "media": round(report.facts.media_seconds, 2),
        "lines": summary.lines,
        "missing": summary.missing,
        "speakers": len(report.speakers),
        "word_error_rate": summary.word_error_rate,
        "onset_max": summary.onset_error.max if summary.onset_error else None,
        "rate_max": summary.rate.max if summary.rate else None,
        "overlaps": sum(overlap.same_speaker for overlap in report.overlaps),
        "length_off": round((probe(done.result).duration - probe(source).duration) / 48_000, 3),
        "language": report.source_language,
        "degradations": [each.code for each in report.degradations],
        "flags": sorted({flag for line in done.script.lines for flag in (*line.flags, *line.rendering)}),
        "worst": worst[0].reasons[0] if worst and worst[0].reasons else "",
    }


def table(found: list[Row]) -> str:
    lines = [
        "| item | to | outcome | RTF | lines | heard wrong | onset max | worst |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        if "bug" in row:
            cells = ["BUG", "", "", "", "", row["bug"].splitlines()[-1]]
        elif "refused" in row:
            cells = [f"refused: {row['refused']}", f"{row['seconds']} s", "", "", "", row["message"]]
        else:
            wrong = "" if row["word_error_rate"] is None else f"{row['word_error_rate']:.0%}"
            onset = "" if row["onset_max"] is None else f"{row['onset_max']:.2f} s"
            notes = ", ".join((*row["degradations"], row["worst"]))
            outcome = "dubbed" if row["lines"] else "kept as it is"
            rtf = f"{row['seconds'] / max(row['media'], 0.01):.2f}"
            cells = [outcome, rtf, str(row["lines"]), wrong, onset, notes]
        lines.append("| " + " | ".join([row["item"], row["to"], *cells]).replace("\n", " ") + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--to", default="es,pt")
    parser.add_argument("--only", default=",".join(CATEGORIES))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    found = []
    with (options.out / "corpus.jsonl").open("w") as journal:
        only = tuple(options.only.split(","))
        for row in rows(options.media, options.out, options.to.split(","), only):
            found.append(row)
            journal.write(json.dumps(row, ensure_ascii=False) + "\n")
            journal.flush()
            print(row["item"], row["to"], row.get("refused") or row.get("bug", "")[-300:] or row["seconds"])
    (options.out / "corpus.md").write_text(table(found))
    sys.exit(any("bug" in row for row in found))


if __name__ == "__main__":
    main()
