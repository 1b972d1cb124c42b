"""The distribution: a wheel with its data files, and pins that name no host."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("connectors", "matching", "pipelines", "policy", "quality", "reporting", "warehouse")


def test_pins_name_no_host():
    pins = (ROOT / "constraints.txt").read_text()
    assert "://" not in pins
    assert " @ " not in pins


@pytest.mark.slow
def test_a_wheel_holds_every_data_file_and_runs_elsewhere(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("child_index-*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [file for file in tracked.stdout.split() if file not in shipped] == []

    installed = tmp_path / "installed"
    into = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run(into, check=True)
    invent = ("sample", "--jurisdiction", "429006", "--children", "50", "--periods", "2026H1")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *invent, "--out", str(tmp_path / "county")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    where = subprocess.run(
        [sys.executable, "-c", "import policy; print(policy.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed) in where.stdout
