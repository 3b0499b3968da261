"""Set phrases of conversation, which no small translator knows: "never mind" is not "nunca mente".

Only whole sentences are looked up, so that nothing is taken for a set phrase that is not one. Where languages
address one person in two ways, the familiar way stands first and the polite one after a stroke.
"""

# ruff: noqa: E501 - a table is read in columns
from __future__ import annotations

import re
from functools import cache

_LANGUAGES = ("es", "pt", "fr", "it")
_BOOK = """
hello|hola|olá|bonjour|ciao / salve
hi|hola|oi|salut / bonjour|ciao / salve
hey|oye / oiga|ei|hé|ehi
hello everyone|hola a todos|olá a todos|bonjour à tous|ciao a tutti
hi everyone|hola a todos|oi, pessoal|bonjour à tous|ciao a tutti
hello everybody|hola a todos|olá a todos|bonjour à tous|ciao a tutti
hello and welcome|hola y bienvenidos|olá e bem-vindos|bonjour et bienvenue|ciao e benvenuti
welcome|bienvenidos|bem-vindos|bienvenue|benvenuti
welcome back|bienvenidos de nuevo|bem-vindos de volta|bon retour|bentornati
good morning|buenos días|bom dia|bonjour|buongiorno
good morning everyone|buenos días a todos|bom dia a todos|bonjour à tous|buongiorno a tutti
good afternoon|buenas tardes|boa tarde|bonjour|buon pomeriggio
good afternoon everyone|buenas tardes a todos|boa tarde a todos|bonjour à tous|buon pomeriggio a tutti
good evening|buenas noches|boa noite|bonsoir|buonasera
good evening everyone|buenas noches a todos|boa noite a todos|bonsoir à tous|buonasera a tutti
good night|buenas noches|boa noite|bonne nuit|buonanotte
goodbye|adiós|tchau|au revoir|arrivederci
bye|adiós|tchau|salut / au revoir|ciao / arrivederci
bye bye|adiós|tchau, tchau|au revoir|ciao ciao / arrivederci
see you|nos vemos|até mais|à bientôt|ci vediamo
see you soon|hasta pronto|até breve|à bientôt|a presto
see you later|hasta luego|até mais tarde|à plus tard|a dopo
see you tomorrow|hasta mañana|até amanhã|à demain|a domani
see you next time|hasta la próxima|até a próxima|à la prochaine|alla prossima
until next time|hasta la próxima|até a próxima|à la prochaine|alla prossima
take care|cuídate / cuídese|se cuida / cuide-se|prends soin de toi / prenez soin de vous|stammi bene / stia bene
thank you|gracias|obrigado|merci|grazie
thanks|gracias|obrigado|merci|grazie
thank you very much|muchas gracias|muito obrigado|merci beaucoup|grazie mille
thank you so much|muchísimas gracias|muitíssimo obrigado|merci beaucoup|grazie mille
thanks a lot|muchas gracias|muito obrigado|merci beaucoup|grazie mille
many thanks|muchas gracias|muito obrigado|merci beaucoup|tante grazie
no thanks|no, gracias|não, obrigado|non, merci|no, grazie
no thank you|no, gracias|não, obrigado|non, merci|no, grazie
yes please|sí, por favor|sim, por favor|oui, s'il te plaît / oui, s'il vous plaît|sì, per favore
please|por favor|por favor|s'il te plaît / s'il vous plaît|per favore
you're welcome|de nada|de nada|de rien / je vous en prie|prego
you are welcome|de nada|de nada|de rien / je vous en prie|prego
don't mention it|no hay de qué|não há de quê|il n'y a pas de quoi|non c'è di che
no problem|no hay problema|sem problema|pas de problème|nessun problema
no worries|no pasa nada|não se preocupe|pas de souci|nessun problema
don't worry|no te preocupes / no se preocupe|não se preocupe|ne t'inquiète pas / ne vous inquiétez pas|non preoccuparti / non si preoccupi
never mind|no importa|não importa|ce n'est pas grave|non importa
excuse me|perdona / perdone|com licença|excuse-moi / excusez-moi|scusa / scusi
sorry|lo siento|desculpe|désolé|mi dispiace
i'm sorry|lo siento|sinto muito|je suis désolé|mi dispiace
i'm so sorry|lo siento mucho|sinto muito mesmo|je suis vraiment désolé|mi dispiace tanto
pardon|¿cómo?|como?|pardon?|come?
how are you|¿cómo estás? / ¿cómo está?|como vai você?|comment vas-tu? / comment allez-vous?|come stai? / come sta?
how are you doing|¿cómo te va? / ¿cómo le va?|como você está?|comment ça va? / comment allez-vous?|come va?
how do you do|mucho gusto|muito prazer|enchanté|piacere
nice to meet you|encantado de conocerte / encantado de conocerle|prazer em conhecê-lo|enchanté|piacere di conoscerti / piacere di conoscerla
pleased to meet you|encantado de conocerte / encantado de conocerle|prazer em conhecê-lo|enchanté|piacere di conoscerti / piacere di conoscerla
what's up|¿qué tal?|e aí, tudo bem?|quoi de neuf?|come va?
what's going on|¿qué pasa?|o que está acontecendo?|que se passe-t-il?|che succede?
what's wrong|¿qué pasa?|o que foi?|qu'est-ce qui ne va pas?|che cosa c'è?
what's the matter|¿qué pasa?|o que foi?|qu'est-ce qu'il y a?|che cosa c'è?
what happened|¿qué ha pasado?|o que aconteceu?|que s'est-il passé?|che cosa è successo?
i'm fine|estoy bien|estou bem|je vais bien|sto bene
i'm fine thanks|estoy bien, gracias|estou bem, obrigado|je vais bien, merci|sto bene, grazie
i don't know|no lo sé|não sei|je ne sais pas|non lo so
i know|lo sé|eu sei|je sais|lo so
i see|ya veo|entendo|je vois|capisco
i understand|entiendo|entendo|je comprends|capisco
i don't understand|no entiendo|não entendo|je ne comprends pas|non capisco
i think so|creo que sí|acho que sim|je crois que oui|credo di sì
i don't think so|no lo creo|acho que não|je ne crois pas|non credo
i hope so|espero que sí|espero que sim|j'espère|lo spero
i guess so|supongo que sí|acho que sim|je suppose que oui|suppongo di sì
of course|por supuesto|claro|bien sûr|certo
of course not|por supuesto que no|claro que não|bien sûr que non|certo che no
sure|claro|claro|bien sûr|certo
absolutely|desde luego|com certeza|absolument|assolutamente
exactly|exacto|exatamente|exactement|esatto
that's right|así es|isso mesmo|c'est ça|giusto
that's it|eso es|é isso|c'est tout|tutto qui
that's all|eso es todo|isso é tudo|c'est tout|è tutto
me too|yo también|eu também|moi aussi|anch'io
me neither|yo tampoco|nem eu|moi non plus|neanch'io
not yet|todavía no|ainda não|pas encore|non ancora
not at all|en absoluto|de jeito nenhum|pas du tout|per niente
not really|la verdad es que no|na verdade não|pas vraiment|non proprio
maybe|tal vez|talvez|peut-être|forse
okay|vale|certo|d'accord|va bene
ok|vale|certo|d'accord|va bene
all right|muy bien|tudo bem|très bien|va bene
alright|muy bien|tudo bem|très bien|va bene
well done|bien hecho|muito bem|bien joué|ben fatto
good job|buen trabajo|bom trabalho|bon travail|bel lavoro
good luck|buena suerte|boa sorte|bonne chance|buona fortuna
good idea|buena idea|boa ideia|bonne idée|buona idea
congratulations|enhorabuena|parabéns|félicitations|congratulazioni
happy birthday|feliz cumpleaños|feliz aniversário|joyeux anniversaire|buon compleanno
cheers|salud|saúde|santé|salute
come on|vamos|vamos lá|allez|dai
let's go|vamos|vamos|allons-y|andiamo
here we go|allá vamos|aí vamos nós|c'est parti|ci siamo
here it is|aquí está|aqui está|voici|eccolo
here you are|aquí tienes / aquí tiene|aqui está|tiens / voici|ecco a te / ecco a lei
here you go|aquí tienes / aquí tiene|aqui está|tiens / voici|ecco a te / ecco a lei
go ahead|adelante|vá em frente|vas-y / allez-y|vai pure / prego
hurry up|date prisa / dese prisa|depressa|dépêche-toi / dépêchez-vous|sbrigati / si sbrighi
wait|espera / espere|espere|attends / attendez|aspetta / aspetti
wait a minute|espera un momento / espere un momento|espere um momento|attends une minute / attendez une minute|aspetta un attimo / aspetti un attimo
just a moment|un momento|só um momento|un instant|un attimo
listen|escucha / escuche|escute|écoute / écoutez|ascolta / ascolti
look|mira / mire|olhe|regarde / regardez|guarda / guardi
be careful|ten cuidado / tenga cuidado|tenha cuidado|fais attention / faites attention|fai attenzione / faccia attenzione
watch out|cuidado|cuidado|attention|attenzione
get out|fuera|saia|dehors|fuori
get out of here|fuera de aquí|saia daqui|sors d'ici / sortez d'ici|vattene / se ne vada
leave me alone|déjame en paz / déjeme en paz|me deixe em paz|laisse-moi tranquille / laissez-moi tranquille|lasciami in pace / mi lasci in pace
shut up|cállate / cállese|cale a boca|tais-toi / taisez-vous|stai zitto / stia zitto
stop it|para ya / pare ya|pare com isso|arrête / arrêtez|smettila / la smetta
help me|ayúdame / ayúdeme|me ajude|aide-moi / aidez-moi|aiutami / mi aiuti
trust me|confía en mí / confíe en mí|confie em mim|fais-moi confiance / faites-moi confiance|fidati di me / si fidi di me
believe me|créeme / créame|acredite em mim|crois-moi / croyez-moi|credimi / mi creda
oh my god|dios mío|meu deus|mon dieu|oh mio dio
my god|dios mío|meu deus|mon dieu|mio dio
thank god|gracias a dios|graças a deus|dieu merci|grazie a dio
no way|ni hablar|de jeito nenhum|pas question|neanche per sogno
what a pity|qué lástima|que pena|quel dommage|che peccato
damn|maldita sea|droga|zut|accidenti
damn it|maldita sea|droga|zut|accidenti
it doesn't matter|no importa|não importa|ça ne fait rien|non importa
it depends|depende|depende|ça dépend|dipende
i love you|te quiero / le quiero|eu te amo|je t'aime / je vous aime|ti amo / la amo
i agree|estoy de acuerdo|concordo|je suis d'accord|sono d'accordo
you're right|tienes razón / tiene razón|você tem razão|tu as raison / vous avez raison|hai ragione / ha ragione
you are right|tienes razón / tiene razón|você tem razão|tu as raison / vous avez raison|hai ragione / ha ragione
thanks for watching|gracias por ver el vídeo|obrigado por assistir|merci d'avoir regardé|grazie per la visione
thank you for watching|gracias por ver el vídeo|obrigado por assistir|merci d'avoir regardé|grazie per la visione
thank you for listening|gracias por escuchar|obrigado por ouvir|merci de votre écoute|grazie per l'ascolto
thank you for your attention|gracias por su atención|obrigado pela atenção|merci de votre attention|grazie per l'attenzione
"""

