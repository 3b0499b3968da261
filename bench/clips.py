"""Long media for benches: a real clip, looped without encoding it anew."""

from __future__ import annotations

import subprocess
from pathlib import Path


def looped(clip: Path, minutes: float, folder: Path) -> Path:
    out = folder / f"loop{minutes:g}{clip.suffix}"
    source = ["-stream_loop", "-1", "-i", str(clip), "-t", str(minutes * 60)]
    tracks = ["-map", "0:v:0", "-map", "0:a:0", "-c", "copy"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *source, *tracks, str(out)], check=True)
    return out
