"""What homeserver.yaml says. JSON is YAML, so nothing has to be installed to write it."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import Any, Literal

Limits = Literal["off", "default"]
"""No limit at all, or Synapse's own: 0.2 messages a second after a burst of 10, 5 logins from one address, …"""

NAME = "school.test"
"""The part behind the colon of every user id."""
SECRET = "only-a-test"
STATEMENTS = 2000
"""So many SQLite keeps prepared: Synapse has some hundreds, and 128 would be kept."""
LOG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s - %(name)s - %(levelname)s - %(request)s - %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
}
"""With INFO it tells of each request and what it cost, which costs a thirtieth itself."""

ENOUGH = {"per_second": 100_000, "burst_count": 100_000}
PLAIN = ("rc_message", "rc_registration", "rc_admin_redaction", "rc_joins_per_room", "rc_room_creation",
         "rc_key_requests", "rc_reports", "rc_user_directory", "rc_media_create", "rc_delayed_event_mgmt")  # fmt: skip
PARTED = {
    "rc_login": ("address", "account", "failed_attempts"),
    "rc_joins": ("local", "remote"),
    "rc_invites": ("per_room", "per_user", "per_issuer"),
    "rc_presence": ("per_user",),
}


WITHOUT_PASSWORDS = {
    "password_config": {"enabled": False},
    "login_via_existing_session": {"enabled": True, "require_ui_auth": False},
}
"""Nobody signs in by a password: by a token that another session of theirs, or the server's own pages, gave."""


def delegated_to(accounts: str) -> dict[str, Any]:
    """Accounts, sessions and the right to a new identity are the matter of a service at this address."""
    return {
        "matrix_authentication_service": {"enabled": True, "endpoint": accounts, "secret": SECRET},
        "password_config": {"enabled": False},
        "enable_3pid_changes": False,
    }


def write(folder: Path, port: int, limits: Limits, *, passwords: bool = True, accounts: str = "") -> Path:
    """Write the settings of a homeserver that lives in `folder`, and answer their path. `accounts`: where the service of
    its accounts is, if it has one.
    """
    log = folder / "log.yaml"
    settings: dict[str, Any] = {
        "server_name": NAME,
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "listeners": [{"port": port, "type": "http", "bind_addresses": ["127.0.0.1"],
                       "resources": [{"names": ["client", "media"]}]}],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db"), "cached_statements": STATEMENTS}},
        "log_config": str(log),
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": SECRET,
        "form_secret": SECRET,
        "report_stats": False,
        "stats": {"enabled": False},
        "enable_registration": False,
        "presence": {"enabled": False},
        "federation_domain_whitelist": [],
        "federation_sender_instances": ["nobody"],
        "update_user_directory_from_worker": "nobody",
        "notify_appservices_from_worker": "nobody",
        "trusted_key_servers": [],
        "url_preview_enabled": False,
        "bcrypt_rounds": 4,  # a password is for a test only; the default costs 0.3 s each time
        "caches": {"global_factor": 0.5, "expire_caches": False},
        "push": {"enabled": False},
        "enable_search": False,
        "filter_timeline_limit": 1000,  # who looks after a whole night sees all of it: its client pages back through nothing
    }  # fmt: skip
    if limits == "off":
        settings |= dict.fromkeys(PLAIN, ENOUGH)
        settings |= {name: dict.fromkeys(parts, ENOUGH) for name, parts in PARTED.items()}
    settings |= {} if passwords else WITHOUT_PASSWORDS
    settings |= delegated_to(accounts) if accounts else {}
    log.write_text(json.dumps(LOG), "utf-8")
    seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n", "ascii")
    path = folder / "homeserver.yaml"
    path.write_text(json.dumps(settings, indent=1), "utf-8")
    return path
