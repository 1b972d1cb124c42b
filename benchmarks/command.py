"""The product's command as a whole process, timed from outside."""

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timed:
    """One finished process: seconds of wall clock, peak memory in GiB, what it printed."""

    seconds: float
    peak_gib: float
    printed: str


def childindex(*words: object, keys: Path) -> Timed:
    """Run ``childindex``; raises where it doesn't end with 0, with what it said."""
    began = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "CHILDINDEX_KEYS": str(keys), "COLUMNS": "160"},
    )
    printed = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"childindex {words[0]} ended with {process.returncode}:\n{printed}")
    return Timed(perf_counter() - began, _gib(used), printed)


def _gib(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 2**20  # Linux counts in KiB
