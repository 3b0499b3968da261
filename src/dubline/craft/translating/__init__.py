"""From one language to another: whole sentences, the best route, repairs, and what must not be lost."""
