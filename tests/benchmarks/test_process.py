import pytest

from benchmarks.peers.process import ProcessFailed, run


def test_a_process_is_measured_from_outside():
    used = run("timeit", "-n", 1, "-r", 1, "-s", "b = bytearray(200_000_000)", "sum(range(5_000_000))")
    assert used.peak_gib > 0.18
    assert used.cpu_seconds > 0.02
    assert used.seconds > 0.02
    assert "loop" in used.printed


def test_what_a_process_said_last_stands_in_the_error():
    with pytest.raises(ProcessFailed, match="no_such_module"):
        run("benchmarks.no_such_module")


def test_a_process_that_takes_too_long_is_stopped():
    with pytest.raises(ProcessFailed, match="stopped for its time"):
        run("timeit", "-n", 1, "-r", 1, "import time; time.sleep(60)", at_most_seconds=1)