_SENTENCE = re.compile(r"(?:\b(?:Dr|Mrs?|Ms|Mx|Prof|Sra?|Srta|Sig)\.(?= )|[^.!?…])+[.!?…]*\s*")
"""The full stop of a title ends none."""


def sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]


def known(sentence: str, source: str, target: str, *, polite: bool) -> str | None:
    """The set phrase that a sentence is, in the other language, with the sentence's own capital and end."""
    found = _book(target, polite).get(_key(sentence)) if source == "en" else None
    if found is None:
        return None
    end = re.search(r"[.!?…,;:]*$", sentence)
    own = "" if found.endswith("?") else end.group() if end else ""
    first = next((letter for letter in sentence if letter.isalpha()), "")
    text = found + own
    at = next(place for place, letter in enumerate(text) if letter.isalpha())
    return text[:at] + text[at].upper() + text[at + 1 :] if first.isupper() else text


def _key(sentence: str) -> str:
    plain = re.sub(r"[^\w' ]+", " ", sentence.replace("’", "'").casefold())
    return " ".join(plain.split())


@cache
def _book(target: str, polite: bool) -> dict[str, str]:
    if target not in _LANGUAGES:
        return {}
    column = 1 + _LANGUAGES.index(target)
    rows = [line.split("|") for line in _BOOK.strip().splitlines()]
    return {row[0]: _ways(row[column])[polite] for row in rows}


def _ways(cell: str) -> tuple[str, str]:
    familiar, _, formal = cell.partition(" / ")
    return familiar, formal or familiar
