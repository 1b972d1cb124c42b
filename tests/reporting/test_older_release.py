"""A release that another version of the program published: every command that reads it says what to do."""

import shutil

import duckdb
import pytest

from tests.reporting.bureau import Bureau
from warehouse import releases
from warehouse.home import Home

PERIOD = "2026H2"
CHILD = "c2222222222222"
LACKING = ("std.township", "std.place", "core.child_redirect", "care.village_load", "raw.file", "raw.quarantine")
MENDED = "file,row_no,健康档案编号,儿童姓名,性别,出生日期,身份证号,居住地区划\nx.csv,2,1,安宁,女,2020-05-01,,429006\n"
COMMANDS = {
    "a list": ("list", "base_list", "--out", "{out}/x.xlsx"),
    "a child's file": ("file", CHILD, "--out", "{out}/x.html"),
    "an explanation": ("explain", CHILD),
    "a report": ("report", "make", "--pack", "half_year", "--out", "{out}"),
    "a report's figure of children": ("report", "trace", "village_levels"),
    "a report's figure of the mart": ("report", "trace", "care_lists"),
    "a spot check": ("report", "spot-check", "--out", "{out}/x.xlsx"),
    "a packet": ("packet", "make", "--to", "hukou_county", "--out", "{out}"),
    "return files": ("returns", "--out", "{out}"),
    "the quarantine": ("quarantine", "export", "--out", "{out}/x.csv"),
    "mended rows": ("quarantine", "replay", "{out}/mended.csv", "--table", "health.child_health"),
    "an export": ("export", "core.child_redirect", "--out", "{out}/x.csv"),
    "the national system's sheet": ("national", "sheet", "--out", "{out}/x.xlsx"),
    "an act on the ledger": ("care", "close", CHILD, "--category", "hardship", "--reason", "核实"),
    "two places' rules": ("policy", "compare", "110000", "429006"),
}


@pytest.fixture(scope="module")
def bureau(home, tmp_path_factory):
    """A bureau whose release lacks tables that this version has."""
    place = tmp_path_factory.mktemp("older") / "home"
    shutil.copytree(home, place, symlinks=True)
    folder = releases.folder(Home.at(place), releases.in_force(Home.at(place)).number)
    lacking = {f"{PERIOD}.duckdb": LACKING, "analysts.duckdb": ("mart.care_count",)}
    for name, tables in lacking.items():
        (folder / name).chmod(0o600)
        with duckdb.connect(str(folder / name)) as con:
            for table in tables:
                con.execute(f"drop table {table}")
    bureau = Bureau(place, tmp_path_factory.mktemp("keys"))
    bureau.packet("keys", "--as", "429006.civil_affairs")
    return bureau


@pytest.mark.parametrize("what", COMMANDS)
def test_a_command_says_to_run_the_period_again(bureau, tmp_path, what):
    (tmp_path / "mended.csv").write_text(MENDED)
    words = [word.format(out=tmp_path) for word in COMMANDS[what]]
    done = bureau.call(*words, "--period", PERIOD)
    assert done.returncode == 2
    assert f"请重新运行该期。 Published by another version of the program, {PERIOD}" in done.stderr
    assert f"childindex run --period {PERIOD}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["mended.csv"]
