"""Whisper through CTranslate2: words with times for about a hundred languages."""

from dubline.engines.transcriber.faster_whisper.engine import FasterWhisper

__all__ = ["FasterWhisper"]
