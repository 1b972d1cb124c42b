"""One child who may be two: chosen by a person, confirmed by another, split by the next run."""

import re

import pytest

from tests.stewardship.conftest import PERIOD
from warehouse.stores import comparisons, decisions, verdicts


@pytest.fixture
def child(review):
    """A child of the county whose entries have two different contents at least, with those of one content."""
    con = review.house.read_published(PERIOD)
    rows = con.execute(
        "select child_id, list(entry_id order by entry_id), list(profile_id order by entry_id)"
        " from link.entry_child join std.entry using (entry_id) join link.entry_profile using (entry_id)"
        " join care.migrant_status using (child_id) where residence_codes = ['429006'] and key is not null"
        " group by child_id having count(distinct profile_id) > 2 and count(*) = count(distinct key) order by child_id"
    ).fetchall()
    con.close()
    child_id, entries, profiles = rows[0]
    return child_id, [entry for entry, profile in zip(entries, profiles, strict=True) if profile == max(profiles)]


def ask(clerk, child_id, entries):
    path = f"/children/{child_id}/parts"
    return clerk.send(clerk.open(path), path, **{f"entry_{entry}": "1" for entry in entries})


def proposed(clerk, child):
    """Ask about the child's parts and answer that they are two; gives the case's path."""
    path = ask(clerk, *child).headers["location"]
    sent = clerk.send(clerk.open(path), "/answer", answer="DIFFERENT", reason="两份户口")
    assert "said=waits.DIFFERENT" in sent.headers["location"]
    return path


def test_what_follows_from_a_split_is_said_before_it_is_asked_for(review, child):
    zhang = review.enter("zhang")
    page = zhang.open(f"/children/{child[0]}")
    assert f'href="/children/{child[0]}/parts"' in page.text
    case = zhang.open(ask(zhang, *child).headers["location"])
    assert re.search(rf"编号 {child[0]} 拆分：[甲乙]方持有", case.text)
    assert "将拆分一个编号" in case.text
    assert "核查员提出拆分" in case.text


def test_the_part_with_most_of_what_names_the_child_is_said_to_keep_the_id(review):
    con = review.house.read_published(PERIOD)
    child_id, one, others = con.execute(
        "select child_id, any_value(entry_id) filter (citizen_no is null), count(*) filter (citizen_no is not null)"
        " from link.entry_child join std.entry using (entry_id) join link.entry_profile using (entry_id)"
        " join care.migrant_status using (child_id) where residence_codes = ['429006'] and key is not null"
        " group by child_id having count(*) filter (citizen_no is null) = 1 and count(distinct profile_id) = count(*)"
        " and count(*) > 3 and count(distinct citizen_no) = 1 order by child_id limit 1"
    ).fetchone()
    con.close()
    assert others > 2
    zhang = review.enter("zhang")
    page = zhang.open(ask(zhang, child_id, [one]).headers["location"])
    assert "拆分：甲方持有" in page.text
    assert "乙方得到新编号" in page.text


def test_a_split_holds_when_another_person_confirms_it(review, child):
    zhang, chen = review.enter("zhang"), review.enter("chen")
    before = decisions.read_holding(review.house.stores).num_rows
    path = proposed(zhang, child)
    assert decisions.read_holding(review.house.stores).num_rows == before
    assert 'value="confirm"' not in zhang.open(path).text
    assert path in chen.open("/second").text
    assert path in zhang.open("/second").text  # marked as one's own
    assert path not in review.enter("bei").open("/second").text
    page = chen.open(path)
    assert "zhang" in page.text
    assert "said=confirmed" in chen.send(page, "/second", act="confirm").headers["location"]
    held = decisions.read_holding(review.house.stores).to_pylist()[before:]
    assert {row["judgement"] for row in held} >= {"DIFFERENT"}
    assert path not in chen.open("/second").text


