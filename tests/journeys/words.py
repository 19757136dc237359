"""Words that many journeys expect, as they are read in English."""

from __future__ import annotations

HELLO_ADULT = (
    "Good morning {}. I am Compagnon. Alerts about your learners come here, each with its buttons. "
    "/tasks shows what waits for your tick, /help everything else."
)
MOOD = "1/6 · How do you feel this week? [😀 Very good] [🙂 Good] [😐 So-so] [🙁 Not good] [😢 Very bad]"
PULSE = "[🙂 Fine] [😐 So-so] [📞 Call me]"
OPENING = f"Hi Lina, how was your week in Leipzig? {PULSE}"
LISTENING = "Thank you for telling me. A few questions help me see where it comes from."
NUDGE = f"No worries if you had no time. One word or one button is enough: are you well? {PULSE}"
NUDGE_AGAIN = f"Looking in again, Lina. One press is enough: how are you? {PULSE}"
ARRIVED = (
    "Have you arrived safely in {}, {}? Still on your way: answer later, this message waits for you. "
    "[Yes: housing, welcome, all is fine] [Yes, but not all as planned] [I have a problem] [I'm stranded and need help]"
)
ARRIVED_NUDGE = (
    "No worries if the day was long. One word is enough: did you arrive safely, {}? "
    "[Yes, all is well] [There is a problem]"
)
DANGER = (
    "🆘 Immediate danger: call 112 now. I am a bot, I cannot come.\n"
    "On call for your school: +33 6 39 98 00 10. I am telling them now.\n"
    "Can you talk? [Yes, call me] [No, write to me] [It was a mistake] [Other numbers] [Not this adult…]"
)
FOLLOW_UP, TODAY, NOW, SOS = "○ To follow up", "● Today", "▲ Right now", "🆘 SOS"
NO_CHECK_IN = "No answer to: the weekly check-in. My message was delivered."
NO_ARRIVAL = "No answer to: the arrival. My message was delivered."
CRY = "SOS: needs help now."
NOBODY_YET = "Nobody has taken this case yet. Everyone is told."
BUTTONS = "[I take it] [Pass on…] [Reached] [Reached, all well] [Close…]"
GRAVE_BUTTONS = "[I take it] [Pass on…] [Reached] [Reached and settled…] [Close…]"


def alert(level: str, who: str, *lines: str, intro: str = "", buttons: str = "") -> str:
    """An alert: `who` is name, place and hour; `lines` are the matters, the last sign, what happens next."""
    first = [f"{level} · {who} there)"]
    head = [*first, intro] if intro and level == SOS else [intro, *first] if intro else first
    return "\n".join([*head, *lines]) + f" {buttons or (GRAVE_BUTTONS if level == SOS else BUTTONS)}"


def sign(moment: str) -> str:
    return f"Last sign of life: {moment}."


def climbs(moment: str, who: str) -> str:
    return f"Without an answer from you by {moment}: {who}."


def takes(owner: str, learner: str) -> str:
    return f"{owner} takes the case of {learner} There is nothing more for you to do. Thank you."  # "Lina H." ends it


def follows(learner: str, *, grave: bool = False) -> str:
    return (
        f"Thank you. You follow the case of {learner}; tell me when they are reached, or close it. "
        f"[Reached] [{'Reached and settled…' if grave else 'Reached, all well'}] [Pass on…] [Close…]"
    )


def taken(owner: str, at: str) -> str:
    """What an alert says in its place once somebody has its case."""
    return f"✋ Taken by {owner}, {at}"


def ended(reason: str, at: str, by: str = "") -> str:
    """What an alert says in its place once its case is closed."""
    return f"✔ Closed{f' by {by}' if by else ''}, {at} ({reason})"


def clear(learner: str, reason: str) -> str:
    return f"✔ {learner}: the case is closed ({reason}). Thank you. [Reopen]"


UNOPENED = "Lina H. has never opened their link: nothing I write can reach them. Make a new invitation, or phone them."

LANGUAGES_ON_OFFER = (
    "[Français] [English] [Español] [Deutsch] [Italiano] [Português] [Nederlands] [Polski] [Українська] [العربية]"
)
