"""Blocks of lines, and files of delimited text read into chunks."""

import io
import tracemalloc

import pytest

from connectors.delimited import blocks
from tests.connectors.deliveries import ENROLMENT, INSURANCE, WELFARE, Landed, header, put, put_rows, row, rows, text_of


def lines_of(content, limit=100, size=16):
    """Every line with its number and whether it was cut short, however the blocks fall."""
    found, number = [], 0
    for block in blocks(io.BytesIO(content), b"\n", limit, size):
        for i, line in enumerate(block.lines):
            number += 1
            found.append((number, block.long.get(i, line)))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_lines_are_the_same_however_the_blocks_fall(size):
    content = b"ab\r\nc\n\nlast"
    assert [line for _, line in lines_of(content, size=size)] in (
        [b"ab", b"c", b"", b"last"],
        [b"ab\r", b"c", b"", b"last"],
    )


@pytest.mark.parametrize("size", [16, 64, 4096])
@pytest.mark.parametrize("end", [b"", b"\n", b"\nok\n"])
def test_a_long_line_is_one_line_of_its_true_length(size, end):
    found = lines_of(b"ok\n" + b"x" * 1000 + end, size=size)
    assert found[:2] == [(1, b"ok"), (2, 1000)]
    assert found[2:] == ([(3, b"ok")] if end == b"\nok\n" else [])


def test_plain_and_careful_lines_keep_their_line_numbers(tmp_path):
    table = rows(WELFARE, 9)
    table[2][1], table[5][1] = '"王,安"', "李\0安"
    put(tmp_path, WELFARE, text_of(WELFARE, table[:7]) + "\n" + text_of(WELFARE, table[7:]).split("\n", 1)[1])
    landed = Landed(tmp_path, WELFARE)
    assert [number for _, number in landed.places()] == [2, 3, 4, 5, 6, 7, 8, 10, 11]
    assert landed.column("name")[2] == "王,安"
    assert landed.column("name")[5] == "李安"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(tmp_path, end):
    put(tmp_path, WELFARE, text_of(WELFARE, rows(WELFARE, 3)).replace("\n", end))
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 3


def test_a_line_break_inside_quotes_belongs_to_the_cell(tmp_path):
    table = rows(WELFARE, 3)
    table[1][1] = '"王\n安"'
    put_rows(tmp_path, WELFARE, table)
    landed = Landed(tmp_path, WELFARE)
    assert landed.column("name")[1] == "王\n安"
    assert landed.places() == [("保障名单429006.csv", 2), ("保障名单429006.csv", 3), ("保障名单429006.csv", 5)]


def test_a_quoted_cell_may_cross_from_one_block_to_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("connectors.delimited._BLOCK_BYTES", 64)
    monkeypatch.setattr("connectors.delimited.blocks.__defaults__", (64,))
    table = rows(WELFARE, 40)
    for i in range(0, 40, 3):
        table[i][1] = '"王\n\n安"'
    put_rows(tmp_path, WELFARE, table)
    landed = Landed(tmp_path, WELFARE)
    assert landed.receipt.rows_landed == 40
    assert landed.column("name").count("王\n\n安") == 14


def test_a_stray_quote_swallows_nothing(tmp_path):
    table = rows(WELFARE, 30)
    table[4][1] = '"王安'
    put_rows(tmp_path, WELFARE, table)
    landed = Landed(tmp_path, WELFARE)
    assert landed.receipt.rows_landed == 30
    assert landed.column("name")[4] == "王安"


def test_a_separator_inside_a_field_is_put_back_where_one_reading_passes(tmp_path):
    table = rows(INSURANCE, 5)
    table[1] = row(INSURANCE, 1, name="王|安")
    put_rows(tmp_path, INSURANCE, table)
    landed = Landed(tmp_path, INSURANCE)
    assert landed.column("name")[1] == "王|安"
    assert "第 3 行" in "".join(landed.receipt.warnings)


def test_a_field_too_many_without_a_single_reading_goes_to_quarantine_with_its_bytes(tmp_path):
    table = [row(INSURANCE, 0), ["安"] * 15, row(INSURANCE, 2)]
    put_rows(tmp_path, INSURANCE, table)
    landed = Landed(tmp_path, INSURANCE)
    assert landed.receipt.rows_landed == 2
    [(file, number, reason, detail, content)] = landed.quarantine
    assert (file, number, reason, detail) == ("参保_429006.txt", 3, "too_many_fields", "15/13")
    assert content == "|".join(table[1]).encode("gb18030")


