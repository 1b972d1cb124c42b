"""Any Python module as a process of its own, its time and memory taken from outside."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Used:
    """What a finished process took: seconds by the clock and of the processors, GiB at its largest, what it printed."""

    seconds: float
    cpu_seconds: float
    peak_gib: float
    printed: str


class ProcessFailed(RuntimeError):
    """A process ended badly or was stopped for its time; the message ends with what it last said."""


def run(module: str, *words: object, at_most_seconds: float = 3600) -> Used:
    """Run ``python -m module words``. The caller must stay small: Linux counts its memory into the child's peak.

    Raises :class:`ProcessFailed` where it doesn't end with 0.
    """
    began = perf_counter()
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            ["timeout", f"{at_most_seconds:.0f}", sys.executable, "-m", module, *map(str, words)],
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[2],
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        printed = said.read()
    if process.returncode:
        why = "was stopped for its time" if process.returncode == 124 else f"ended with {process.returncode}"
        raise ProcessFailed(f"{module} {why}. It last said:\n{printed[-2000:]}")
    return Used(perf_counter() - began, used.ru_utime + used.ru_stime, _gib(used), printed)


def _gib(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 2**20  # Linux counts in KiB
