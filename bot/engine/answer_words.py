"""Yes, no, and what takes a yes back, as people type them; days as they are counted. All plain: see `spelling.plain`."""

from __future__ import annotations

import re

from bot.domain.spelling import plain


def _words(*lines: str) -> frozenset[str]:
    return frozenset(plain(word) for line in lines for word in line.split())


YES = _words(
    "oui ouais ouep ouii ui yep yes yeah yea yess yup sí si claro vale sip ja jo jawohl jep jup sim tak da да ага так",
    "evet ναι ναί 是 是的 对 نعم ايوه أيوة ja joo jepp igen ano",
)
NO = _words("non nan nope no nah nein nö nee nei não nie nu нет не ні hayır hayir όχι οχι 不 不是 没有 لا nej")
DOUBT = _words(
    "pas non ne n plus mais sauf sans jamais aucun aucune rien presque bientôt demain encore attends peut être sais doute",
    "not no never but except without nothing none almost soon tomorrow yet later maybe unless cant dont isnt didnt wait",
    "pero sin salvo nunca ningún ninguna nada casi pronto mañana todavía aún quizás tampoco espera",
    "nicht kein keine aber ohne nie fast bald morgen noch vielleicht non ma senza mai quasi domani ancora forse",
    "mas sem quase amanhã ainda talvez niet geen maar zonder bijna straks morgen nog misschien",
    "problème problèmes problem problema souci soucis aide help ayuda trouble mal peur perdu lost scared hilfe",
)
"""After a yes these may take it back, or say a second thing that must not be lost."""

NO_ALONE = re.compile(rf"(?:{'|'.join(sorted(NO, key=len, reverse=True))})\s*(?:[,.;:!–—]|$)")
"""A label that answers no. « No sé cómo » begins with a negation, and says something else."""

_DAYS = "jours jour j days day d dias dia tage tag tagen giorni giorno dagen dag dager dni zile zi gun μερες ημερες 天 дня дней дни днів"
_AFTER = ("cette semaine", "this week", "esta semana", "diese woche", "questa settimana", "au travail", "at work")
_BEFORE = ("j ai fait", "jai fait", "j ai travaille", "jai travaille", "i did", "i worked", "he trabajado", "trabaje")
DAYS_WORKED = re.compile(
    rf"(?:(?:{'|'.join(_BEFORE)}) )?(\d{{1,2}})(?: ?(?:{'|'.join(_DAYS.split())}))?(?: (?:{'|'.join(_AFTER)}))?"
)
"""A number of days, and around it nothing that could turn it round."""
