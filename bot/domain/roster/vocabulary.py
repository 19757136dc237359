"""Words with a fixed meaning: languages, kinds, tracks, the status of a stay, schools, and the tags of the programme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from babel import Locale

from bot.domain.programme import Programme
from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.countries import READ_IN
from bot.domain.roster.grid import Cell
from bot.domain.roster.row import KnownSchool, Status
from bot.domain.spelling import folded, nearest
from bot.domain.stay import Ended, Kind, Track
from bot.i18n import LANGUAGES, Sentence, Text, _, render, say

_KINDS = {
    Kind.OUTGOING: "outgoing|sortant|sortante|sortants|envoi|out|depart|saliente|salida|envío|ausreisend|entsendung|in uscita|"
    "uscente|enviado|enviada|saída|uitgaand|uitgaande|wyjeżdżający|wyjeżdżająca|wyjazd|виїзна|виїзний|від'їзд|مغادر|مغادرة",
    Kind.INCOMING: "incoming|entrant|entrante|entrants|accueil|accueilli|accueillie|in|arrivee|acogida|llegada|aufnahme|"
    "gast|anreisend|in entrata|accoglienza|recebido|recebida|acolhimento|inkomend|inkomende|przyjeżdżający|"
    "przyjeżdżająca|przyjazd|в'їзна|в'їзний|приїзд|قادم|قادمة|استقبال",
    Kind.STAFF: "staff|personnel|personnels|enseignant|enseignante|professeur|formateur|formatrice|adulte|personal|profesor|"
    "profesora|lehrkraft|kollegium|mitarbeiter|personale|docente|insegnante|pessoal|professor|professora|docent|personeel|"
    "kadra|nauczyciel|nauczycielka|pracownik|персонал|вчитель|вчителька|викладач|викладачка|موظف|موظفة|معلم|معلمة",
    Kind.VIRTUAL: "virtual|virtuel|virtuelle|virtuels|échange virtuel|mobilité virtuelle|virtual exchange|online|en ligne|à distance|"
    "distanciel|etwinning|webalim|intercambio virtual|en línea|virtuell|virtueller austausch|virtuale|scambio virtuale|"
    "intercâmbio virtual|virtueel|virtuele uitwisseling|wirtualny|wirtualna|wymiana wirtualna|віртуальний|віртуальна|"
    "افتراضي|افتراضية",
}
_TRACKS = {
    Track.VET: "vet|efp|ifp|vocational|professionnel|professionnelle|voie pro|voie professionnelle|"
    "enseignement professionnel|formation professionnelle|lycee pro|lycee professionnel|bac pro|bacpro|bac professionnel|"
    "baccalaureat pro|baccalaureat professionnel|cap|capa|cap a|bep|bepa|bp|"
    "bpa|bprea|bpjeps|bpm|brevet professionnel|brevet des metiers|bma|dtmd|dma|mc|mention complementaire|"
    "certificat de specialisation|tp|titre pro|titre professionnel|cqp|fcil|ulis|segpa|3 prepa metiers|"
    "prepa metiers|2nde pro|2de pro|seconde pro|seconde professionnelle|1ere pro|1re pro|premiere pro|tle pro|term pro|"
    "terminale pro|erasmuspro|"
    "formacion profesional|fp|ausbildung|berufsbildung|berufsschule|berufskolleg|mbo|beroepsonderwijs|istruzione professionale|"
    "istituto professionale|formazione professionale|iefp|ensino profissional|formação profissional|kształcenie zawodowe|"
    "szkoła zawodowa|szkoła branżowa|technikum|професійна освіта|професійно технічна освіта|تعليم مهني|تكوين مهني|التعليم المهني",
    Track.HED: "hed|he|bts|btsa|sts|btm|but|dut|iut|licence|bachelor|master|mastere|mba|deust|dcg|dscg|dnmade|dn made|"
    "deug|dees|cpge|superieur|enseignement superieur|ecole d ingenieurs|ingenieur|higher education|"
    "grado superior|enseñanza superior|educación superior|doctorat|phd|hochschule|hochschulbildung|studium|istruzione superiore|"
    "università|ensino superior|hoger onderwijs|hbo|szkolnictwo wyższe|studia|вища освіта|تعليم عال|التعليم العالي",
    Track.STAFF: "staff|personnel|personnels|enseignant|enseignante|enseignants|professeur|professeure|formateur|"
    "formatrice|job shadowing|stage d observation|teaching assignment|personal|lehrkraft|personale|docente|pessoal|personeel|"
    "kadra|персонал|موظف",
}
_ANYWHERE = {
    "vet learner": Track.VET,
    "vocational": Track.VET,
    "higher education": Track.HED,
    "staff mobility": Track.STAFF,
}
"""What the European tools call an activity: "Short-term learning mobility of VET learners"."""
_STATUSES = {
    Status.PLANNED: "planned|prevu|prevue|confirmed|confirme|confirmee|valide|validee|accepte|acceptee|retenu|retenue|ok|oui|"
    "yes|inscrit|inscrite|en cours|under way|ongoing|active|actif|termine|terminee|realise|realisee|completed|finished|"
    "maintenu|maintenue|eleve|etudiant|etudiante|apprenti|apprentie|scolaire|stagiaire|interne|externe|demi pensionnaire|"
    "demi pensionnaire dans l etablissement|previsto|prevista|confirmado|confirmada|en curso|realizado|realizada|geplant|"
    "bestätigt|laufend|beendet|abgeschlossen|confermato|confermata|in corso|concluso|conclusa|em curso|concluído|concluída|"
    "gepland|bevestigd|lopend|afgerond|planowany|planowana|potwierdzony|potwierdzona|w trakcie|zakończony|zakończona|"
    "заплановано|підтверджено|триває|завершено|مخطط|مؤكد|جار|منته",
    Status.WITHDRAWN: "withdrawn|withdrew|cancelled|canceled|annule|annulee|desiste|desistee|desistement|retire|retiree|"
    "abandon|abandonne|renonce|renoncement|refuse|refusee|demissionnaire|demission|ne part pas|ne part plus|no show|"
    "anulado|anulada|cancelado|cancelada|baja|zurückgezogen|abgesagt|storniert|rücktritt|ritirato|ritirata|annullato|annullata|"
    "rinuncia|desistiu|desistência|teruggetrokken|geannuleerd|afgezegd|wycofany|wycofana|odwołany|odwołana|rezygnacja|"
    "скасовано|відмова|відмовився|відмовилася|ملغى|ملغاة|منسحب|منسحبة|انسحاب",
    Status.BROKEN_OFF: "broken off|interrompu|interrompue|interruption|interrupted|terminated|ended early|rupture|rompu|"
    "rompue|retour anticipe|rapatrie|rapatriee|early return|interrumpido|interrumpida|regreso anticipado|abgebrochen|abbruch|"
    "interrotto|interrotta|rientro anticipato|interrompido|interrompida|regresso antecipado|afgebroken|voortijdig beëindigd|"
    "przerwany|przerwana|wcześniejszy powrót|перервано|достроково завершено|مقطوع|توقف|عودة مبكرة",
    Status.POSTPONED: "postponed|reporte|reportee|report|decale|decalee|differe|differee|deferred|delayed|rescheduled|"
    "aplazado|aplazada|pospuesto|pospuesta|verschoben|rinviato|rinviata|posticipato|posticipata|adiado|adiada|uitgesteld|"
    "przełożony|przełożona|odroczony|odroczona|відкладено|перенесено|مؤجل|مؤجلة",
}
KINDS: dict[str, Text] = {
    Kind.OUTGOING: _("outgoing"),
    Kind.INCOMING: _("incoming"),
    Kind.STAFF: _("staff"),
    Kind.VIRTUAL: _("virtual exchange"),
}
TRACKS: dict[str, Text] = {
    Track.VET: _("vocational training"),
    Track.HED: _("higher education"),
    Track.STAFF: _("staff mobility"),
}
ENDED: dict[str, Text] = {
    Ended.WITHDRAWN: _("does not travel"),
    Ended.BROKEN_OFF: _("broken off"),
    Ended.TRANSFERRED: _("at another time or elsewhere"),
}
"""What each is called on the desk: what we write we read as well, in every language."""
_IS: dict[str, Status] = {
    Ended.WITHDRAWN: Status.WITHDRAWN,
    Ended.BROKEN_OFF: Status.BROKEN_OFF,
    Ended.TRANSFERRED: Status.POSTPONED,
}


@cache
def kind_words() -> Mapping[str, Kind]:
    """Folded word -> kind."""
    found = {folded(word): kind for kind, words in _KINDS.items() for word in words.split("|")}
    return {word: Kind(kind) for word, kind in _written(KINDS)} | found


@cache
def track_words() -> Mapping[str, Track]:
    """Folded words -> track."""
    found = {folded(word): track for track, words in _TRACKS.items() for word in words.split("|")}
    return {word: Track(track) for word, track in _written(TRACKS)} | found


@cache
def status_words() -> Mapping[str, Status]:
    """Folded words -> status."""
    found = {folded(word): status for status, words in _STATUSES.items() for word in words.split("|")}
    return {word: _IS[ended] for word, ended in _written(ENDED)} | found


def _written(texts: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    return ((folded(render(text, language)), name) for name, text in texts.items() for language in LANGUAGES)


@cache
def _codes() -> frozenset[str]:
    """Of languages: `fr`."""
    known = map(str, Locale.parse("en").languages)
    return frozenset(code for code in known if re.fullmatch(r"(?!und)[a-z]{2,3}", code))


@cache
def _languages() -> dict[str, str]:
    """Folded name -> language code. Made when somebody writes a name: it takes the locales of all in which one may be read."""
    codes = sorted(_codes())
    read_in = [Locale.parse(language) for language in READ_IN]
    names = {
        folded(str(locale.languages[code])): code for locale in read_in for code in codes if code in locale.languages
    }
    own = {
        folded(Locale.parse(code).get_language_name() or code): code for code in ("ar", "ca", "da", "el", "pl", "sv")
    }
    return names | own


def _language(bare: str) -> str | None:
    return bare if bare in _codes() else _languages().get(bare)


def read_language(cell: Cell) -> str:
    """A language code, without its region, from a code (`fr`, `fr-FR`) or a name.

    Raises:
        CellError: no language has that name.
    """
    written = text_of(cell)
    bare = folded(written)
    found = _language(bare)
    if not found and re.fullmatch(r"[A-Za-z]{2,3}[-_][A-Za-z]{2,4}", written):
        found = _language(bare.split()[0])
    if found:
        return found
    known = [str(name) for name in Locale.parse("fr").languages.values()]
    text = _('"{written}" is no language: write one code (fr, en, es) or name')
    raise CellError(say(text, hint=nearest(written, known), written=written))


def read_kind(cell: Cell) -> Kind:
    """Outgoing, incoming, staff or virtual.

    Raises:
        CellError: it is none of them.
    """
    written = text_of(cell)
    if found := kind_words().get(folded(written)):
        return found
    text = _(
        '"{written}" is no kind of mobility: write outgoing, incoming, staff or virtual (sortant, entrant, personnel, virtuel)'
    )
    raise CellError(say(text, written=written))


def read_track(cell: Cell) -> Track:
    """Vocational, higher education or staff, by the first words: `Bac Pro MELEC`, `BTS MCO`, `2nde pro`, `VET-SHORT`.

    Raises:
        CellError: it begins like none of them.
    """
    written = text_of(cell)
    words = folded(re.sub(r"\.", "", written)).split()
    for length in range(len(words), 0, -1):
        if found := track_words().get(" ".join(words[:length])):
            return found
    if found := next((track for word, track in _ANYWHERE.items() if word in " ".join(words)), None):
        return found
    text = _("no track is known as {many}: write vet, hed or staff (bac pro, BTS, personnel)")
    raise CellError(say(text, many=f'"{written}"'))


def read_status(cell: Cell) -> Status:
    """Whether the stay goes on. A learner's status at school (apprentice, boarder) says nothing about that.

    Raises:
        CellError: it is no word for either. A cancellation that is misspelt must not be overlooked.
    """
    written = text_of(cell)
    if found := status_words().get(folded(written)):
        return found
    text = _('"{written}" is no status: write annulé, interrompu or reporté, or leave the cell empty')
    raise CellError(say(text, hint=nearest(written, status_words()), written=written))


def read_school(cell: Cell, schools: tuple[KnownSchool, ...]) -> KnownSchool:
    """A school of the consortium, by its ref or its name.

    Raises:
        CellError: no school has that ref or name.
    """
    written = text_of(cell)
    if found := _called(tuple(schools)).get(folded(written)):
        return found
    refs = ", ".join(school.ref for school in schools) or "none"
    hint = nearest(written, [name for school in schools for name in (school.ref, school.name)])
    raise CellError(
        say(_('"{written}" is no school of the consortium ({known})'), hint=hint, written=written, known=refs)
    )


@lru_cache(maxsize=8)
def _called(schools: tuple[KnownSchool, ...]) -> dict[str, KnownSchool]:
    """The schools by all they are called; every row of a sheet names one."""
    return {folded(name): school for school in schools for name in (school.name, school.ref)}


def read_tags(cell: Cell, programme: Programme) -> frozenset[str]:
    """Tags of the programme, by id or by title, parted by `,` `;` or `|`.

    Raises:
        CellError: the programme has no such tag.
    """
    known = _tagged(tuple(_tag_names(programme)))
    tags = set()
    for written in filter(None, (part.strip() for part in re.split(r"[,;|]", text_of(cell)))):
        if folded(written) not in known:
            raise CellError(_no_tag(written, programme))
        tags.add(known[folded(written)])
    return frozenset(tags)


@lru_cache(maxsize=8)
def _tagged(names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The tags by all they are called; every row of a sheet may name some."""
    return {folded(name): tag for tag, name in names}


def _no_tag(written: str, programme: Programme) -> Sentence:
    """With a title that begins like it or is like it; else with all tags."""
    names = [name for _tag, name in _tag_names(programme)]
    longer = [name for name in names if folded(name).startswith(f"{folded(written)} ")]
    if hint := (longer[0] if longer else nearest(written, names)):
        return say(_('"{written}" is no tag of the programme'), hint=hint, written=written)
    tags = ", ".join(programme.tags) or "none"
    return say(_('"{written}" is no tag of the programme: write one of {tags}'), written=written, tags=tags)


def _tag_names(programme: Programme) -> list[tuple[str, str]]:
    """Each tag with every way to write it: its title in each language, then its id."""
    titles = [
        (tag, title)
        for tag, words in programme.tags.items()
        for title in (words.values() if isinstance(words, dict) else [render(words, known) for known in LANGUAGES])
    ]
    return titles + [(tag, tag) for tag in programme.tags]
