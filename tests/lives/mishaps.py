"""Kinds of life that nobody plans for: papers, phones, adults and clocks that go wrong beside what is the matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.messages import Sort
from tests.journeys.people import BERGEN, LEIPZIG
from tests.lives.life import (
    MISSED_ARRIVAL,
    Answers,
    Life,
    Need,
    OnLeave,
    Opens,
    Says,
    Sends,
    Sheet,
    Silent,
    Torn,
    Unwell,  # fmt: skip
    Weather,
    answers,
    says,
    silent,
)

CANARIES = replace(LEIPZIG, country="ES", city="Las Palmas", zone="Atlantic/Canary")
REUNION = replace(LEIPZIG, country="FR", city="Saint-Denis", zone="Indian/Reunion")
QUEBEC = replace(LEIPZIG, country="CA", city="Québec", zone="America/Toronto")
OVER_THE_CLOCK_CHANGE = replace(
    LEIPZIG, departure=date(2027, 3, 20), start=date(2027, 3, 22), end=date(2027, 4, 9), back=date(2027, 4, 10)
)
OVER_CHRISTMAS = replace(
    LEIPZIG, departure=date(2026, 12, 12), start=date(2026, 12, 14), end=date(2027, 1, 8), back=date(2027, 1, 9)
)
SECOND = {"Departure": "R+0", "Start": "R+1", "End": "R+8", "Return": "R+9", "City": "Dresden"}
LATE_WITH_WORDS = "the trains are on strike, i will only arrive tomorrow"
WISHES_TO_DIE = "honestly everybody would be better off without me"
CRY = Need("D+7 20:00", "D+7 20:10")
"""What must be known within minutes of "D+7 20:00"."""

PHONES = (
    Life("phone broken, new number on the next day", (Sends("D+3 09:00", Sort.LEFT), Opens("D+4 12:00", "new-phone")),
         (Need("D+3 09:00", "D+4 12:00", "D+4 12:00", doubt=True),)),
    Life("account deleted, never back", (Sends("D+3 09:00", Sort.LEFT),), (Need("D+3 09:00", "D+9 12:00"),),
         silences=(Silent("D+3 09:00"),), channel="telegram"),
    Life("new number, then SOS from it", (Opens("D+4 12:00", "second-phone"), Says("D+7 20:00", "SOS")), (CRY,)),
    Life("new number, then SOS from the old one", (Opens("D+4 12:00", "third-phone"), Says("D+7 20:00", "SOS", "{ref}")),
         (CRY,)),
    Life("blocks and comes back within hours", (Sends("D+2 22:00", Sort.LEFT), Sends("D+3 08:00", Sort.BACK))),
    silent("a stranger has the old number, and they are silent", "D+7 12:00", Need("D+13 18:00", "D+16 12:00"),
           acts=(Opens("D+3 12:00", "fourth-phone"), Says("D+6 20:00", "hi, who is this?", "{ref}", stranger=True),
                 Says("D+12 20:00", "leave me alone", "{ref}", stranger=True))),
    Life("a stranger who has the old number cries", (Opens("D+3 12:00", "fifth-phone"),
         Says("D+7 20:00", "SOS", "{ref}", stranger=True)), (CRY,)),
    Life("a friend cries for them from their own phone", (Says("D+7 20:00", "SOS, {name} has had an accident",
         "phone-of-a-friend", stranger=True),), (CRY,)),
    Life("STOP in anger, and a cry later", (Says("D+4 18:00", "STOP"), Says("D+7 20:00", "help me please")),
         (CRY, Need("D+4 18:00", "D+9 12:00", doubt=True)),
         silences=(Silent("D+4 18:01"),)),
    Life("STOP in anger, then nothing", (Says("D+4 18:00", "STOP!!!"),), (Need("D+4 18:00", "D+9 12:00"),),
         silences=(Silent("D+4 18:01"),)),
)  # fmt: skip
HABITS = (
    Life("answers at the last minute", answers_after=(8.0, 14.0),
         needs=(Need("R+0 18:00", "R+1 18:00", "R+1 18:00", doubt=True),)),
    Life("answers everything a day late", answers_after=(22.0, 30.0), needs=(Need("J-12 00:00", "R+12 00:00", doubt=True),)),
    Life("never answers about attendance", silences=(Silent("J+0 00:00", about="attendance"),)),
    Life("only voice messages", tuple(Sends(f"D+{day} 19:00", Sort.OTHER) for day in (0, 2, 4, 7, 9, 11, 14, 16, 18)),
         (Need("D+0 19:00", "R+1 12:00", doubt=True),), silences=(Silent("D+0 00:00", "F+1 00:00"),)),
    Life("only emoji", tuple(Says(f"D+{day} 19:00", "👍") for day in (0, 2, 4, 7, 9, 11, 14, 16, 18)),
         (Need("D+0 19:00", "R+1 12:00", doubt=True),), silences=(Silent("D+0 00:00", "F+1 00:00"),)),
    Life("the wrong button, and corrects it", (Says("D+6 21:00", "sorry wrong button, i am fine"),),
         (Need("D+6 17:00", "D+9 12:00", doubt=True),), answers=(Answers("D+6 00:00", "D+7 00:00", {"mood": "very_bad"}),)),
    Life("says that everything is fine, in slang", (Says("D+5 19:00", "tkt ca va nickel"),), language="fr"),
    Life("sings", (Says("D+5 19:00", "help! i need somebody, the beatles are on the radio here lol"),),
         (Need("D+5 19:00", "D+6 19:00", doubt=True),)),
    Life("games", (Says("D+5 19:00", "on a tué tout le monde hier soir sur fortnite"),),
         (Need("D+5 19:00", "D+6 19:00", doubt=True),), language="fr"),
)  # fmt: skip
HURTS = (
    answers("own words of a check-in", "D+6 00:00", "D+8 00:00", {"note": WISHES_TO_DIE},
            needs=(Need("D+6 18:00", "D+8 16:00"),)),
    says("own words at night", "D+7 02:30", WISHES_TO_DIE, within="D+7 02:40"),
    says("harassed by another learner", "D+7 20:00", "two boys of my class hit me every evening", within="D+7 20:30"),
    says("harassed at the workplace, in French", "D+7 20:00", "mon patron me touche et j'ai peur", within="D+7 20:30", language="fr"),
    says("locked out at night", "D+5 23:40", "je suis à la rue, la famille a fermé la porte", within="D+5 23:50", language="fr"),
    says("hurts themself", "D+7 20:00", "je me scarifie depuis que je suis ici", within="D+7 20:10", language="fr"),
    says("taken ill", "D+7 20:00", "SOS je suis aux urgences", within="D+7 20:10", language="fr"),
    says("SOS with spaces and accents", "D+7 20:00", "S. O. S.", within="D+7 20:10"),
    says("a cry without vowels", "D+7 20:00", "au secouuuuurs svp", within="D+7 20:10", language="fr"),
    says("not paid, no food", "D+7 20:00", "i have no money left and nothing to eat", within="D+8 18:00"),
    Life("harassed by the coordinator, not by name", (Says("D+7 20:00", "my coordinator harasses me, do not tell her"),),
         (Need("D+7 20:00", "D+7 20:30"),), hidden=("nadia",)),
    Life("harassed by the coordinator, in French", (Says("D+7 20:00", "Mme Ferhaoui me harcèle"),),
         (Need("D+7 20:00", "D+7 20:30"),), hidden=("nadia",), language="fr"),
    Life("the wrong adult is excluded after an SOS", (Says("D+7 20:00", "SOS"), Says("D+7 20:01", "not Luc")),
         (Need("D+7 20:00", "D+7 20:10"),)),
)  # fmt: skip
STAYS = (
    Life("late by a day, and says so", (Says("J+0 17:00", LATE_WITH_WORDS),),
         (Need("J+0 17:00", "J+1 12:00", aloud=False), Need("J+0 20:00", "J+1 21:00", doubt=True)),
         silences=(Silent("J+0 17:01", "J+1 18:00"),)),
    Life("a second stay on the day of the first return", (Sheet("F+0 10:00", SECOND),)),
    Life("a second stay on the day of the first return, never arrives", (Sheet("F+0 10:00", SECOND),),
         (Need("R+0 20:00", "R+1 12:00"),), silences=(Silent("F+1 10:00"),)),
    Life("another host in the middle", (Sheet("D+9 10:00", {"Host": "Atelier Kranz", "City": "Dresden"}),)),
    silent("another host, then nothing", "D+9 12:00", Need("D+13 18:00", "D+16 12:00"),
           acts=(Sheet("D+9 10:00", {"Host": "Atelier Kranz", "City": "Dresden"}),)),
    Life("comes of age there, then nothing", (), (Need("D+13 18:00", "D+17 12:00"),), trip=BERGEN,
         birth=date(2009, 3, 15), silences=(Silent("D+9 12:00"),)),
    silent("home early without a word", "D+8 10:00", Need("D+13 18:00", "D+16 12:00")),
    Life("a week longer", (Sheet("F-3 10:00", {"End": "F+7", "Return": "R+7"}),),
         (Need("R+0 18:00", "R+14 00:00", doubt=True),)),
    Life("a week longer, and silent in it", (Sheet("F-3 10:00", {"End": "F+7", "Return": "R+7"}),),
         (Need("F+1 18:00", "R+6 20:00"),), silences=(Silent("F-2 10:00"),)),
    Life("replaces somebody on the last days", (), (Need("J-3 10:00", "J-2 18:00", "J-2 18:00", doubt=True),),
         imported="J-3 10:00", joins="J-2 18:00"),
    Life("replaces somebody, and never starts", imported="J-2 10:00", joins=None, needs=(Need("J-2 10:00", "J+0 20:00"),)),
    Life("in the Canaries", trip=CANARIES),
    Life("in the Canaries, never arrives", (), (MISSED_ARRIVAL,), silences=(Silent("J+0 00:00"),), trip=CANARIES),
    Life("in Réunion", trip=REUNION),
    Life("in Réunion, a cry at night", (Says("D+3 03:10", "au secours"),), (Need("D+3 03:10", "D+3 03:20"),), trip=REUNION),
    Life("in Québec, never arrives", (), (Need("J+0 20:00", "J+1 14:00"),), silences=(Silent("J+0 00:00"),), trip=QUEBEC),
    Life("in Québec, a cry at night", (Says("D+3 03:10", "au secours"),), (Need("D+3 03:10", "D+3 03:20"),), trip=QUEBEC),
    Life("a cry in the last hour of the stay", (Says("R+0 23:30", "SOS"),), (Need("R+0 23:30", "R+0 23:40"),)),
    Life("a cry ten days after the return", (Says("R+10 22:00", "SOS"),), (Need("R+10 22:00", "R+10 22:10"),)),
    Life("home earlier in the sheet, and never there", (Sheet("D+8 10:00", {"End": "D+9", "Return": "D+10"}),),
         (Need("D+10 20:00", "D+11 12:00"),), silences=(Silent("D+8 12:00"),)),
    Life("home earlier in the sheet, with something lost", (Says("D+7 12:00", "i lost my passport"),
         Sheet("D+8 10:00", {"End": "D+9", "Return": "D+10"})), (Need("D+7 12:00", "D+9 18:00"),)),
    Life("over the change of the clocks", trip=OVER_THE_CLOCK_CHANGE),
    Life("a cry in the hour that the clocks skip", (Says("D+6 02:30", "SOS"),), (Need("D+6 02:30", "D+6 03:40"),),
         trip=OVER_THE_CLOCK_CHANGE),
    Life("silent over the change of the clocks", (), (Need("D+6 18:00", "D+9 12:00", "D+13 00:00"),),
         silences=(Silent("D+4 10:00", "D+11 09:00"),), trip=OVER_THE_CLOCK_CHANGE),
    Life("withdrawn, and back in the sheet", (Sheet("J-6 10:00", {"Status": "annulé"}), Sheet("J-4 10:00", {"Status": ""}))),
    Life("over Christmas", trip=OVER_CHRISTMAS),
)  # fmt: skip
PLACES = (
    Life("SOS while the coordinator is ill", (Unwell("D+3 00:00", "nadia", "D+12 00:00"), Says("D+7 20:00", "SOS")), (CRY,)),
    Life("silent while coordinator and deputy are ill",
         (Unwell("D+3 00:00", "nadia", "D+12 00:00"), Unwell("D+3 00:00", "luc", "D+12 00:00")),
         (Need("D+6 18:00", "D+9 18:00", "D+13 00:00"),), silences=(Silent("D+3 10:00", "D+12 00:00"),)),
    Life("silent, and the whole school is on leave", (OnLeave("D-2 08:00", "nadia", "D+14"), OnLeave("D-2 08:00", "luc", "D+14"),
         OnLeave("D-2 08:00", "cathy", "D+14")), (Need("D+6 18:00", "D+9 18:00", "D+13 00:00"),),
         silences=(Silent("D+3 10:00", "D+12 00:00"),)),
    Life("SOS over Christmas, both on leave",
         (OnLeave("D+4 08:00", "nadia", "D+20"), OnLeave("D+4 08:00", "luc", "D+20"), Says("D+11 22:00", "SOS")),
         (Need("D+11 22:00", "D+11 22:30"),), trip=OVER_CHRISTMAS),
    Life("silent over Christmas, both on leave", (OnLeave("D+4 08:00", "nadia", "D+20"), OnLeave("D+4 08:00", "luc", "D+20")),
         (Need("D+13 18:00", "D+17 18:00"),), trip=OVER_CHRISTMAS, silences=(Silent("D+8 10:00"),)),
    Life("SOS from a phone that half a sheet has lost", (Torn("D+1 10:00", "D+12 10:00"), Says("D+7 20:00", "SOS")), (CRY,)),
    Life("silent, and half a sheet is lost", (Torn("D+1 10:00", "D+12 10:00"),), (Need("D+2 18:00", "D+5 12:00"),),
         silences=(Silent("D+1 12:00", "D+12 12:00"),)),
    Life("an outage right after an SOS", (Says("D+3 12:00", "SOS"),), (Need("D+3 12:00", "D+3 12:10"),),
         weather=Weather("D+3 12:05", "D+3 20:00")),
    Life("thirty hours of one channel", (Says("D+7 12:00", "SOS"),), (Need("D+8 12:00", "D+8 12:10"),), channel="telegram",
         weather=Weather("D+7 06:00", "D+8 12:00", channel="telegram")),
    Life("an outage over the arrival", weather=Weather("J+0 17:00", "J+1 09:00")),
    Life("an outage over the return", weather=Weather("R+0 17:00", "R+1 09:00")),
    Life("silent, with an outage in the middle", (), (Need("D+6 18:00", "D+10 18:00"),), silences=(Silent("D+3 10:00"),),
         weather=Weather("D+7 06:00", "D+8 12:00")),
)  # fmt: skip
MISHAPS: tuple[Life, ...] = (*PHONES, *HABITS, *HURTS, *STAYS, *PLACES)
