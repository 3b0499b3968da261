"""Kokoro's voices: who they are and the pitch they were measured at. `blending` mixes more of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dubline.domain.language import base
from dubline.domain.speech import Gender, Voice

ENGINE = "kokoro"

LANGUAGES: Mapping[str, str] = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es",
    "f": "fr",
    "i": "it",
    "p": "pt-BR",
    "h": "hi",
    "j": "ja",
    "z": "zh",
}
"""First letter of a voice's name → the language it was made from."""

_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}

NATIVES: Mapping[str, float] = {
    "af_heart": 188.0,
    "af_bella": 190.0,
    "am_michael": 112.0,
    "am_fenrir": 133.0,
    "am_puck": 107.0,
    "af_sarah": 180.0,
    "af_kore": 154.0,
    "af_aoede": 178.0,
    "af_alloy": 139.0,
    "af_nova": 155.0,
    "am_echo": 105.0,
    "am_eric": 157.0,
    "am_liam": 122.0,
    "am_onyx": 84.0,
    "af_sky": 150.0,
    "af_jessica": 203.0,
    "af_river": 178.0,
    "am_adam": 113.0,
    "am_santa": 158.0,
    "af_nicole": 141.0,
    "bf_emma": 178.0,
    "bm_george": 140.0,
    "bf_isabella": 195.0,
    "bm_fable": 114.0,
    "bf_alice": 211.0,
    "bm_lewis": 87.0,
    "bf_lily": 193.0,
    "bm_daniel": 122.0,
    "ef_dora": 168.0,
    "em_alex": 130.0,
    "em_santa": 134.0,
    "ff_siwis": 208.0,
    "if_sara": 219.0,
    "im_nicola": 85.0,
    "pf_dora": 178.0,
    "pm_alex": 139.0,
    "pm_santa": 143.0,
    "hf_alpha": 200.0,
    "hm_omega": 131.0,
    "hf_beta": 176.0,
    "hm_psi": 137.0,
    "jf_alpha": 276.0,
    "jm_kumo": 97.0,
    "jf_gongitsune": 232.0,
    "jf_tebukuro": 320.0,
    "jf_nezumi": 242.0,
    "zf_xiaobei": 242.0,
    "zm_yunjian": 129.0,
    "zf_xiaoxiao": 239.0,
    "zm_yunxi": 162.0,
    "zf_xiaoyi": 302.0,
    "zm_yunyang": 117.0,
    "zm_yunxia": 296.0,
    "zf_xiaoni": 232.0,
}
"""Name → median pitch in Hz, measured on one sentence each; within a language the best voice comes first."""


@dataclass(frozen=True)
class Blend:
    """A voice mixed of two, named after both: `ef_dora~if_sara` speaks as the first and sounds as the second.

    The second one's shares: in the timbre, which tells people apart, and in the manner (melody and rhythm), of
    which the first one keeps a part because the second has a foreign accent.
    """

    pitch: float
    timbre: float = 0.7
    manner: float = 0.5


BLENDS: Mapping[str, Blend] = {
    "ef_dora~if_sara": Blend(192.0),
    "ef_dora~bf_emma": Blend(172.0),
    "ef_dora~af_jessica": Blend(186.0),
    "em_alex~hm_psi": Blend(129.0),
    "em_alex~am_puck": Blend(119.0),
    "em_alex~am_eric": Blend(140.0),
    "pf_dora~if_sara": Blend(191.0),
    "pf_dora~bf_emma": Blend(172.0),
    "pf_dora~af_jessica": Blend(187.0),
    "pm_alex~im_nicola": Blend(106.0),
    "pm_alex~am_puck": Blend(118.0),
    "pm_alex~am_eric": Blend(139.0),
    "if_sara~bf_emma": Blend(190.0),
    "if_sara~bf_isabella": Blend(204.0, timbre=0.8),
    "if_sara~hf_alpha": Blend(209.0, timbre=0.8),
    "im_nicola~hm_psi": Blend(104.0),
    "im_nicola~am_puck": Blend(98.0),
    "im_nicola~am_eric": Blend(115.0),
    "ff_siwis~bf_isabella": Blend(202.0, manner=0.4),
    "ff_siwis~bf_emma": Blend(190.0),
    "ff_siwis~pm_alex": Blend(149.0, timbre=0.9, manner=0.75),
    "ff_siwis~em_santa": Blend(148.0, timbre=0.9, manner=0.7),
    "ff_siwis~im_nicola": Blend(118.0, timbre=0.9, manner=0.7),
}
"""Measured on 2026-11-21 over six sentences each; chosen from four to fourteen per language and gender.

Words whisper-base heard wrong, natives and blends: es 3 % and 0 %, pt 0 % and 0-1 %, it 4-5 % and 2-7 %, fr 5 % and
5-9 %. GE2E cosine of two halves of one voice 0.96-0.99, of two voices of one gender 0.63-0.84. Each blend is heard
as the gender it is named for. French has no man of its own: `ff_siwis` lends its men some of her manner; without
it about twice as many words were misheard, in two sentences.
"""

PITCHES: Mapping[str, float] = {**NATIVES, **{name: blend.pitch for name, blend in BLENDS.items()}}


def voice(name: str) -> Voice:
    return Voice(
        engine=ENGINE,
        name=name,
        language=LANGUAGES[name[0]],
        gender=gender_of(name.rpartition("~")[2]),
        pitch=PITCHES[name],
    )


def gender_of(native: str) -> Gender:
    return _GENDERS[native[1]]


def voices_for(language: str) -> tuple[Voice, ...]:
    """Voices of that very dialect where there are some, else of every dialect of the language; blends last."""
    return spoken_in(language, [voice(name) for name in PITCHES])


def spoken_in(language: str, everybody: Sequence[Voice]) -> tuple[Voice, ...]:
    exact = tuple(one for one in everybody if one.language.lower() == language.lower())
    return exact or tuple(one for one in everybody if base(one.language) == base(language))
