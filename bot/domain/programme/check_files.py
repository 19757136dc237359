"""Files: only papers that say nothing of who somebody is or how they are, and only where they can be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.programme.item import Item, LanguageTest, Means, Proof
from bot.domain.programme.model import Programme
from bot.domain.programme.part import Words
from bot.domain.programme.problem import Problem
from bot.domain.programme.walk import places
from bot.domain.purposes import Kept
from bot.domain.spelling import plain
from bot.i18n import Sentence, _, say

STEMS: Mapping[str, tuple[str, ...]] = {
    "identity": ("identi", "passport", "passeport", "pasaporte", "birth", "naissance"),
    "health": (
        "health", "sante", "salud", "sanit", "medic", "medec", "malad", "illness", "enferm", "infirm", "nurse",
        "vaccin", "vacun", "handicap", "disab", "discapac", "allerg", "alerg", "hospit", "doctor", "ehic",
    ),
    "bank": ("iban", "banc", "bank"),
}  # fmt: skip
"""How words begin that name such a paper, in French, English and Spanish, without accents."""

STEMS_OF = frozenset({"fr", "en", "es"})
WHOLE: Mapping[str, tuple[str, ...]] = {
    "identity": ("id", "cni", "visa", "dni", "nie", "ine", "ssn", "nir"),
    "health": ("ceam", "tse", "gha", "cpam"),
    "bank": ("rib",),
}
"""Words that count only when they stand alone."""

SUBJECTS: Mapping[str, Sentence] = {
    "identity": say(_("identity")),
    "health": say(_("health")),
    "bank": say(_("bank")),
}
PAPERS: Mapping[str, Sentence] = {
    "identity": say(_("an identity paper")),
    "health": say(_("a health paper")),
    "bank": say(_("bank details")),
}


def file_errors(programme: Programme) -> Iterator[Problem]:
    """Items whose file must not, or cannot, be sent."""
    for place in places(programme):
        if not isinstance(place.part, Item) or place.part.proof is not Proof.FILE:
            continue
        item = place.part
        kind = smells_of(item.id.replace("_", " "), item.title)
        if kind:
            yield Problem(place.where, "proof", _refusal(kind))
        elif isinstance(item, LanguageTest):
            says = say(_('a test is asked for its level, not for a file: write "declared", "checked" or "system"'))
            yield Problem(place.where, "proof", says)
        elif not item.asks_learner:
            says = say(_('the {who} is asked for nothing in the chat: write "checked" or "system"'), who=item.who)
            yield Problem(place.where, "proof", says)
        elif all(choice.means is not Means.DONE for choice in item.choices):
            yield Problem(
                place.where, "choices", say(_('the file is asked for after an answer that means "done": add one'))
            )


def retention_errors(programme: Programme) -> Iterator[Problem]:
    """Nothing is kept for longer than the record it belongs to: with that everything goes."""
    record = programme.retention.record
    too_long = say(_("longer than [retention] record ({days} days), with which everything goes"), days=record)
    for kept in (Kept.MESSAGES, Kept.ANSWERS, Kept.CASES):
        if programme.retention.days(kept) > record:
            yield Problem("retention", kept.value, too_long)
    for place in places(programme):
        if isinstance(place.part, Item) and place.part.proof is Proof.FILE and place.part.keep_days > record:
            yield Problem(place.where, "keep_days", too_long)


def file_warnings(programme: Programme) -> Iterator[Problem]:
    """Items that may ask for more than they should, and end dates of nothing."""
    for place in places(programme):
        if not isinstance(place.part, Item):
            continue
        item = place.part
        if item.proof is not Proof.FILE and "keep_days" in item.model_fields_set:
            yield Problem(place.where, "keep_days", say(_('it keeps nothing: only proof = "file" does')))
        kind = smells_of(item.text, item.help) if item.proof is Proof.FILE else ""
        if kind:
            says = say(
                _('its words speak of {kind}: make sure that nobody sends such a paper, or write proof = "checked"'),
                kind=SUBJECTS[kind],
            )
            yield Problem(place.where, "proof", says)


def smells_of(*texts: Words | None) -> str:
    """What kind of private paper some texts name: `identity`, `health`, `bank`, or nothing."""
    words = [word for text in texts for each in _forms(text) for word in plain(each).split()]
    for kind, stems in STEMS.items():
        if any(word.startswith(stems) or word in WHOLE[kind] for word in words):
            return kind
    return ""


def _forms(text: Words | None) -> list[str]:
    """The words of a text in the languages that the stems are of; in another, "nie" is no Spanish paper."""
    if text is None:
        return []
    if isinstance(text, str):
        return [text]
    return [words for language, words in text.items() if language in STEMS_OF] or list(text.values())


def _refusal(kind: str) -> Sentence:
    text = _('{paper} must never be sent in the chat: write proof = "checked", an adult ticks it after seeing it')
    return say(text, paper=PAPERS[kind])
