"""One's own password, codes and sessions; a password that an administrator set is changed before all else."""

import time

import pyotp
import pytest

from stewardship.access import passwords, policy, second_factor
from tests.stewardship.conftest import PASSWORD
from warehouse.stores import accounts, audit, sessions
from warehouse.stores.actors import Actor

NEW = "another-Horse-77"


def change(clerk, password=PASSWORD, new=NEW, again=NEW):
    return clerk.send(clerk.open("/account/password"), "/account/password", password=password, new=new, again=again)


@pytest.fixture
def first_day(review):
    """An administrator has set zhang's password anew."""
    hashed = passwords.hashed(PASSWORD, "zhang")
    accounts.set_password(review.house.stores, Actor("os:tests"), "zhang", hashed, must_change=True)


def test_a_password_that_somebody_else_set_is_changed_before_all_else(review, first_day):
    zhang = review.enter("zhang")
    for path in ("/", "/cases", "/search", "/account", "/handbook"):
        assert zhang.open(path).headers["location"] == "/account/password"
    assert "请先更改" in zhang.open("/account/password").text
    assert change(zhang).headers["location"] == "/account?said=password"
    assert zhang.open("/cases").status_code == 200
    review.house.stores.dispose()
    assert not accounts.must_change_password(review.house.stores, "zhang")


def test_nothing_else_is_served_before(review, first_day):
    who = review.enter("zhang")
    unchanged = {name for name, route in policy.routes().items() if route.unchanged or route.to == "everyone"}
    assert unchanged == {"static", "login", "logout", "language", "unlock", "own_password"}
    page = who.open("/account/password")
    csrf = who.form(page, "/account/password")[1]["csrf"]
    sent = who.client.post("/cases/start", data={"csrf": csrf})
    assert sent.headers["location"] == "/account/password"


def test_changing_ends_the_sessions_elsewhere_and_is_in_the_audit(review):
    here, elsewhere = review.enter("zhang"), review.enter("zhang")
    change(here)
    assert here.open("/cases").status_code == 200
    assert elsewhere.open("/cases").headers["location"].startswith("/login")
    (row,) = audit.read(review.house.stores, act="password set", actor="zhang")
    assert row.subject == "account zhang"
    with pytest.raises(AssertionError):
        review.enter("zhang")  # with the password of before


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"password": "wrong"}, 401, "现口令不正确"),
        ({"new": "short", "again": "short"}, 422, "至少"),
        ({"new": "zhang-zhang-1", "again": "zhang-zhang-1"}, 422, "用户名"),
        ({"again": "another-Horse-78"}, 422, "两次输入"),
        ({"new": PASSWORD, "again": PASSWORD}, 422, "与现口令相同"),
    ],
)
def test_a_password_that_cannot_be_is_refused_and_none_is_shown(review, given, status, said):
    zhang = review.enter("zhang")
    refused = change(zhang, **given)
    assert refused.status_code == status
    assert said in refused.text
    assert not [each for each in (PASSWORD, NEW, *given.values()) if f'value="{each}"' in refused.text]
    assert not audit.read(review.house.stores, act="password set", actor="zhang")


def test_who_guesses_the_present_password_has_to_wait(review):
    zhang = review.enter("zhang")
    for _ in range(5):
        assert change(zhang, password="guess").status_code == 401
    assert change(zhang).status_code == 401
    assert change(zhang).status_code == 401


def test_sessions_are_listed_and_the_others_ended(review):
    here, elsewhere = review.enter("zhang"), review.enter("zhang")
    page = here.open("/account")
    assert page.text.count("使用中") == 1
    assert page.text.count("本次") == 1
    assert here.send(page, "/account/sessions/end").headers["location"] == "/account?said=ended"
    assert len(sessions.running(review.house.stores, "zhang")) == 1
    assert elsewhere.open("/cases").headers["location"].startswith("/login")
    assert here.open("/cases").status_code == 200


def test_codes_are_handed_out_anew_to_who_holds_the_present_ones(review):
    stores, key = review.house.stores, review.app.state.site.key
    yun = review.enter("yun")
    before = accounts.second_factor_serial(stores, "yun")
    refused = yun.send(yun.open("/account"), "/account/codes", password=PASSWORD, code="000000")
    assert refused.status_code == 401
    assert accounts.second_factor_serial(stores, "yun") == before
    # the code of this half minute was used at the door
    totp = pyotp.TOTP(second_factor.hand_out(stores, Actor("os:tests"), key, "yun").secret)
    given = yun.send(yun.open("/account"), "/account/codes", password=PASSWORD, code=totp.at(int(time.time()) + 30))
    assert given.status_code == 200
    assert "otpauth://" in given.text
    assert accounts.second_factor_serial(stores, "yun") != before
    assert "otpauth://" not in yun.open("/account").text


def test_who_needs_no_codes_is_handed_none(review):
    zhang = review.enter("zhang")
    page = zhang.open("/account")
    assert "/account/codes" not in page.text
    csrf = zhang.form(page, "/language")[1]["csrf"]
    given = {"csrf": csrf, "password": PASSWORD, "code": "1"}
    assert zhang.client.post("/account/codes", data=given).status_code == 404


@pytest.mark.parametrize("path", ["/account", "/account/password"])
def test_pages_of_the_account_in_both_languages(review, path):
    zhang = review.enter("zhang")
    chinese = zhang.open(path)
    zhang.send(chinese, "/language")
    english = zhang.open(path)
    assert chinese.status_code == english.status_code == 200
    assert english.text != chinese.text
