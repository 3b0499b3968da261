"""Words of the trade as pure data: time, language, media facts, speech, the script, errors."""
