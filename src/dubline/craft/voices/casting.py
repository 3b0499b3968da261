"""Who gets which voice.

For each speaker, in this order: a free voice of the same gender; a free voice whose gender nobody states; a
voice of the same gender somebody else has already; anything left. For a speaker whose gender is not known any
free voice comes before a shared one. Among equals the voice that sounds most like the speaker wins, where voices
were listened to, and the nearest pitch; and whoever speaks most is served best. All speakers are cast together, so
that nobody takes the one voice another needs more. Two voices that could be taken for one count as one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from dubline.craft.voices.pitch import MOST
from dubline.craft.voices.voice_matching import Prints
from dubline.domain.errors import UserError
from dubline.domain.script import Speaker
from dubline.domain.speech import Gender, Voice

Costs = npt.NDArray[np.float64]

USUAL_PITCH = {Gender.FEMALE: 205.0, Gender.MALE: 118.0, Gender.UNKNOWN: 155.0}

STATED_BY_NOBODY = 400.0
SHARED_WITH_SOMEBODY = 1000.0
WRONG_GENDER = 20_000.0
EARLIER_IS_BETTER, LAST_PLACE = 0.3, 8
"""Semitones that one place in the synthesizer's own order of voices is worth: natives stand first there. From the
last place on all are equal."""

LIKENESS = 80.0
"""Semitones that a cosine of 1 is worth: a voice likelier by 0.1 may be eight semitones farther off. Its takes
are then moved towards the speaker's pitch."""

UNKNOWN_LIKENESS = 0.5
"""Of a voice that nobody measured: about what any two people of one gender have."""

ONE_AND_THE_SAME = 0.90
"""Cosine of voice prints from which on listeners would take two voices for one."""

SAME_AGAIN = 60.0
"""Each further speaker on one voice costs this on top, so that shared voices are shared evenly."""

UNHEARD = Prints()


@dataclass(frozen=True)
class _Taste:
    """What voices are compared by."""

    pitches: Mapping[str, float]
    distinct_first: bool
    prints: Prints


def cast(
    speakers: Sequence[Speaker],
    voices: Sequence[Voice],
    wishes: Mapping[str, str] | None = None,
    pitches: Mapping[str, float] | None = None,
    distinct_first: bool = False,
    prints: Prints = UNHEARD,
) -> dict[str, Voice]:
    """One voice per speaker id. `pitches` gives median pitches by `engine:name` where voices carry none.

    With `distinct_first` a free voice of the other gender is taken before a voice is shared.
    """
    if not speakers:
        return {}
    if not voices:
        raise UserError(
            "voice_none", "No installed engine has a voice for this language.", hint="See: dubline engines."
        )
    chosen = _wished(speakers, voices, wishes or {})
    rest = [speaker for speaker in speakers if speaker.id not in chosen]
    return chosen | _assigned(rest, voices, chosen, _Taste(pitches or {}, distinct_first, prints))


def towards(speaker: Speaker, voice: Voice) -> Voice:
    """The voice with its takes moved to the speaker's pitch, as far as that can be done unheard."""
    if speaker.traits.pitch is None or voice.pitch is None:
        return voice
    away = 12 * math.log2(speaker.traits.pitch / voice.pitch)
    return voice.model_copy(update={"shift": round(max(-MOST, min(MOST, away)), 1)})


def here(wanted: str, speakers: Sequence[Speaker]) -> None:
    """Somebody can only wish for a voice for whoever speaks."""
    known = [speaker.id for speaker in speakers]
    if wanted not in known:
        raise UserError(
            "speaker_unknown", f"There is no speaker '{wanted}' here.", hint=f"Speakers: {', '.join(known)}."
        )


def _wished(
    speakers: Sequence[Speaker], voices: Sequence[Voice], wishes: Mapping[str, str]
) -> dict[str, Voice]:
    chosen: dict[str, Voice] = {}
    for speaker, wish in wishes.items():
        here(speaker, speakers)
        voice = next((voice for voice in voices if wish in (voice.name, str(voice))), None)
        if voice is None:
            raise UserError(
                "voice_unknown",
                f"There is no voice '{wish}' for this language.",
                hint=f"Voices: {', '.join(map(str, voices))}.",
            )
        chosen[speaker] = voice
    return chosen


