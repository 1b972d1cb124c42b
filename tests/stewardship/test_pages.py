"""The pages around the cases: finding a child, comparing two, a child's file, keys, the handbook."""

import json
import re

import duckdb
import pytest

from stewardship import comparison
from stewardship.access import hashed, passwords
from tests.stewardship.conftest import COUNTY, PASSWORD, PERIOD
from warehouse.stores import accounts, audit, decisions
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor


@pytest.fixture
def some(review):
    """Two children of the county who stand in no case together, with what is known of them."""
    con = review.house.read_published(PERIOD)
    rows = con.execute(
        "select child_id, name, born_on, citizen_no from core.child join care.migrant_status using (child_id) "
        "where list_contains(residence_codes, ?) and citizen_no is not null and length(name) = 3 "
        "order by child_id limit 2",
        [COUNTY],
    ).fetchall()
    con.close()
    return [dict(zip(("child_id", "name", "born_on", "citizen_no"), row, strict=True)) for row in rows]


def find(clerk, child="", **asked):
    return clerk.send(clerk.open(f"/search?child={child}"), "/search", **asked)


def test_a_child_is_found_by_name_date_or_number(review, some):
    zhang, (one, _) = review.enter("zhang"), some
    for asked in ({"name": one["name"]}, {"born_on": str(one["born_on"])}, {"citizen_no": one["citizen_no"]}):
        assert one["child_id"] in find(zhang, **asked).text


def test_spaces_dots_and_width_are_no_matter_in_a_search(review):
    file = next(review.house.home.published.resolve().glob("20*.duckdb"))
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        query = "select child_id, citizen_no from core.child join care.migrant_status using (child_id)"
        query += " where list_contains(residence_codes, '429006') and citizen_no is not null limit 1"
        child, number = con.execute(query).fetchone()
        con.execute("update core.child set name = '阿卜杜·热合曼' where child_id = ?", [child])
    zhang = review.enter("zhang")
    wide = number.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    for asked in ({"name": "阿卜杜 热合曼"}, {"name": "阿卜杜•热合曼"}, {"citizen_no": f" {wide[:6]} {wide[6:]}"}):
        assert child in zhang.send(zhang.open("/search"), "/search", **asked).text
    assert zhang.send(zhang.open("/search"), "/search", name="·").status_code == 422  # that asks for nobody


def test_what_is_searched_for_is_neither_in_the_address_nor_readable_in_the_audit(review, some):
    zhang, (one, _) = review.enter("zhang"), some
    page = find(zhang, citizen_no=one["citizen_no"], name=one["name"])
    assert one["citizen_no"] not in str(page.url)
    assert one["citizen_no"] not in page.text
    (row,) = audit.read(review.house.stores, act="search")
    assert row.actor == "zhang"
    assert one["name"] not in str(row)
    assert one["citizen_no"] not in str(row)
    assert json.loads(row.detail)["children"] == [hashed.child(review.app.state.site.key, one["child_id"])]


def test_other_counties_children_are_not_found(review, some):
    bei, (one, other) = review.enter("bei"), some
    assert one["child_id"] not in find(bei, name=one["name"]).text
    nobody = "c" + "a" * 13
    for path in (f"/children/{one['child_id']}", f"/children/{one['child_id']}/with/{other['child_id']}"):
        hidden, missing = bei.open(path), bei.open(path.replace(one["child_id"], nobody))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace(one["child_id"], nobody) == missing.text


def test_who_is_refused_a_child_is_in_the_audit_with_the_childs_token(review, some):
    bei, (one, _) = review.enter("bei"), some
    bei.open(f"/children/{one['child_id']}")
    (row,) = audit.read(review.house.stores, act="not_found child")
    assert row.subject == hashed.child(review.app.state.site.key, one["child_id"])


def test_who_covers_the_jurisdiction_finds_who_has_no_county_in_it(review):
    con = review.house.read_published(PERIOD)
    child, name = con.execute(
        "select child_id, name from core.child join care.migrant_status using (child_id) where name is not null "
        "and not list_contains(coalesce(hukou_codes, []) || coalesce(residence_codes, []), ?) order by child_id",
        [COUNTY],
    ).fetchone()
    con.close()
    assert child in find(review.enter("zhang"), name=name).text
    assert child not in find(review.enter("bei"), name=name).text


