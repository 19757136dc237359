"""The kinds of life that are played. Whenever a report from real use names another, it is added here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.messages import Sort
from tests.journeys.people import BERGEN, FROM_CHILE, STAFF_VISIT
from tests.lives.life import (
    MISSED_ARRIVAL,
    Answers,
    Family,
    Gone,
    Life,
    Need,
    OnLeave,
    Says,
    Sends,
    Sheet,
    Silent,
    Weather,
    answers,
    says,
    silent,
)
from tests.lives.mishaps import MISHAPS

ADULT = date(2006, 3, 19)
CRIES = {
    "fr": "au secours",
    "en": "help me please",
    "es": "socorro",
    "de": "Hilfe!",
    "it": "aiuto",
    "pt": "socorro, ajudem-me",
    "nl": "help mij alsjeblieft",
    "pl": "ratunku",
    "ro": "ajutor",
    "ar": "النجدة",
    "ru": "помогите",
    "uk": "допоможіть",
    "tr": "imdat",
    "nb": "hjelp meg",
    "el": "βοήθεια",
    "zh": "救命",
}
DISTRESS = {
    "fr": "mon tuteur m'a frappée",
    "en": "i want to die",
    "es": "no tengo dónde dormir",
    "de": "ich will nicht mehr leben",
    "uk": "я не хочу жити",
    "ar": "لا أريد أن أعيش",
}
WELL = Life("well")
MISSED_RETURN = Need("R+0 20:00", "R+1 12:00")


SILENCES = (
    silent("forgets one week", "D+6 17:00", Need("D+6 18:00", "D+9 12:00", "D+12 00:00"), until="D+10 10:00"),
    silent("silent from the start", "J+0 00:00", MISSED_ARRIVAL),
    silent("silent after the first week", "D+7 12:00", Need("D+13 18:00", "D+16 12:00")),
    silent("phone lost", "D+3 09:00", Need("D+6 18:00", "D+9 12:00", "D+13 00:00"), until="D+11 09:00"),
    silent("back without a word", "F+0 20:00", MISSED_RETURN),
    silent("blocked the app", "D+3 09:00", Need("D+3 09:00", "D+9 12:00"), acts=(Sends("D+3 09:00", Sort.LEFT),)),
    silent("in hospital", "D+4 08:00", Need("D+6 18:00", "D+9 12:00", "D+23 00:00"), until="D+16 12:00"),
    Life("says stop and is not heard again", (Says("D+4 18:00", "/stop"),), (Need("D+4 18:00", "D+9 12:00"),),
         silences=(Silent("D+4 18:01"),)),
    Life("never starts", needs=(Need("J-3 00:00", "J+0 20:00"),), joins=None),
    Life("never opens the link, imported early", imported="J-35 10:00", joins=None,
         needs=(Need("J-30 00:00", "J-21 12:00", aloud=False), Need("J-3 00:00", "J+0 20:00"))),
    Life("starts on the day before", (), (Need("J-3 00:00", "J-1 18:00", "J-1 18:00", doubt=True),), joins="J-1 18:00"),
)  # fmt: skip
WORDS = (
    *(says(f"cry in {code}", "D+3 21:40", words, within="D+3 21:50", language=code) for code, words in CRIES.items()),
    *(says(f"distress in {code}", "D+8 22:10", words, within="D+8 22:20") for code, words in DISTRESS.items()),
    says("SOS on the journey there", "J+0 14:00", "SOS", within="J+0 14:10"),
    says("SOS before the departure", "J-4 23:00", "sos", within="J-4 23:10"),
    says("no place to sleep", "J+0 23:30", "they kicked me out and i have nowhere to sleep", within="J+0 23:40"),
    says("lost documents", "D+2 12:30", "i lost my passport", within="D+4 18:00"),
    says("work accident", "D+9 11:05", "SOS accident at work, my hand", within="D+9 11:15"),
    says("homesick", "D+5 21:00", "i want to go home, i cry every night", within="D+8 18:00", aloud=False),
    says("would like to speak to somebody", "D+5 16:00", "I would like to speak to Nadia", within="D+6 18:00", aloud=False),
    says("writes only in Ukrainian", "D+4 19:00", "у мене проблема з житлом", within="D+6 18:00", aloud=False),
    says("writes only in Arabic", "D+4 19:00", "عندي مشكلة في السكن", within="D+6 18:00", aloud=False),
    Life("harassed by the tutor", (Says("D+7 20:00", "my tutor keeps touching me, he harasses me"),),
         (Need("D+7 20:00", "D+7 20:10"),)),
    Life("harassed by an adult of the school", (Says("D+7 20:00", "Nadia Ferhaoui harasses me"),),
         (Need("D+7 20:00", "D+7 20:10"),), hidden=("nadia",)),
    Life("harassed by the adult on call", (Says("D+7 20:00", "Luc Perrichon harasses me"),),
         (Need("D+7 20:00", "D+7 20:30"),), hidden=("luc",)),
    Life("a voice message after an SOS", (Says("D+7 20:00", "SOS"), Sends("D+7 20:02", Sort.OTHER)),
         (Need("D+7 20:00", "D+7 20:10"),)),
    Life("stickers", (Sends("D+5 18:00", Sort.OTHER), Sends("D+11 18:00", Sort.OTHER))),
    Life("chats a little", (Says("D+2 19:00", "it is raining here"), Says("D+9 19:00", "what a nice town!"))),
    Life("no problem at all", (Says("D+5 19:00", "I have no problem, everything is fine"),)),
)  # fmt: skip
ANSWERED = (
    WELL,
    replace(WELL, kind="well, and grown up", trip=BERGEN, birth=ADULT),
    answers("one bad week", "D+6 00:00", "D+8 00:00", {"mood": "very_bad"}, needs=(Need("D+6 18:00", "D+8 18:00"),)),
    answers("two middling weeks", "D+6 00:00", "D+20 00:00", {"mood": "so_so"},
            needs=(Need("D+13 18:00", "D+18 18:00", aloud=False),)),  # the second makes it one
    answers("host closes", "D+6 00:00", "D+8 00:00", {"work": "stopped"}, needs=(Need("D+6 18:00", "D+8 12:00"),)),
    answers("nowhere to sleep, chosen", "D+6 00:00", "D+8 00:00", {"housing": "nowhere"},
            needs=(Need("D+6 18:00", "D+7 15:00"),)),
    answers("wants a call today", "D+6 00:00", "D+8 00:00", {"pulse": "call", "call": "today"}, needs=(Need("D+6 18:00", "D+8 12:00"),)),
    answers("trouble on arrival", "J+0 00:00", "J+2 00:00", {"arrived": "trouble"},
            needs=(Need("J+0 20:00", "J+1 12:00"),)),
    answers("stranded", "J+0 00:00", "J+2 00:00", {"arrived": "stranded"}, needs=(Need("J+0 20:00", "J+1 12:00"),)),
    answers("wants to talk after the return", "R+0 00:00", "R+3 00:00", {"back": "talk"},
            needs=(Need("R+0 20:00", "R+5 18:00"),)),
    Life("a wish for a badge", answers=(Answers("F-10 00:00", "R+40 00:00", {"badge_wish": "yes"}),)),
    Life("a paper late", answers=(Answers("J-20 00:00", "J+0 00:00", {"placement_agreement": "going"}),)),
    Life("bus late, a group", silences=(Silent("J+0 19:00", "J+1 11:00"),), needs=(MISSED_ARRIVAL,), together=4),
)  # fmt: skip
CHANGES = (
    Life("dates moved", (Sheet("J-6 10:00", {"Departure": "J+7", "Start": "D+7", "End": "F+7", "Return": "R+7"}),)),
    Life("withdrawn", (Sheet("J-5 10:00", {"Status": "annulé"}),), silences=(Silent("J-5 10:00"),)),
    Life("comes home early", (Sheet("D+8 10:00", {"Status": "interrompu"}),), silences=(Silent("D+8 12:00"),)),
    Life("turns 18 there", trip=BERGEN, birth=date(2009, 3, 15)),
    Life("sibling, the elder", guardian="maman@example.org"),
    Life("sibling, the younger", guardian="maman@example.org", birth=date(2011, 6, 19)),
    Life("a guest for three months", trip=FROM_CHILE, birth=date(2009, 8, 9), language="es",
         cells={"Kind": "incoming", "Home country": "CL", "Home city": "Santiago"}),
    Life("staff", trip=STAFF_VISIT, birth=date(1980, 5, 1), cells={"Kind": "staff", "Track": "staff"}),
    Life("siblings, the consent for one of them taken back", (Family("J-9 10:00", agrees=True),
         Family("J-2 10:00", agrees=False, only_first=True)), guardian="maman@example.org", together=2),
    Life("new number", (Sends("D+4 10:00", Sort.LEFT), Sends("D+5 18:00", Sort.BACK)),
         (Need("D+4 10:00", "D+5 18:00", "D+5 18:00", doubt=True),)),
)  # fmt: skip
WEATHERS = (
    Life("our own outage, well", weather=Weather("D+2 18:00", "D+4 09:00")),
    Life("our own outage over a check-in", weather=Weather("D+6 12:00", "D+8 10:00")),
    Life("a cry during our outage", (Says("D+3 12:00", "SOS"),), (Need("D+4 09:00", "D+4 09:10"),),
         weather=Weather("D+2 18:00", "D+4 09:00")),
    Life("a channel is down over a check-in", weather=Weather("D+6 12:00", "D+7 12:00", channel="telegram")),
    Life("coordinator on leave", (OnLeave("D-1 08:00", "nadia", "F+0"), Says("D+4 10:00", "i lost my passport")),
         (Need("D+4 10:00", "D+7 18:00"),)),
    Life("coordinator leaves", (Says("D+4 10:00", "i lost my passport"), Gone("D+4 15:00", "nadia")),
         (Need("D+4 10:00", "D+7 18:00"),)),
    Life("the consortium's last person leaves", (Gone("D+2 10:00", "helene"), Says("D+7 20:00", "SOS")),
         (Need("D+7 20:00", "D+7 20:10"),)),
    Life("coordinator and deputy leave at once",
         (Gone("D+2 10:00", "nadia"), Gone("D+2 10:00", "luc"), Says("D+7 20:00", "SOS")), (Need("D+7 20:00", "D+7 20:10"),)),
)  # fmt: skip
KINDS: tuple[Life, ...] = (*ANSWERED, *SILENCES, *WORDS, *CHANGES, *MISHAPS, *WEATHERS)
