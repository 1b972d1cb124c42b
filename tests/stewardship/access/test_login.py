"""The door: who gets in, who waits, and when a session locks or ends."""

import threading
from datetime import timedelta
from statistics import median
from time import process_time

import pytest
from argon2 import PasswordHasher

from stewardship.access import limits, login, passwords
from stewardship.access.login import LoginRefused
from tests.stewardship.access.people import KEY, MACHINE, PASSWORD, add, enter
from warehouse.stores import accounts, audit, sessions
from warehouse.stores.engine import now

ALLOWED = limits.load().failures_allowed


@pytest.fixture(autouse=True, scope="module")
def _quick_hashes():
    """Hashes that take no time; which parameters are used in earnest, test_passwords says."""
    patch = pytest.MonkeyPatch()
    passwords._nobodys.cache_clear()
    patch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()
    passwords._nobodys.cache_clear()


@pytest.fixture
def later(monkeypatch):
    """Let time pass for the door and its sessions."""

    def pass_by(**time):
        for module in (login, sessions):
            monkeypatch.setattr(module, "now", lambda: now() + timedelta(**time))

    return pass_by


def fail(stores, times, username="li"):
    for _ in range(times):
        with pytest.raises(LoginRefused):
            enter(stores, username, "wrong password")


def test_the_right_password_begins_a_session(stores):
    add(stores)
    entered = enter(stores)
    found = login.current(stores, entered.token)
    assert (found.actor.username, found.actor.roles, found.session.is_locked) == ("li", frozenset({"steward"}), False)
    assert [(row.actor, row.act) for row in audit.read(stores, actor="li")] == [("li", "login")]


def test_the_store_knows_no_token(stores):
    add(stores)
    entered = enter(stores)
    assert entered.token not in str(sessions.find(stores, entered.session.token_hash))
    assert login.current(stores, entered.session.token_hash) is None


@pytest.mark.parametrize("token", [None, "", "guess"])
def test_a_token_that_is_none_is_nobody(stores, token):
    assert login.current(stores, token) is None


def test_every_refusal_has_the_same_words(stores):
    add(stores)
    add(stores, "zhao", ("auditor",))
    add(stores, "wang")
    accounts.change(stores, MACHINE, "wang", "left", is_disabled=True)
    said = set()
    for username, password in (("li", "wrong"), ("nobody", PASSWORD), ("zhao", PASSWORD), ("wang", PASSWORD)):
        with pytest.raises(LoginRefused) as refused:
            enter(stores, username, password)
        said.add(str(refused.value))
    fail(stores, ALLOWED)
    with pytest.raises(LoginRefused) as refused:
        enter(stores)
    assert said == {str(refused.value)}


def test_a_name_that_nobody_has_is_refused_as_slowly_as_a_wrong_password(stores, monkeypatch):
    monkeypatch.setattr(login, "waits_until", lambda _: None)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher)  # as slow as in earnest
    passwords._nobodys.cache_clear()
    add(stores)
    seconds = {"li": [], "nobody": []}
    for _ in range(5):  # the first makes the hash that nobody's password is compared with
        for username, taken in seconds.items():
            began = process_time()
            with pytest.raises(LoginRefused):
                enter(stores, username, "wrong-horse-9")
            taken.append(process_time() - began)
    passwords._nobodys.cache_clear()
    known, unknown = (median(taken) for taken in seconds.values())
    assert 0.6 < known / unknown < 1.7


def test_a_failed_login_is_audited_without_what_was_typed(stores):
    add(stores)
    with pytest.raises(LoginRefused):
        enter(stores, "My-Password-1", "x")
    (row,) = audit.read(stores, act="login refused")
    assert (row.actor, row.detail) == ("-", '{"why":"wrong name or password"}')
    assert "My-Password-1" not in str(row)


