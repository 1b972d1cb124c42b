"""Accounts: who may be what, and what they were before."""

import threading
from datetime import date

import pytest

from tests.warehouse.stores.casework import CHEN, LI
from warehouse.stores import accounts, audit
from warehouse.stores.accounts import Account, AccountFault
from warehouse.stores.actors import Actor

ADMIN = Actor("os:root")


def add(stores, username="zhao", roles=("steward",), counties=("429006",), **more):
    return accounts.add(stores, ADMIN, Account(username, "赵敏", roles, counties, **more), "new here")


def test_an_account_is_as_it_was_last_changed(stores):
    add(stores)
    accounts.change(stores, CHEN, "zhao", "moved", counties=("429004", "429005"))
    found = accounts.get(stores, "zhao")
    assert (found.roles, found.counties, found.changed_by) == (("steward",), ("429004", "429005"), "chen")


def test_all_it_ever_was_is_kept(stores):
    add(stores)
    accounts.change(stores, CHEN, "zhao", "promoted", roles=("steward", "approver"))
    accounts.change(stores, CHEN, "zhao", "left", is_disabled=True)
    assert [(each.roles, each.is_disabled, each.reason) for each in accounts.history(stores, "zhao")] == [
        (("steward",), False, "new here"),
        (("approver", "steward"), False, "promoted"),
        (("approver", "steward"), True, "left"),
    ]
    acts = [(row.act, row.subject) for row in audit.read(stores)]
    assert acts == [("account changed", "account zhao")] * 2 + [("account added", "account zhao")]


def test_there_is_no_account_that_nobody_made(stores):
    assert accounts.read(stores) == []
    assert accounts.get(stores, "admin") is None


@pytest.mark.parametrize(
    "roles",
    [
        ("system_admin", "security_admin"),
        ("system_admin", "auditor"),
        ("security_admin", "auditor"),
        ("steward", "auditor", "system_admin"),
    ],
)
def test_no_account_watches_itself(stores, roles):
    with pytest.raises(AccountFault, match="each watches the others"):
        add(stores, roles=roles)
    add(stores, roles=roles[:1])
    with pytest.raises(AccountFault, match="each watches the others"):
        accounts.change(stores, CHEN, "zhao", "more", roles=roles)


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ("username", {"username": "Zhao"}),
        ("username", {"username": "1"}),
        ("username", {"username": "u13800138000"}),
        ("roles", {"roles": ("king",)}),
        ("roles", {"roles": ()}),
        ("counties", {"counties": ("999999",)}),
        ("counties", {"counties": ()}),
        ("expiry", {"roles": ("collector",), "organisation": "某社工站"}),
        ("expiry", {"roles": ("steward",), "organisation": "某社工站", "expires_on": date(2027, 1, 1)}),
    ],
)
def test_what_an_account_cannot_be(stores, fault, wrong):
    with pytest.raises(AccountFault, match=fault):
        add(stores, **wrong)
    assert accounts.read(stores) == []


def test_a_username_is_given_once_and_never_again(stores):
    add(stores)
    accounts.change(stores, CHEN, "zhao", "left", is_disabled=True)
    with pytest.raises(AccountFault, match="exists"):
        add(stores)


def test_nobody_changes_their_own(stores):
    add(stores, username="li")
    with pytest.raises(AccountFault, match="their own"):
        accounts.change(stores, LI, "li", "I deserve it", roles=("approver",))


def test_two_changes_at_once_are_both_kept(stores):
    add(stores)
    start = threading.Barrier(2)

    def change(**changed):
        start.wait()
        accounts.change(stores, CHEN, "zhao", "both", **changed)

    threads = [
        threading.Thread(target=change, kwargs=changed)
        for changed in ({"counties": ("429004",)}, {"roles": ("approver",)})
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = accounts.get(stores, "zhao")
    assert (found.roles, found.counties) == (("approver",), ("429004",))


def test_one_that_is_not_there_is_not_changed(stores):
    with pytest.raises(AccountFault, match="No such account"):
        accounts.change(stores, CHEN, "nobody", "why", is_disabled=True)


def test_an_account_ends_on_its_day(stores):
    made = add(stores, roles=("collector",), organisation="某社工站", expires_on=date(2027, 1, 1))
    assert made.is_in_force(date(2026, 12, 31))
    assert not made.is_in_force(date(2027, 1, 1))
    assert made.actor.is_entrusted


def test_the_newest_password_holds(stores):
    add(stores)
    assert accounts.password_hash(stores, "zhao") is None
    for hashed in ("one", "two"):
        accounts.set_password(stores, ADMIN, "zhao", hashed)
    assert accounts.password_hash(stores, "zhao") == "two"
    assert "two" not in str(audit.read(stores))


@pytest.mark.parametrize(("roles", "needs"), [(("steward",), False), (("steward", "operator"), True)])
def test_privileged_roles_need_a_second_factor(stores, roles, needs):
    assert add(stores, roles=roles).needs_second_factor is needs
