"""Finding a delivery, and checking it against its manifest."""

import pytest

from connectors import locate
from tests.connectors.deliveries import (
    HEALTH,
    INSURANCE,
    PERIOD,
    RESIDENCE,
    SPECS,
    WELFARE,
    Landed,
    folder,
    put_database,
    put_manifest,
    put_rows,
    put_workbook,
    rows,
    sha256,
)

ALERT = SPECS["medical_insurance", "high_cost_alert"]


def located(inbox, spec):
    return locate.locate(spec, inbox, PERIOD)


def test_nothing_came(tmp_path):
    assert located(tmp_path, WELFARE).is_missing
    folder(tmp_path, WELFARE)
    assert located(tmp_path, WELFARE).is_missing


def test_several_files_are_one_delivery_in_the_order_of_their_names(tmp_path):
    for name in ("儿童健康档案_b.csv", "儿童健康档案_a.csv"):
        put_rows(tmp_path, HEALTH, rows(HEALTH, 1), name=name)
    assert [path.name for path in located(tmp_path, HEALTH).files] == ["儿童健康档案_a.csv", "儿童健康档案_b.csv"]


def test_case_is_no_matter_and_lock_files_are_no_deliveries(tmp_path):
    put_rows(tmp_path, WELFARE, rows(WELFARE, 1), name="保障名单.CSV")
    (folder(tmp_path, WELFARE) / "~$入户登记.xlsx").write_bytes(b"x")
    assert [path.name for path in located(tmp_path, WELFARE).files] == ["保障名单.CSV"]
    assert located(tmp_path, SPECS["civil_affairs", "field_visit"]).is_missing


def test_files_that_no_spec_knows_are_named(tmp_path):
    put_rows(tmp_path, INSURANCE, rows(INSURANCE, 1))
    put_workbook(tmp_path, ALERT, rows(ALERT, 1))
    for name in ("说明.docx", "\x1b[31m红.txt"):
        (folder(tmp_path, INSURANCE) / name).write_bytes(b"x")
    found = located(tmp_path, INSURANCE)
    assert found.others == ("\x1b[31m红.txt", "说明.docx")
    warnings = "".join(Landed(tmp_path, INSURANCE).receipt.warnings)
    assert "说明.docx" in warnings
    assert "\x1b" not in warnings


def test_a_database_lies_beside_its_own_files(tmp_path):
    path = put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 1))
    path.with_name("public_security.db-journal").write_bytes(b"")
    found = located(tmp_path, RESIDENCE)
    assert (found.files, found.others) == ((path,), ())


def test_a_configured_database_needs_no_file(tmp_path):
    assert locate.locate(RESIDENCE, tmp_path, PERIOD, "postgresql://host/db").url == "postgresql://host/db"
    assert locate.locate(WELFARE, tmp_path, PERIOD, "postgresql://host/db").is_missing  # that one comes as files


def test_a_delivery_as_its_manifest_says_is_landed(tmp_path):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    put_manifest(tmp_path, INSURANCE, {path.name: sha256(path)})
    assert Landed(tmp_path, INSURANCE).receipt.status == "landed"


def test_a_file_that_differs_refuses_only_its_own_table(tmp_path):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    book = put_workbook(tmp_path, ALERT, rows(ALERT, 3))
    put_manifest(tmp_path, INSURANCE, {path.name: "0" * 64, book.name: sha256(book)})
    refused = Landed(tmp_path, INSURANCE).receipt
    assert refused.status == "refused"
    assert path.name in refused.message
    assert "清单" in refused.message_zh
    assert Landed(tmp_path, ALERT).receipt.status == "landed"


def test_a_workbook_or_database_that_differs_is_refused_too(tmp_path):
    book, base = put_workbook(tmp_path, ALERT, rows(ALERT, 3)), put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 1))
    put_manifest(tmp_path, ALERT, {book.name: "0" * 64})
    put_manifest(tmp_path, RESIDENCE, {base.name: "0" * 64})
    assert Landed(tmp_path, ALERT).receipt.status == "refused"
    assert Landed(tmp_path, RESIDENCE).receipt.status == "refused"


def test_a_listed_file_that_did_not_come_refuses_the_table(tmp_path):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    put_manifest(tmp_path, INSURANCE, {path.name: sha256(path), "参保_110000.txt": "0" * 64})
    receipt = Landed(tmp_path, INSURANCE).receipt
    assert receipt.status == "refused"
    assert "参保_110000.txt" in receipt.message


def test_a_delivery_whose_only_file_did_not_come_is_refused_not_missing(tmp_path):
    put_manifest(tmp_path, INSURANCE, {"参保_429006.txt": "0" * 64})
    assert Landed(tmp_path, INSURANCE).receipt.status == "refused"


def test_a_file_that_the_manifest_does_not_list_is_read_and_told(tmp_path):
    put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    put_manifest(tmp_path, INSURANCE, {"别的.txt": "0" * 64})
    receipt = Landed(tmp_path, INSURANCE).receipt
    assert receipt.status == "landed"
    assert any("manifest" in warning for warning in receipt.warnings)


@pytest.mark.parametrize("line", ["abc  参保_429006.txt", "0" * 64, "\x00"])
def test_a_broken_manifest_refuses_the_delivery_and_says_which_line(tmp_path, line):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    (path.parent / locate.MANIFEST).write_text(f"{sha256(path)}  {path.name}\n{line}\n")
    receipt = Landed(tmp_path, INSURANCE).receipt
    assert receipt.status == "refused"
    assert f"{locate.MANIFEST}:2" in receipt.message


def test_binary_marks_capitals_and_dots_are_fine_in_a_manifest(tmp_path):
    path = put_rows(tmp_path, INSURANCE, rows(INSURANCE, 3))
    (path.parent / locate.MANIFEST).write_text(f"\ufeff{sha256(path).upper()} *./{path.name}\r\n")
    assert Landed(tmp_path, INSURANCE).receipt.status == "landed"
