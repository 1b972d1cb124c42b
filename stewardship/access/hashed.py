"""What the audit and the stores may hold only in hashed form: children, words searched for, names typed at the door.

Each purpose has a key of its own, made from the home's access key, so that tokens of two purposes can't be joined.
"""

import hashlib
import hmac
import unicodedata

_SHOWN = 32  # of 128 bits
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")  # a token is no number, nor looks like one


def child(key: str, child_id: str) -> str:
    """The child's token in the audit."""
    return _token(key, "child", child_id)


def term(key: str, words: str) -> str:
    """What somebody searched for: equal searches have equal tokens, whatever their width and case."""
    return _token(key, "term", " ".join(unicodedata.normalize("NFKC", words).casefold().split()))


def name(key: str, typed: str) -> str:
    """A name typed at the door, which may be a password in the wrong field."""
    return _token(key, "name", typed.strip())


def derived(key: str, purpose: str, text: str) -> bytes:
    """Bytes that only the key's holder can make of the text, for one purpose."""
    own = hmac.digest(bytes.fromhex(key), purpose.encode(), hashlib.sha256)
    return hmac.digest(own, text.encode(), hashlib.sha256)


def _token(key: str, purpose: str, text: str) -> str:
    return derived(key, purpose, text).hex()[:_SHOWN].translate(_LETTERS)
