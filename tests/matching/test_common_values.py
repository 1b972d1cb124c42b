"""A phone or an address says the less, the more children have it."""

from typing import Any

import duckdb
import pytest

from matching import linkage, model
from tests.matching.standing import Entry, Guardian, write_std

MODEL = model.load()
SURNAMES = "赵钱孙李周吴郑冯陈魏蒋沈韩杨朱秦尤许何吕施张孔曹严华金陶姜戚谢邹喻柏水窦章云苏潘"
GIVEN = "敏伟静磊娜强芳军洋勇艳杰涛明超秀霞平刚桂兰玉梅红英华建国文斌辉健波林松峰凯婷雪龙"
OTHER_TABLES = ("education.enrolment", "health.child_health")
SCHOOL = Guardian(phone="07285222222", relation="contact")


def _levels(column: str, children: int, **shared: Any) -> set[tuple[str]]:
    """How pairs of unrelated children compare in the column; all were born on one day and have ``shared``."""
    entries = [
        Entry(surname + given, OTHER_TABLES[place % 2], **shared)
        for place, (surname, given) in enumerate(zip(SURNAMES[:children], GIVEN, strict=False))
    ]
    con = duckdb.connect()
    write_std(con, entries)
    linkage.link(con, MODEL, "2026H1")
    assert con.execute("select count(distinct child_id) from link.entry_child").fetchone() == (children,)
    return set(con.execute(f"select distinct {column} from link.pattern").fetchall())


@pytest.mark.parametrize(("children", "level"), [(2, "equal"), (10, "equal_shared")])
def test_a_phone_or_address_of_more_children_than_a_family_has_says_less(children, level):
    assert _levels("phone", children, guardians=(SCHOOL,)) == {(level,)}
    assert _levels("address", children, residence_address="解放路12") == {(level,)}


def test_a_phone_or_address_of_forty_children_is_the_schools_own_and_no_evidence():
    both: dict[str, Any] = {"guardians": (SCHOOL,), "residence_address": "解放路12"}
    assert _levels("phone, address", 40, **both) <= {("missing", "missing")}
