"""Three hundred file names that somebody, somewhere, means harm with or is called by."""

from __future__ import annotations

CLIMBING = [
    "../",
    "..\\",
    "/",
    "\\",
    "./",
    "../../../../",
    "....//",
    "..;/",
    "C:\\",
    "C:/",
    "\\\\host\\share\\",
]
TARGETS = [
    "etc/passwd",
    "dubline.sqlite",
    "secret",
    "talk.mp4",
    "..",
    ".",
    ".ssh/authorized_keys",
    "a\0b.mp4",
]
CONTROLS = [f"a{chr(code)}b.mp4" for code in (*range(32), 127, *range(0x80, 0xA0))]
DIRECTIONS = [
    f"gpj{mark}4pm.exe" for mark in "\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2069\ufeff"
]
DEVICES = [
    name + ending
    for name in ("CON", "prn", "AUX", "nul", "COM1", "com9", "LPT1", "lpt9")
    for ending in ("", ".mp4", ".tar.gz", " .mp4")
]
DASHES = [
    "-x",
    "--help",
    "-rf .",
    "-i",
    "-",
    "--",
    "-y.mp4",
    "\u2014x.mp4",
    "@file",
    "~root",
    "~",
    "$HOME",
    "$(id)",
]
QUOTES = [
    'a"b.mp4',
    "a'b.mp4",
    "a`b`.mp4",
    'a";filename="evil.exe',
    "a;b.mp4",
    "a%00b.mp4",
    "a%2e%2e%2fb",
    "a\\",
]
HEADERS = [
    "a\r\nSet-Cookie: x=1.mp4",
    "a\nb.mp4",
    "a\r\n\r\n<script>.mp4",
    "a\x1b[31mred.mp4",
    "a\u2028b.mp4",
    "\x85.mp4",
]
MARKUP = [
    "<script>alert(1)</script>.mp4",
    "<img src=x onerror=alert(1)>.mp4",
    "{{7*7}}.mp4",
    "${jndi:x}.mp4",
    "%s%n.mp4",
]
SQL = [
    "'; DROP TABLE uploads; --.mp4",
    "x' OR '1'='1.mp4",
    "a|b.mp4",
    "a&b.mp4",
    "a>b.mp4",
    "a*b?.mp4",
    "a:b.mp4",
]
EMOJI = [
    "🎬.mp4",
    "👨‍👩‍👧‍👦.mov",
    "🏴‍☠️.mkv",
    "a\ufe0f.mp4",
    "😀" * 70 + ".mp4",
    "é.mp4",
    "e\u0301.mp4",
    "ﬁlm.mp4",
]
SCRIPTS = [
    "видео.mp4",
    "映画.mkv",
    "영화.mp4",
    "فيلم.mp4",
    "סרט.mp4",
    "ταινία.mp4",
    "फ़िल्म.mp4",
    "ภาพยนตร์.mp4",
    "İ.MP4",
    "ß.mp4",
]
LONG = ["a" * length for length in (254, 255, 256, 300, 1000)] + [
    "a" * length + ".mp4" for length in (251, 252, 300, 900)
]
LONG += [
    "é" * 128,
    "é" * 200 + ".mp4",
    "映" * 86,
    "a." + "b" * 300,
    "a" * 300 + "." + "c" * 300,
    "." * 300,
    " " * 300,
]
EMPTY = [
    "",
    " ",
    ".",
    "..",
    "...",
    ". .",
    " . ",
    "/",
    "\\",
    "\0",
    "\u200b",
    "\ufeff",
    ".mp4",
    "..mp4",
    "mp4.",
    "a. ",
    "a.mp4 ",
]
ZALGO = [
    "".join(f"{each}\u0334\u0335\u0336" for each in "zalgo") + ".mp4",
    "\u0301" * 50 + ".mp4",
    "\ue000.mp4",
    "\U000f0000.mp4",
]
ENDINGS = [
    "a.mp4.exe",
    "a.MP4",
    "a.m4 v",
    "a.mp4;x",
    "a.mp4\0.jpg",
    "a.php",
    "a.mp4/",
    "a.mp4\\",
    "a.m\u0440\u0034",
    "a.é",
    "a.0123456789",
]

NAMES = list(
    dict.fromkeys(
        [climb + target for climb in CLIMBING for target in TARGETS]
        + [*CONTROLS, *DIRECTIONS, *DEVICES, *DASHES, *QUOTES, *HEADERS, *MARKUP, *SQL, *EMOJI, *SCRIPTS]
        + [*LONG, *EMPTY, *ZALGO, *ENDINGS]
    )
)
