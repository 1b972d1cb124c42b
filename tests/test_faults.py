"""Each fault that departments make has a case that holds it: ``cases/faults.csv`` says which."""

import csv
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _table(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


FAULTS = _table(HERE / "cases" / "faults.csv")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['fault']}: {fault['case']}")
def test_a_fault_has_its_case(fault):
    file = HERE / fault["file"]
    if file.suffix == ".csv":
        delivered = {tuple(list(row.values())[: fault["case"].count("|") + 1]) for row in _table(file)}
        assert tuple(fault["case"].split("|")) in delivered
    else:
        assert f"\ndef {fault['case']}(" in file.read_text(encoding="utf-8")
