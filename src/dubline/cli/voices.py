"""`dubline voices`: whom there is to speak, and characters who keep their voice from dub to dub."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dubline.domain.characters import Character
    from dubline.domain.speech import Traits, Voice

app = typer.Typer(
    help="See and try voices, and keep characters who come back.", no_args_is_help=True, rich_markup_mode=None
)

Chosen = Annotated[
    list[str] | None, typer.Option("--voice", help="Who speaks for them: es=ef_dora. May be repeated.")
]


@app.command("list")
def list_voices(
    language: Annotated[str, typer.Option(help="Only voices that speak this language, mixtures too.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="All voices of all engines and languages.")
    ] = False,
) -> None:
    """List the characters of the library and the voices of the engines that are ready.

    Without an option: the best engine's own voices.
    """
    from dubline.api.voices import at_a_glance, stock_voices
    from dubline.api.workshop import workshop
    from dubline.cli.tables import plain_table

    with workshop() as shop:
        characters = shop.library.characters()
        voices = stock_voices(shop.registry, language)
    shown = voices if language or everything else at_a_glance(voices)
    if characters:
        rows = [
            [one.name, *_looks(one.traits), _spoken_by(one) or "chosen in the next dub"] for one in characters
        ]
        plain_table(["character", "gender", "pitch", "voices"], rows)
    plain_table(
        ["voice", "language", "gender", "pitch"],
        [[str(one), one.language, one.gender.value, _hertz(one.pitch)] for one in shown],
    )
    if len(shown) < len(voices):
        sys.stdout.write(
            f"{len(voices) - len(shown):,} more, mixtures and other engines' voices: "
            "--language es shows those of a language, --all shows all.\n"
        )


@app.command()
def show(name: Annotated[str, typer.Argument(help="A character, or a voice.")]) -> None:
    """Show what is known of a character or a voice."""
    from dubline.api.voices import find_stock_voice
    from dubline.api.workshop import workshop

    with workshop() as shop:
        character = shop.library.find(name)
        voice = None if character else find_stock_voice(shop.registry, name)
    for label, value in _about(character) if character else _about_voice(voice):
        sys.stdout.write(f"{label:>12}  {value}\n")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the character is called.")],
    recording: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A recording in which only they speak.")
    ] = None,
    from_script: Annotated[
        Path | None, typer.Option(help="Instead of a recording: the .script.json beside a dub they speak in.")
    ] = None,
    speaker: Annotated[str, typer.Option(help="Who they are in that script: S1, S2, …")] = "",
    start: Annotated[
        str, typer.Option(help="Listen to the recording from here on: seconds or h:mm:ss.")
    ] = "",
    end: Annotated[str, typer.Option(help="Listen up to here: seconds or h:mm:ss.")] = "",
    voice: Chosen = None,
) -> None:
    """Give somebody's voice a name. Later dubs recognise it and let the same voice speak."""
    from dubline.api.voices import add_from_recording, add_from_script
    from dubline.api.workshop import workshop
    from dubline.cli.parsing import assignments, trim
    from dubline.domain.errors import UserError

    voices, part = assignments(voice or [], "voice"), trim(start, end)
    if (recording is None) == (from_script is None) or bool(speaker) != bool(from_script):
        raise UserError(
            "character_source",
            "A character comes from a recording or from a script.",
            hint="Give a file, or --from-script talk.es.script.json --speaker S1.",
        )
    with workshop() as shop:
        if recording is not None:
            added = add_from_recording(shop, name, recording.absolute(), voices, part)
        elif from_script is not None:
            added = add_from_script(shop, name, from_script, speaker, voices)
    for label, value in _about(added):
        sys.stdout.write(f"{label:>12}  {value}\n")


@app.command("try")
def try_voice(
    voice: Annotated[
        str, typer.Argument(help="A voice, a mixture such as ef_dora*0.3~bf_emma*0.7, or a character.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the sound goes: .wav or .flac.")],
    text: Annotated[str | None, typer.Option(help="What to say; default a sample sentence.")] = None,
    language: Annotated[str, typer.Option(help="Language to say it in; default the voice's own.")] = "",
) -> None:
    """Let a voice say a sentence."""
    from dubline.api.voices import say, voice_of
    from dubline.api.workshop import workshop

    with workshop() as shop:
        chosen = voice_of(shop, voice, language)
        sound = say(shop.registry, chosen, text, out)
    sys.stdout.write(f"{out}: {sound.duration:.1f} s in {chosen}\n")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="The character to forget.")]) -> None:
    """Forget a character. Dubs made already stay as they are."""
    from dubline.api.voices import find_character
    from dubline.api.workshop import workshop

    with workshop() as shop:
        shop.library.remove(find_character(shop.library, name).name)
    sys.stdout.write(f"{name} is forgotten.\n")


def _about(character: Character) -> list[tuple[str, str]]:
    gender, pitch = _looks(character.traits)
    return [
        ("character", character.name),
        ("gender", gender),
        ("pitch", pitch),
        ("melody", _semitones(character.traits.swing)),
        ("heard", f"{character.seconds:.0f} s of speech, by {character.encoder}"),
        ("voices", _spoken_by(character) or "chosen in the next dub"),
    ]


def _about_voice(voice: Voice | None) -> list[tuple[str, str]]:
    if voice is None:
        return []
    return [
        ("voice", str(voice)),
        ("language", voice.language),
        ("gender", voice.gender.value),
        ("pitch", _hertz(voice.pitch)),
        ("melody", _semitones(voice.swing)),
    ]


def _spoken_by(character: Character) -> str:
    return ", ".join(f"{language}: {voice}" for language, voice in character.voices.items())


def _looks(traits: Traits) -> tuple[str, str]:
    return traits.gender.value, _hertz(traits.pitch)


def _semitones(swing: float | None) -> str:
    return f"swings over {swing:.1f} semitones" if swing else ""


def _hertz(pitch: float | None) -> str:
    return f"{pitch:.0f} Hz" if pitch else ""
