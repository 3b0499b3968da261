"""What is said when a dub is done: where it lies, how long it took, what deserves a look."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from dubline.api.delivery import Delivered
from dubline.cli.display import LABELS, duration
from dubline.domain.language import language_name
from dubline.domain.script import Script, Speaker

WORST_SHOWN = 3


def show_summary(delivered: Delivered, console: Console) -> None:
    report = delivered.report
    console.print(Text(f"{language_name(delivered.target)}: {report.verdict}", style="bold"))
    if delivered.from_before:
        console.print(Text(f"Nothing had changed; found again in {delivered.seconds:.1f} s.", style="dim"))
    else:
        _show_times(delivered, console)
    for speaker in delivered.script.speakers:
        if speaker.name:
            console.print(Text(introduced(speaker, delivered.script)))
    for degradation in report.degradations:
        console.print(Text(f"! {degradation.message}", style="yellow"))
    _show_worst(delivered, console)
    for name, path in (
        ("dub", delivered.result),
        ("report", delivered.report_path),
        ("script", delivered.script_path),
    ):
        console.print(Text(f"{name:>7}  {path}"), soft_wrap=True)


def introduced(speaker: Speaker, script: Script) -> str:
    """Of somebody whom the voice library knows: by their sound, or because they were called so."""
    voice = f" and speaks as {speaker.voice}" if speaker.voice else ""
    wishes = script.settings.get("voices")
    called = isinstance(wishes, dict) and str(wishes.get(speaker.id, "")).casefold()
    return (
        f"{speaker.id} {'is' if called == speaker.name.casefold() else 'sounds like'} {speaker.name}{voice}."
    )


def _show_times(delivered: Delivered, console: Console) -> None:
    report, facts = delivered.report, delivered.report.facts
    times = ", ".join(
        f"{LABELS.get(stage.name, stage.name)} {stage.seconds:.1f} s"
        for stage in facts.stages
        if stage.seconds
    )
    factor = f", {report.real_time_factor:.2f} × real time" if report.real_time_factor is not None else ""
    console.print(
        Text(f"{duration(facts.media_seconds)} of media took {duration(facts.seconds)}{factor}.", style="dim")
    )
    if times:
        console.print(Text(f"Time per stage, some side by side: {times}.", style="dim"))


def _show_worst(delivered: Delivered, console: Console) -> None:
    lines = {line.id: line for line in delivered.report.lines}
    for line_id in delivered.report.worst[:WORST_SHOWN]:
        line = lines[line_id]
        console.print(Text(f"  line {line.number}: {' '.join(line.reasons)}", style="yellow"))
    if len(delivered.report.worst) > WORST_SHOWN:
        console.print(Text("  more in the report", style="dim"))


def as_document(delivered: Delivered) -> dict[str, object]:
    report = delivered.report
    return {
        "target": delivered.target,
        "result": str(delivered.result),
        "subtitles": [str(path) for path in delivered.subtitles],
        "script": str(delivered.script_path),
        "report": str(delivered.report_path),
        "report_data": str(delivered.report_data_path),
        "verdict": report.verdict,
        "seconds": round(delivered.seconds, 3),
        "made_in_seconds": report.facts.seconds,
        "media_seconds": report.facts.media_seconds,
        "degradations": [degradation.model_dump(mode="json") for degradation in report.degradations],
        "worst": list(report.worst),
    }
