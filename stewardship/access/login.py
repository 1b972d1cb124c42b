"""Logging in, unlocking, and what an open session says.

Every refusal at the door has the same words and takes the same time. After some failures in a row a name has to wait,
each time twice as long; an attempt counts from its start, so that many at once can't outrun the count.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

import sqlalchemy as sa

from stewardship.access import hashed, limits, passwords, second_factor
from warehouse import clock
from warehouse.stores import accounts, audit, sessions
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now, take_turn, writing
from warehouse.stores.sessions import Session

REFUSED = (
    "账号、口令或动态口令不正确，或因多次失败须稍候再试。 "
    "Name, password or code are wrong, or too many attempts failed: wait, then try again."
)
_SEEN_EVERY = timedelta(minutes=1)  # a write a request would be dear


class LoginRefused(Exception):
    """The door stays shut; why is for the audit, not for whoever knocks."""

    def __init__(self) -> None:
        super().__init__(REFUSED)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that runs. Its token goes into the browser's cookie (HttpOnly, SameSite=Strict) and nowhere else."""

    token: str
    session: Session
    account: Account

    @property
    def actor(self) -> Actor:
        """Who acts in this session: the only source of an actor in the app."""
        return self.account.actor

    @property
    def csrf_token(self) -> str:
        """What every form of this session holds; another site can't know it."""
        return hmac.new(self.token.encode(), b"csrf", hashlib.sha256).hexdigest()

    def sent_by_us(self, csrf_token: str) -> bool:
        """Whether a form that came was ours."""
        return hmac.compare_digest(self.csrf_token.encode(), csrf_token.encode())


def log_in(engine: sa.Engine, key: str, username: str, password: str, code: str = "") -> LoggedIn:
    """Begin a session. Raises :class:`LoginRefused`. ``key`` is :func:`warehouse.keys.access_key`."""
    account = _at_the_door(engine, key, username, password, code, needs_code=True)
    token = secrets.token_urlsafe(32)
    must_change = accounts.must_change_password(engine, account.username)
    return LoggedIn(token, sessions.begin(engine, account.username, _hash(token), must_change=must_change), account)


def unlock(engine: sa.Engine, key: str, known: LoggedIn, password: str) -> LoggedIn:
    """Go on with a locked session: the password is enough. Raises :class:`LoginRefused`."""
    account = _at_the_door(engine, key, known.session.username, password, "", needs_code=False)
    sessions.unlock(engine, known.session)
    found = sessions.find(engine, known.session.token_hash)
    if found is None or found.ended_at is not None:
        raise LoginRefused
    return LoggedIn(known.token, found, account)


def confirm(engine: sa.Engine, key: str, known: LoggedIn, password: str, code: str | None = None) -> None:
    """Make sure that it is still the account's owner; ``code``: with a one-time code, where the account needs one.

    Raises :class:`LoginRefused`; who guesses has to wait, as at the door.
    """
    _at_the_door(engine, key, known.session.username, password, code or "", needs_code=code is not None)


def prove(engine: sa.Engine, key: str, username: str, password: str, code: str = "") -> Account:
    """Make sure, where there is no session, that an account's owner is there. Raises :class:`LoginRefused`."""
    return _at_the_door(engine, key, username, password, code, needs_code=True)


def log_out(engine: sa.Engine, known: LoggedIn) -> None:
    """End the session."""
    sessions.end(engine, known.session, "logout")


def current(engine: sa.Engine, token: str | None) -> LoggedIn | None:
    """The session of a request's token with its account as it is now; None where it isn't one, or no longer.

    One that was idle for too long comes back locked (``session.is_locked``), and stays so until :func:`unlock`.
    """
    known = sessions.find_with_account(engine, _hash(token)) if token else None
    if token is None or known is None or known[0].ended_at is not None:
        return None
    at, bounds = now(), limits.load()
    found, account = known
    if account is None or not account.is_in_force(clock.local(at).date()):
        sessions.end(engine, found, "account not in force")
        return None
    if at >= found.begun_at + timedelta(hours=bounds.session_hours):
        sessions.end(engine, found, "longest time")
        return None
    if not found.is_locked and at >= found.seen_at + timedelta(minutes=bounds.idle_minutes):
        sessions.lock(engine, found)
        found = replace(found, is_locked=True)
    elif not found.is_locked and at >= found.seen_at + _SEEN_EVERY:
        sessions.seen(engine, found.token_hash)
        found = replace(found, seen_at=at)
    return LoggedIn(token, found, account)


def waits_until(failed: sessions.Failures) -> datetime | None:
    """Until when a name has to wait after its failures; None where it needn't."""
    bounds = limits.load()
    over = failed.many - bounds.failures_allowed
    if over < 0 or failed.last_at is None:
        return None
    longest = timedelta(minutes=bounds.longest_wait_minutes)
    return failed.last_at + min(bounds.first_wait_seconds * timedelta(seconds=1 << min(over, 20)), longest)


def _at_the_door(engine: sa.Engine, key: str, username: str, password: str, code: str, *, needs_code: bool) -> Account:
    name_hash = hashed.name(key, username)
    if not _may_try(engine, name_hash):
        _refuse(engine, name_hash, "has to wait")
    account = accounts.get(engine, username.strip())
    is_right = passwords.is_right(password, accounts.password_hash(engine, username.strip()))
    if account is None or not is_right:
        _refuse(engine, name_hash, "wrong name or password")
    if not account.is_in_force(clock.today()):
        _refuse(engine, name_hash, "account not in force")
    if needs_code and account.needs_second_factor and not second_factor.is_right(engine, key, account.username, code):
        _refuse(engine, name_hash, "wrong code")
    with writing(engine) as connection:
        sessions.attempt(connection, name_hash, succeeded=True)
    return account


def _may_try(engine: sa.Engine, name_hash: str) -> bool:
    """Whether the name needn't wait; then the attempt is kept, as one that fails."""
    with writing(engine) as connection:
        take_turn(connection)
        until = waits_until(sessions.failures(connection, name_hash))
        if until is not None and now() < until:
            return False
        sessions.attempt(connection, name_hash, succeeded=False)
    return True


def _refuse(engine: sa.Engine, name_hash: str, why: str) -> NoReturn:
    audit.note(engine, "-", "login refused", f"name {name_hash}", detail={"why": why})
    raise LoginRefused


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
