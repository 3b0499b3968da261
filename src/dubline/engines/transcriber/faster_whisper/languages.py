"""What Whisper was trained to hear, kept here because asking the library costs a second of imports."""

ENGLISH_ONLY = ("en",)

_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy
id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru
sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh
"""

MULTILINGUAL = tuple(_CODES.split())

WHISPER_NAMES = {"jv": "jw", "nb": "no", "fil": "tl", "iw": "he", "cmn": "zh"}
"""Standard tags for which Whisper says something else."""

STANDARD_TAGS = {"jw": "jv"}
"""Whisper's own names for which the standard says something else."""
