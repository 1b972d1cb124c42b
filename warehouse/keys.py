"""Keys, which lie outside HOME so that a copy of HOME alone is worth less.

``CHILDINDEX_KEYS``, else ``~/.config/child-index/keys``, holds one folder a HOME, named by the id in ``HOME/home_id``.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from warehouse.home import Home

_ID = re.compile(r"[0-9a-f]{16}")
_KEY = re.compile(r"[0-9a-f]{64}")
_ENVIRONMENT = "CHILDINDEX_KEYS"


class KeyFault(RuntimeError):
    """A key can't be used, or lies where it may not."""


def folder(home: Home | Path | str, environment: Mapping[str, str] = os.environ) -> Path:
    """Where this HOME's keys lie. Raises :class:`KeyFault` where that is inside HOME."""
    place = Home.at(home)
    configured = environment.get(_ENVIRONMENT)
    base = Path(configured).expanduser() if configured else Path("~/.config/child-index/keys").expanduser()
    if base.resolve().is_relative_to(place.root.resolve()):
        raise KeyFault(f"{_ENVIRONMENT}={base}: lies inside {place.root}. Keys are kept apart from what they protect.")
    return base / _home_id(place)


def token_key(
    home: Home | Path | str, notice: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> str:
    """Give the key (64 hexadecimal digits) that turns child ids into the mart's tokens.

    One that is missing is made, and ``notice`` is told where it lies. Where HOME remembers another key than the one
    found or made, ``notice`` says that tokens of earlier releases can't be continued.
    """
    place = Home.at(home)
    file = folder(place, environment) / "token.key"
    key = _found_or_made(file, "the key for children's tokens", place, notice)
    _compare(place, key, file, notice)
    return key


def access_key(
    home: Home | Path | str, notice: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> str:
    """Give the key (64 hexadecimal digits) behind second factors and what the audit holds in hashed form.

    One that is missing is made, and ``notice`` is told where it lies. With another one, second factors have to
    be handed out anew, and whom the audit's earlier tokens mean can't be told.
    """
    place = Home.at(home)
    return _found_or_made(folder(place, environment) / "access.key", "the key for access", place, notice)


def packet_keys(
    home: Home | Path | str, notice: Callable[[str], None], environment: Mapping[str, str] = os.environ
) -> tuple[str, str]:
    """Give the two keys (64 hexadecimal digits each) of this HOME's packets: the one that signs, the one that opens.

    Those that are missing are made, and ``notice`` is told where they lie.
    """
    place = Home.at(home)
    keys = folder(place, environment)
    signing, opening = (
        _found_or_made(keys / f"packet_{use}.key", f"the key for {use} packets", place, notice)
        for use in ("signing", "opening")
    )
    return signing, opening


def _home_id(place: Home) -> str:
    """The HOME's own id, made at first need; it goes with the folder when that moves."""
    file = place.root / "home_id"
    if not file.exists():
        place.root.mkdir(parents=True, exist_ok=True)
        _write_new(file, secrets.token_hex(8), 0o644)
    found = file.read_text(encoding="ascii").strip()
    if not _ID.fullmatch(found):
        raise KeyFault(
            f"{file}: expected 16 hexadecimal digits. Restore it from a backup, or delete it to get new keys."
        )
    return found


def _found_or_made(file: Path, what: str, place: Home, notice: Callable[[str], None]) -> str:
    if file.exists():
        return _read(file)
    key = _make(file)
    notice(f"Made {what}: {file}. Back it up, apart from {place.root}; it can't be made again.")
    return key


def _read(file: Path) -> str:
    if file.stat().st_mode & 0o077:
        raise KeyFault(f"{file}: others may read it. Run: chmod 600 {file}")
    key = file.read_text(encoding="ascii").strip()
    if not _KEY.fullmatch(key):
        raise KeyFault(f"{file}: expected 64 hexadecimal digits. Restore it from its backup.")
    return key


def _make(file: Path) -> str:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_new(file, secrets.token_hex(32), 0o600)
    return _read(file)  # where another process was first, its key


def _write_new(file: Path, content: str, mode: int) -> None:
    """Write a file whole or not at all, and never over one that is there."""
    half = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as writing:
        writing.write(content + "\n")
        writing.flush()
        os.fsync(descriptor)
    try:
        os.link(half, file)
    except FileExistsError:
        pass  # another process made it a moment ago; that one holds
    finally:
        half.unlink()


def _compare(place: Home, key: str, file: Path, notice: Callable[[str], None]) -> None:
    """Hold the key against the check that HOME keeps of it, which tells nothing of the key."""
    check = hmac.new(bytes.fromhex(key), b"child-index token key", hashlib.sha256).hexdigest()[:16]
    kept = place.root / "token_key_check"
    if not kept.exists():
        _write_new(kept, check, 0o644)
    elif kept.read_text(encoding="ascii").strip() != check:
        notice(
            f"{file} is not the key that earlier releases used: their tokens can't be continued. "
            f"If it was lost, delete {kept} to go on with the new one; else put the old key back."
        )
