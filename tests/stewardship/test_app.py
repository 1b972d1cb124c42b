"""What the app answers: who is let in, what is kept, what is refused. Over real stores and a real release."""

import json
import re
from datetime import timedelta
from unicodedata import normalize
from urllib.parse import quote

import duckdb
import pytest
from starlette.testclient import TestClient

from stewardship import casefile, keys, questions
from stewardship.access import hashed, passwords, policy
from stewardship.pages import case
from stewardship.queue import Filters, Queue
from tests.stewardship.conftest import COUNTY, PASSWORD, PERIOD
from warehouse.stores import accounts, audit, case_notes, claims, decisions, verdicts
from warehouse.stores.access_tables import session
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.engine import writing


def held(house):
    return {tuple(row.values())[:7] for row in decisions.read_holding(house.stores).to_pylist()}


def case_of(page) -> int:
    return int(re.search(r'action="/cases/[^/]+/(\d+)/answer"', page.text)[1])


def simple(review, second_because=None, but=0) -> int:
    """A case of one question that one person decides, or that needs a second for this reason."""
    book = review.shown.book
    files = (casefile.assemble(book, book.case(line.case_id)) for line in book.lines)
    return next(
        file.case.line.case_id
        for file in files
        if len(file.questions) == 1 and file.if_same.second_because == second_because and file.case.line.case_id != but
    )


def test_every_route_has_its_row_in_the_policy(review):
    served = {route.name.split(":")[0] for route in review.app.routes if route.name != "static"}
    assert served | {"static"} == set(policy.routes())


@pytest.mark.parametrize("path", ["/cases", "/second", f"/cases/{PERIOD}/10000000001"])
def test_without_a_session_everything_leads_to_the_login(review, path):
    stranger = TestClient(review.app, base_url="http://review", follow_redirects=False)
    answer = stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_nothing_comes_from_elsewhere(review):
    page = review.enter("zhang").start()
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert name in page.headers
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", page.text)
    assert "<script>" not in page.text


