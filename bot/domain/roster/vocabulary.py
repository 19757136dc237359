"""Words with a fixed meaning: countries, languages, kinds, tracks, and the tags of the programme."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from bot.domain.programme import Programme
from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.row import KnownSchool, Status
from bot.domain.roster.table import Cell
from bot.domain.spelling import did_you_mean, folded
from bot.domain.stay import Kind, Track
from bot.i18n import LANGUAGES, render

_READ_IN = ("pt", "nl", "it", "de", "es", "en", "fr")
_ALIASES = {
    "uk": "GB",
    "grande bretagne": "GB",
    "great britain": "GB",
    "angleterre": "GB",
    "england": "GB",
    "ecosse": "GB",
    "scotland": "GB",
    "pays de galles": "GB",
    "irlande du nord": "GB",
    "el": "GR",
    "usa": "US",
    "etats unis d amerique": "US",
    "united states of america": "US",
    "hollande": "NL",
    "holland": "NL",
    "republique tcheque": "CZ",
    "czech republic": "CZ",
    "turkey": "TR",
    "tahiti": "PF",
}
_KINDS = {
    Kind.OUTGOING: "outgoing sortant sortante sortants envoi out depart",
    Kind.INCOMING: "incoming entrant entrante entrants accueil accueilli accueillie in arrivee",
    Kind.STAFF: "staff personnel personnels enseignant enseignante professeur formateur formatrice adulte",
}
_TRACKS = {
    Track.VET: "vet|efp|vocational|professionnel|professionnelle|voie professionnelle|enseignement professionnel|"
    "formation professionnelle|bac pro|baccalaureat professionnel|cap|capa|bp|mc",
    Track.HED: "hed|he|bts|btsa|but|licence|licence pro|superieur|enseignement superieur|higher education",
    Track.STAFF: "staff|personnel|personnels|enseignant|enseignante|professeur|formateur|formatrice",
}
_STATUSES = {
    Status.PLANNED: "planned|prevu|prevue|confirmed|confirme|confirmee|valide|validee|accepte|acceptee|retenu|retenue|ok|oui|"
    "yes|inscrit|inscrite|en cours|under way|ongoing|active|actif|termine|terminee|realise|realisee|completed|finished|"
    "maintenu|maintenue|eleve|etudiant|etudiante|apprenti|apprentie|scolaire|stagiaire|interne|externe|demi pensionnaire|"
    "demi pensionnaire dans l etablissement|previsto|confirmado|en curso|realizado",
    Status.WITHDRAWN: "withdrawn|withdrew|cancelled|canceled|annule|annulee|desiste|desistee|desistement|retire|retiree|"
    "abandon|abandonne|renonce|renoncement|refuse|refusee|demissionnaire|demission|ne part pas|ne part plus|no show|"
    "anulado|anulada|cancelado|cancelada|baja",
    Status.BROKEN_OFF: "broken off|interrompu|interrompue|interruption|interrupted|terminated|ended early|rupture|rompu|"
    "rompue|retour anticipe|rapatrie|rapatriee|early return|interrumpido|interrumpida",
    Status.POSTPONED: "postponed|reporte|reportee|report|decale|decalee|differe|differee|deferred|delayed|rescheduled|"
    "aplazado|aplazada|pospuesto|pospuesta",
}
KIND_WORDS = {word: kind for kind, words in _KINDS.items() for word in words.split()}
TRACK_WORDS = {word: track for track, words in _TRACKS.items() for word in words.split("|")}

STATUS_WORDS = {word: status for status, words in _STATUSES.items() for word in words.split("|")}


@cache
def _countries() -> dict[str, str]:
    """Folded name -> ISO code. French comes last, so that it wins where two languages disagree."""
    names = {
        folded(str(name)): str(code)
        for language in _READ_IN
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    }
    return names | {code.lower(): code for code in set(names.values())} | _ALIASES


@cache
def _languages() -> dict[str, str]:
    """Folded name -> language code."""
    codes = [code for code in map(str, Locale.parse("en").languages) if re.fullmatch(r"(?!und)[a-z]{2,3}", code)]
    read_in = [Locale.parse(language) for language in _READ_IN]
    names = {
        folded(str(locale.languages[code])): code for locale in read_in for code in codes if code in locale.languages
    }
    own = {
        folded(Locale.parse(code).get_language_name() or code): code for code in ("ar", "ca", "da", "el", "pl", "sv")
    }
    return names | own | {code: code for code in codes}


def read_country(cell: Cell) -> str:
    """An ISO code from a code or a name in one of the languages the consortia meet.

    Raises:
        CellError: no country has that name.
    """
    written = text_of(cell)
    if found := _countries().get(folded(written)):
        return found
    known = [str(name) for name in Locale.parse("fr").territories.values()]
    raise CellError(f'"{written}" is no country: write its name or its code (DE, ES){did_you_mean(written, known)}')


def read_language(cell: Cell) -> str:
    """A language code, without its region, from a code (`fr`, `fr-FR`) or a name.

    Raises:
        CellError: no language has that name.
    """
    written = text_of(cell)
    bare = folded(written)
    found = _languages().get(bare)
    if not found and re.fullmatch(r"[A-Za-z]{2,3}[-_][A-Za-z]{2,4}", written):
        found = _languages().get(bare.split()[0])
    if found:
        return found
    known = [str(name) for name in Locale.parse("fr").languages.values()]
    raise CellError(f'"{written}" is no language: write one code (fr, en, es) or name{did_you_mean(written, known)}')


def read_kind(cell: Cell) -> Kind:
    """Outgoing, incoming or staff.

    Raises:
        CellError: it is none of them.
    """
    written = text_of(cell)
    if found := KIND_WORDS.get(folded(written)):
        return found
    raise CellError(
        f'"{written}" is no kind of mobility: write outgoing, incoming or staff (sortant, entrant, personnel)'
    )


def read_track(cell: Cell) -> Track:
    """Vocational, higher education or staff.

    Raises:
        CellError: it is none of them.
    """
    written = text_of(cell)
    if found := TRACK_WORDS.get(folded(written)):
        return found
    raise CellError(f'"{written}" is no track: write vet, hed or staff (bac pro, BTS, personnel)')


def read_status(cell: Cell) -> Status:
    """Whether the stay goes on. A learner's status at school (apprentice, boarder) says nothing about that.

    Raises:
        CellError: it is no word for either. A cancellation that is misspelt must not be overlooked.
    """
    written = text_of(cell)
    if found := STATUS_WORDS.get(folded(written)):
        return found
    hint = did_you_mean(written, STATUS_WORDS)
    raise CellError(f'"{written}" is no status: write annulé, interrompu or reporté, or leave the cell empty{hint}')


def read_school(cell: Cell, schools: tuple[KnownSchool, ...]) -> KnownSchool:
    """A school of the consortium, by its ref or its name.

    Raises:
        CellError: no school has that ref or name.
    """
    written = text_of(cell)
    names = {folded(name): school for school in schools for name in (school.name, school.ref)}
    if found := names.get(folded(written)):
        return found
    refs = ", ".join(school.ref for school in schools) or "none"
    hint = did_you_mean(written, [name for school in schools for name in (school.ref, school.name)])
    raise CellError(f'"{written}" is no school of the consortium ({refs}){hint}')


def read_tags(cell: Cell, programme: Programme) -> frozenset[str]:
    """Tags of the programme, by id or by title, parted by `,` `;` or `|`.

    Raises:
        CellError: the programme has no such tag.
    """
    known = {folded(name): tag for tag, name in _tag_names(programme)}
    tags = set()
    for written in filter(None, (part.strip() for part in re.split(r"[,;|]", text_of(cell)))):
        if folded(written) not in known:
            raise CellError(f'"{written}" is no tag of the programme{_tag_hint(written, programme)}')
        tags.add(known[folded(written)])
    return frozenset(tags)


def _tag_hint(written: str, programme: Programme) -> str:
    """A title that is like it or begins like it; else all tags."""
    names = [name for _, name in _tag_names(programme)]
    longer = [name for name in names if folded(name).startswith(f"{folded(written)} ")]
    if longer:
        return f'; did you mean "{longer[0]}"?'
    return did_you_mean(written, names) or f": write one of {', '.join(programme.tags) or 'none'}"


def _tag_names(programme: Programme) -> list[tuple[str, str]]:
    """Each tag with every way to write it: its title in each language, then its id."""
    titles = [
        (tag, title)
        for tag, words in programme.tags.items()
        for title in (words.values() if isinstance(words, dict) else [render(words, known) for known in LANGUAGES])
    ]
    return titles + [(tag, tag) for tag in programme.tags]
