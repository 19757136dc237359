"""Words with a fixed meaning."""

from __future__ import annotations

import pytest

from bot.domain.programme import Programme
from bot.domain.roster import KnownSchool
from bot.domain.roster.cells import CellError
from bot.domain.roster.row import Status
from bot.domain.roster.vocabulary import (
    ENDED,
    KINDS,
    TRACKS,
    read_kind,
    read_language,
    read_school,
    read_status,
    read_tags,
    read_track,
)
from bot.domain.stay import Kind, Track
from bot.i18n import LANGUAGES, render

SCHOOLS = (KnownSchool("valmer", "Lycée Suzanne-Valmer", "Ardonville", "Europe/Paris"),)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("fr", "fr"),
        ("fr-FR", "fr"),
        ("pt_BR", "pt"),
        ("Espagnol", "es"),
        ("español", "es"),
        ("Deutsch", "de"),
        ("العربية", "ar"),
    ],
)
def test_language_is_read_by_code_and_by_name(written: str, code: str) -> None:
    assert read_language(written) == code


def test_language_unknown_is_refused_with_the_nearest() -> None:
    with pytest.raises(CellError) as caught:
        read_language("espagnl")
    assert str(caught.value) == (
        '"espagnl" is no language: write one code (fr, en, es) or name; did you mean "espagnol"?'
    )


@pytest.mark.parametrize(
    ("written", "kind"), [("Sortant", Kind.OUTGOING), ("incoming", Kind.INCOMING), ("PERSONNEL", Kind.STAFF)]
)
def test_kind_is_read_in_french_and_english(written: str, kind: Kind) -> None:
    assert read_kind(written) is kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_desk_writes_is_read_in_every_language(language: str) -> None:
    kinds = {read_kind(render(text, language)) for text in KINDS.values()}
    tracks = {read_track(render(text, language)) for text in TRACKS.values()}
    ends = [read_status(render(text, language)) for text in ENDED.values()]
    assert (kinds, tracks) == (set(Kind), set(Track))
    assert ends == [Status.WITHDRAWN, Status.BROKEN_OFF, Status.POSTPONED]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("abgebrochen", Status.BROKEN_OFF),
        ("Annullata", Status.WITHDRAWN),
        ("geannuleerd", Status.WITHDRAWN),
        ("Przełożony", Status.POSTPONED),
        ("скасовано", Status.WITHDRAWN),
        ("confirmada", Status.PLANNED),
        ("مؤجلة", Status.POSTPONED),
    ],
)
def test_a_status_is_read_in_other_languages(written: str, status: Status) -> None:
    assert read_status(written) is status


def test_kind_unknown_is_refused() -> None:
    with pytest.raises(CellError) as caught:
        read_kind("mobile")
    assert str(caught.value) == (
        '"mobile" is no kind of mobility: write outgoing, incoming, staff or virtual (sortant, entrant, personnel, virtuel)'
    )


@pytest.mark.parametrize(
    ("written", "track"),
    [
        *(
            (word, Track.VET)
            for word in ("VET", "Bac pro", "Bac Pro MELEC", "CAP agricole", "2nde pro", "BPREA", "TP", "MC Boulanger")
        ),
        *(
            (word, Track.VET)
            for word in ("VET-SHORT", "ErasmusPro", "Short-term learning mobility of VET learners", "BP JEPS")
        ),
        *(
            (word, Track.HED)
            for word in ("B.T.S.", "BTS MCO", "BUT GEA 2", "Supérieur", "Higher education", "licence pro")
        ),
        *((word, Track.STAFF) for word in ("Personnel", "Job shadowing", "staff mobility for training")),
    ],
)
def test_track_is_read_by_its_first_words(written: str, track: Track) -> None:
    assert read_track(written) is track


@pytest.mark.parametrize("written", ["Apprentissage", "pottery", "2nde", "Bac général"])
def test_track_that_may_be_either_is_not_guessed(written: str) -> None:
    with pytest.raises(CellError) as caught:
        read_track(written)
    assert str(caught.value) == (f'no track is known as "{written}": write vet, hed or staff (bac pro, BTS, personnel)')


@pytest.mark.parametrize("written", ["valmer", "VALMER", "lycee suzanne valmer"])
def test_school_is_found_by_ref_and_by_name(written: str) -> None:
    assert read_school(written, SCHOOLS) is SCHOOLS[0]


def test_school_unknown_is_refused_with_the_nearest() -> None:
    with pytest.raises(CellError) as caught:
        read_school("valmere", SCHOOLS)
    assert str(caught.value) == '"valmere" is no school of the consortium (valmer); did you mean "valmer"?'


def test_tags_are_read_by_id_and_by_title(tagged: Programme) -> None:
    written = "Famille d’accueil ; apprentice|APPRENTICE, "
    assert read_tags(written, tagged) == frozenset({"apprentice", "host_family"})


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("host_famly", '; did you mean "host_family"?'),
        ("apprenti", '; did you mean "Apprenti ou contrat de professionnalisation"?'),
        ("zzz", ": write one of apprentice, host_family"),
    ],
)
def test_tag_unknown_is_refused_with_the_nearest(written: str, hint: str, tagged: Programme) -> None:
    with pytest.raises(CellError) as caught:
        read_tags(written, tagged)
    assert str(caught.value) == f'"{written}" is no tag of the programme{hint}'
