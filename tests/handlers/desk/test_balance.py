"""After the return: what the balance waits for, and the dates of the signed certificate, in the chat."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.say.marks import set_item
from bot.store.db import Tx
from bot.store.stays import ItemState
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, stay_of
from tests.journeys.driver import Journey

AFTER = "2027-04-02 09:00"
PAPERS = ("attestation", "europass", "report")
DATES = "Dates of the certificate checked"
AGREED = "As agreed: 8 March 2027 to 26 March 2027"
BUTTONS = f"[{AGREED}] [Did not take part]"
ALL = f"Certificate of attendance, {DATES}, Europass Mobility, and Mobility report"
DIFFERS = (
    "More than 5 days' difference with the agreement: the grant is to be worked out again "
    "(unisi.it, grant agreement; tatk.elte.hu (90/10))."
)
TOO_SHORT = (
    "Below the minimum of 10 days: the whole grant is at stake, tell the head today "
    "(lawinsider.com jIZ1ICuhY0q (KA121-VET contract 2023); uca.fr, eu4eu.org)."
)


def seen(tx: Tx, ref: str, *items: str) -> None:
    """An adult has ticked these."""
    for item in items:
        set_item(tx, stay_of(tx, ref), item, "done", None, None)


def kept(journey: Journey, item: str = "duration_check") -> list[tuple[str, str | None]]:
    wanted = select(ItemState.state, ItemState.value).where(ItemState.item == item).order_by(ItemState.stay_id)
    return [(state, value) for state, value in journey.ask(wanted)]


async def test_a_payment_waits_for_each_proof_and_the_dates_are_compared_at_once(begin: Begin) -> None:
    journey = begin(AFTER, full=True)
    await journey.gather("lina", "jules")

    assert await ask(journey, "nadia", "/balance") == [f"The balance waits:\nLina H.: {ALL} [Certificate: Lina H.]"]
    assert await ask(journey, "pascale", "/solde") == [f"The balance waits:\nLina H.: {ALL}"], "it is not hers to enter"
    assert await ask(journey, "lina", "/balance") == [
        "Your balance still waits for:\n○ Certificate of attendance – due 29 March 2027\n"
        f"◐ {DATES} – Nadia Ferhaoui takes care of it\n◐ Europass Mobility – Nadia Ferhaoui takes care of it\n"
        "○ Mobility report – due 26 April 2027 [Certificate of attendance] [Mobility report]"
    ]
    assert await ask(journey, "nadia", "/certificate lina") == [
        "Certificate of attendance of Lina H. Agreed: 8 March 2027 to 26 March 2027. What does the signed one say? "
        f"Press, or write its first and last day, like 01/03 26/03. {BUTTONS}"
    ]
    assert await ask(journey, "nadia", "26/03 08/03") == [
        f"The last day is before the first. Write the first and the last day, like 01/03 26/03. {BUTTONS}"
    ]
    assert await ask(journey, "nadia", "08/03 14/03") == [
        f"Noted for Lina H.: completed in part, 7 days certified, 19 agreed.\n{DIFFERS}\n{TOO_SHORT}"
    ]

    await journey.do(seen, "lina", *PAPERS)
    assert await ask(journey, "lina", "/solde") == [
        "You have done everything for your balance. Now it is your school's turn."
    ]
    assert await ask(journey, "pascale", "/balance") == [
        f"Nothing is missing, but settle this before you pay:\nLina H.: {DIFFERS}\nLina H.: {TOO_SHORT}"
    ]


async def test_who_did_not_take_part_is_asked_nothing_more_until_it_is_said_otherwise(begin: Begin) -> None:
    journey = begin(AFTER, full=True)
    await journey.gather("lina", "jules")
    await journey.do(seen, "jules", "attestation")

    assert await ask(journey, "yann", "/certificate lina") == [
        "I find no learner of that name. /who shows who is abroad now."
    ]
    assert await ask(journey, "yann", f"/certificate #{journey.stay('lina')}") == [
        "The activity of this stay is not over yet, or no balance is paid for it."
    ]
    await journey.say("yann", "/certificate jules")
    await journey.press("yann", "Did not take part")

    assert (kept(journey), kept(journey, "report")) == ([("done", "no_show")], [("waived", "no_show")])
    assert await ask(journey, "yann", "/balance") == ["No balance waits: every stay that is over is settled."]
    await journey.say("yann", "/certificate jules")
    await journey.press("yann", AGREED)

    assert journey.heard("yann")[-1] == "Noted for Jules M.: completed, 19 days certified, 19 agreed."
    assert (kept(journey), kept(journey, "report")) == ([("done", "completed 2027-03-08 2027-03-26")], [("todo", None)])
    assert kept(journey, "attestation") == [("done", None)], "what an adult has seen stays seen"
