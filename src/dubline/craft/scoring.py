"""How well the dub came out: figures per line and per job, and what is wrong in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dubline.craft.fitting.terms import GAP, IN_TIME, NO_ROOM, TOO_LONG
from dubline.craft.hearing import spoken_words
from dubline.craft.takes import misheard, wrong_words
from dubline.domain.script import Check, Line, Script
from dubline.domain.time import Span, seconds, ticks

MISHEARD = "misheard"
EMPTY_TAKE = "empty_take"
FAST = "fast"

COMFORTABLE_SPEED = 1.35
NOTICED_SPEED = 1.15

NOTICED_OVERLAP = 0.05


def score_line(line: Line, language: str) -> tuple[Check, tuple[str, ...]]:
    """The check of a placed line and its flags. Where nobody listened, nothing is said of words."""
    if line.take is None or line.fit is None:
        raise ValueError(f"line {line.id} has no take to check")
    heard = line.take.heard
    rate = line.take.rate / line.fit.stretch
    wer = None if heard is None else round(wrong_words(line.text, heard, language), 4)
    check = Check(
        heard=heard or "",
        word_error_rate=wer,
        onset_error=round(seconds(line.fit.span.start - line.span.start), 4),
        rate=round(rate, 4),
    )
    return check, _flags(line, check, language)


def _flags(line: Line, check: Check, language: str) -> tuple[str, ...]:
    wrong = check.word_error_rate
    speechless = wrong is not None and not check.heard.strip() and bool(spoken_words(line.text, language))
    found = {
        EMPTY_TAKE: speechless,
        MISHEARD: wrong is not None and not speechless and misheard(line.text, wrong, language),
        FAST: check.rate > COMFORTABLE_SPEED,
    }
    return tuple(flag for flag, true in found.items() if true)


@dataclass(frozen=True)
class Trouble:
    """A line worth listening to. `severity` orders lines; 1 and above means that somebody should act."""

    line: str
    severity: float
    sentences: tuple[str, ...]


def worst_lines(script: Script, n: int = 10) -> list[Trouble]:
    """At most n lines that have something wrong, worst first."""
    overlaps = own_overlaps(script.lines)
    troubles = [_trouble(line, overlaps.get(line.id, 0.0)) for line in script.lines]
    found = [trouble for trouble in troubles if trouble.severity > 0]
    return sorted(found, key=lambda trouble: (-trouble.severity, trouble.line))[:n]


def _trouble(line: Line, overlap: float) -> Trouble:
    faults = sorted(_faults(line, overlap), reverse=True)
    weights = [weight for weight, _ in faults]
    severity = weights[0] + 0.1 * sum(weights[1:]) if weights else 0.0
    return Trouble(line.id, round(severity, 4), tuple(sentence for _, sentence in faults))


def _faults(line: Line, overlap: float) -> list[tuple[float, str]]:
    if line.keep_original:
        return []
    if line.fit is None or line.check is None:
        if NO_ROOM in line.rendering:
            return [
                (4.0, _advice(line, "Its text needs far more time than there is, so the original is heard"))
            ]
        return [(3.0, "It has no dubbed voice; the original is heard.")]
    check = line.check
    late, wrong = check.onset_error, check.word_error_rate or 0.0
    faults = {
        "Not a word of it could be understood.": 2.5 if EMPTY_TAKE in line.rendering else 0.0,
        f"It overlaps another line of the same voice by {overlap:.1f} s.": 1.0 + overlap if overlap else 0.0,
        f"{min(wrong, 1.0):.0%} of its words were heard differently.": _misheard(wrong, line),
        f"It starts {abs(late):.1f} s {'after' if late > 0 else 'before'} the original.": (
            0.6 + abs(late) if abs(late) > IN_TIME + 0.001 else 0.0
        ),
        _fast(line, check): max(0.0, 4 * (check.rate - NOTICED_SPEED)),
        _too_long(line): 0.9 if TOO_LONG in line.rendering else 0.0,
        "It talks over the next speaker.": 0.7 if "talks_over" in line.rendering else 0.0,
        "It runs past the end of the programme.": 1.2 if "past_end" in line.rendering else 0.0,
    }
    return [(weight, sentence) for sentence, weight in faults.items() if weight > 0]


def _fast(line: Line, check: Check) -> str:
    """What would fit is said once, with the graver fault."""
    said = f"It is spoken {check.rate:.2f}× as fast as usual"
    return f"{said}." if TOO_LONG in line.rendering else _advice(line, said)


def _too_long(line: Line) -> str:
    return _advice(line, "Its text is too long for the time there is")


def _advice(line: Line, said: str) -> str:
    """With what a person can do about it, where that is known."""
    if line.max_characters is None:
        return f"{said}."
    said += f"; about {line.max_characters} characters would fit without hurry"
    if not line.shorter:
        return f"{said}. No wording as short is known: somebody has to put it in fewer words."
    known = len(line.shorter)
    return f"{said}. {_offered(known, line.max_characters)}: “{line.shorter}”"


def _offered(length: int, wanted: int) -> str:
    return "Shorter" if length <= wanted else f"Near that, with {length}"


def _misheard(wrong: float, line: Line) -> float:
    if EMPTY_TAKE in line.rendering or wrong <= 0.15:
        return 0.0
    return min(wrong, 1.5) + (0.5 if wrong > 0.5 else 0.0)


def own_overlaps(lines: Sequence[Line]) -> dict[str, float]:
    """Seconds by which each line's dub sounds together with an earlier one of the same voice."""
    free: dict[str, int] = {}
    found: dict[str, float] = {}
    placed = [(line.fit.span, line) for line in lines if line.fit is not None]
    for span, line in sorted(placed, key=lambda pair: (pair[0].start, pair[0].end, pair[1].id)):
        voice = str(line.voice or line.speaker)
        over = seconds(free.get(voice, 0) - span.start)
        if over > NOTICED_OVERLAP:
            found[line.id] = round(over, 3)
        free[voice] = max(free.get(voice, 0), span.end)
    return found


