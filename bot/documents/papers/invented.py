"""Invented people on each paper: to look at a template, and to check one before it counts."""

from __future__ import annotations

from datetime import date

from bot.documents.papers.kinds import KINDS
from bot.documents.papers.learner import SIGNATURE
from bot.documents.papers.paper import Paper, Part, Pen, plain
from bot.i18n import _

NAME, SCHOOL = 'Zoë #Đorđević *Test* "A"', "Lycée des Lilas"
"""A name with signs that mean something to typst: none of them may do so."""
_SENTENCE = _("We certify that the person named below has carried out the activity with us on these days.")
_WHO = ((_("Name"), NAME), (_("School"), SCHOOL), (_("Host"), ""), (_("Place"), "Leipzig"))


def invented(kind: str, language: str, second: str = "de") -> Paper:
    """A paper of a kind with every part that it can have."""
    both = kind in {"grid", "europass"} and second != language
    pen = Pen((language, second) if both else (language,))
    who = Part(facts=tuple((pen.says(label), plain(value)) for label, value in _WHO))
    text = Part(text=(pen.says(_SENTENCE),))
    day = pen.weekday(date(2027, 3, 26))
    table = {name: Part(head=(plain("A"),) * columns, rows=((plain(NAME), *(day,) * (columns - 1)),) * 3) for name, columns in (("annexes", 5), ("learners", 5), ("criteria", 5), ("learned", 3))}  # fmt: skip
    parts = {
        "attestation": {"statement": text, "who": who, "other": text},
        "staff": {"statement": text, "who": who},
        "agreement": {"who": who, "annexes": table["annexes"]},
        "grid": {"statement": text, "who": who, "criteria": table["criteria"], "result": who},
        "europass": {"who": who, "learned": table["learned"]},
        "review": {"since": text, "answers": table["annexes"], "decided": table["criteria"]},
        "class": {"call": who, "learners": table["learners"], "care": text},
    }[kind]
    signed = {} if kind in {"class", "review"} else {"signed": Part(sign=pen.labels(SIGNATURE))}
    return Paper(kind, 1, pen.languages, SCHOOL, None, pen.says(KINDS[kind].title), {**parts, **signed})
