"""Natural keys as exports print them, and rows whose key is not what the department says it is."""

import datetime

import pytest

from tests.connectors.deliveries import (
    HEALTH,
    INSURANCE,
    REHABILITATION,
    RESIDENCE,
    SPECS,
    WELFARE,
    Landed,
    put_database,
    put_rows,
    put_workbook,
    row,
)

ALERT = SPECS["medical_insurance", "high_cost_alert"]
HUKOU = SPECS["public_security", "hukou"]


@pytest.mark.parametrize("key", ["", "4.29006E+11", "429006000", " Ａ 1 ", "无"])
def test_a_row_lands_whatever_its_key_and_the_key_stays_as_delivered(tmp_path, key):
    put_rows(tmp_path, INSURANCE, [row(INSURANCE, 0, insured_no=key), row(INSURANCE, 1)])
    landed = Landed(tmp_path, INSURANCE)
    assert landed.receipt.rows_landed == 2
    assert [text or "" for text in landed.column("key")] == [key, row(INSURANCE, 1)[0]]


def test_one_key_on_two_children_lands_as_two_rows_each_with_its_line(tmp_path):
    rows = [row(HEALTH, 0), row(HEALTH, 1, health_record_no=row(HEALTH, 0)[0])]
    put_rows(tmp_path, HEALTH, rows)
    landed = Landed(tmp_path, HEALTH)
    assert (landed.receipt.rows_landed, landed.receipt.rows_repeated) == (2, 0)
    assert len(set(landed.column("key"))) == 1
    assert [number for _, number in landed.places()] == [2, 3]


def test_parts_of_a_key_are_joined_with_blank_ones_in_their_place(tmp_path):
    put_database(tmp_path, HUKOU, [row(HUKOU, 0, citizen_no=None, household_no="7"), row(HUKOU, 1, household_no="")])
    found = Landed(tmp_path, HUKOU).column("key")
    assert found == ["|7", row(HUKOU, 1)[0] + "|"]


def test_a_date_cell_and_a_number_cell_are_printed_as_the_contract_says(tmp_path):
    cells = row(ALERT, 0, alert_no=17.0, insured_no=429006.0)
    cells[5] = datetime.date(2026, 5, 1)
    put_workbook(tmp_path, ALERT, [cells])
    assert Landed(tmp_path, ALERT).column("key") == ["429006|2026-05-01|17"]


def test_a_database_number_has_no_point_and_text_is_not_trimmed(tmp_path):
    put_database(
        tmp_path, RESIDENCE, [row(RESIDENCE, 0, registration_no=12.0), row(RESIDENCE, 1, registration_no=" A1")]
    )
    assert Landed(tmp_path, RESIDENCE).column("key") == ["12", " A1"]


def test_the_same_row_twice_lands_once(tmp_path):
    put_rows(tmp_path, WELFARE, [row(WELFARE, 0), row(WELFARE, 0), row(WELFARE, 1)])
    receipt = Landed(tmp_path, WELFARE).receipt
    assert (receipt.rows_read, receipt.rows_landed, receipt.rows_repeated) == (3, 2, 1)


def test_a_reissued_card_is_another_key(tmp_path):
    card = "42900620150301001243"
    put_workbook(
        tmp_path,
        REHABILITATION,
        [row(REHABILITATION, 0, disability_card_no=card), row(REHABILITATION, 0, disability_card_no=card + "B1")],
    )
    assert len(set(Landed(tmp_path, REHABILITATION).column("key"))) == 2
