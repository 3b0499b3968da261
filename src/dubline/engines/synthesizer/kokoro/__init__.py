"""Kokoro, a small neural synthesizer."""

from dubline.engines.synthesizer.kokoro.engine import Kokoro

__all__ = ["Kokoro"]
