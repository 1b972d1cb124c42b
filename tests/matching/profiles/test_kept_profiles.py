"""Profiles copied from the last release, and which entries are read for them."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from matching import linkage
from matching.profiles import portion
from tests.matching.half_years import MODEL, Register, link
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

TABLES = ("profile", "entry_profile", "common_value")
MOTHER = Guardian("李芳", phone="13911112222")
CHILDREN = [
    Entry(name, key=f"k{at}", citizen_no=citizen_no(order=at), guardians=(MOTHER,))
    for at, name in enumerate(["王安", "李平", "赵敏", "孙权", "周瑜", "吴用", "郑和", "冯唐"], start=1)
]
STRANGER = Entry("陈静", key="s", guardians=(MOTHER,))


def _read_later(folder: Path, before: list[Entry], after: list[Entry], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The entries that a later period reads whole; its tables are held against those made anew."""
    link(folder / "0.duckdb", before, Register())
    taken: list[int] = []
    read = portion.read

    def reading(con, names, entries):
        taken.extend(entries.tolist())
        return read(con, names, entries)

    monkeypatch.setattr(portion, "read", reading)
    with duckdb.connect(str(folder / "1.duckdb")) as con:
        write_std(con, after)
        con.execute(f"attach '{folder / '0.duckdb'}' as last_release (read_only)")
        for table in ("trained_model", "level_weight", "value_frequency"):
            con.execute(f"create or replace table prior.{table} as from last_release.link.{table}")
        found = {}
        for why in (None, "asked for"):
            linkage.write_profiles(con, MODEL, why)
            found[why] = [con.execute(f"from link.{table} order by all").fetchall() for table in TABLES]
            if why is None:
                chosen = [*taken]
        assert found[None] == found["asked for"]
    return chosen


def test_nothing_is_read_where_all_is_as_before(tmp_path, monkeypatch):
    assert _read_later(tmp_path, CHILDREN, CHILDREN[::-1], monkeypatch) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "王岸"},
        {"key": "another"},
        {"citizen_no": citizen_no(order=77)},
        {"citizen_no_state": "shared"},
        {"born_fault": "from_citizen_no"},
        {"residence_county": None},
        {"guardians": ()},
        {"guardians": (replace(MOTHER, name="李方"),)},
        {"guardians": (replace(MOTHER, phone="13911112223"),)},
        {"guardians": (MOTHER, Guardian("王强"))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_entry_of_which_anything_changed_is_read(change, tmp_path, monkeypatch):
    assert _read_later(tmp_path, CHILDREN, [replace(CHILDREN[0], **change), *CHILDREN[1:]], monkeypatch) == [0]


def test_entries_without_a_number_are_not_known_by_what_they_say(tmp_path, monkeypatch):
    after = [*CHILDREN, STRANGER, STRANGER]
    assert _read_later(tmp_path, [*CHILDREN, STRANGER], after, monkeypatch) == [8, 9]


def test_a_new_entry_that_says_the_same_joins_the_profile_that_is_there(tmp_path, monkeypatch):
    again = replace(CHILDREN[3], key="again")
    assert _read_later(tmp_path, CHILDREN, [again, *CHILDREN], monkeypatch) == [0]


def test_portions_make_no_difference(tmp_path, monkeypatch):
    monkeypatch.setattr(portion, "_ENTRIES_AT_ONCE", 2)
    after = [replace(CHILDREN[0], name="王岸"), *CHILDREN[1:6], STRANGER, replace(CHILDREN[7], sex=None)]
    assert _read_later(tmp_path, [*CHILDREN, STRANGER], after, monkeypatch) == [0, 6, 7]


@pytest.mark.parametrize("number", [5, 6, 8])
def test_a_crowd_that_grows_or_shrinks_is_counted_again(number, tmp_path, monkeypatch):
    at_school = [replace(child, guardians=(Guardian(phone="02788888888"),)) for child in CHILDREN]
    several = [replace(each, key=f"{each.key}b", source="health.child_health", guardians=()) for each in CHILDREN]
    _read_later(tmp_path, [*at_school, *several], [*at_school[:number], *several, STRANGER], monkeypatch)
    with duckdb.connect(str(tmp_path / "1.duckdb"), read_only=True) as con:
        found = con.execute("select kind, children from link.common_value").fetchall()
    assert found == ([("phone", number)] if number > MODEL.sharing.family_at_most else [])
