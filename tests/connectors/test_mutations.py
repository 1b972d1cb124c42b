"""Broken deliveries: never a traceback, no sound row lost, always which file, which line, what to do."""

import pytest

from connectors import dry, workbook
from tests.connectors import mutations
from tests.connectors.deliveries import Landed, file_name, folder

FEW, MANY = 2, 22  # of each kind: 34 in the quick suite, 374 in all


@pytest.fixture(autouse=True)
def _small_bombs(monkeypatch):
    """Bombs of three megabytes in place of 64: test_workbook has a true one."""
    monkeypatch.setattr(workbook, "_RATIO_FROM_BYTES", 1 << 20)


def _check(kind, seed, inbox):
    broken = mutations.make(kind, seed, inbox)
    landed = Landed(inbox, broken.spec, record_bytes=mutations.RECORD_BYTES)
    receipt, name = landed.receipt, file_name(broken.spec)
    said = [receipt.message, receipt.message_zh, *receipt.warnings]
    report = dry.check(folder(inbox, broken.spec) / name, broken.spec, record_bytes=mutations.RECORD_BYTES).render()

    assert receipt.rows_read == receipt.rows_landed + receipt.rows_repeated + receipt.rows_quarantined
    assert receipt.status == ("refused" if broken.refused else "landed"), said
    if broken.refused:
        assert name in receipt.message
        assert name in receipt.message_zh
        assert receipt.rows_landed == 0
    else:
        _check_rows(broken, landed, name, report)
    for told in broken.told:
        assert told in "".join(said), (told, said)
    for text in broken.people:
        assert not any(text in words for words in (*said, report)), text


def _check_rows(broken, landed, name, report):
    columns = ", ".join(f'"{column}"' for column in broken.spec.columns)
    found = {
        tuple(cell or "" for cell in cells)
        for cells in landed.con.execute(f"select {columns} from {landed.table}").fetchall()
    }
    lost = [i for i in broken.safe if tuple(broken.table[i]) not in found]
    assert not lost, f"rows {lost} are not landed"
    for file, line, reason, _, _ in landed.quarantine:
        assert file == name
        assert line in broken.lines, (line, reason)
        assert f"{name} 第 {line} 行" in report


@pytest.mark.parametrize("seed", range(FEW))
@pytest.mark.parametrize("kind", mutations.KINDS, ids=lambda kind: kind.__name__)
def test_a_broken_delivery_is_told_and_its_sound_rows_land(kind, seed, tmp_path):
    _check(kind, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", mutations.KINDS, ids=lambda kind: kind.__name__)
def test_twenty_more_of_each_kind(kind, tmp_path):
    for seed in range(FEW, MANY):
        _check(kind, seed, tmp_path / str(seed))
