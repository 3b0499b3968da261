"""How good a dub is, in numbers that anyone can make again: clips with ground truth in, a table out.

One file per subject (words, timing, who speaks, sound, the whole); every measure is a small function with its formula
in docs/quality.md.
"""
