"""What the bot keeps of its Matrix account on disk, looked at from outside: nothing is opened that a running bot holds."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bot.channels.matrix import Folder
from bot.channels.matrix.folder import Device
from bot.channels.matrix.identity import Identity
from bot.config.tables import Matrix
from bot.doctor.finding import Finding, broken, fine, look
from bot.doctor.homeserver import ABOUT
from bot.doctor.machine import others_may_read
from bot.i18n import _, _n, say

SETUP, REPAIR = "python3 run.py matrix setup", say(_("stop Compagnon, python3 run.py matrix repair, start it"))
NEW_IDENTITY = say(_("{setup} --new-identity: every learner's app will then say that we changed"), setup=SETUP)
BACKUP = say(_("bring identity.json back from your backup"))


def modes(folder: Folder) -> Iterator[Finding]:
    """Whoever reads the seeds can speak for the bot: the folder is closed, and so is each file in case it is copied."""
    if os.name == "nt" or not folder.path.is_dir():
        return
    candid = [each for each in (folder.path, *sorted(folder.path.rglob("*"))) if others_may_read(each)]
    if candid:
        text = _n("others on this machine may read {path}", "others on this machine may read {path} and {more} more")
        yield broken(
            ABOUT,
            say(text, path=candid[0], count=len(candid), more=len(candid) - 1),
            f"chmod -R go= {folder.path}",
        )


def kept(settings: Matrix, folder: Folder, device: Device | None, identity: Identity | None) -> Iterator[Finding]:
    """What `matrix setup` left on disk."""
    if device is None:
        if identity is not None:
            yield look(
                ABOUT,
                say(_("there is an identity in {path}, and no device"), path=folder.path),
                "python3 run.py matrix repair",
            )
            return
        first = (
            SETUP
            if settings.password
            else say(_("write the password to data/secrets/matrix__password, then {setup}"), setup=SETUP)
        )
        yield look(ABOUT, say(_("not set up yet")), first)
        return
    if identity is None:
        yield broken(
            ABOUT,
            say(_("{path} is missing"), path=folder.identity_file),
            say(_("{backup}; where there is none: {new_identity}"), backup=BACKUP, new_identity=NEW_IDENTITY),
        )
    if settings.user_id != device.user_id or (identity and identity.user_id != device.user_id):
        told = say(
            _("user_id is {user_id}, but what is kept in {path} is that of {other}"),
            user_id=settings.user_id,
            path=folder.path,
            other=device.user_id,
        )
        yield broken(ABOUT, told, say(_("write the right user_id; or, for another account, another [matrix] store")))
    if not (folder.crypto(device.device_id) / "crypto.db").exists():
        yield broken(
            ABOUT,
            say(
                _("there is no crypto store of the device {device_id}: it can read nothing"), device_id=device.device_id
            ),
            REPAIR,
        )
    elif not settings.pickle_key and not (folder.path / "pickle_key").exists():
        told = say(_("the key of its crypto store is missing: [matrix] pickle_key, or the file of that name"))
        yield broken(
            ABOUT, told, say(_("bring it back from your backup; where there is none: {repair}"), repair=REPAIR)
        )
    elif identity is not None:
        yield fine(
            ABOUT,
            say(
                _("back up {path} and pickle_key; never {folder}"),
                path=folder.identity_file,
                folder=folder.path / "crypto",
            ),
        )
