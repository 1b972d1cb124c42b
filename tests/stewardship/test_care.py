"""Key care and visits: what the run lists, what people do about it, and whom it shows."""

import json
import re
from datetime import date

import pytest

from policy.period import Period
from reporting.child_file import collect
from stewardship.access import hashed
from tests.stewardship.conftest import COUNTY, PERIOD
from warehouse import clock
from warehouse.stores import audit, ledger, visits
from warehouse.stores.actors import Actor
from warehouse.stores.ledger import LedgerAct


def listed(review, query, *given):
    con = review.house.read_published(PERIOD)
    try:
        return con.execute(query, given).fetchall()
    finally:
        con.close()


@pytest.fixture
def proposed(review):
    """A child of the county whom feeds propose for the ledger, and the category."""
    return listed(
        review,
        "select child_id, category from care.key_care where state = 'proposed' and county = ? order by all limit 1",
        COUNTY,
    )[0]


@pytest.fixture
def due(review):
    """Children of the county to be visited: those whose date has come, and all."""
    return [
        child
        for (child,) in listed(
            review,
            "select child_id from care.visit_due where county = ? and due_on < ? order by all",
            COUNTY,
            clock.today(),
        )
    ]


def count(page, state):
    return int(re.search(rf'state={state}"[^>]*>[^<]*<b>([\d,]+)</b>', page.text)[1].replace(",", ""))


def test_the_ledger_lists_its_countys_entries_with_exact_counts(review):
    page = review.enter("zhang").open("/ledger")
    for state in ("proposed", "open", "under_review", "closed"):
        ((many,),) = listed(review, "select count(*) from care.key_care where county = ? and state = ?", COUNTY, state)
        assert count(page, state) == many
    assert count(page, "proposed") > 2
    bei = review.enter("bei").open("/ledger")
    assert count(bei, "proposed") == 0
    assert COUNTY not in bei.text


def test_filters_restrict_and_say_how_many_there_are(review, proposed):
    zhang, (_, category) = review.enter("zhang"), proposed
    ((many,),) = listed(
        review,
        "select count(*) from care.key_care where county = ? and state = 'proposed' and category = ?",
        COUNTY,
        category,
    )
    page = zhang.open(f"/ledger?category={category}")
    assert count(page, "proposed") == many
    assert re.search(rf'value="{category}" selected>[^<]*\({many}\)', page.text)


def test_whom_a_list_shows_is_in_the_audit_by_tokens(review, due):
    page = review.enter("zhang").open("/visits")
    (row,) = audit.read(review.house.stores, act="list read /visits")
    shown = set(re.findall(r'href="/children/(c[a-z2-7]{13})"', page.text))
    assert set(json.loads(row.detail)["children"]) == {hashed.child(review.app.state.site.key, each) for each in shown}
    assert shown


def act(clerk, child, entry, what, **fields):
    page = clerk.open(f"/children/{child}/ledger")
    url = f"/children/{child}/ledger"
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    given = {"csrf": csrf, "category": entry, "act": what, "acted_on": str(clock.today()), "reason": "已入户核实"}
    return clerk.client.post(url, data=given | fields)


def test_an_entry_is_opened_reviewed_and_closed_under_the_clerks_own_name(review, proposed):
    zhang, li, (child, category) = review.enter("zhang"), review.enter("li"), proposed
    before = count(zhang.open("/ledger"), "open")
    assert act(zhang, child, category, "open").headers["location"].endswith("said=ledger")
    assert count(zhang.open("/ledger"), "open") == before + 1
    assert "刚登记" in zhang.open("/ledger?state=open").text
    act(li, child, category, "review")
    act(zhang, child, category, "close", reason="家庭收入已改善")
    page = zhang.open(f"/children/{child}/ledger")
    assert "家庭收入已改善" in page.text
    assert [(each.made.act, each.by) for each in ledger.of_children(review.house.stores, [child])] == [
        ("open", "zhang"),
        ("review", "li"),
        ("close", "zhang"),
    ]
    assert count(zhang.open("/ledger"), "open") == before


def test_an_act_sent_twice_is_one_and_one_out_of_turn_is_told(review, proposed):
    zhang, li, (child, category) = review.enter("zhang"), review.enter("li"), proposed
    first, again = (act(zhang, child, category, "open") for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert len(ledger.of_children(review.house.stores, [child])) == 1
    late = act(li, child, category, "open")
    assert late.status_code == 409
    assert "他人已先办理" in late.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason": ""}, 422),
        ({"reason": "号码 110105194912310021"}, 422),
        ({"acted_on": "2199-01-01"}, 422),
        ({"acted_on": "gestern"}, 422),
        ({"category": "poverty"}, 404),
        ({"act": "burn"}, 404),
    ],
)
def test_an_act_that_cannot_be_is_refused_and_what_was_typed_stays(review, proposed, fields, status):
    zhang, (child, category) = review.enter("zhang"), proposed
    refused = act(zhang, child, category, "open", **fields)
    assert refused.status_code == status
    assert not ledger.of_children(review.house.stores, [child])


