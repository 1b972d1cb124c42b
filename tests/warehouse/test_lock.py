"""One writer a HOME, and the dead hold nothing."""

import json
import os
import signal
import subprocess
import sys

import pytest

from warehouse.lock import HomeBusy, WriterLock

HOLD = (
    "import sys, time; from pathlib import Path; from warehouse.lock import WriterLock; "
    "WriterLock(Path(sys.argv[1])).take(); print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "building").mkdir()
    return tmp_path / "building" / "writer.lock"


def test_the_message_names_the_holder_and_what_to_do(path):
    with WriterLock(path), pytest.raises(HomeBusy, match="Wait until that run ends") as busy:
        WriterLock(path).take()
    assert f"process {os.getpid()} of user" in str(busy.value)
    assert str(path.parent.parent) in str(busy.value)


def test_a_killed_holder_holds_nothing(path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HomeBusy, match=f"process {holder.pid} "):
            WriterLock(path).take()
        holder.send_signal(signal.SIGKILL)
    assert json.loads(path.read_text())["pid"] == holder.pid  # its words are still there
    with WriterLock(path) as lock:
        assert lock.held
        assert json.loads(path.read_text())["pid"] == os.getpid()


def test_a_holder_that_has_not_said_who_it_is_yet_is_still_a_holder(path):
    with WriterLock(path):
        path.write_text("")
        with pytest.raises(HomeBusy, match="another process"):
            WriterLock(path).take()


def test_taking_twice_and_releasing_twice_do_no_harm(path):
    lock = WriterLock(path)
    lock.take()
    lock.take()
    lock.release()
    lock.release()
    assert not lock.held
    WriterLock(path).take()
