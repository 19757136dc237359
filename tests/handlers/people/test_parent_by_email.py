"""A parent without any chat: a page to agree, words by e-mail, and a page to stop them."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.people.invitations import invite
from bot.store.consents import ConsentRow
from bot.store.db import Tx
from bot.store.people import Address, Invitation, Person, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import ADEL, BRUNO, CONTACT, SONIA, family
from tests.journeys.visits import OURS, Browser, Post, by_post, path_in, words


def invited(tx: Tx, ref: str) -> str:
    person = by_ref(tx.rows, ref)
    assert person is not None
    return f"/f/{invite(tx, person, trusted=True)}"


async def by_email(begin: Begin) -> tuple[Journey, Post, Browser]:
    journey = await family(begin, "lina", "noemie")
    return journey, by_post(journey), Browser(journey)


async def test_looking_at_the_link_changes_nothing_and_names_nobody(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)
    path = await journey.do(invited, SONIA)

    first, second = await browser.look(path), await browser.look(path)

    assert (
        words(first)
        == words(second)
        == [
            "A few words for the family",
            "I am Compagnon, a robot of Lycée Valmer. You have been named as the guardian of a learner who goes abroad. If "
            "you agree, I send you a few words: that they leave, have arrived, have given news of the week or not yet, and "
            "are back.",
            "You read those words, and nothing else: no answer, no health, no place but the city of the stay.",
            "The learner can read everything that is sent to you. The school's coordinator sees whether you agree.",
            "You can stop at any moment with one press. From the age of 18 it is for the learner to decide.",
            "I agree: write to s…@example.org",
            "If this is not your address or not for you, close this page: nothing has happened. Questions: Nadia Ferhaoui, "
            "+33 2 40 00 00 00.",
        ]
    )
    assert first.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert first.headers["cache-control"] == "no-store"
    assert journey.ask(select(ConsentRow.id)) == []
    assert journey.ask(select(Address.id).where(Address.channel == "email")) == []


async def test_one_press_agrees_and_confirms_the_address(begin: Begin) -> None:
    journey, post, browser = await by_email(begin)
    path = await journey.do(invited, SONIA)

    done = await browser.send(path)
    again = await browser.send(path)

    assert (done.status_code, words(done)[0]) == (200, "Thank you")
    assert (again.status_code, words(again)[0]) == (410, "This link has already been used")
    assert journey.ask(select(Address.native, Address.state).where(Address.channel == "email")) == [
        ("sonia@example.org", "confirmed")
    ]
    assert journey.ask(select(ConsentRow.given, ConsentRow.channel)) == [(True, "email")]
    await journey.until("2027-03-06 09:30")
    text = (
        f"Hello, Lina's departure for Leipzig is planned for today. {CONTACT}\nTo stop these messages: {OURS}/f/stop/"
    )
    assert [(sent.native, sent.text.startswith(text), sent.buttons) for sent in post.sent] == [
        ("sonia@example.org", True, ())
    ]


async def test_the_link_in_a_message_stops_them_with_one_press(begin: Begin) -> None:
    journey, post, browser = await by_email(begin)
    await browser.send(await journey.do(invited, SONIA))
    await journey.until("2027-03-06 09:30")
    path = path_in(post.sent[0].text)

    shown = await browser.look(path)
    assert words(shown) == [
        "Stop these messages",
        "One press, and I write to you no more. The school is not asked for a reason.",
        "Stop these messages",
        "What is held about you",
    ]
    assert journey.ask(select(ConsentRow.given)) == [(True,)]
    stopped = await browser.send(path)
    assert words(stopped)[0] == "Very well"
    await journey.until("2027-03-06 20:10")
    await journey.press("lina", "yes")
    await journey.until("2027-03-07 12:00")

    assert len(post.sent) == 1
    assert journey.ask(select(ConsentRow.given).order_by(ConsentRow.id)) == [(True,), (False,)]


async def test_what_the_learner_sees_has_no_link_in_it(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)
    await browser.send(await journey.do(invited, SONIA))
    await journey.until("2027-03-06 09:30")
    journey.heard("lina")

    await journey.say("lina", "/family")

    assert OURS not in journey.heard("lina")[0]


async def test_a_form_from_another_site_does_nothing(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)
    path = await journey.do(invited, SONIA)

    refused = await browser.send(path, headers={"sec-fetch-site": "cross-site"})

    assert refused.status_code == 403
    assert journey.ask(select(ConsentRow.id)) == []


async def test_a_link_that_is_wrong_or_a_learners_opens_nothing(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)

    wrong = await browser.look("/f/" + "x" * 22)
    learners = await browser.look(await journey.do(invited, "lina"))

    assert (wrong.status_code, words(wrong)[0]) == (404, "This link is not right")
    assert (learners.status_code, words(learners)[0]) == (404, "This link is not right")


async def test_who_tries_many_links_has_to_wait_and_whose_link_is_right_does_not(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)
    path = await journey.do(invited, SONIA)
    tried = [await browser.look(f"/{page}/{number:022}") for number in range(5) for page in "ft"]
    after, right = await browser.look("/t/" + "y" * 22), await browser.look(path)

    assert {each.status_code for each in tried} == {404}
    assert (after.status_code, right.status_code) == (429, 200)


async def test_without_an_address_the_page_says_whom_to_ask_and_the_link_stays_good(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)
    path = await journey.do(invited, BRUNO)

    answer = await browser.send(path)

    said = "I cannot write to you by e-mail: the school has no address of yours that I can use. Ask: Nadia Ferhaoui, +33 2 40 00 00 00."
    assert words(answer)[-1] == said
    used = select(Invitation.used_at).join(Person, Person.id == Invitation.person_id).where(Person.ref == BRUNO)
    assert journey.ask(used) == [(None,)]


async def test_the_page_speaks_the_parents_language(begin: Begin) -> None:
    journey, _post, browser = await by_email(begin)

    page = await browser.look(await journey.do(invited, ADEL))

    assert '<html lang="es"' in page.text
