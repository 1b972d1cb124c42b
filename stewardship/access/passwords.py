"""Passwords: argon2id, and what one may be."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from stewardship.access import limits

_AT_ONCE = threading.Semaphore(2)
"""Each comparison takes 64 MiB and several threads: whoever knocks often shall not take the machine."""


class PasswordRefused(ValueError):
    """A new password can't be used; the message says what to choose, and never repeats it."""


def hashed(password: str, username: str) -> str:
    """The hash to keep of a new password. Raises :class:`PasswordRefused`."""
    least = limits.load().password_characters
    if len(password) < least:
        raise PasswordRefused(f"口令至少 {least} 个字符。 At least {least} characters.")
    if username.lower() in password.lower():
        raise PasswordRefused("口令不得包含用户名。 It may not hold the username.")
    if len(set(password)) < least // 2:
        raise PasswordRefused("口令过于简单。 Too few different characters.")
    return _hasher().hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Compare in the same time whether or not there is such an account; a few at once, the others wait."""
    try:
        with _AT_ONCE:
            return _hasher().verify(password_hash or _nobodys(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
