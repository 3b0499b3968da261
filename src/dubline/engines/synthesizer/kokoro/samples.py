"""Sentences by which voices are measured and compared."""

from __future__ import annotations

from collections.abc import Mapping

from dubline.domain.language import base

_SAMPLES: Mapping[str, str] = {
    "en": "When we reached the station the train had already left, and we had to wait until the morning. "
    "My brother has worked for a long time in a small bakery near the harbour.",
    "es": "Cuando llegamos a la estación, el tren ya había salido y tuvimos que esperar hasta la mañana. "
    "Mi hermano trabaja en una panadería pequeña, cerca del puerto, desde hace bastante tiempo.",
    "fr": "Quand nous sommes arrivés à la gare, le train était déjà parti et il a fallu attendre. "
    "Mon frère travaille depuis longtemps dans une petite boulangerie, tout près du port.",
    "hi": "जब हम स्टेशन पहुँचे, तब तक गाड़ी जा चुकी थी और हमें सुबह तक रुकना पड़ा। "
    "मेरा भाई बहुत समय से बंदरगाह के पास एक छोटी दुकान में काम करता है।",
    "it": "Quando siamo arrivati alla stazione, il treno era già partito e abbiamo dovuto aspettare. "
    "Mio fratello lavora in una piccola panetteria, vicino al porto, da parecchio tempo.",
    "pt": "Quando chegamos à estação, o trem já tinha saído e tivemos que esperar até de manhã. "
    "Meu irmão trabalha numa padaria pequena, perto do porto, há bastante tempo.",
}


def sample(language: str) -> str:
    return _SAMPLES.get(base(language), "")
