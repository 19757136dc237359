"""The files of an installation, out of the answers; and a class of nobody to rehearse with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta

from bot.domain.spelling import plain
from bot.setup.questions import Answers

SECRETS: Mapping[str, str] = {
    "token": "telegram__token",
    "password": "email__password",
    "matrix_password": "matrix__password",
}
"""Answers that are kept in a file of their own, in the folder of secrets."""
ADULTS = ("", "deputy_", "last_")
"""How the answers about each adult begin: whoever sets this up, who stands in, who is called last."""
REHEARSAL_PORT = 8081
_CLASS = (
    ("Nora", "Exemple"), ("Timo", "Exemple"), ("Inès", "Modèle"), ("Adam", "Modèle"), ("Lou", "Essai"), ("Sacha", "Essai"),
)  # fmt: skip
_KINDS: Mapping[str, tuple[str, str, int, int]] = {
    "vet": ("sortant", "bac pro", 18, 20), "apprentices": ("sortant", "bac pro", 18, 20), "hed": ("sortant", "BTS", 20, 62),
    "incoming": ("entrant", "bac pro", 18, 20), "staff": ("personnel", "personnel", 41, 6),
}  # fmt: skip
"""Whom a school sends or receives: the kind of mobility, the track, how old they are, and for how many days."""
_COLUMNS = "Référence;Nom;Prénom;Date de naissance;Type de mobilité;Filière;Établissement;Classe;Pays;Ville;Pays d'origine;Ville d'origine;Départ;Début d'activité;Fin d'activité;Retour"


def consortium(answers: Answers) -> str:
    """The school, whoever sets this up, and who stands in."""
    school = school_ref(answers)
    lines = [
        "# Your school and the adults who answer for its learners. consortium.example.toml says what else may stand here.",
        "", "[consortium]", _pair("name", answers["school"]), _pair("language", answers["language"]),
        _pair("on_call_phone", answers["on_call"]), _pair("zone", answers["zone"]),
        "", "[[schools]]", _pair("ref", school), _pair("name", answers["school"]), _pair("city", answers["city"]),
        _pair("on_call_phone", answers["on_call"]), _pair("zone", answers["zone"]),
        *_person(answers, "", '["coordinator", "teacher"]', school),
        *_person(answers, "deputy_", '["deputy", "on_call"]', school),
        *(_person(answers, "last_", '["consortium"]') if answers.get("last_first_name") else ()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def adult_ref(answers: Answers, which: str) -> str:
    """The reference of an adult: `nferhaoui`, as the example has them; numbered where two would be the same."""
    refs: dict[str, str] = {}
    for each in ADULTS:
        plain_ref = _ref(answers.get(f"{each}first_name", "")[:1] + answers.get(f"{each}last_name", ""), "adult")
        refs[each] = plain_ref if plain_ref not in refs.values() else f"{plain_ref[:38]}-{len(refs) + 1}"
    return refs[which]


def school_ref(answers: Answers) -> str:
    """Of the last word of its name: `valmer` for « Lycée Suzanne-Valmer »."""
    return _ref(re.split(r"[\s-]+", answers["school"].strip())[-1], "school")


def config(answers: Answers) -> str:
    """Where things are and which channels are on. Secrets lie in files of their own."""
    lines = [
        "# The settings of this installation; config.example.toml lists them all.",
        _pair("language", answers.get("language") or "fr"),
    ]
    if answers.get("address"):
        lines += ["", "[web]", _pair("base_url", answers["address"])]
    if answers.get("host"):
        lines += ["", "[email]", _pair("host", answers["host"]), _pair("sender", f"Compagnon <{answers['sender']}>")]
        lines += [_pair("user", answers["user"])] if answers.get("user") else []
    if answers.get("homeserver"):
        lines += ["", "[matrix]", _pair("homeserver", answers["homeserver"]), _pair("user_id", answers["user_id"])]
    return "\n".join(lines) + "\n"


def rehearsal() -> str:
    """An installation beside the real one: its own data, the same programme and team, a clock that is moved."""
    return (
        "# A dry run with an invented class: python3 run.py run --config rehearsal.toml\n"
        f'data_dir = "rehearsal"\n\n[web]\nport = {REHEARSAL_PORT}\n\n[rehearsal]\nenabled = true\n'
    )


def secrets_of(answers: Answers) -> dict[str, str]:
    return {name: answers[key] for key, name in SECRETS.items() if answers.get(key)}


def invented_class(audience: str, school: str, city: str, today: date) -> str:
    """Six who leave for Leipzig, or come from there, on the second Saturday from now. All are of age."""
    kind, track, age, stay = _KINDS[audience]
    departure = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    start, end, back = (departure + timedelta(days=days) for days in (2, stay, stay + 1))
    days = ";".join(day.strftime("%d/%m/%Y") for day in (departure, start, end, back))
    born = date(today.year - age - 1, 3, 14).strftime("%d/%m/%Y")
    where = f"France;{city};Allemagne;Leipzig" if kind == "entrant" else "Allemagne;Leipzig;;"
    rows = (
        f"TEST-{number:02};{last};{first};{born};{kind};{track};{school};TEST;{where};{days}"
        for number, (first, last) in enumerate(_CLASS, 1)
    )
    return "\n".join([_COLUMNS, *rows]) + "\n"


def _person(answers: Answers, which: str, roles: str, school: str = "") -> list[str]:
    kept = [
        _pair(key, answers[which + key])
        for key in ("first_name", "last_name", "phone", "email")
        if answers.get(which + key)
    ]
    at = [_pair("school", school)] if school else []
    return ["", "[[people]]", _pair("ref", adult_ref(answers, which)), *at, f"roles = {roles}", *kept]


def _ref(words: str, otherwise: str) -> str:
    found = re.sub(r"[^a-z0-9]", "", plain(words))[:40].lstrip("0123456789")
    return found or otherwise


def _pair(key: str, written: str) -> str:
    return f"{key} = {json.dumps(written, ensure_ascii=False)}"