@dataclass(frozen=True)
class Summary:
    """A job in figures. Errors are medians and worst cases in seconds; `coverage` is a share of speech."""

    lines: int
    dubbed: int
    word_error_rate: float | None
    onset_error: float
    worst_onset_error: float
    in_time: float
    fastest: float
    overlaps: int
    coverage: float


def job_summary(script: Script) -> Summary:
    lines = [line for line in script.lines if line.fit is not None and line.check is not None]
    checks = [line.check for line in lines if line.check is not None]
    onsets = sorted(abs(check.onset_error) for check in checks)
    return Summary(
        lines=len(script.lines),
        dubbed=len(lines),
        word_error_rate=_mean_error(lines, script.target_language),
        onset_error=onsets[len(onsets) // 2] if onsets else 0.0,
        worst_onset_error=onsets[-1] if onsets else 0.0,
        in_time=sum(onset <= IN_TIME + 0.001 for onset in onsets) / len(onsets) if onsets else 1.0,
        fastest=max((check.rate for check in checks), default=1.0),
        overlaps=len(own_overlaps(script.lines)),
        coverage=coverage(script.lines, script.wordless),
    )


def _mean_error(lines: Sequence[Line], language: str) -> float | None:
    """Over all words of the job, so that one short line weighs as little as it is."""
    counted = [
        (line.check.word_error_rate, len(spoken_words(line.text, language)))
        for line in lines
        if line.check is not None and line.check.word_error_rate is not None
    ]
    words = sum(count for _, count in counted)
    return round(sum(rate * count for rate, count in counted) / words, 4) if words else None


def coverage(lines: Sequence[Line], wordless: Sequence[Span] = ()) -> float:
    """How much of the time somebody spoke in the original, somebody speaks in the dub, or still does on purpose."""
    spoken = sum(line.span.length for line in lines) + sum(span.length for span in wordless)
    answered = sum(_answered(line) for line in lines)
    return round(answered / spoken, 4) if spoken else 1.0


def _answered(line: Line) -> int:
    if line.keep_original:
        return line.span.length
    if line.fit is None:
        return 0
    near = Span(start=max(0, line.fit.span.start - ticks(GAP)), end=line.fit.span.end + ticks(GAP))
    return near.overlap(line.span)
