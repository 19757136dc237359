"""The first contact: who Compagnon is, who reads what, in which language, and the yes that starts the plan."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.level import Level
from bot.engine.effect import Answers, Enrol, Facts, OpenCase, SetLanguage, always
from bot.engine.flow import Flow
from bot.engine.step import END, Choice, Choose, Say
from bot.i18n import LANGUAGES, Text, _, own_name

HELLO: dict[str, Text] = {
    "outgoing": _(
        "Hi {name}, I am Compagnon, the bot of {school} for your stay in {city}. I am with you before, during and after. "
        "I am not a human: if you need somebody, write SOS and an adult of the school is told.\n"
        "{coordinator} sees your answers. Your family does not. You can stop any time with /stop.\n"
        "Shall we start?"
    ),
    "incoming": _(
        "Hi {name}, welcome to {school}! I am Compagnon, the school's bot for your stay in {city}. "
        "I am not a human: if you need somebody, write SOS and an adult of the school is told.\n"
        "{coordinator} sees your answers. Your family does not. You can stop any time with /stop.\n"
        "Shall we start?"
    ),
    "staff": _(
        "Good morning {name}, I am Compagnon, the bot of {school} for your mobility in {city}: papers before, "
        "arrival, report. If you need somebody, write SOS and the on-call adult is told.\n"
        "{coordinator} sees your answers. You can stop any time with /stop.\n"
        "Shall we start?"
    ),
    "virtual": _(
        "Hi {name}, I am Compagnon, the bot of {school} for your online exchange with {host}. You take part from here. "
        "I am not a human: if you need somebody, write SOS and an adult of the school is told.\n"
        "{coordinator} sees your answers. Your family does not. You can stop any time with /stop.\n"
        "Shall we start?"
    ),
}
RULES = _(
    "My rules: I write between 8 in the morning and half past 8 in the evening, where you are. "
    "What you write in your own words goes to nobody but your coordinator. I ask for no identity papers, no health details and no "
    "position. Everything I know about you: /mydata. To stop: /stop."
)
PATIENCE = timedelta(hours=48)
FIRST = ("fr", "en", "es")
"""Offered at once; all others behind one more button."""


def build(kind: str) -> Flow:
    hello = HELLO[kind]
    languages = tuple(Choice(f"lang_{code}", own_name(code), "language") for code in FIRST)
    others = tuple(Choice(f"lang_{code}", own_name(code), "language") for code in LANGUAGES if code not in FIRST)
    if others:
        languages = (*languages, Choice("languages", f"🌐 {others[0].label}, {others[-1].label} …", "languages"))
    start = Choice("yes", _("Yes, let's start"), "ready", ("oui", "yes", "si", "ok", "d'accord", "vale"))
    rules = Choice("rules", _("What are your rules?"), "rules")
    agree = (
        Choice("agree", _("All right, let's start"), "ready", ("oui", "yes", "si", "ok", "d'accord", "vale")),
        Choice("refuse", _("No thank you"), "refused", ("non", "no")),
    )
    return Flow(
        "enrolment",
        (
            Choose("hello", hello, (start, rules, *languages), wait=PATIENCE, silence="nudge"),
            *((Choose("languages", _("Which language?"), others, wait=PATIENCE, silence="nudge"),) if others else ()),
            Say("language", None, "hello_again", (_language,)),
            Choose("hello_again", hello, (start, rules), wait=PATIENCE, silence="nudge"),
            Choose("nudge", _("I am still here, {name}. Shall we start?"), (start, rules), wait=PATIENCE, silence="missed"),
            Say("rules", RULES, "agree"),
            Choose("agree", _("Is that all right for you?"), agree, wait=PATIENCE, silence="missed"),
            Say("ready", _("Great! One thing at a time. To see it all now: /checklist."), END, (always(Enrol()),), receipt=True),
            Say("refused", _("That is your choice. {coordinator} will talk to you about it. If you change your mind, write /start."), END,
                (always(OpenCase(Level.FOLLOW_UP, "refused")),)),
            Say("missed", None, END, (always(OpenCase(Level.FOLLOW_UP, "missed")),)),
        ),
    )  # fmt: skip


def _language(facts: Facts, answers: Answers) -> SetLanguage:
    return SetLanguage((answers.get("languages") or answers["hello"] or "").removeprefix("lang_"))
