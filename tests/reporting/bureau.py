"""A bureau: a home and its keys, and the real command run in this process."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest

from pipelines.cli import main


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Bureau:
    """One bureau's home, and the keys folder that is its alone."""

    home: Path
    keys: Path

    def call(self, *words: object) -> Done:
        """Run ``childindex …`` here, in this process."""
        out, err = io.StringIO(), io.StringIO()
        argv = ["childindex", *map(str, words), "--home", str(self.home)]
        environment = {"CHILDINDEX_KEYS": str(self.keys), "COLUMNS": "200"}
        with (
            mock.patch.dict(os.environ, environment),
            mock.patch.object(sys, "argv", argv),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def packet(self, *words: object) -> str:
        """Run ``childindex packet …`` and expect that it succeeds."""
        done = self.call("packet", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *words: object) -> str:
        """Run ``childindex packet …`` and expect a refusal; gives its words."""
        done = self.call("packet", *words)
        assert done.returncode in (2, 4), done.stdout
        return done.stderr