def test_what_proposes_a_behaviour_anomaly_is_not_told(review):
    found = listed(
        review,
        "select child_id from care.key_care where category = 'behaviour_anomaly' and county = ? "
        "and list_contains(circumstances, 'health/severe_mental_disorder') order by all",
        COUNTY,
    )
    assert found
    page = review.enter("zhang").open(f"/children/{found[0][0]}/ledger")
    assert "心理和行为异常" in page.text
    assert "severe_mental_disorder" not in page.text


def test_another_category_is_opened_by_hand(review, proposed):
    zhang, (child, _) = review.enter("zhang"), proposed
    has = {category for (category,) in listed(review, "select category from care.key_care where child_id = ?", child)}
    new = next(each for each in ("vagrant", "asked_for_help", "hardship") if each not in has)
    act(zhang, child, new, "open")
    assert child in zhang.open(f"/ledger?state=open&category={new}").text


def test_other_counties_and_the_hukou_side_see_no_care(review, proposed):
    nobody = "c" + "a" * 13
    bei, (child, category) = review.enter("bei"), proposed
    for path in (f"/children/{child}/ledger", f"/children/{child}/visits/new"):
        hidden, missing = bei.open(path), bei.open(path.replace(child, nobody))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace(child, nobody) == missing.text
    csrf = re.search(r'name="csrf" value="([^"]+)"', bei.open("/cases").text)[1]
    given = {"csrf": csrf, "category": category, "act": "open", "acted_on": "2026-06-01", "reason": "x"}
    assert bei.client.post(f"/children/{child}/ledger", data=given).status_code == 404
    assert not ledger.of_children(review.house.stores, [child])
    ((away,),) = listed(
        review,
        "select child_id from care.migrant_status where list_contains(hukou_codes, ?) "
        "and not list_contains(residence_codes, ?) order by all limit 1",
        COUNTY,
        COUNTY,
    )
    zhang = review.enter("zhang")
    assert zhang.open(f"/children/{away}").status_code == 200
    assert "/visits/new" not in zhang.open(f"/children/{away}").text
    assert zhang.open(f"/children/{away}/visits/new").status_code == 404


def test_what_was_opened_here_of_a_child_who_lives_elsewhere_is_closed_here(review):
    """A child of other counties alone is in nobody's care here, but for the entry that stands open from before."""
    category = "hardship"
    ((gone,), (other,)) = listed(
        review,
        "select child_id from care.migrant_status anti join care.key_care using (child_id) "
        "where left(residence_codes[1], 2) <> '11' and not list_contains(residence_codes, ?) order by child_id limit 2",
        COUNTY,
    )
    zhang, bei = review.enter("zhang"), review.enter("bei")
    assert zhang.open(f"/children/{gone}/ledger").status_code == 404
    before = count(zhang.open("/ledger"), "open")
    opened = LedgerAct(PERIOD, gone, category, "open", clock.today(), "当时住在本地")
    ledger.add(review.house.stores, Actor("li"), opened)
    assert count(zhang.open("/ledger"), "open") == before + 1
    assert gone in zhang.open("/ledger?state=open").text
    assert gone not in bei.open("/ledger?state=open").text
    assert bei.open(f"/children/{gone}/ledger").status_code == 404
    assert zhang.open(f"/children/{other}/ledger").status_code == 404
    assert act(zhang, gone, category, "close", reason="已迁往外地并告知当地").status_code == 303
    assert count(zhang.open("/ledger"), "open") == before


def test_visits_are_listed_by_how_long_they_are_overdue(review, due):
    zhang = review.enter("zhang")
    page = zhang.open("/visits")
    assert count(page, "overdue") >= len(due) > 3
    days = [int(each) for each in re.findall(r"逾期 (\d+) 天", page.text)]
    assert days == sorted(days, reverse=True)


def record(clerk, child, **fields):
    page = clerk.open(f"/children/{child}/visits/new")
    return clerk.send(page, f"/children/{child}/visits", **{"visit_kind": "in_home", **fields})


