"""What matrix-nio writes down of a device, for one that lives no longer than a test: nothing. It has all of it at hand itself.

In SQLite, in memory too, it was a sixth of what a test on Matrix costs.
"""

from __future__ import annotations

from typing import Any

from nio.crypto import DeviceStore, GroupSessionStore, OlmDevice, SessionStore, TrustState


class Unwritten:
    """A store as matrix-nio wants one: empty at the beginning, and never read again."""

    def __init__(self, *_: Any) -> None: ...

    def load_account(self) -> None: ...

    def load_sessions(self) -> SessionStore:
        return SessionStore()

    def load_inbound_group_sessions(self) -> GroupSessionStore:
        return GroupSessionStore()

    def load_device_keys(self) -> DeviceStore:
        return DeviceStore()

    def load_outgoing_key_requests(self) -> dict[str, Any]:
        return {}

    def load_encrypted_rooms(self) -> set[str]:
        return set()

    def _keep(self, *_: Any) -> None: ...

    save_account = save_session = save_inbound_group_session = save_device_keys = _keep
    save_encrypted_rooms = delete_encrypted_room = add_outgoing_key_request = remove_outgoing_key_request = _keep

    def verify_device(self, device: OlmDevice) -> bool:
        return _becomes(device, TrustState.verified)

    def blacklist_device(self, device: OlmDevice) -> bool:
        return _becomes(device, TrustState.blacklisted)

    def ignore_devices(self, devices: list[OlmDevice]) -> None:
        for device in devices:
            _becomes(device, TrustState.ignored)

    def is_device_verified(self, device: OlmDevice) -> bool:
        return device.trust_state is TrustState.verified

    def is_device_blacklisted(self, device: OlmDevice) -> bool:
        return device.trust_state is TrustState.blacklisted

    def is_device_ignored(self, device: OlmDevice) -> bool:
        return device.trust_state is TrustState.ignored


def _becomes(device: OlmDevice, state: TrustState) -> bool:
    """Whether it was anything else before."""
    changed, device.trust_state = device.trust_state is not state, state
    return changed
