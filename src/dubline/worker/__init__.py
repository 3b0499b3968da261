"""The worker: takes tasks from the queue and carries them out. A process of its own, so the API stays quick."""