@pytest.mark.parametrize("chosen", ["none", "all", "one of two alike"])
def test_entries_that_cannot_be_told_apart_are_refused(review, child, chosen):
    zhang = review.enter("zhang")
    con = review.house.read_published(PERIOD)
    rows = con.execute(
        "select entry_id, profile_id from link.entry_child join link.entry_profile using (entry_id)"
        " join std.entry using (entry_id) where child_id = ? order by all",
        [child[0]],
    ).fetchall()
    alike = con.execute(
        "select any_value(child_id), min(entry_id) from link.entry_child join link.entry_profile using (entry_id)"
        " join std.entry using (entry_id) join care.migrant_status using (child_id)"
        " where residence_codes = ['429006'] and key is not null"
        " group by profile_id having count(distinct key) > 1 and count(distinct child_id) = 1 order by profile_id"
    ).fetchall()
    con.close()
    if chosen == "one of two alike":
        child_id, entry = alike[0]
        refused = ask(zhang, child_id, [entry])
    else:
        refused = ask(zhang, child[0], [entry for entry, _ in rows] if chosen == "all" else [])
    assert refused.status_code == 422
    assert ("内容完全相同" if chosen == "one of two alike" else "请至少勾选一条") in refused.text


def test_parts_of_another_countys_child_are_as_if_they_were_not_there(review, child):
    path = ask(review.enter("zhang"), *child).headers["location"]
    bei, nobody = review.enter("bei"), "c" + "a" * 13
    for each in (path, f"/children/{child[0]}/parts"):
        hidden, missing = bei.open(each), bei.open(each.replace(child[0], nobody))
        assert hidden.status_code == missing.status_code == 404
    assert review.enter("zhang").open(path.rsplit("/", 1)[0] + "/1").status_code == 404


def test_a_flag_on_a_comparison_reaches_the_supervisor_who_settles_it(review, child):
    zhang, li = review.enter("zhang"), review.enter("li")
    path = ask(zhang, *child).headers["location"]
    zhang.send(zhang.open(path), "/flag", words="请看两份户口")
    page = li.open("/supervise")
    assert f'href="{path}"' in page.text
    assert "请看两份户口" in page.text
    settled = li.send(page, f"{path}/unflag", words="已核实")
    assert settled.status_code == 303
    assert path not in li.open("/supervise").text


def test_what_a_number_stands_for_is_kept_once(review, child):
    zhang = review.enter("zhang")
    first, again = (ask(zhang, *child).headers["location"] for _ in range(2))
    assert first == again
    number = -int(first.rsplit("/", 1)[1])
    assert comparisons.read(review.house.stores, [number])[number].one == child[0]


@pytest.mark.slow
def test_the_next_run_splits_and_tells_the_event(review, run_period, home, child):
    zhang, chen = review.enter("zhang"), review.enter("chen")
    path = proposed(zhang, child)
    keeps = re.search(r"拆分：([甲乙])方持有", zhang.open(path).text)[1]
    chen.send(chen.open(path), "/second", act="confirm")
    con = review.house.read_published(PERIOD)
    keys = con.execute(
        "select feed, table_name, key, entry_id in (select unnest(?)) from link.entry_child"
        " join std.entry using (entry_id) where child_id = ? and key is not null",
        [child[1], child[0]],
    ).fetchall()
    con.close()
    run_period(home)
    con = review.house.read_published(PERIOD)
    now = {}
    for feed, table, key, is_other in keys:
        of = con.execute(
            "select distinct child_id from link.entry_child join std.entry using (entry_id)"
            " where (feed, table_name, key) = (?, ?, ?)",
            [feed, table, key],
        ).fetchall()
        now.setdefault(is_other, set()).update(each for (each,) in of)
    events = con.execute("select child_id, event, other_child_id from core.child_event").fetchall()
    con.close()
    assert len(now[True]) == len(now[False]) == 1
    assert now[keeps == "乙"] == {child[0]}  # as was foretold
    (new,) = now[keeps != "乙"]
    assert (new, "split", child[0]) in events
    assert verdicts.standings(review.house.stores, PERIOD)
    assert chen.open(path).status_code == 404  # there are two now
