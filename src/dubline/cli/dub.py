"""`dubline dub`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dubline.domain.choices import Formality, Isochrony, VoiceEffort

SPEAKERS_MAX = 40


def command(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="The video or sound file to dub.")],
    to: Annotated[str, typer.Option("--to", help="Target language, or several: es,pt,fr.")],
    from_: Annotated[str, typer.Option("--from", help="Spoken language; auto finds it out.")] = "auto",
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            help="Result: a file, a folder, or a name with {target} in it. "
            "Default: talk.es.mp4 beside talk.mp4; talk.es.1m00-2m30.mp4 for a part.",
        ),
    ] = None,
    start: Annotated[
        str, typer.Option(help="Dub from here on: seconds or h:mm:ss. The times go into the default name.")
    ] = "",
    end: Annotated[str, typer.Option(help="Dub up to here: seconds or h:mm:ss.")] = "",
    audio_track: Annotated[
        int | None, typer.Option(min=1, help="Which sound track, counted from 1. Default: the file's own.")
    ] = None,
    speakers: Annotated[
        int | None, typer.Option(min=1, max=SPEAKERS_MAX, help="How many people speak, if you know.")
    ] = None,
    voice: Annotated[
        list[str] | None,
        typer.Option(
            help="A voice, a mixture or a character for a speaker: S1=ef_dora, S1=ef_dora*0.3~bf_emma*0.7, S1=Ana. "
            "May be repeated."
        ),
    ] = None,
    engine: Annotated[
        list[str] | None, typer.Option(help="An engine: transcriber=faster-whisper:base. May be repeated.")
    ] = None,
    glossary: Annotated[
        Path | None, typer.Option(help="CSV or TSV file of terms: source,target per line.")
    ] = None,
    do_not_translate: Annotated[
        list[str] | None, typer.Option(help="A word or name that stays as it is. May be repeated.")
    ] = None,
    formality: Annotated[
        Formality, typer.Option(help="How the listener is addressed, where the language tells.")
    ] = Formality.AUTO,
    soften_profanity: Annotated[
        bool, typer.Option("--soften-profanity", help="Say mild words for swear words.")
    ] = False,
    isochrony: Annotated[
        Isochrony,
        typer.Option(
            help="How closely the dub keeps to the original's times. strict: starts and ends nearest to the "
            "original, for faces on screen, at the cost of haste. natural: starts on time, and may end a little "
            "later. relaxed: may start and end later before anything is hurried, for voices off; often the same as "
            "natural, where the lines have time enough."
        ),
    ] = Isochrony.NATURAL,
    stretch_video: Annotated[
        float,
        typer.Option(
            min=1.0,
            max=1.1,
            help="Show the picture this much slower (1.05: 5 %), to give long lines time. Needs a picture.",
        ),
    ] = 1.0,
    voice_effort: Annotated[
        VoiceEffort, typer.Option(help="How long to search for the voice most like the speaker's.")
    ] = VoiceEffort.NORMAL,
    keep_original_track: Annotated[
        bool, typer.Option(help="Keep the original sound as a second track.")
    ] = True,
    burn_subtitles: Annotated[
        bool, typer.Option("--burn-subtitles", help="Draw subtitles into the picture (encodes it anew).")
    ] = False,
    chunk_minutes: Annotated[
        float, typer.Option(min=0.5, max=60.0, help="Length of the pieces a long programme is worked in.")
    ] = 10.0,
    cache_size: Annotated[str, typer.Option(help="How much finished work the cache may keep.")] = "20GB",
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a file that dubline did not make.")
    ] = False,
    plan: Annotated[
        bool,
        typer.Option(
            "--plan", help="Show stages, engines, what is finished already and a time estimate; do nothing."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the path of the result.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for scripts.")] = False,
) -> None:
    """Dub a file into one language or several."""
    from dubline.cli import parsing
    from dubline.cli.running import Manner, dub_or_plan

    options: dict[str, object] = {
        "source_language": from_,
        "trim": parsing.trim(start, end),
        "audio_track": audio_track,
        "speakers": speakers,
        "voices": parsing.assignments(voice or [], "voice"),
        "engines": parsing.engine_choices(engine or []),
        "glossary": parsing.glossary_rows(glossary) if glossary else (),
        "do_not_translate": parsing.terms(do_not_translate or []),
        "formality": formality,
        "soften_profanity": soften_profanity,
        "isochrony": isochrony,
        "stretch_video": stretch_video,
        "voice_effort": voice_effort,
        "keep_original_track": keep_original_track,
        "burn_subtitles": burn_subtitles,
        "chunk_minutes": chunk_minutes,
        "out": out,
        "force": force,
        "cache_cap": parsing.size(cache_size),
    }
    dub_or_plan(source, parsing.languages(to), options, Manner(plan, quiet, as_json))
