"""A file that no question asked for: its sender says whether it is passed on; in a cry for help it stands in the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.domain.messages import Attached, Incoming, Sort, Unseen
from bot.handlers.case.buttons import act_on_case
from bot.handlers.case.exclusion import leave_out
from bot.handlers.case.sent_files import may_open
from bot.handlers.case.sos import sos
from bot.handlers.conversation.file_collection import expire_proofs, forget_proofs
from bot.handlers.inbox.dispatch import dispatch
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Person, by_ref
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow
from tests.documents.reencode.sounds import ogg
from tests.handlers.conversation.hands import Hands, photo, stay_of

OFFER = "I am a robot: I cannot look at this or listen to it. Do you need help? Shall I pass it on to Nadia Ferhaoui? [Yes, pass it on] [No] [SOS: I need help now]"
NOT_A_VOICE = "I could not pass this on: I can take a photo, a PDF or a voice message, nothing else. Please send it as one of these, or write a few words."


def bring(hands: Hands, name: str, given: bytes = b"", **more: Any) -> None:
    """Lina's phone sends something."""
    hands.cloud.files[name] = [given]

    def arrive(tx: Tx) -> None:
        row = InboxRow(channel="telegram", native=name, raw={}, received_at=tx.now)
        tx.rows.add(row)
        tx.rows.flush()
        dispatch(tx, row.id, {"telegram": lambda native, _raw: Incoming("telegram", "lina", native, **more)})

    hands.db.run(arrive)


def speak(hands: Hands, name: str = "voice", given: bytes | None = None, **more: Any) -> None:
    file = Attached(name, "audio/ogg", 900)
    content = ogg() if given is None else given
    bring(hands, name, content, sort=Sort.OTHER, unseen=Unseen.VOICE, file=file, **more)


def choose(hands: Hands, place: int) -> None:
    """Lina presses a button of what was said to her last."""
    wanted = select(OutboxRow.id).where(OutboxRow.step == "pass on").order_by(OutboxRow.id.desc())
    bring(hands, f"press {place}", token=f"{hands.rows(wanted)[0][0]}.{place}")


def seen_by(hands: Hands, number: int = 1) -> list[str]:
    """The adults who may open a file."""

    def look(tx: Tx) -> list[str]:
        proof, refs = tx.rows.get_one(ProofRow, number), ("nadia", "luc", "pascale", "yann", "helene", "lina", "jules")
        people = [person for ref in refs if (person := by_ref(tx.rows, ref)) is not None]
        return [person.ref for person in people if may_open(tx, person, proof)]

    return hands.db.run(look)


def kinds(hands: Hands) -> list[str]:
    wanted = select(CaseEvent.kind).where(CaseEvent.kind.like("learner %")).order_by(CaseEvent.id)
    return [kind for (kind,) in hands.rows(wanted)]


async def test_a_voice_is_not_fetched_before_its_sender_says_so_and_then_adults_hear_it(quick: Hands) -> None:
    speak(quick)
    await quick.collect()
    assert (quick.heard("lina"), quick.cloud.fetched) == ([OFFER], [])

    choose(quick, 0)
    assert quick.proofs() == [("", "wanted", None, "voice")]
    await quick.collect()
    quick.carried("nadia")
    quick.db.run(reads, "nadia")

    assert quick.proofs() == [("", "kept", None, "")]
    assert seen_by(quick) == ["nadia", "luc", "helene"]
    told, voice = quick.carried("nadia")
    assert told is not None
    assert voice is not None
    assert voice.file is not None
    assert (told.text, voice.text) == ("Lina H. writes: « 🎤 (voice message) »", "Lina H. sent this.")
    assert (voice.file.name, voice.file.mime, b"CANARY" in voice.file.content) == ("sent-1.ogg", "audio/ogg", False)
    assert b"OpusHead" not in quick.on_disk()
    looks = quick.rows(select(AuditRow.target).where(AuditRow.action == "look"))
    assert looks == [("proof 1",)]


def reads(tx: Tx, ref: str) -> None:
    person, case = by_ref(tx.rows, ref), tx.rows.scalars(select(CaseRow)).one()
    assert person is not None
    act_on_case(tx, person, {"do": "case", "case": case.id, "act": "read"})


