"""`python -m bot invite REF`: a one-time code, one link per channel; `invite --class`: a sheet of them to cut out."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.commands.invite_others import for_family, for_tutor
from bot.commands.opening import CommandError, Opened, add_config, opened, person_of
from bot.commands.terminal import tell, warn
from bot.doctor.asking import TelegramSilent
from bot.doctor.telegram import username
from bot.documents.invitations import Doors, Sheet, Way, html, make, need_typst, pdf, placed, roll, ways
from bot.handlers.people.invitations import VALID, fresh, too_young
from bot.i18n import _, _n, say, sentence_of
from bot.store.db import Tx

HOURS = VALID.days * 24 + VALID.seconds // 3600
DESCRIPTION = _(
    "Print a code that works once, within {hours} hours: one link per channel, and whichever is opened first\n"
    "uses it up. A learner's device is confirmed by the coordinator in chat before anything is shown.\n\n"
    "With --class and --sheet: a page of cards to cut out and hand over in person, one for each learner of the class, with\n"
    "QR codes. A new code replaces those of the same person that nobody has used: an older sheet then stops working.\n"
    "Learners under the programme's age for Telegram get the web page only."
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "invite",
        help=_("print a one-time link for a learner or an adult, or cards with QR codes for a class"),
        description=say(DESCRIPTION, hours=HOURS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "ref", metavar=_("REF"), nargs="?", help=_("the reference of the person, as in the roster or consortium.toml")
    )
    parser.add_argument("--class", dest="class_name", metavar=_("NAME"), help=_("everybody of this class with a stay"))
    parser.add_argument("--school", metavar=_("REF"), help=_("where several schools have a class of that name"))
    parser.add_argument("--sheet", type=Path, metavar=_("FILE"), help=_("the cards: a .html, or a .pdf (extra `pdf`)"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it is there"))
    parser.add_argument(
        "--trusted", action="store_true", help=_("handed over in person: the coordinator need not confirm the device")
    )
    parser.add_argument("--family", action="store_true", help=_("links for the guardians of this learner"))
    parser.add_argument("--tutor", action="store_true", help=_("the link of the host tutor's page of this learner"))
    parser.add_argument(
        "--revoke", action="store_true", help=_("with --tutor: earlier links of that page stop working")
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    _check(args)
    with opened(args) as here:
        if args.class_name is not None:
            return _cards(here, args)
        if args.family or args.tutor:
            return for_family(here, args.ref, _doors(here)) if args.family else for_tutor(here, args.ref, args.revoke)
        return _links(here, args)


def _check(args: argparse.Namespace) -> None:
    """Refuse what does not go together, before anything is opened."""
    if (args.ref is None) == (args.class_name is None):
        raise CommandError(_("Name one person (invite REF), or a class (invite --class NAME --sheet FILE.pdf)."))
    if args.family + args.tutor + (args.class_name is not None) > 1 or (args.revoke and not args.tutor):
        raise CommandError(_("--family, --tutor and --class each go alone; --revoke goes with --tutor."))
    if args.class_name is None:
        if args.sheet or args.school or args.force:
            raise CommandError(_("--sheet, --school and --force go with --class: invite --class NAME --sheet FILE.pdf"))
        return
    if args.sheet is None:
        raise CommandError(_("A class needs a sheet: add --sheet FILE.pdf, or --sheet FILE.html"))
    if args.sheet.suffix.lower() not in {".html", ".pdf"}:
        raise CommandError(
            _("{sheet}: a sheet is a .pdf or a .html file; give it one of these endings"), sheet=args.sheet
        )


def _links(here: Opened, args: argparse.Namespace) -> int:
    """One line per channel."""

    def made(tx: Tx) -> tuple[tuple[Way, ...], bool]:
        person = person_of(tx, args.ref)
        young = too_young(tx, person)
        return ways(doors, fresh(tx, person, trusted=args.trusted), telegram=not young), young

    here.db.run(person_of, args.ref)
    doors = _doors(here)
    links, young = here.db.run(made)
    for way in reversed(links):
        print(f"{way.channel} {way.link} {way.code}".rstrip(), flush=True)
    if young and doors.telegram:
        least = here.programme.rules.telegram_min_age
        warn(_("telegram: no link, {ref} is not {least} yet (telegram_min_age)."), ref=args.ref, least=least)
    return 0


def _doors(here: Opened) -> Doors:
    """Where links lead. A bot whose name is not to be had is said, and left out."""
    web, telegram = here.config.web.address, here.config.telegram
    matrix = here.config.matrix.user_id if here.config.matrix.homeserver else None
    if telegram.token is None:
        return Doors(web, None, matrix)
    try:
        return Doors(web, asyncio.run(username(here.db, telegram)), matrix)
    except TelegramSilent as problem:
        unknown = _(
            "telegram: no link, for the bot's name is not known yet, and {reason}. "
            "Try again, or start Compagnon once where it can reach Telegram."
        )
        wrong = _("telegram: no link, for the token is wrong: {reason}. Ask @BotFather for the right one (/token).")
        warn(wrong if problem.refused else unknown, reason=sentence_of(problem))
        return Doors(web, None, matrix)


def _cards(here: Opened, args: argparse.Namespace) -> int:
    """The sheet of a class. What can go wrong is looked at first, and no code is kept without its card."""
    asked = args.class_name, args.school
    is_pdf = args.sheet.suffix.lower() == ".pdf"

    def made(tx: Tx) -> tuple[Sheet, bytes]:
        sheet = make(tx, roll(tx, *asked), doors, trusted=args.trusted)
        return sheet, pdf(sheet, tx.now) if is_pdf else html(sheet)

    here.db.run(lambda tx: len(roll(tx, *asked)))
    if is_pdf:
        need_typst()
    with placed(args.sheet, force=args.force) as write:
        doors = _doors(here)
        sheet, content = here.db.run(made)
        write(content)
    _say(here, args.sheet, sheet, doors)
    return 0


def _say(here: Opened, path: Path, sheet: Sheet, doors: Doors) -> None:
    until = sheet.until.instant.astimezone(ZoneInfo(sheet.until.zone))
    tell(
        _n(
            "{path}: {count} card for {class_name}. Each code works once, until {until} {zone}.",
            "{path}: {count} cards for {class_name}. Each code works once, until {until} {zone}.",
        ),
        path=path,
        count=len(sheet.cards),
        class_name=sheet.class_name,
        until={"stamp": until.isoformat(), "zone": sheet.until.zone},
        zone=until.tzname(),
    )
    young = sum(len(card.ways) == 1 for card in sheet.cards) if doors.telegram else 0
    if young:
        tell(
            _("{count} under {least}: the web page only."),
            count=young,
            least=sheet.telegram_min_age,
        )
    tell(_("Codes of these learners that nobody had used no longer work. Hand the cards over in person."))
    if here.config.web.base_url is None:
        warn(
            _("warning: the web links lead to {web}, this machine: set [web] base_url, then make the sheet anew."),
            web=doors.web,
        )