def test_a_recorded_visit_is_on_the_childs_page_at_once_and_off_the_list(review, due):
    zhang, child = review.enter("zhang"), due[0]
    before = count(zhang.open("/visits"), "overdue")
    today = str(clock.today())
    sent = record(zhang, child, visited_on=today, in_hardship="yes", living_with="grandparents", problems="缺冬衣")
    assert sent.headers["location"] == f"/children/{child}?said=visit"
    page = zhang.open(f"/children/{child}")
    assert "自下次运行起计入" in page.text
    assert "缺冬衣" in page.text
    lists = zhang.open("/visits")
    assert (count(lists, "overdue"), count(lists, "recorded")) == (before - 1, 1)
    (kept,) = visits.of_child(review.house.stores, [child])
    assert (kept.recorded_by, kept.told["in_hardship"], kept.told["visited_on"]) == ("zhang", True, clock.today())


def test_a_contact_does_not_stand_for_a_visit_at_home(review, due):
    zhang, child = review.enter("zhang"), due[0]
    before = count(zhang.open("/visits"), "overdue")
    record(zhang, child, visited_on=str(clock.today()), visit_kind="phone")
    assert count(zhang.open("/visits"), "overdue") == before


def test_a_visit_sent_twice_is_one(review, due):
    zhang, child = review.enter("zhang"), due[0]
    page = zhang.open(f"/children/{child}/visits/new")
    url, given = zhang.form(page, "/visits", visited_on="2026-06-01", visit_kind="phone")
    first, again = (zhang.client.post(url, data=given) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert len(visits.of_child(review.house.stores, [child])) == 1


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(review, due):
    zhang, child = review.enter("zhang"), due[0]
    refused = record(
        zhang,
        child,
        visited_on="2199-01-01",
        visit_kind="phone",
        problems="电话 13812345678",
        needs="缺书",
        is_vagrant="no",
    )
    assert refused.status_code == 422
    assert "请更正 2 处" in refused.text
    assert 'id="visited_on-wrong">日期尚未到来' in refused.text
    assert 'id="problems-wrong"' in refused.text
    assert "缺书" in refused.text
    assert 'name="is_vagrant" value="no" checked' in refused.text
    assert not visits.of_child(review.house.stores, [child])
    mended = zhang.send(refused, "/visits", visited_on="2026-06-01", visit_kind="phone", needs="缺书")
    assert mended.status_code == 303


def test_a_visit_is_taken_back_with_a_reason(review, due):
    zhang, wang, child = review.enter("zhang"), review.enter("wang"), due[0]
    record(zhang, child, visited_on="2026-06-01")
    assert "/withdraw" not in wang.open(f"/children/{child}").text
    taken = zhang.send(zhang.open(f"/children/{child}"), "/withdraw", reason="登记错了儿童")
    assert taken.headers["location"].endswith("said=withdrawn")
    page = zhang.open(f"/children/{child}")
    assert "登记错了儿童" in page.text
    assert visits.read_until(review.house.stores, date(2199, 1, 1)).num_rows == 0


@pytest.mark.slow
def test_the_next_run_counts_a_recorded_visit(review, due, run_period, home):
    zhang, child = review.enter("zhang"), due[0]
    told = "select entry from core.circumstance where child_id = ? and circumstance = 'visit/in_hardship' and holds"
    before = set(listed(review, told, child))
    record(zhang, child, visited_on="2026-06-20", in_hardship="yes", problems="缺冬衣", resolution="已送棉衣")
    assert "自下次运行起计入" in zhang.open(f"/children/{child}").text
    run_period(home)
    page = zhang.open(f"/children/{child}")
    assert "2026-06-20 入户 · zhang 登记" in page.text
    assert "自下次运行起计入" not in page.text
    assert listed(review, "select last_visit_on from care.visit_due where child_id = ?", child) == [
        (date(2026, 6, 20),)
    ]
    ((new,),) = set(listed(review, told, child)) - before
    assert new.startswith("recorded_visit/")
    file = {each.name: each.rows for each in collect.collect(review.house, child, Period(PERIOD)).sections}
    assert ("2026-06-20", "zhang") in {row[:2] for row in file["visits"]}
    assert any("缺冬衣" in row for row in file["problems"])


@pytest.mark.parametrize("path", ["/ledger", "/visits", "/children/{child}/ledger", "/children/{child}/visits/new"])
def test_pages_of_care_in_both_languages(review, proposed, path):
    zhang, path = review.enter("zhang"), path.format(child=proposed[0])
    chinese = zhang.open(path)
    zhang.send(chinese, "/language")
    english = zhang.open(path)
    assert chinese.status_code == english.status_code == 200
    without_data = re.sub(
        r"<td>.*?</td>|<option.*?</option>|<h1>.*?</h1>|<label><input type=.radio.*?</label>", "", english.text
    )
    assert not re.search(r"[一-鿿]{4,}", re.sub(r"<button[^>]*lang=.*?</button>|<[^>]+>", "", without_data))
