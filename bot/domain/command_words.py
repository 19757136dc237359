"""What a text says that starts with a slash: the name of a command, in the languages Compagnon speaks, and words beside it.

Young people type sentences there, too. Words behind the name of a command are said as much as any others, and a slash
before a sentence makes no command of it: whoever cries for help so is heard.
"""

from __future__ import annotations

from bot.domain.cries.deobfuscation import read
from bot.domain.spelling import plain

ALIASES: dict[str, tuple[str, ...]] = {
    "start": ("start", "debut", "inicio", "commencer"),
    "help": ("help", "aide", "ayuda"),
    "language": ("language", "langue", "idioma", "lang"),
    "checklist": ("checklist", "liste", "lista"),
    "next": ("next", "prochain", "suite", "siguiente"),
    "checkin": ("checkin", "point", "semaine", "semana", "week"),
    "mydata": ("mydata", "mesdonnees", "misdatos"),
    "export": ("export", "exporter", "exportar", "copy", "copie", "copia"),
    "erase": ("erase", "effacer", "borrar", "effacement"),
    "stop": ("stop", "arret", "parar"),
    "question": ("question", "pregunta", "ask", "preguntar"),
    "except": ("except", "sauf", "excepto", "not", "pas"),
    "tomorrow": ("tomorrow", "demain", "manana"),
    "family": ("family", "famille", "familia"),
    "tasks": ("tasks", "taches", "tareas"),
    "desk": ("desk", "bureau", "tableau", "escritorio"),
    "today": ("today", "aujourdhui", "aujourd hui", "hoy"),
    "who": ("who", "qui", "quien"),
    "learner": ("learner", "eleve", "alumno", "alumna"),
    "missing": ("missing", "manque", "falta"),
    "balance": ("balance", "solde", "saldo"),
    "certificate": ("certificate", "attestation", "certificado"),
    "write": ("write", "ecrire", "ecris", "escribir"),
    "broadcast": ("broadcast", "classe", "class", "clase"),
    "phoned": ("phoned", "telephone", "llamado"),
    "change": ("change", "changer", "cambiar"),
    "invite": ("invite", "inviter", "invitation", "invitations", "invitar", "invitacion"),
    "leave": ("leave", "conge", "conges", "permiso"),
    "links": ("links", "liens", "enlaces"),
    "dates": ("dates", "echeances", "fechas", "deadlines"),
    "tutoring": ("tutoring", "tutorat", "parrainage", "tutor", "tutoria"),
    "diary": ("diary", "journal", "diario", "carnet"),
    "strengths": ("strengths", "forces", "fortalezas", "atouts"),
    "skills": ("skills", "competences", "acquis", "competencias", "aprendido"),
    "testimony": ("testimony", "temoignage", "temoigner", "testimonio"),
    "oncall": ("oncall", "astreinte", "guardia"),
}
STOP = frozenset(
    [
        "stop",
        "stopp",
        "stoppe",
        "arret",
        "arrete",
        "arretez",
        "arreter",
        "parar",
        "para",
        "pare",
        "basta",
        "alto",
        "halt",
        "fermati",
        "parem",
        "przestan",
        "unsubscribe",
        "desabonner",
        "desabonne",
        "desinscrire",
        "desinscription",
        "baja",
        "abmelden",
        "стоп",
        "dur",
        "停止",
        "توقف",
        "σταματα",
    ]
)
BESIDE_STOP = frozenset(
    [
        "merci",
        "svp",
        "stp",
        "please",
        "thanks",
        "thank",
        "you",
        "gracias",
        "por",
        "favor",
        "danke",
        "bitte",
        "grazie",
        "now",
        "maintenant",
        "ya",
    ]
)
"""What may stand beside it without making a sentence of it."""
NOT_THEIRS = frozenset({"write", "broadcast", "phoned", "start"})
"""What is typed behind these is said to somebody else or of them, or a code: nothing of who types it."""
WORDED = frozenset({"question", "diary"})
"""Words belong behind these. Behind others they make a sentence with the name: "/help me"."""


def says_stop(text: str) -> bool:
    """Whether a text is the word with which people stop any service, however it is written, and nothing else."""
    words = read(text)
    rest = [forms for forms in words if not forms & STOP]
    return len(rest) < len(words) <= 5 and all(forms & BESIDE_STOP for forms in rest)


def word_of(text: str) -> tuple[str, str]:
    """The command a text is, in whatever language, and what follows it; two empty strings where it is none. One that
    nobody knows asks what there is.
    """
    if not text.startswith("/"):
        return ("stop", "") if says_stop(text) else ("", "")
    first, rest = _split(text)
    return _known(first) or "help", rest


def said_in(text: str) -> str:
    """What somebody says of themselves in a text; nothing where it is a command alone, or words that are not about them."""
    if not text.lstrip().startswith("/"):
        return text
    first, rest = _split(text)
    known = _known(first)
    if known in NOT_THEIRS or (known and not rest):
        return ""
    return rest if known in WORDED else f"{first} {rest}".rstrip()


def without_slash(text: str) -> str:
    """A sentence is no command: the slash before words that name none goes, where there is more than one."""
    first, rest = _split(text)
    return f"{first} {rest}" if text.startswith("/") and rest and _known(first) is None else text


def _split(text: str) -> tuple[str, str]:
    parts = text.lstrip().removeprefix("/").split(None, 1)
    return (parts or [""])[0], parts[1].strip() if len(parts) > 1 else ""


def _known(typed: str) -> str | None:
    name = plain(typed)
    return next((word for word, ways in ALIASES.items() if name in ways), None)
