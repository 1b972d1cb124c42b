"""Townships are called what deliveries write beside their code."""

from datetime import date

import duckdb
import pytest

from warehouse.places import Places

JUNE = date(2026, 6, 30)


@pytest.fixture(scope="module")
def places():
    known = [("429006002", "侨乡街道"), ("429006101", "城关镇"), ("420502101", "城关镇")]
    return Places.named(JUNE, known)


@pytest.mark.parametrize(
    ("code", "name", "full"),
    [
        ("429006", "湖北省天门市", "湖北省天门市"),
        ("429006002", "侨乡街道", "湖北省天门市侨乡街道"),
        ("429006101", "城关镇（天门市）", "湖北省天门市城关镇"),
        ("420502101", "城关镇（西陵区）", "湖北省宜昌市西陵区城关镇"),
        ("429006999", "429006999", "湖北省天门市 429006999"),
    ],
)
def test_what_a_place_is_called(places, code, name, full):
    assert (places.name(code), places.full(code)) == (name, full)


def test_a_published_file_names_its_townships_as_most_of_its_entries_do():
    con = duckdb.connect()
    con.execute("create schema std")
    con.execute("create table std.township (county varchar, name varchar, township varchar, entries integer)")
    con.execute(
        "insert into std.township values ('429006', '城关镇', '429006101', 2), ('429006', '老城镇', '429006101', 9)"
    )
    assert Places.read(con, JUNE).name("429006101") == "老城镇"
