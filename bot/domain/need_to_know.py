"""Who may know of a case: one rule, asked by the chat, the desk and whatever is about to be sent.

Membership of a school opens what is not grave. A cry for help or words of distress are for those whom the ladder names,
those whom one of them brought in, and never for an adult whom the learner excluded, or whom their words name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.domain.nicknames import nicknames
from bot.domain.person import Adult, Role
from bot.domain.rights import Act, may
from bot.domain.spelling import folded
from bot.i18n import Text, _

NOT_THEM: Text = _("Not this adult…")
"""The button by which a learner says who must not know."""
GRAVE = frozenset({"sos", "distress", "write_to_me"})
"""What a case is about when the learner themselves asked for help, or said that they are not well."""
SHORTEST_NAME = 3
"""A name of fewer letters is found in too many sentences."""
SHORTEST_SLIP, SHORTEST_TITLED_SLIP = 7, 4
"""Letters of a name in which a typing error is forgiven; and behind a title."""
TITLES = frozenset({
    "m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "prof", "mister", "mrs", "ms", "miss", "sir", "dr",
    "sr", "sra", "senor", "senora", "herr", "frau", "signor", "signora", "pan", "pani", "domnul", "doamna", "meneer", "mevrouw",
})  # fmt: skip
PARTICLES = frozenset({"del", "della", "den", "der", "des", "les", "los", "las", "van", "von", "und"})
"""What stands in many names and in many sentences."""


@dataclass(frozen=True)
class Circle:
    """Those around a case."""

    school: int
    grave: bool
    ladder: frozenset[Role] = frozenset()
    """The roles on the rungs of its level."""
    told: frozenset[int] = frozenset()
    """Who was alerted, owns it, or was brought in by name."""
    left_out: frozenset[int] = frozenset()
    """Whom the learner excluded, and whom their words name."""


TUTORS = frozenset({
    "tuteur", "tutrice", "tutor", "tutora", "tuteurs", "patron", "patronne", "boss", "jefe", "jefa", "chef", "cheffe", "chefin",
    "betreuer", "betreuerin", "supervisor", "manager", "encadrant", "encadrante", "capo", "patrao", "szef", "sefu", "baas",
})  # fmt: skip
"""What the people of the host are called by those who work there."""
FAMILY = frozenset({
    "family", "famille", "familia", "familie", "gastfamilie", "gastvater", "gastmutter", "famiglia", "gastgezin", "rodzina",
    "rodzinie", "rodziny", "родина", "родині", "семья", "семье", "عائلة", "العائلة", "الأسرة",
})  # fmt: skip
"""What those are called by whom a learner lives with."""
CALLED: Mapping[Role, frozenset[str]] = {
    Role.TEACHER: frozenset({
        "prof", "profs", "professeur", "professeure", "enseignant", "enseignante", "accompagnateur", "accompagnatrice",
        "teacher", "teachers", "lehrer", "lehrerin", "lehrkraft", "profesor", "profesora", "profe", "maestro", "maestra",
        "insegnante", "professore", "professoressa", "professor", "professora", "docent", "docente", "leraar", "lerares",
        "juf", "nauczyciel", "nauczycielka", "nauczycielki", "вчитель", "вчителька", "учитель", "учителька", "учительница",
        "викладач", "преподаватель", "معلم", "معلمة", "معلمي", "المعلم", "المعلمة", "استاذ", "استاذة", "استاذي", "الاستاذ",
        "profesorul", "profesoara", "ogretmen", "ogretmenim", "laerer", "opettaja", "larare", "καθηγητης", "καθηγητρια",
    }),
    Role.COORDINATOR: frozenset({
        "coordinateur", "coordinatrice", "coordo", "coordinator", "coordinador", "coordinadora", "koordinator",
        "koordinatorin", "coordinatore", "coordenador", "coordenadora", "koordynator", "koordynatorka", "координатор",
        "координаторка", "منسق", "منسقة", "المنسق", "المنسقة",
    }),
    Role.HEAD: frozenset({
        "proviseur", "proviseure", "directeur", "directrice", "headteacher", "headmaster", "headmistress", "director",
        "directora", "schulleiter", "schulleiterin", "direktor", "direktorin", "preside", "diretor", "diretora", "dyrektor",
        "dyrektorka", "директор", "директорка", "مدير", "مديرة", "المدير", "المديرة",
    }),
}  # fmt: skip
"""What the adults of a school are called by those who do not say their names."""
CALLED_FOR = frozenset({
    "call", "tell", "ask", "contact", "speak", "talk", "appelle", "appelez", "appeler", "previens", "prevenez", "prevenir",
    "dis", "dites", "contactez", "contacter", "parler", "llama", "llamad", "llame", "avisa", "avisad", "hablar", "ruf", "rufen",
    "sag", "sagen", "sprechen", "chiama", "chiamate", "parlare", "chama", "chamem", "falar", "bel", "bellen", "praten",
    "zadzwon", "zadzwoncie", "подзвони", "подзвоніть", "позвони", "позвоните", "اتصل", "اتصلوا",
})  # fmt: skip
"""Who says this wants the adult they mean."""
SPOKEN_TO = frozenset({
    "hello", "hi", "hey", "dear", "thanks", "thank", "ok", "bonjour", "bonsoir", "salut", "coucou", "merci", "cher", "chere",
    "oui", "hola", "gracias", "querido", "querida", "hallo", "danke", "liebe", "lieber", "ciao", "buongiorno", "grazie", "caro",
    "cara", "ola", "obrigado", "obrigada", "dag", "bedankt", "dank", "czesc", "dziekuje", "dzieki", "привіт", "дякую", "привет",
    "спасибо", "مرحبا", "شكرا",
})  # fmt: skip
"""Who says this speaks to the adult whose name follows, and not about them."""
NOT = frozenset({
    "not", "no", "pas", "sauf", "except", "nicht", "kein", "keine", "sin", "salvo", "menos", "non", "tranne", "nao", "exceto",
    "niet", "nie", "oprocz", "не", "окрім", "кроме", "ليس", "الا",
})  # fmt: skip
BETWEEN = frozenset(
    {"a", "au", "to", "for", "de", "with", "avec", "con", "mit", "m", "mr", "mme", "mrs", "ms", "herr", "frau"}
)
"""What may stand between a no and the name that it is about."""
OFFICE = frozenset({Act.SEE_LEARNERS, Act.TICK})
"""What is left to somebody whom a learner does not want near them: names, dates and papers, as an office has them."""
IN_CHARGE = frozenset({Role.COORDINATOR, Role.CONSORTIUM})
"""They answer for the learner, on whatever rung they stand."""


def may_know(adult: Adult, circle: Circle) -> bool:
    """Whether somebody may see a case, read its words, take it and bring somebody in."""
    if adult.person in circle.left_out or not may(adult, Act.SEE_CASES, circle.school):
        return False
    roles = adult.roles_at(circle.school)
    named = adult.person in circle.told or not (circle.ladder | IN_CHARGE).isdisjoint(roles)
    return named or not circle.grave


def may_with(adult: Adult, act: Act, school: int | None, *, left_out: bool) -> bool:
    """Whether somebody may do something with one learner of a school."""
    return may(adult, act, school) and (not left_out or act in OFFICE)


def may_close(adult: Adult, circle: Circle) -> bool:
    """Whether somebody may end a case: a grave one only who was told of it."""
    return may_know(adult, circle) and (not circle.grave or adult.person in circle.told)


def named_in(words: str, names: Collection[tuple[int, str, str]]) -> frozenset[int]:
    """The adults (person, first name, last name) whose name stands in somebody's words, however it is written.

    One word of a name is enough, also with a typing error: that an adult hears later costs little. An error makes short
    names of other words (Martin, « ce matin »), so in those it is forgiven only behind a title.
    """
    said = folded(words).split()
    titled = {after for before, after in pairwise(said) if before in TITLES}
    return frozenset(
        person
        for person, first, last in names
        if any(_is_said(part, said, titled) for part in folded(f"{first} {last}").split() if part not in PARTICLES)
        or not nicknames(first).isdisjoint(said)
    )


def roles_in(words: str) -> frozenset[Role]:
    """The adults of a school whom words mean by what they are there, unless they are called for."""
    said = set(folded(words).split())
    return (
        frozenset(role for role, called in CALLED.items() if said & called)
        if said.isdisjoint(CALLED_FOR)
        else frozenset()
    )


def speaks_to(words: str) -> bool:
    """Whether words greet, thank or call for somebody: a name in them accuses nobody."""
    return not set(folded(words).split()).isdisjoint(SPOKEN_TO | CALLED_FOR)


def refused_in(words: str, names: Collection[tuple[int, str, str]]) -> frozenset[int]:
    """The adults before whose name a no stands: "not Luc", "pas à Mme Astruc"."""
    said = folded(words).split()
    after: list[str] = []
    for place, word in enumerate(said):
        if word in NOT:
            after += [each for each in said[place + 1 : place + 4] if each not in BETWEEN][:1]
    return named_in(" ".join(after), names)


def means_host(words: str, name: str, called: Collection[str] = TUTORS) -> bool:
    """Whether words may be about somebody at the host's: by name, or by what they are called there."""
    return bool(named_in(words, [(0, "", name)]) or not frozenset(called).isdisjoint(folded(words).split()))


def _is_said(part: str, said: Collection[str], titled: Collection[str]) -> bool:
    if len(part) < SHORTEST_NAME:
        return False
    unsure = said if len(part) >= SHORTEST_SLIP else titled if len(part) >= SHORTEST_TITLED_SLIP else ()
    return part in said or any(OSA.distance(part, word, score_cutoff=1) <= 1 for word in unsure)
