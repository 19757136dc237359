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

SETUP, REPAIR = "python3 run.py matrix setup", "stop Compagnon, python3 run.py matrix repair, start it"
NEW_IDENTITY = f"{SETUP} --new-identity: every learner's app will then say that we changed"
BACKUP = "bring identity.json back from your backup"


def modes(folder: Folder) -> Iterator[Finding]:
    """Whoever reads the seeds can speak for the bot: the folder is closed, and so is each file in case it is copied."""
    if os.name == "nt" or not folder.path.is_dir():
        return
    candid = [each for each in (folder.path, *sorted(folder.path.rglob("*"))) if others_may_read(each)]
    if candid:
        more = f" and {len(candid) - 1} more" if len(candid) > 1 else ""
        yield broken(ABOUT, f"others on this machine may read {candid[0]}{more}", f"chmod -R go= {folder.path}")


def kept(settings: Matrix, folder: Folder, device: Device | None, identity: Identity | None) -> Iterator[Finding]:
    """What `matrix setup` left on disk."""
    if device is None:
        if identity is not None:
            yield look(ABOUT, f"there is an identity in {folder.path}, and no device", "python3 run.py matrix repair")
            return
        first = "" if settings.password else "write the password to data/secrets/matrix__password, then "
        yield look(ABOUT, "not set up yet", f"{first}{SETUP}")
        return
    if identity is None:
        yield broken(ABOUT, f"{folder.identity_file} is missing", f"{BACKUP}; where there is none, {NEW_IDENTITY}")
    if settings.user_id != device.user_id or (identity and identity.user_id != device.user_id):
        told = f"user_id is {settings.user_id}, but what is kept in {folder.path} is that of {device.user_id}"
        yield broken(ABOUT, told, "write the right user_id; or, for another account, another [matrix] store")
    if not (folder.crypto(device.device_id) / "crypto.db").exists():
        yield broken(ABOUT, f"there is no crypto store of the device {device.device_id}: it can read nothing", REPAIR)
    elif not settings.pickle_key and not (folder.path / "pickle_key").exists():
        told = "the key of its crypto store is missing: [matrix] pickle_key, or the file of that name"
        yield broken(ABOUT, told, f"bring it back from your backup; where there is none, {REPAIR}")
    elif identity is not None:
        yield fine(ABOUT, f"back up {folder.identity_file} and pickle_key; never {folder.path / 'crypto'}")
