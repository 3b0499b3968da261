"""PCM in memory: samples with a rate, read and written as WAV or FLAC that we made ourselves."""