def test_an_answer_is_kept_with_its_steward_before_the_next_case_shows(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    before = held(review.house)
    answered = zhang.send(page, "/answer", answer="DIFFERENT", reason="名字不同")
    assert answered.status_code == 303
    assert "said=saved.DIFFERENT" in answered.headers["location"]
    new = held(review.house) - before
    assert new
    assert {row[6] for row in new} == {"DIFFERENT"}
    (given,) = verdicts.of_case(review.house.stores, PERIOD, case_id)
    assert (given.steward, given.reason) == ("zhang", "名字不同")


def test_who_answers_is_the_session_whatever_the_form_says(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    zhang.send(page, "/answer", answer="SAME", steward="li", username="li", actor="li")
    assert [each.steward for each in verdicts.of_case(review.house.stores, PERIOD, case_id)] == ["zhang"]


def test_a_form_sent_twice_counts_once(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    url, fields = zhang.form(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/answer", answer="SAME")
    first, second = (zhang.client.post(url, data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert len(verdicts.of_case(review.house.stores, PERIOD, case_id)) == 1


def test_an_answer_to_facts_that_changed_is_refused_and_says_which(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    url, fields = zhang.form(page, "/answer", answer="SAME")
    shown = dict(part.split(":") for part in fields["shown"].split(";"))
    fields["shown"] = ";".join(f"{name}:{'0' * 12 if name == 'born_on' else digest}" for name, digest in shown.items())
    refused = zhang.client.post(url, data=fields)
    assert refused.status_code == 409
    assert "资料已变化" in refused.text
    assert re.search(r"变化：出生日期</p>", refused.text)
    assert not verdicts.of_case(review.house.stores, PERIOD, case_id)


def test_a_new_release_of_the_same_facts_is_no_reason_to_refuse(review, run_period, home):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    run_period(home)
    assert zhang.send(page, "/answer", answer="DIFFERENT").status_code == 303
    assert review.shown.release == 2


def test_unsure_needs_a_reason(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    asked = zhang.send(page, "/answer", answer="UNSURE", reason=" ")
    assert asked.status_code == 422
    assert "请填写拿不准的理由" in asked.text
    assert zhang.send(asked, "/answer", answer="UNSURE", reason="两份户口").status_code == 303


def test_a_reason_with_somebodys_number_is_refused_and_not_repeated(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    refused = zhang.send(page, "/answer", answer="SAME", reason="号码 110101201801011234")
    assert refused.status_code == 422
    assert "110101201801011234" not in refused.text


def test_undo_puts_back_what_held(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    before = held(review.house)
    answered = zhang.send(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/answer", answer="SAME")
    undone = zhang.send(zhang.open(answered.headers["location"]), f"/{case_id}/undo")
    assert undone.status_code == 303
    assert "said=undone" in undone.headers["location"]
    assert {row for row in held(review.house) if row[6] in ("SAME", "DIFFERENT")} == before
    assert "已撤销" in zhang.open(undone.headers["location"]).text


def test_what_is_undone_is_the_verdict_of_the_case_in_the_address(review):
    zhang = review.enter("zhang")
    book = review.shown.book
    one, other = (line.case_id for line in book.lines[:2])
    zhang.send(zhang.open(f"/cases/{PERIOD}/{simple(review)}"), "/answer", answer="SAME")
    (given,) = verdicts.of_case(review.house.stores, PERIOD, simple(review))
    elsewhere = next(case_id for case_id in (one, other) if case_id != given.case_id)
    before = held(review.house)
    url, fields = zhang.form(zhang.open(f"/cases/{PERIOD}/{elsewhere}"), "/skip")
    forged = zhang.client.post(url.replace("/skip", "/undo"), data=fields | {"verdict": str(given.id)})
    assert forged.status_code == 409
    assert held(review.house) == before


def test_a_taking_back_that_was_refused_may_be_asked_again(review):
    zhang, wang = review.enter("zhang"), review.enter("wang")
    case_id = simple(review, second_because="ledger")
    path = f"/cases/{PERIOD}/{case_id}"
    zhang.send(zhang.open(path), "/answer", answer="SAME")
    wang.send(wang.open(path), "/second", act="confirm")
    for _ in range(2):
        undone = zhang.send(zhang.open(path), f"/{case_id}/undo")
        assert "said=waits" in undone.headers["location"]
        wang.send(wang.open(path), "/second", act="reject", reason="是同一儿童")
    acts = [each.act for each in verdicts.of_case(review.house.stores, PERIOD, case_id)]
    assert acts == ["give", "confirm", "undo", "reject", "undo", "reject"]


def test_a_forms_key_sent_about_another_case_is_refused_and_one_that_we_did_not_make_is_no_key(review):
    zhang = review.enter("zhang")
    one = simple(review)
    url, fields = zhang.form(zhang.open(f"/cases/{PERIOD}/{one}"), "/answer", answer="DIFFERENT")
    zhang.client.post(url, data=fields)
    other = simple(review, but=one)
    path = f"/cases/{PERIOD}/{other}"
    refused = zhang.send(zhang.open(path), "/answer", answer="DIFFERENT", key=fields["key"])
    assert refused.status_code == 409
    assert not verdicts.of_case(review.house.stores, PERIOD, other)
    for key in ("", "chosen"):
        assert zhang.send(zhang.open(path), "/answer", answer="UNSURE", reason="两份户口", key=key).status_code == 303
    assert len(verdicts.of_case(review.house.stores, PERIOD, other)) == 2


def test_two_stewards_one_case_one_wins_and_the_other_is_told(review):
    zhang, wang = review.enter("zhang"), review.enter("wang")
    case_id = simple(review)
    path = f"/cases/{PERIOD}/{case_id}"
    mine = zhang.open(path)
    theirs = wang.open(path)
    assert "zhang" in theirs.text
    assert "/answer" not in theirs.text  # nobody is asked twice while the claim lasts
    assert zhang.send(mine, "/answer", answer="SAME").status_code == 303
    url, fields = zhang.form(mine, "/answer", answer="DIFFERENT")
    csrf = re.search(r'name="csrf" value="([^"]+)"', theirs.text)[1]
    late = wang.client.post(url, data=fields | {"csrf": csrf, "key": "another"})
    assert late.status_code == 409
    assert "zhang" in late.text
    assert [each.answer for each in verdicts.of_case(review.house.stores, PERIOD, case_id)] == ["SAME"]


def test_nobody_is_given_a_case_that_was_answered_while_they_looked_for_one(review, monkeypatch):
    zhang, wang = review.enter("zhang"), review.enter("wang")
    theirs, looking = zhang.start(), wang.open("/cases")

    def answered_meanwhile(queue):  # wang asks who works on what just before zhang answers, which ends zhang's claim
        page = theirs
        while page.status_code == 200:
            page = zhang.send(page, "/answer", answer="DIFFERENT")
        return {}

    monkeypatch.setattr(Queue, "claims", answered_meanwhile)
    monkeypatch.setattr(case, "to_next", lambda visit, *_, **__: visit.redirect("/cases"))  # zhang's looks for none
    given = wang.send(looking, "/start")
    assert case_of(wang.open(given.headers["location"])) != case_of(theirs)


def test_what_changes_a_care_ledger_waits_for_another_person(review):
    zhang, chen = review.enter("zhang"), review.enter("chen")
    case_id = simple(review, second_because="ledger")
    path = f"/cases/{PERIOD}/{case_id}"
    page = zhang.open(path)
    assert "需第二人复核后生效" in page.text
    before = held(review.house)
    assert "said=waits.SAME" in zhang.send(page, "/answer", answer="SAME").headers["location"]
    assert held(review.house) == before
    own = zhang.open(path)
    assert "须由另一人复核" in own.text
    assert 'value="confirm"' not in own.text
    forged = zhang.send(own, "/second", act="confirm")
    assert forged.status_code == 409
    assert held(review.house) == before
    assert str(case_id) in chen.open("/second").text
    assert chen.send(chen.open(path), "/second", act="confirm").status_code == 303
    assert held(review.house) != before


def test_the_second_person_confirms_the_facts_that_were_shown(review):
    zhang, chen = review.enter("zhang"), review.enter("chen")
    case_id = simple(review, second_because="ledger")
    path = f"/cases/{PERIOD}/{case_id}"
    zhang.send(zhang.open(path), "/answer", answer="SAME")
    before = held(review.house)
    url, fields = chen.form(chen.open(path), "/second", act="confirm")
    refused = chen.client.post(url, data=fields | {"shown": fields["shown"].replace("name:", "name:0")})
    assert refused.status_code == 409
    assert "资料已变化" in refused.text
    assert held(review.house) == before
    assert chen.client.post(url, data=fields).status_code == 303


def test_what_waits_under_the_number_of_another_case_is_not_confirmed_here(review):
    chen, book, stores = review.enter("chen"), review.shown.book, review.house.stores
    before_the_run, now_numbered_so = book.case(simple(review, second_because="ledger")), simple(review)
    answered, _ = questions.settle(questions.of_case(before_the_run), "s")
    waits = verdicts.give(
        stores,
        Actor("zhang", frozenset({"steward"}), (COUNTY,)),
        verdicts.Case(PERIOD, now_numbered_so, "facts"),
        casefile.judgements(before_the_run, answered),
        key="form",
        model_version="1",
        second_because="ledger",
    )
    before = held(review.house)
    page = chen.open(f"/cases/{PERIOD}/{now_numbered_so}")
    assert 'value="confirm"' not in page.text
    url, fields = chen.form(page, "/note", act="confirm", verdict=str(waits.verdict_id))
    assert chen.client.post(url.replace("/note", "/second"), data=fields).status_code == 409
    assert held(review.house) == before


def test_what_waits_holds_over_a_run_of_the_same_facts_and_is_asked_anew_with_others(review, run_period, home):
    zhang, chen, book = review.enter("zhang"), review.enter("chen"), review.shown.book
    case_id = simple(review, second_because="ledger")
    path = f"/cases/{PERIOD}/{case_id}"
    zhang.send(zhang.open(path), "/answer", answer="SAME")
    changed = book.case(simple(review, second_because="ledger", but=case_id))
    answered, _ = questions.settle(questions.of_case(changed), "s")
    verdicts.give(
        review.house.stores,
        Actor("zhang", frozenset({"steward"}), (COUNTY,)),
        verdicts.Case(PERIOD, changed.line.case_id, "other facts"),
        casefile.judgements(changed, answered),
        key="form",
        model_version="1",
        second_because="ledger",
    )
    run_period(home)
    waiting = chen.open("/second").text
    assert path in waiting
    assert f"/cases/{PERIOD}/{changed.line.case_id}" not in waiting
    assert "/answer" not in zhang.open(path).text
    assert "/answer" in zhang.open(f"/cases/{PERIOD}/{changed.line.case_id}").text
    before = held(review.house)
    assert chen.send(chen.open(path), "/second", act="confirm").status_code == 303
    assert held(review.house) != before


def test_another_countys_case_is_as_if_it_were_not_there(review):
    bei = review.enter("bei")
    known = [line.case_id for line in review.shown.book.lines if not any(c.startswith("11") for c in line.counties)]
    nowhere = "10999999999"
    for path in ("", "/next", "/previous"):
        missing = bei.open(f"/cases/{PERIOD}/{nowhere}{path}")
        for case_id in known[:3]:
            answer = bei.open(f"/cases/{PERIOD}/{case_id}{path}")
            assert answer.status_code == missing.status_code == 404
            assert answer.text.replace(str(case_id), nowhere) == missing.text
    token = re.search(r'name="csrf" value="([^"]+)"', bei.open("/cases").text)[1]
    for act in ("answer", "reveal", "skip", "note", "flag", "second", "undo"):
        sent = bei.client.post(f"/cases/{PERIOD}/{known[0]}/{act}", data={"csrf": token, "answer": "SAME"})
        assert sent.status_code == 404
    assert not verdicts.of_case(review.house.stores, PERIOD, known[0])
    assert [row for row in audit.read(review.house.stores, actor="bei") if row.act.startswith("not_found")]


def test_counts_and_filters_are_of_ones_own_counties(review):
    def counted(clerk):
        return int(re.search(r"待核 <b>([\d,]+)</b>", clerk.open("/cases").text)[1])

    lines = review.shown.book.lines
    assert counted(review.enter("zhang")) == len(lines)  # all of the jurisdiction's, and who has none there
    assert counted(review.enter("bei")) == sum(any(c.startswith("11") for c in line.counties) for line in lines)


def test_other_roles_have_no_cases(review):
    fen = review.enter("fen")
    assert fen.open("/cases").status_code == 403
    assert fen.open(f"/cases/{PERIOD}/{simple(review)}").status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_that_is_not_ours_is_refused(review, token):
    zhang = review.enter("zhang")
    case_id = simple(review)
    url, fields = zhang.form(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/answer", answer="SAME")
    assert zhang.client.post(url, data=fields | {"csrf": token}).status_code == 403
    elsewhere = zhang.client.post(url, data=fields, headers={"origin": "http://elsewhere"})
    assert elsewhere.status_code == 403
    assert not verdicts.of_case(review.house.stores, PERIOD, case_id)


def test_a_revealed_field_is_in_the_audit_before_it_is_on_the_page(review):
    zhang = review.enter("zhang")
    book = review.shown.book
    case_id = next(
        line.case_id
        for line in book.lines
        if "429006" in line.counties and any(row["citizen_no"] for row in book.case(line.case_id).entries)
    )
    sound = {row["citizen_no"] for row in book.case(case_id).entries if row["citizen_no"]}
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")

    def numbers(text):
        return set(re.findall(r"\d{17}[\dX]", normalize("NFKC", re.sub(r"<[^>]+>", "", text))))  # shown as delivered

    assert not numbers(page.text)
    refused = zhang.send(page, "/reveal", fact="citizen_no", reason="")
    assert refused.status_code == 422
    assert not numbers(refused.text)
    shown = zhang.client.post(
        f"/cases/{PERIOD}/{case_id}/reveal",
        data=dict(re.findall(r'name="(csrf)" value="([^"]+)"', page.text)) | {"fact": "citizen_no", "reason": "核对"},
    )
    assert sound & numbers(shown.text)
    (row,) = audit.read(review.house.stores, act="identifier read")
    assert (row.actor, row.subject, row.field) == ("zhang", f"case {PERIOD}/{case_id}", "citizen_no")
    assert not any(number in (row.detail or "") for number in sound)


def test_children_beside_a_case_are_shown_to_their_own_counties_only(review):
    def foreign(line, row):
        return [code for code in line.counties if row["codes"] and code not in row["codes"]]

    book = review.shown.book
    line, row = next(
        (line, row)
        for line in book.lines
        for row in (*book.case(line.case_id).rivals, *book.case(line.case_id).siblings)
        if COUNTY in row["codes"] and foreign(line, row) and row["name"]
        if row["name"] not in str(book.case(line.case_id).entries)
    )
    path = f"/cases/{PERIOD}/{line.case_id}"
    elsewhere = Account("yuan", "Yuan", ("steward",), (foreign(line, row)[0],))
    accounts.add(review.house.stores, Actor("os:tests"), elsewhere, "for the test")
    accounts.set_password(review.house.stores, Actor("os:tests"), "yuan", passwords.hashed(PASSWORD, "yuan"))
    hidden, shown = review.enter("yuan").open(path), review.enter("zhang").open(path)
    assert (hidden.status_code, shown.status_code) == (200, 200)
    assert row["name"] in shown.text
    assert row["name"] not in hidden.text


def test_who_read_a_case_is_in_the_audit_with_the_children_it_showed_once_a_page(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}")
    zhang.send(page, "/answer", answer="UNSURE", reason=" ")  # the same page again
    (row,) = audit.read(review.house.stores, act="case read")
    assert (row.actor, row.subject) == ("zhang", f"case {PERIOD}/{case_id}")
    children = {entry["child_id"] for entry in review.shown.book.case(case_id).entries}
    assert set(json.loads(row.detail)["children"]) == {
        hashed.child(review.app.state.site.key, each) for each in children
    }


@pytest.mark.parametrize(
    "path", [f"/cases/{PERIOD}/{'9' * 5000}", f"/quality/{PERIOD}/{'9' * 5000}", f"/cases/{PERIOD}/{'9' * 25}"]
)
def test_a_number_that_no_case_has_is_not_found(review, path):
    assert review.enter("zhang").open(path).status_code == 404


def test_a_page_number_that_is_none_is_the_first(review):
    assert review.enter("zhang").open(f"/cases?page={'9' * 5000}").status_code == 200


def test_a_reveal_whose_answers_were_tampered_with_shows_nothing(review):
    zhang = review.enter("zhang")
    page = zhang.open(f"/cases/{PERIOD}/{simple(review)}")
    refused = zhang.send(page, "/reveal", fact="citizen_no", reason="核对", so_far="x")
    assert refused.status_code == 409
    assert not audit.read(review.house.stores, act="identifier read")


def test_why_a_reveal_is_refused_is_said(review):
    zhang = review.enter("zhang")
    page = zhang.open(f"/cases/{PERIOD}/{simple(review)}")
    refused = zhang.send(page, "/reveal", fact="citizen_no", reason=" ")
    assert refused.status_code == 422
    assert "请填写理由" in refused.text


def test_a_period_that_somebody_typed_is_not_in_the_audit(review):
    review.enter("zhang").open("/cases/张小宝/10000000001")
    (row,) = audit.read(review.house.stores, act="not_found case")
    assert row.subject is None


def test_a_nul_in_a_form_is_left_out(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    zhang.send(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/note", words="学校\0说是转学")
    assert "学校说是转学" in zhang.open(f"/cases/{PERIOD}/{case_id}").text


def test_times_are_those_on_the_wall_in_china(review):
    zhang = review.enter("zhang")
    case_id = simple(review)
    zhang.send(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/note", words="看过")
    (note,) = case_notes.of_case(review.house.stores, PERIOD, case_id)
    page = zhang.open(f"/cases/{PERIOD}/{case_id}").text
    assert f"{note.at + timedelta(hours=8):%m-%d %H:%M}" in page
    (claim,) = claims.read(review.house.stores, PERIOD)
    assert f"{claim.until + timedelta(hours=8):%H:%M}" in review.enter("wang").open(f"/cases/{PERIOD}/{case_id}").text


def test_keys_of_ones_own_stand_beside_what_follows_from_an_answer(review):
    zhang = review.enter("zhang")
    zhang.client.cookies.set("keys", keys.to_cookie(keys.checked({"same": "j"})))
    assert "若为同一儿童（j）" in zhang.start().text


def test_who_decides_no_cases_claims_none(review):
    chen = review.enter("chen")
    token = re.search(r'name="csrf" value="([^"]+)"', chen.open("/cases").text)[1]
    for path in ("/cases/start", f"/cases/{PERIOD}/{simple(review)}/skip"):
        assert chen.client.post(path, data={"csrf": token}).status_code == 403
    assert not claims.read(review.house.stores, PERIOD)


def test_notes_and_flags_are_told_to_the_next(review):
    zhang, li = review.enter("zhang"), review.enter("li")
    case_id = simple(review)
    path = f"/cases/{PERIOD}/{case_id}"
    zhang.send(zhang.open(path), "/note", words="学校说是转学")
    zhang.send(zhang.open(path), "/flag", words="请主管看")
    page = li.open(path)
    assert "学校说是转学" in page.text
    assert "请主管看" in page.text
    assert str(case_id) in li.open("/cases?state=flagged").text


def test_a_case_of_several_questions_is_one_verdict(review):
    zhang = review.enter("zhang")
    line = next(line for line in review.shown.book.lines if line.clusters == 3 and "429006" in line.counties)
    page = zhang.open(f"/cases/{PERIOD}/{line.case_id}")
    asked = 0
    while page.status_code == 200:
        page = zhang.send(page, "/answer", answer="DIFFERENT")
        asked += 1
    assert page.status_code == 303
    assert asked >= 2
    assert len(verdicts.of_case(review.house.stores, PERIOD, line.case_id)) == 1


def test_the_empty_queue_is_empty(review):
    zhang = review.enter("zhang")
    page = zhang.start()
    answered = 0
    while 'action="' in page.text and "/answer" in page.text:
        sent = zhang.send(page, "/answer", answer="DIFFERENT")
        page = sent if sent.status_code == 200 else zhang.open(sent.headers["location"])
        answered += 1
        assert answered < 300
    listed = zhang.open("/cases")
    assert "没有待核案例" in listed.text
    assert re.search(r"待核 <b>0</b>", listed.text)


@pytest.mark.parametrize("path", ["/cases", "/second", f"/cases/{PERIOD}/{{case}}", "/cases?state=closed&order=score"])
def test_each_page_speaks_both_languages(review, path):
    li = review.enter("li")
    path = path.format(case=simple(review))
    chinese = li.open(path)
    changed = li.send(chinese, "/language")
    assert changed.headers["location"].startswith(path.split("?")[0])
    english = li.open(path)
    assert '<html lang="en">' in english.text
    assert '<html lang="zh-CN">' in chinese.text
    assert english.text != chinese.text


def test_logging_in_gives_a_token_of_its_own_and_ends_the_one_before(review):
    zhang = review.enter("zhang")
    before = zhang.client.cookies["session"]
    page = zhang.open("/login")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    given = {"username": "wang", "password": PASSWORD, "csrf": token}
    assert zhang.client.post("/login", data=given).status_code == 303
    assert zhang.client.cookies["session"] != before
    stranger = TestClient(review.app, base_url="http://review", follow_redirects=False, cookies={"session": before})
    assert stranger.get("/cases").headers["location"].startswith("/login")
    planted = TestClient(review.app, base_url="http://review", follow_redirects=False, cookies={"session": "a" * 43})
    done = planted.post("/login", data={"username": "zhang", "password": PASSWORD})
    assert "session=" + "a" * 43 not in done.headers["set-cookie"]


def test_after_unlocking_one_is_where_one_was(review):
    zhang = review.enter("zhang")
    page = zhang.open("/search")
    with writing(review.house.stores) as connection:
        connection.execute(session.update().values(is_locked=True))
    to = f"/unlock?back={quote('/cases?age=week')}"
    assert zhang.open("/cases?age=week").headers["location"] == to
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    sent = zhang.client.post("/search", data={"csrf": token}, headers={"referer": "http://review/cases?age=week"})
    assert sent.headers["location"] == to
    unlocked = zhang.send(zhang.open(to), "/unlock", password=PASSWORD)
    assert unlocked.headers["location"] == "/cases?age=week"


def test_a_forms_address_opened_anew_leads_to_its_page(review):
    zhang, case_id = review.enter("zhang"), simple(review)
    for path, to in ((f"/cases/{PERIOD}/{case_id}/reveal", f"/cases/{PERIOD}/{case_id}"), ("/cases/start", "/cases")):
        assert zhang.open(path).headers["location"] == to
    assert zhang.client.post("/handbook").status_code == 405


def test_who_finds_every_case_taken_is_told_so(review):
    zhang, wang = review.enter("zhang"), review.enter("wang")
    wanted = "age=week"
    by = accounts.get(review.house.stores, "wang").actor
    for line in review.shown.queue.lines(by, Filters()):
        claims.take(review.house.stores, by, PERIOD, line.case_id)
    started = zhang.send(zhang.open(f"/cases?{wanted}"), "/start")
    assert started.headers["location"] == f"/cases?{wanted}&said=busy"
    assert "正由他人核查" in zhang.open(started.headers["location"]).text
    assert f"/cases/{PERIOD}/" in wang.send(wang.open("/cases"), "/start").headers["location"]


def test_an_address_outside_is_no_place_to_go_back_to(review):
    client = TestClient(review.app, base_url="http://review", follow_redirects=False)
    for back in ("https://elsewhere/", "//elsewhere/", "/\\elsewhere"):
        done = client.post("/login", data={"username": "zhang", "password": PASSWORD, "back": back})
        assert done.status_code == 303
        assert done.headers["location"] == "/"
        client.cookies.clear()


def test_what_goes_wrong_is_told_without_anybodys_words(review, monkeypatch, caplog):
    zhang = review.enter("zhang")
    path = f"/cases/{PERIOD}/{simple(review)}"

    def fail(*_):
        raise ValueError("王小明 13812345678")

    monkeypatch.setattr("stewardship.pages.opened.shown_children", fail)
    page = zhang.open(path)
    assert page.status_code == 500
    assert "此页未能显示" in page.text
    assert "王小明" not in page.text + caplog.text
    assert "ValueError at pages/case.py" in caplog.text


def test_a_release_of_an_earlier_version_is_said_to_be_one(review):
    zhang = review.enter("zhang")
    file = next((review.house.home.published.resolve()).glob("20*.duckdb"))
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        con.execute("drop table care.key_care")
    page = zhang.open("/cases")
    assert page.status_code == 503
    assert "重新运行" in page.text
