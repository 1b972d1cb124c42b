"""One-time codes (RFC 6238) of an authenticator app. Secrets are derived from the access key, and stored nowhere."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
import sqlalchemy as sa

from stewardship.access import hashed
from warehouse.stores import accounts, sessions
from warehouse.stores.actors import Actor

_STEP_SECONDS = 30
_ISSUER = "child-index"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A new second factor, shown once to its owner: to type, or as a code to scan."""

    secret: str
    uri: str


def hand_out(engine: sa.Engine, by: Actor, key: str, username: str) -> HandedOut:
    """Make a second factor for the account; an earlier one is good no more."""
    serial = secrets.token_hex(8)
    accounts.set_second_factor(engine, by, username, serial)
    secret = _secret(key, username, serial)
    return HandedOut(secret, pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER))


def is_right(engine: sa.Engine, key: str, username: str, code: str) -> bool:
    """Check a code of now, or of the half minute before or after, and use it up. False where none was handed out."""
    serial = accounts.second_factor_serial(engine, username)
    if serial is None:
        return False
    expected = pyotp.TOTP(_secret(key, username, serial))
    step = int(datetime.now(UTC).timestamp()) // _STEP_SECONDS
    for near in (step, step - 1, step + 1):
        if pyotp.utils.strings_equal(code.strip(), expected.generate_otp(near)):
            return sessions.use_code(engine, username, near)
    return False


def _secret(key: str, username: str, serial: str) -> str:
    return base64.b32encode(hashed.derived(key, "second factor", f"{username}/{serial}")[:20]).decode()
