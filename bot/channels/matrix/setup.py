"""Becoming a device of our account: once at the start, and again whenever the crypto store is lost.

The identity outlives the devices: whoever knows us by it goes on without noticing.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.matrix.client_api import CallError, Homeserver, Refused
from bot.channels.matrix.folder import Device, Folder
from bot.channels.matrix.identity import Identity
from bot.channels.matrix.machine import Machine
from bot.channels.matrix.own_device import NotOurDevice, check, own_keys, sign_device
from bot.channels.matrix.sign_in import Account, CannotSignIn, Confirm, credentials, prove
from bot.channels.matrix.trust import key_of, row_of
from bot.i18n import Sentence, _, say, sentence_of

Tell = Callable[[Sentence], None]


class SetupError(Exception):
    """It was not done; the message says why, and what to do."""


async def _nobody(asked: Sentence) -> None:
    """Nobody is there who could open a browser."""
    raise CannotSignIn(asked)


async def setup(
    account: Account, folder: Folder, tell: Tell, *, new_identity: bool = False, confirm: Confirm = _nobody
) -> None:
    """Log in for the first time, make the identity, and sign the device with it.

    Raises:
        SetupError, FolderError: it did not work.
    """
    folder.prepare()
    if folder.device() is not None and not new_identity:
        raise SetupError(
            say(_("This is set up already. If the crypto store is lost, run: python3 run.py matrix repair"))
        )
    identity = None if new_identity else folder.identity()
    made = identity or Identity.make(account.user_id)
    await _become(account, folder, made, tell, confirm, publish=True, replace=new_identity)
    tell(
        say(
            _("Back up {path} in a safe place: it is our identity. Never back up {folder}."),
            path=folder.identity_file,
            folder=folder.path / "crypto",
        )
    )


async def repair(account: Account, folder: Folder, tell: Tell, *, confirm: Confirm = _nobody) -> None:
    """Log in as a new device of the same identity; the old one, and its store, are done away with.

    Raises:
        SetupError, FolderError: it did not work.
    """
    folder.prepare()
    identity = folder.identity()
    if identity is None:
        raise SetupError(
            say(
                _(
                    "{path} is missing. Bring it back from your backup. If there is none: python3 run.py matrix setup --new-identity; every learner's app will then say that we changed."
                ),
                path=folder.identity_file,
            )
        )
    await _become(account, folder, identity, tell, confirm, publish=False, replace=False)
    tell(
        say(
            _(
                "What was written to us since the loss cannot be read any more: whoever wrote then is asked to write again."
            )
        )
    )


async def _become(
    account: Account, folder: Folder, identity: Identity, tell: Tell, confirm: Confirm, *, publish: bool, replace: bool
) -> None:
    """Every step leaves something that the next `setup` or `repair` can go on from."""
    if identity.user_id != account.user_id:
        raise SetupError(
            say(
                _("The identity kept here is that of {account}, and not of {other}."),
                account=identity.user_id,
                other=account.user_id,
            )
        )
    server = Homeserver(account.homeserver)
    try:
        device = await _log_in(server, account)
        await _settle_identity(server, account, folder, identity, tell, confirm, publish=publish, replace=replace)
        former = folder.device()
        folder.drop_crypto()
        folder.keep_device(device)
        folder.keep_mark(0)
        tell(say(_("Logged in as the device {device} of {account}."), device=device.device_id, account=device.user_id))
        await _sign(server, folder, identity, device, account.pickle_key)
        tell(say(_("Signed the device with our identity: apps that exclude insecure devices talk with us.")))
        if former is not None:
            await _log_out(account, former, tell)
    except (CallError, NotOurDevice) as problem:
        raise SetupError(_explained(problem)) from None
    finally:
        await server.close()


async def _log_in(server: Homeserver, account: Account) -> Device:
    made = await server.call(
        "POST", "/login", await credentials(server, account) | {"initial_device_display_name": account.device_name}
    )
    device = Device(str(made["user_id"]), str(made["device_id"]), str(made["access_token"]))
    if device.user_id != account.user_id:
        raise SetupError(say(_("The homeserver calls us {user_id}: write that as user_id."), user_id=device.user_id))
    server.token = device.token
    return device


async def _settle_identity(
    server: Homeserver,
    account: Account,
    folder: Folder,
    identity: Identity,
    tell: Tell,
    confirm: Confirm,
    *,
    publish: bool,
    replace: bool,
) -> None:
    """Let the homeserver show our identity: kept on disk first, and never in the place of another unasked."""
    answer = await own_keys(server, account.user_id)
    shown = key_of(row_of(answer, "master_keys", account.user_id), account.user_id, "master")
    if shown == identity.public("master"):
        return
    if shown and not replace:
        raise SetupError(
            say(
                _(
                    "The account has another identity on the homeserver: somebody used it with an app, or the one kept here is not the right one. Bring the right identity.json back from your backup; or make a new one: python3 run.py matrix setup --new-identity"
                )
            )
        )
    if not shown and not publish:
        tell(say(_("The homeserver had forgotten our identity.")))
    folder.keep_identity(identity)
    await prove(server, "/keys/device_signing/upload", identity.keys(), account, confirm)
    tell(say(_("Made our identity, and kept it in {path}."), path=folder.identity_file))


async def _sign(server: Homeserver, folder: Folder, identity: Identity, device: Device, pickle_key: str) -> None:
    machine = Machine(device, folder, folder.pickle_key(pickle_key), new=True)
    try:
        machine.uploaded(await server.call("POST", "/keys/upload", machine.keys_to_upload()))
        shown = row_of(await own_keys(server, device.user_id), "device_keys", device.user_id)[device.device_id]
        await sign_device(server, identity, shown)
        await check(server, folder, machine, identity)
    finally:
        machine.close()


async def _log_out(account: Account, former: Device, tell: Tell) -> None:
    """Nobody writes to a device that is gone."""
    server = Homeserver(account.homeserver, former.token)
    try:
        await server.call("POST", "/logout", {})
        tell(say(_("Logged the former device {device} out."), device=former.device_id))
    except CallError:
        text = _("The former device {device} could not be logged out: remove it in an app, if it is still listed.")
        tell(say(text, device=former.device_id))
    finally:
        await server.close()


def _explained(problem: Exception) -> Sentence:
    if isinstance(problem, CannotSignIn):
        return say(sentence_of(problem))
    if isinstance(problem, Refused):
        return say(_("The homeserver refuses: {code}. Are user_id and password right?"), code=problem.code)
    if isinstance(problem, NotOurDevice):
        return say(sentence_of(problem))
    return say(_("The homeserver does not answer ({reason})."), reason=problem)
