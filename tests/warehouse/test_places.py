"""Townships are called what deliveries write beside their code."""

from datetime import date

import duckdb
import pytest

from warehouse import build
from warehouse.places import Places

JUNE = date(2026, 6, 30)
TOLD = (
    "civil_affairs_field_visit",
    "public_security_residence",
    "education_enrolment",
    "health_child_health",
    "disabled_federation_rehabilitation",
)


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


@pytest.mark.parametrize(
    ("addresses", "name"),
    [
        (["天门市杨家镇杨柳村4组39号", "杨家镇杨柳村2组"], "杨柳村"),
        (["天门市杨家镇杨柳村4组39号"], None),  # may be a slip
        (["杨家镇杨柳村1组", "杨家镇杨柳村2组", "杨家镇东村3组"], None),
        (["杨家镇杨柳村1组", "杨家镇杨柳村2组", "人民大道12号", None], "杨柳村"),
    ],
)
def test_a_village_is_called_as_addresses_nearly_always_name_it_beside_the_code(addresses, name):
    con = duckdb.connect()
    con.execute("create schema std; create schema raw")
    for table in TOLD:
        con.execute(f"create table raw.{table} (entry_id bigint, residence_address varchar)")
    con.execute("create table std.place (entry_id bigint, kind varchar, village varchar)")
    for entry, address in enumerate(addresses):
        table = TOLD[entry % len(TOLD)]
        con.execute(f"insert into raw.{table} values (?, ?)", [entry, address])
        con.execute("insert into std.place values (?, 'residence', '429006017209')", [entry])
    told = dict(con.execute(build.statement("lookup", "village_name").sql).fetchall())
    assert told.get("429006017209") == name