def test_two_children_are_not_compared_for_who_may_not_see_both(review, some, monkeypatch):
    con = review.house.read_published(PERIOD)
    theirs, county = con.execute(
        "select child_id, hukou_codes[1] from care.migrant_status where hukou_codes[1] not like '42%' order by child_id"
    ).fetchone()
    con.close()
    stores, machine = review.house.stores, Actor("os:tests")
    accounts.add(stores, machine, Account("yuan", "Yuan", ("steward",), (county,)), "for the test")
    accounts.set_password(stores, machine, "yuan", passwords.hashed(PASSWORD, "yuan"))
    monkeypatch.setattr(comparison, "between", lambda *_: pytest.fail("it was compared"))
    yuan = review.enter("yuan")
    for one, other in ((theirs, some[0]["child_id"]), (some[0]["child_id"], theirs)):
        assert yuan.open(f"/children/{one}/with/{other}").status_code == 404


def test_a_birth_date_that_is_none_is_said_to_be(review):
    refused = find(review.enter("zhang"), name="张", born_on="2018-13-01")
    assert refused.status_code == 422
    assert "出生日期应如" in refused.text
    assert not audit.read(review.house.stores, act="search")


def test_a_candidate_that_the_machine_never_proposed_is_answered_like_any_case(review, some):
    zhang, (one, other) = review.enter("zhang"), some
    path = f"/children/{one['child_id']}/with/{other['child_id']}"
    assert path in find(zhang, child=one["child_id"], name=other["name"]).text
    page = zhang.open(path)
    assert page.status_code == 200
    before = decisions.read_holding(review.house.stores).num_rows
    sent = zhang.send(page, "/answer", answer="DIFFERENT", reason="不是一家")
    assert "said=saved.DIFFERENT" in sent.headers["location"]
    assert decisions.read_holding(review.house.stores).num_rows > before
    assert "zhang" in zhang.open(path).text  # its history


def test_a_comparisons_verdict_is_taken_back_where_it_was_given(review, some):
    zhang, (one, other) = review.enter("zhang"), some
    path = f"/children/{one['child_id']}/with/{other['child_id']}"
    zhang.send(zhang.open(path), "/answer", answer="DIFFERENT", reason="不是一家")
    undone = zhang.send(zhang.start(), f"{path}/undo")
    assert "said=undone" in undone.headers["location"]
    assert undone.headers["location"].startswith(path)


def test_joining_two_numbered_children_waits_for_a_second_person(review, some):
    zhang, (one, other) = review.enter("zhang"), some
    page = zhang.open(f"/children/{one['child_id']}/with/{other['child_id']}")
    before = decisions.read_holding(review.house.stores).num_rows
    assert "said=waits.SAME" in zhang.send(page, "/answer", answer="SAME").headers["location"]
    assert decisions.read_holding(review.house.stores).num_rows == before


def test_a_comparison_that_waits_is_listed_for_the_second_person_who_confirms_it(review, some):
    zhang, chen, (one, other) = review.enter("zhang"), review.enter("chen"), some
    path = f"/children/{one['child_id']}/with/{other['child_id']}"
    zhang.send(zhang.open(path), "/answer", answer="SAME")
    before = decisions.read_holding(review.house.stores).num_rows
    assert path in chen.open("/second").text
    assert path not in review.enter("bei").open("/second").text
    assert "said=confirmed" in chen.send(chen.open(path), "/second", act="confirm").headers["location"]
    assert decisions.read_holding(review.house.stores).num_rows > before
    assert path not in chen.open("/second").text


def test_a_childs_file_tells_why_and_masks_numbers_and_is_audited(review, some):
    zhang, (one, _) = review.enter("zhang"), some
    page = zhang.open(f"/children/{one['child_id']}")
    assert one["name"] in page.text
    assert one["citizen_no"] not in page.text
    assert "认定依据" in page.text
    assert re.search(r"“[^”]*流动|“[^”]*周岁", page.text)  # the words of a notice
    (row,) = audit.read(review.house.stores, act="child read")
    assert one["child_id"] not in str(row)


def test_own_keys_are_kept_and_a_map_with_two_acts_on_one_key_is_refused(review):
    zhang = review.enter("zhang")
    refused = zhang.send(zhang.open("/keys"), "/keys", same="2", different="2", **rest({"same", "different"}))
    assert refused.status_code == 422
    assert "不是同一儿童" in refused.text
    kept = zhang.send(zhang.open("/keys"), "/keys", same="j", **rest({"same"}))
    assert kept.status_code == 303
    assert "<kbd>j</kbd>" in zhang.start().text


def rest(given):
    from stewardship.keys import DEFAULT

    return {act: key for act, key in DEFAULT.items() if act not in given}


@pytest.mark.parametrize("path", ["/search", "/keys", "/handbook"])
def test_pages_in_both_languages(review, path):
    zhang = review.enter("zhang")
    chinese = zhang.open(path)
    zhang.send(chinese, "/language")
    english = zhang.open(path)
    assert chinese.status_code == english.status_code == 200
    assert not re.search(r"[一-鿿]{4,}", re.sub(r"<button[^>]*lang=.*?</button>|<[^>]+>", "", english.text))
