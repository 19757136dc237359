"""`proof = "file"`: only where it can be sent, and never for who somebody is or how they are."""

from __future__ import annotations

import pytest

from bot.domain.programme import Item, Programme
from bot.domain.programme.check import check, warnings
from bot.domain.programme.check_files import smells_of
from bot.domain.programme.load import load
from bot.domain.programme.walk import places
from tests.example import EXAMPLE, example

NEVER = 'must never be sent in the chat: write proof = "checked", an adult ticks it after seeing it'


def with_item(lines: str) -> Programme:
    """The example with one more item before the departure."""
    first = EXAMPLE.index("[[outgoing.before]]")
    return load(f"{EXAMPLE[:first]}[[outgoing.before]]\n{lines}\n\n{EXAMPLE[first:]}", "p.toml")


def item(name: str, title: str, more: str = 'proof = "file"') -> Programme:
    titles = "\n".join(f'title.{language} = "{title}"' for language in ("fr", "en", "es"))
    return with_item(f'id = "{name}"\ndue = "J-3"\n{titles}\n{more}')


def errors(programme: Programme) -> list[str]:
    return [str(problem) for problem in check(programme)]


def notes(programme: Programme) -> list[str]:
    return [str(problem) for problem in warnings(programme)]


def test_a_certificate_may_be_sent() -> None:
    programme = item("certificate", "Attestation d'arrivée")
    assert (errors(programme), notes(programme)) == ([], [])
    asked = programme.outgoing.item("certificate")
    assert (asked.proof, asked.keep_days) == ("file", 90) if asked else False


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("id_card", "A paper", "an identity paper"),
        ("paper", "Passeport valide", "an identity paper"),
        ("paper", "Carte d'identité", "an identity paper"),
        ("paper", "Documento nacional de identidad", "an identity paper"),
        ("visa", "A paper", "an identity paper"),
        ("ceam_card", "A card", "a health paper"),
        ("paper", "Carte CEAM", "a health paper"),
        ("paper", "Certificat médical", "a health paper"),
        ("paper", "Seguro de enfermedad", "a health paper"),
        ("paper", "Votre RIB", "bank details"),
        ("iban", "A paper", "bank details"),
    ],
)
def test_private_papers_are_refused(name: str, title: str, kind: str) -> None:
    assert errors(item(name, title)) == [f'outgoing.before "{name}", proof: {kind} {NEVER}']


def test_the_items_of_the_example_that_may_never_be_sent() -> None:
    asked = [part for place in places(example()) if isinstance(part := place.part, Item)]
    found = {part.id: kind for part in asked if (kind := smells_of(part.id.replace("_", " "), part.title))}
    assert found == {
        "identity": "identity", "passport": "identity", "passport_in": "identity", "visa_short_in": "identity",
        "visa_long_in": "identity", "entry_papers": "identity", "exit_permit": "identity",
        "parental_consent": "health", "insurance": "health", "insurance_in": "health",
        "guardianship_in": "health", "health": "health",
        "accident_cover": "health", "private_health": "health", "ehic": "health", "ehic_in": "health",
        "staff_ehic": "health", "grant_agreement": "bank",
    }  # fmt: skip


def test_words_that_only_begin_alike_are_no_private_papers() -> None:
    assert [smells_of(words) for words in ("Visage", "Idée", "Ribambelle", "Attestation", "Convenio", None, "")] == [
        ""
    ] * 7


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            'who = "finance"\nproof = "file"',
            'proof: the finance is asked for nothing in the chat: write "checked" or "system"',
        ),
        (
            'proof = "file"\nchoices = [{ id = "no", label = { fr = "Non", en = "No", es = "No" }, means = "no" }]',
            'choices: the file is asked for after an answer that means "done": add one',
        ),
    ],
)
def test_a_file_is_only_asked_of_whoever_can_send_it(more: str, says: str) -> None:
    assert errors(item("paper", "Agreement", more)) == [f'outgoing.before "paper", {says}']


def test_a_language_test_is_asked_for_its_level() -> None:
    start = EXAMPLE.index("[outgoing.first_test]")
    text = EXAMPLE[:start] + EXAMPLE[start:].replace(
        "[outgoing.first_test]", '[outgoing.first_test]\nproof = "file"', 1
    )
    assert errors(load(text, "p.toml")) == [
        "outgoing.first_test, proof: a test is asked for its level, not for a file: "
        'write "declared", "checked" or "system"'
    ]


def test_words_that_speak_of_private_papers_are_warned_of() -> None:
    texts = "\n".join(f'text.{language} = "With your passport, please."' for language in ("fr", "en", "es"))
    programme = item("paper", "Agreement", f'proof = "file"\n{texts}')
    assert errors(programme) == []
    assert notes(programme) == [
        'outgoing.before "paper", proof: its words speak of identity: make sure that nobody sends such a paper, '
        'or write proof = "checked"'
    ]


def test_an_end_date_of_nothing_is_warned_of() -> None:
    assert notes(item("paper", "Agreement", "keep_days = 30")) == [
        'outgoing.before "paper", keep_days: it keeps nothing: only proof = "file" does'
    ]


@pytest.mark.parametrize("days", [0, 366])
def test_a_file_is_kept_for_a_year_at_the_most(days: int) -> None:
    with pytest.raises(Exception, match=r"too (small|big)"):
        item("paper", "Agreement", f'proof = "file"\nkeep_days = {days}')
