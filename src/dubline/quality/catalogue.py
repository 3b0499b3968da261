"""Every number the bench gives: what it is called, which way is good, how clips add up, and what is held against
the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dubline.quality.spread import at_share, mean


class Good(StrEnum):
    HIGH = "higher is better"
    LOW = "lower is better"
    ZERO = "0 is best"
    NONE = "for information"


class Sum(StrEnum):
    """How many clips become one number."""

    MEAN = "mean over clips"
    WORDS = "over all words"
    TOTAL = "sum"
    MOST = "highest"
    POOLED = "over all lines"


@dataclass(frozen=True)
class Measure:
    """`tolerance` makes it a headline: how much worse than the baseline it may be before somebody must look.
    `spread` names the values behind a pooled number and the share of them it stands for."""

    name: str
    label: str
    good: Good
    sum: Sum
    unit: str = ""
    tolerance: float | None = None
    target: float | None = None
    spread: tuple[str, float] | None = None
    signless: bool = False

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]

    def shown(self, value: float | None) -> str:
        if value is None:
            return "–"
        if self.unit == "%":
            return f"{100 * value:.1f} %"
        if self.unit == "count":
            return f"{value:g}"
        return f"{value:.2f} {self.unit}".strip().replace("-", "−")


MEASURES: tuple[Measure, ...] = (
    Measure("words.source_wer", "source WER", Good.LOW, Sum.WORDS, "%", 0.02),
    Measure("words.line_wer", "dub WER, line by line", Good.LOW, Sum.WORDS, "%", 0.02),
    Measure("words.mix_wer", "dub WER, in the mix", Good.LOW, Sum.WORDS, "%", 0.03),
    Measure("words.lost_endings", "last word not heard", Good.LOW, Sum.TOTAL, "count"),
    Measure("time.overlap", "speech overlap (IWSLT)", Good.HIGH, Sum.POOLED, "", 0.02, 0.80, ("overlap", -1)),
    Measure("time.same_moments", "both speak / either speaks", Good.HIGH, Sum.MEAN, "", 0.02),
    Measure("time.coverage", "original speech covered", Good.HIGH, Sum.MEAN, "%", 0.02),
    Measure(
        "time.onset_median",
        "onset error, median",
        Good.LOW,
        Sum.POOLED,
        "s",
        0.03,
        None,
        ("onset", 0.5),
        True,
    ),
    Measure(
        "time.onset_p95", "onset error, p95", Good.LOW, Sum.POOLED, "s", 0.05, 0.30, ("onset", 0.95), True
    ),
    Measure(
        "time.onset_max", "onset error, max", Good.LOW, Sum.POOLED, "s", None, None, ("onset", 1.0), True
    ),
    Measure(
        "time.true_onset_median",
        "true onset error, median",
        Good.LOW,
        Sum.POOLED,
        "s",
        0.03,
        None,
        ("true_onset", 0.5),
        True,
    ),
    Measure(
        "time.true_onset_p95",
        "true onset error, p95",
        Good.LOW,
        Sum.POOLED,
        "s",
        0.2,
        None,
        ("true_onset", 0.95),
        True,
    ),
    Measure(
        "time.rate_off", "|rate − 1|, median", Good.LOW, Sum.POOLED, "", 0.02, 0.08, ("rate_off", 0.5), True
    ),
    Measure("time.rate_p95", "rate, p95", Good.LOW, Sum.POOLED, "×", 0.03, 1.20, ("rate", 0.95)),
    Measure("time.rate_max", "rate, max", Good.LOW, Sum.POOLED, "×", 0.05, 1.30, ("rate", 1.0)),
    Measure(
        "time.stretch_p95",
        "stretch (sped up after), p95",
        Good.LOW,
        Sum.POOLED,
        "×",
        None,
        None,
        ("stretch", 0.95),
    ),
    Measure("time.voice_overlaps", "same-voice overlaps", Good.ZERO, Sum.TOTAL, "count", 0.0, 0.0),
    Measure("time.talk_over", "lines at once beyond the original's", Good.LOW, Sum.TOTAL, "s", 0.5),
    Measure("time.cut_words", "cut words", Good.ZERO, Sum.TOTAL, "count", 0.0, 0.0),
    Measure("time.drift", "drift at the end", Good.ZERO, Sum.MEAN, "s", 0.05, 0.0),
    Measure("who.der", "diarization error", Good.LOW, Sum.MEAN, "%", 0.02),
    Measure("who.missed", "speech missed", Good.LOW, Sum.MEAN, "%"),
    Measure("who.invented", "speech invented", Good.LOW, Sum.MEAN, "%"),
    Measure("who.confused", "speakers confused", Good.LOW, Sum.MEAN, "%"),
    Measure("who.count_right", "speaker count right", Good.HIGH, Sum.MEAN, "%", 0.0),
    Measure("who.right_lines", "lines on the right speaker", Good.HIGH, Sum.MEAN, "%", 0.02),
    Measure("who.right_words", "words on the right speaker", Good.HIGH, Sum.MEAN, "%"),
    Measure("who.nearest_voices", "likest two dub voices, cosine", Good.LOW, Sum.MEAN, "", 0.03),
    Measure("who.similarity", "dub voice to original, GE2E cosine", Good.HIGH, Sum.MEAN, "", 0.02),
    Measure("who.likeness", "dub voice to original, second measure", Good.HIGH, Sum.MEAN, "", 0.02),
    Measure("who.pitch_off", "pitch off the original", Good.LOW, Sum.MEAN, "semitones", 0.5),
    Measure("who.range_off", "pitch range off the original", Good.LOW, Sum.MEAN, "octaves"),
    Measure("sound.voice_si_sdr", "voices, SI-SDR", Good.HIGH, Sum.MEAN, "dB", 0.5),
    Measure("sound.background_si_sdr", "background, SI-SDR", Good.HIGH, Sum.MEAN, "dB", 0.5),
    Measure("sound.leak", "original voice under the dub", Good.LOW, Sum.MEAN, "dB", 1.0),
    Measure("sound.quiet_change", "background without speech", Good.ZERO, Sum.MEAN, "dB", 0.3, 0.0),
    Measure("sound.under_change", "background under the dub", Good.ZERO, Sum.MEAN, "dB", 1.0, 0.0),
    Measure("sound.width_change", "stereo width", Good.ZERO, Sum.MEAN, "dB", 1.0, 0.0),
    Measure("sound.loudness_off", "loudness against the original", Good.ZERO, Sum.MEAN, "LU", 0.5, 0.0),
    Measure("sound.true_peak", "true peak", Good.LOW, Sum.MOST, "dBTP", 0.2, -1.0),
    Measure(
        "prosody.contour",
        "loudness over a line, dub to original",
        Good.HIGH,
        Sum.POOLED,
        "",
        0.05,
        None,
        ("contour", -1),
    ),
    Measure(
        "prosody.questions",
        "questions that rise at the end",
        Good.HIGH,
        Sum.POOLED,
        "%",
        None,
        None,
        ("question_rises", -1),
    ),
    Measure("whole.duration_off", "duration difference", Good.ZERO, Sum.MOST, "s", 0.05, 0.0),
    Measure("whole.av_offset", "sound off its place in the file", Good.ZERO, Sum.MOST, "s", 0.005, 0.0),
    Measure("whole.degradations", "degradations", Good.LOW, Sum.TOTAL, "count"),
    Measure("whole.undubbed", "lines without a take", Good.ZERO, Sum.TOTAL, "count", 0.0, 0.0),
    Measure("whole.lines", "lines", Good.NONE, Sum.TOTAL, "count"),
    Measure("whole.language_right", "language heard right", Good.HIGH, Sum.MEAN, "%", 0.0, 1.0),
)

BY_NAME = {measure.name: measure for measure in MEASURES}
HEADLINES = tuple(measure for measure in MEASURES if measure.tolerance is not None)


def pooled(measure: Measure, values: Sequence[float]) -> float | None:
    if measure.spread is None:
        raise TypeError(f"{measure.name} has no values behind it")
    values = [abs(value) for value in values] if measure.signless else values
    share = measure.spread[1]
    return mean(values) if share < 0 else at_share(values, share)


def summed(measure: Measure, values: Sequence[float]) -> float | None:
    """Of one value per clip. Where 0 is best, plus and minus must not make each other good."""
    if not values:
        return None
    if measure.good is Good.ZERO:
        values = [abs(value) for value in values]
    if measure.sum is Sum.TOTAL:
        return sum(values)
    return max(values) if measure.sum is Sum.MOST else mean(values)