async def test_what_comes_before_the_answer_goes_along_and_after_a_no_it_is_asked_anew(quick: Hands) -> None:
    speak(quick)
    speak(quick, "more")
    choose(quick, 0)
    speak(quick, "added")
    await quick.collect()
    said = quick.heard("lina")
    assert (said[:2], len(said)) == ([OFFER, "I keep this with the other: it goes along if you say yes."], 4)
    assert quick.proofs() == [("", "kept", None, "")] * 3

    quick.clock.move_to(quick.clock.now() + timedelta(days=2))
    quick.db.run(lambda tx: tx.rows.execute(update(CaseRow).values(closed_at=tx.now)) and None)
    speak(quick, "later")
    choose(quick, 1)
    speak(quick, "once more")
    assert [each[:20] for each in quick.heard("lina")] == [OFFER[:20], "All right, I pass no", OFFER[:20]]


async def test_after_a_no_or_a_day_nothing_of_it_is_left(quick: Hands) -> None:
    speak(quick)
    choose(quick, 1)
    assert (quick.proofs(), kinds(quick)) == ([], [])

    quick.clock.move_to(quick.clock.now() + timedelta(days=2))
    speak(quick, "another")
    quick.clock.move_to(quick.clock.now() + timedelta(days=1))
    assert (quick.db.run(expire_proofs), quick.proofs(), quick.cloud.fetched) == (1, [], [])


async def test_in_a_cry_it_stands_in_the_case_before_any_question(quick: Hands) -> None:
    quick.db.run(lambda tx: sos(tx, stay_of(tx, "lina")))
    quick.db.run(lambda tx: leave_out(tx, stay_of(tx, "lina"), person(tx, "luc").id, by_learner=True))
    quick.heard("lina")
    speak(quick)
    bring(quick, "photo", photo(), file=Attached("photo", "image/jpeg"), text="look at this door")
    bring(quick, "film", sort=Sort.OTHER, unseen=Unseen.VIDEO)
    await quick.collect()

    assert [said.split(";")[0] for said in quick.heard("lina")] == [
        "I have added this to what I told the adults",
        "I have added this to what I told the adults",
        "The adults I told see that you sent something. I cannot show it to them: write a few words. If you are in danger, call 112.",
    ]
    assert kinds(quick) == ["learner sent file", "learner sent file", "learner sent"]
    assert quick.proofs() == [("", "kept", None, "")] * 2
    assert [seen_by(quick, number) for number in (1, 2)] == [["nadia", "helene"]] * 2
    quick.db.run(lambda tx: forget_proofs(tx, stay_of(tx, "lina")))
    assert len(quick.proofs()) == 2


def person(tx: Tx, ref: str) -> Person:
    found = by_ref(tx.rows, ref)
    assert found is not None
    return found


async def test_a_cry_under_a_picture_and_one_after_a_voice_take_them_along(quick: Hands) -> None:
    speak(quick)
    choose(quick, 2)
    bring(quick, "photo", photo(), file=Attached("photo", "image/jpeg"), text="SOS")
    await quick.collect()

    assert kinds(quick) == ["learner sent file", "learner sent file"]
    assert quick.proofs() == [("", "kept", None, "")] * 2
    assert quick.rows(select(CaseRow.topic, CaseRow.level)) == [("sos", "now")]


async def test_what_cannot_be_made_safe_is_told_and_the_adults_know_that_there_was_something(quick: Hands) -> None:
    quick.db.run(lambda tx: sos(tx, stay_of(tx, "lina")))
    speak(quick, given=b"ID3\x04" + bytes(40))
    quick.heard("lina")
    await quick.collect()

    assert quick.heard("lina") == [NOT_A_VOICE]
    assert (kinds(quick), quick.proofs()) == (["learner sent file", "learner sent"], [("", "refused", "kind", "")])
    assert seen_by(quick) == []


async def test_it_goes_with_its_message_and_nobody_fills_the_disk(quick: Hands) -> None:
    for number in range(12):
        speak(quick, f"voice {number}")
    assert len(quick.proofs()) == 10

    choose(quick, 0)
    await quick.collect()
    quick.db.run(lambda tx: tx.rows.delete(tx.rows.scalars(select(InboxRow).order_by(InboxRow.id)).first()))
    assert quick.rows(select(func.count()).select_from(ProofRow)) == [(9,)]