def _assigned(
    speakers: Sequence[Speaker], voices: Sequence[Voice], taken: Mapping[str, Voice], taste: _Taste
) -> dict[str, Voice]:
    """As cheaply as can be; then, while two voices could be taken for one, whoever speaks less looks again."""
    burdens = np.zeros((len(speakers), len(voices)))
    found: dict[str, Voice] = {}
    for _ in range(len(speakers) + 1):
        found = _cheapest(speakers, voices, taken, taste, burdens)
        clash = _clash(speakers, {**taken, **found}, taste.prints)
        if clash is None:
            break
        row, kept = clash
        like_it = np.array([taste.prints.alike(voice, kept) > ONE_AND_THE_SAME for voice in voices])
        burdens[row] += SHARED_WITH_SOMEBODY / 2 * like_it
    return found


def _cheapest(
    speakers: Sequence[Speaker],
    voices: Sequence[Voice],
    taken: Mapping[str, Voice],
    taste: _Taste,
    burdens: Costs,
) -> dict[str, Voice]:
    """Every voice stands in one column per speaker; all but its first column are shared use."""
    from scipy.optimize import linear_sum_assignment

    users = [list(taken.values()).count(voice) for voice in voices]
    columns = [(at, users[at] + copy) for copy in range(len(speakers)) for at in range(len(voices))]
    importance = _importance(speakers)
    costs = np.empty((len(speakers), len(columns)))
    for row, speaker in enumerate(speakers):
        distances = [_distance(speaker, voice, taste) for voice in voices]
        for column, (at, used) in enumerate(columns):
            cost = _rank(speaker, voices[at], used, taste.distinct_first) + distances[at] + burdens[row, at]
            costs[row, column] = importance[row] * cost + EARLIER_IS_BETTER * min(at, LAST_PLACE)
    rows, picked = linear_sum_assignment(costs)
    return {
        speakers[int(row)].id: voices[columns[int(column)][0]]
        for row, column in zip(rows, picked, strict=True)
    }


def _clash(
    speakers: Sequence[Speaker], chosen: Mapping[str, Voice], prints: Prints
) -> tuple[int, Voice] | None:
    """Of the two voices most alike of all that were given out: who should give way, and to which voice."""
    rows = {speaker.id: row for row, speaker in enumerate(speakers)}
    pairs = [
        (prints.alike(chosen[one], chosen[other]), one, other)
        for one, other in combinations(chosen, 2)
        if chosen[one] != chosen[other] and (one in rows or other in rows)
    ]
    alike, one, other = max(pairs, default=(0.0, "", ""))
    if alike <= ONE_AND_THE_SAME:
        return None
    yields, stays = sorted(
        (one, other), key=lambda name: speakers[rows[name]].speech if name in rows else math.inf
    )
    return rows[yields], chosen[stays]


def _importance(speakers: Sequence[Speaker]) -> list[float]:
    """1 to 2 by share of speech: decides who yields and never outweighs the order of choices."""
    total = sum(speaker.speech for speaker in speakers) or 1.0
    return [1 + speaker.speech / total for speaker in speakers]


def _rank(speaker: Speaker, voice: Voice, used: int, distinct_first: bool) -> float:
    gender = speaker.traits.gender
    wrong = (
        WRONG_GENDER if Gender.UNKNOWN not in (gender, voice.gender) and gender is not voice.gender else 0.0
    )
    shared = SHARED_WITH_SOMEBODY + SAME_AGAIN * used if used else 0.0
    if distinct_first or gender is Gender.UNKNOWN:
        shared *= 100
    unstated = STATED_BY_NOBODY if gender is not Gender.UNKNOWN and voice.gender is Gender.UNKNOWN else 0.0
    return wrong + shared + unstated


def _distance(speaker: Speaker, voice: Voice, taste: _Taste) -> float:
    """Semitones between speaker and voice, two octaves at most, and what they are unlike by."""
    own = speaker.traits.pitch or USUAL_PITCH[speaker.traits.gender]
    theirs = voice.pitch or taste.pitches.get(str(voice)) or USUAL_PITCH[voice.gender]
    likeness = taste.prints.likeness(speaker.id, voice)
    unlike = 1 - (UNKNOWN_LIKENESS if likeness is None else likeness)
    return min(24.0, abs(12 * math.log2(own / theirs))) + LIKENESS * unlike
