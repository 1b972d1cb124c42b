"""One writing process a HOME."""

import fcntl
import getpass
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType


class HomeBusy(RuntimeError):
    """Another process is writing this HOME."""

    def __init__(self, lock: Path, holder: dict[str, object]) -> None:
        who = (
            f"process {holder['pid']} of user {holder['user']} on {holder['host']} since {holder['since']}"
            if {"pid", "user", "host", "since"} <= set(holder)
            else "another process (it has not written who it is yet)"
        )
        super().__init__(
            f"{lock.parent.parent} is being written by {who}. Only one process may write it at a time. "
            f"Wait until that run ends, or stop it; then run this again. Reading (status, sql, export) goes on."
        )
        self.holder = holder


class WriterLock:
    """The right to write one HOME, held from :meth:`take` to :meth:`release`.

    The lock is the kernel's (``flock``), so a process that was killed holds nothing: what its file says of it is only
    words for the message, and is overwritten by the next holder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Say if this object holds the lock now."""
        return self._descriptor is not None

    def take(self) -> None:
        """Take the lock or raise :class:`HomeBusy` at once, without waiting."""
        if self.held:
            return
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise HomeBusy(self.path, _read_holder(self.path)) from None
        except BaseException:
            os.close(descriptor)
            raise
        holder = {
            "pid": os.getpid(),
            "user": getpass.getuser(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock up. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "WriterLock":
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _read_holder(path: Path) -> dict[str, object]:
    """Read who holds the lock; nothing where the holder is between taking it and saying so."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}