def test_a_line_that_does_not_decode_costs_no_other_line(tmp_path):
    lines = text_of(INSURANCE, rows(INSURANCE, 5)).encode("gb18030").split(b"\n")
    lines[3] = lines[3].replace("居民".encode("gb18030"), b"\xff\x81")
    put(tmp_path, INSURANCE, b"\n".join(lines))
    landed = Landed(tmp_path, INSURANCE)
    assert landed.receipt.rows_landed == 4
    assert [(number, reason) for _, number, reason, _, _ in landed.quarantine] == [(4, "undecodable")]
    assert landed.quarantine[0][4] == lines[3]


@pytest.mark.parametrize("cut", [3, 30, 70])
def test_a_truncated_last_line_goes_to_quarantine(tmp_path, cut):
    content = text_of(WELFARE, rows(WELFARE, 3)).encode()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    put(tmp_path, WELFARE, content[: last + cut - 2] if cut < 40 else content[:-1])
    landed = Landed(tmp_path, WELFARE)
    assert landed.receipt.rows_read == 3
    assert [reason for _, _, reason, _, _ in landed.quarantine] == (["truncated_last_line"] if cut < 40 else [])


def test_blank_lines_are_no_rows(tmp_path):
    put(tmp_path, WELFARE, text_of(WELFARE, rows(WELFARE, 2)) + "\n   \n,,,,,\n\x1a")
    assert Landed(tmp_path, WELFARE).receipt.rows_read == 2


def test_a_line_of_nothing_but_nul_bytes_is_told(tmp_path):
    put(tmp_path, WELFARE, text_of(WELFARE, rows(WELFARE, 2)) + "\0" * 50 + "\n")
    assert [reason for _, _, reason, _, _ in Landed(tmp_path, WELFARE).quarantine] == ["nul_only"]


def test_known_private_use_characters_are_read_by_the_table_of_2022(tmp_path):
    put(
        tmp_path,
        INSURANCE,
        text_of(INSURANCE, [row(INSURANCE, 0, name="王XX")]).encode("gb18030").replace(b"XX", b"\xfe\x59"),
    )
    assert Landed(tmp_path, INSURANCE).column("name") == ["王龴"]


def test_a_header_with_an_unnamed_last_column_is_no_drift_while_it_is_empty(tmp_path):
    put(tmp_path, WELFARE, "".join(line + ",\n" for line in text_of(WELFARE, rows(WELFARE, 3)).splitlines()))
    landed = Landed(tmp_path, WELFARE)
    assert (landed.receipt.rows_landed, landed.drift) == (3, [])


@pytest.mark.parametrize("blank", [{}, {"guardian2_name": "", "guardian2_relation": "", "guardian2_phone": ""}])
def test_rows_that_all_end_in_a_separator_are_read(tmp_path, blank):
    lines = text_of(ENROLMENT, [row(ENROLMENT, i, **blank) for i in range(4)]).splitlines()
    put(tmp_path, ENROLMENT, "\n".join([lines[0], *(line + "," for line in lines[1:])]) + "\n")
    landed = Landed(tmp_path, ENROLMENT)
    assert (landed.receipt.rows_landed, landed.drift) == (4, [])


def test_one_row_that_ends_in_a_separator_is_read_where_one_reading_passes(tmp_path):
    lines = text_of(WELFARE, rows(WELFARE, 3)).splitlines()
    put(tmp_path, WELFARE, "\n".join([*lines[:3], lines[3] + ","]) + "\n")
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 3


def test_wholly_quoted_files_are_read(tmp_path):
    quoted = [[f'"{text}"' for text in cells] for cells in rows(WELFARE, 50)]
    put_rows(tmp_path, WELFARE, quoted, [f'"{name}"' for name in header(WELFARE)])
    assert Landed(tmp_path, WELFARE).receipt.rows_landed == 50


@pytest.mark.slow
def test_a_line_of_a_gigabyte_is_skipped_over_in_bounded_memory(tmp_path):
    path = put_rows(tmp_path, WELFARE, rows(WELFARE, 3))
    with path.open("ab") as stream:
        for _ in range(1024):
            stream.write(b"x" * (1 << 20))
        stream.write(b"\n" + text_of(WELFARE, [row(WELFARE, 9)]).encode().split(b"\n", 1)[1])
    tracemalloc.start()
    try:
        landed = Landed(tmp_path, WELFARE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert landed.receipt.rows_landed == 4
    assert [(number, reason, detail) for _, number, reason, detail, _ in landed.quarantine] == [
        (5, "too_long", str(1 << 30))
    ]
    assert peak < 100 << 20