class TestLockOut:
    def test_after_some_failures_even_the_right_password_waits(self, stores, later):
        add(stores)
        fail(stores, ALLOWED)
        with pytest.raises(LoginRefused):
            enter(stores)
        later(seconds=limits.load().first_wait_seconds + 1)
        assert enter(stores).actor.username == "li"

    def test_a_success_forgets_the_failures(self, stores):
        add(stores)
        fail(stores, ALLOWED - 1)
        enter(stores)
        fail(stores, ALLOWED - 1)
        enter(stores)

    def test_waiting_longer_with_each_failure_up_to_a_bound(self):
        bounds, at = limits.load(), now()
        waits = [login.waits_until(sessions.Failures(ALLOWED + more, at)) - at for more in (0, 1, 2, 60)]
        first = timedelta(seconds=bounds.first_wait_seconds)
        assert waits == [first, 2 * first, 4 * first, timedelta(minutes=bounds.longest_wait_minutes)]
        assert login.waits_until(sessions.Failures(ALLOWED - 1, at)) is None

    def test_others_are_not_kept_waiting(self, stores):
        add(stores)
        add(stores, "wang")
        fail(stores, ALLOWED)
        assert enter(stores, "wang").actor.username == "wang"

    def test_a_name_that_nobody_has_waits_too(self, stores):
        fail(stores, ALLOWED + 1, "nobody")
        assert audit.read(stores, act="login refused")[0].detail == '{"why":"has to wait"}'

    def test_many_at_once_are_counted(self, stores):
        add(stores)
        threads = [threading.Thread(target=lambda: fail(stores, 1)) for _ in range(3 * ALLOWED)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        why = [row.detail for row in audit.read(stores, act="login refused")]
        assert sum("wrong name" in each for each in why) == ALLOWED


class TestSecondFactor:
    def test_a_privileged_role_needs_its_code(self, stores):
        codes = add(stores, "zhao", ("auditor",))
        with pytest.raises(LoginRefused):
            enter(stores, "zhao")
        with pytest.raises(LoginRefused):
            enter(stores, "zhao", code="000000" if codes.now() != "000000" else "111111")
        assert enter(stores, "zhao", code=codes.now()).actor.username == "zhao"

    def test_a_code_is_good_once(self, stores):
        codes = add(stores, "zhao", ("auditor",))
        code = codes.now()
        enter(stores, "zhao", code=code)
        with pytest.raises(LoginRefused):
            enter(stores, "zhao", code=code)

    def test_none_handed_out_is_no_way_in(self, stores):
        add(stores)
        accounts.change(stores, MACHINE, "li", "promoted", roles=("operator",))
        with pytest.raises(LoginRefused):
            enter(stores)


class TestSession:
    def test_idle_for_too_long_it_locks_and_the_password_opens_it(self, stores, later):
        add(stores)
        entered = enter(stores)
        later(minutes=limits.load().idle_minutes + 1)
        locked = login.current(stores, entered.token)
        assert locked.session.is_locked
        later(minutes=limits.load().idle_minutes + 2)
        assert login.current(stores, entered.token).session.is_locked
        with pytest.raises(LoginRefused):
            login.unlock(stores, KEY, locked, "wrong password")
        assert not login.unlock(stores, KEY, locked, PASSWORD).session.is_locked
        assert not login.current(stores, entered.token).session.is_locked

    def test_in_use_it_stays_open(self, stores, later):
        add(stores)
        entered = enter(stores)
        for minutes in range(10, 100, 10):
            later(minutes=minutes)
            assert not login.current(stores, entered.token).session.is_locked

    def test_it_ends_after_its_longest_time(self, stores, later):
        add(stores)
        entered = enter(stores)
        later(hours=limits.load().session_hours)
        assert login.current(stores, entered.token) is None
        assert audit.read(stores, act="session ended")[0].detail == '{"why":"longest time"}'

    def test_logged_out_it_is_over(self, stores):
        add(stores)
        entered = enter(stores)
        login.log_out(stores, entered)
        login.log_out(stores, entered)
        assert login.current(stores, entered.token) is None
        assert len(audit.read(stores, act="session ended")) == 1

    def test_a_locked_session_that_ended_is_not_unlocked(self, stores):
        add(stores)
        entered = enter(stores)
        login.log_out(stores, entered)
        with pytest.raises(LoginRefused):
            login.unlock(stores, KEY, entered, PASSWORD)

    def test_a_role_taken_away_is_gone_at_the_next_request(self, stores):
        add(stores, roles=("steward", "approver"))
        entered = enter(stores)
        accounts.change(stores, MACHINE, "li", "no longer", roles=("steward",))
        assert login.current(stores, entered.token).actor.roles == {"steward"}

    def test_a_disabled_account_is_out_at_the_next_request(self, stores):
        add(stores)
        entered = enter(stores)
        accounts.change(stores, MACHINE, "li", "left", is_disabled=True)
        assert login.current(stores, entered.token) is None

    def test_all_sessions_of_a_user_end_together(self, stores):
        add(stores)
        both = [enter(stores), enter(stores)]
        assert sessions.end_all(stores, "os:clerk", "li") == 2
        assert [login.current(stores, each.token) for each in both] == [None, None]

    def test_a_form_is_ours_by_its_token(self, stores):
        add(stores)
        one, other = enter(stores), enter(stores)
        assert one.sent_by_us(one.csrf_token)
        assert not one.sent_by_us(other.csrf_token)
        assert not one.sent_by_us("")
        assert one.token not in one.csrf_token
