"""Accounts that log in, for tests of the door and of what is served."""

from datetime import datetime

import pyotp

from stewardship.access import login, passwords, second_factor
from warehouse.stores import accounts
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.sessions import Session

KEY = "5a" * 32
PASSWORD = "correct horse 9"
MACHINE = Actor("os:clerk")


def add(stores, username="li", roles=("steward",), counties=("429006",), **more):
    """An account with a password; gives its one-time codes, if it needs them."""
    made = accounts.add(stores, MACHINE, Account(username, "李", roles, counties, **more), "test")
    accounts.set_password(stores, MACHINE, username, passwords.hashed(PASSWORD, username))
    if made.needs_second_factor:
        return pyotp.TOTP(second_factor.hand_out(stores, MACHINE, KEY, username).secret)
    return None


def enter(stores, username="li", password=PASSWORD, code=""):
    return login.log_in(stores, KEY, username, password, code)


def logged_in(roles, counties=("429006",), *, is_locked=False, organisation=None):
    """A session as the app would have it, without a store."""
    at = datetime(2026, 7, 1)
    account = Account("li", "李", tuple(roles), tuple(counties), organisation)
    return login.LoggedIn("t", Session("h", "li", at, at, is_locked, None), account)
