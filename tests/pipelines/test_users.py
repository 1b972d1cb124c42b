"""``childindex users`` and ``childindex audit``."""

import io
import sqlite3
from types import SimpleNamespace

import pyotp
import pytest

from pipelines import cli
from stewardship.access import login
from warehouse.keys import access_key
from warehouse.stores.engine import open_stores

PASSWORD = "correct horse 9"


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run ``childindex`` on a site's home, with what is typed; gives its exit code and what it said."""
    monkeypatch.setenv("CHILDINDEX_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words, said=""):
        monkeypatch.setattr("sys.argv", ["childindex", *map(str, words), "--home", str(tmp_path / "var")])
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=told.out, stderr=told.err)

    assert call("init").returncode == 0
    return call


@pytest.fixture
def users(command):
    return lambda *words, said="": command("users", *words, said=said)


@pytest.fixture
def site(tmp_path, command):
    return tmp_path / "var"


def add(users, username, role, *more):
    return users(
        *("add", username, "--name", "李娜", "--role", role, "--county", "429006", "--reason", "new", *more),
        "--password-stdin",
        said=PASSWORD + "\n",
    )


def test_an_account_is_made_listed_changed_and_disabled(users):
    made = add(users, "li", "steward")
    assert made.returncode == 0, made.stderr
    assert PASSWORD not in made.stdout + made.stderr
    assert users("grant", "li", "--role", "approver", "--reason", "trusted").returncode == 0
    listed = users("list").stdout
    assert "approver, steward" in listed
    assert "有效 in force" in listed
    assert users("disable", "li", "--reason", "left").returncode == 0
    assert "停用 disabled" in users("list").stdout
    told = users("history", "li").stdout
    assert [reason in told for reason in ("new", "trusted", "left")] == [True] * 3


def test_who_is_made_gets_in(users, site):
    add(users, "li", "steward")
    out = add(users, "zhao", "auditor").stdout
    stores, key = open_stores(site / "stores"), access_key(site, print)
    assert login.log_in(stores, key, "li", PASSWORD).actor.roles == {"steward"}
    code = pyotp.parse_uri(out.split()[-1]).now()
    assert login.log_in(stores, key, "zhao", PASSWORD, code).actor.roles == {"auditor"}
    stores.dispose()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("system_admin", "--role", "auditor"), "each watches the others"),
        (("steward", "--county", "999999"), "expected division codes in force"),
        (("collector", "--organisation", "某社工站"), "needs an expiry"),
    ],
)
def test_an_account_that_may_not_be_is_refused_before_the_password(users, words, says):
    refused = add(users, "li", *words)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert "li" not in users("list").stdout.split()


def test_a_password_is_no_argument(users):
    refused = users("add", "li", "--password", PASSWORD)
    assert refused.returncode == 2


def test_a_role_that_would_watch_itself_is_not_granted(users):
    add(users, "zhao", "auditor")
    refused = users("grant", "zhao", "--role", "security_admin", "--reason", "short of people")
    assert (refused.returncode, "each watches the others" in refused.stderr) == (2, True)


class TestAudit:
    @pytest.fixture
    def acted(self, users):
        add(users, "li", "steward")
        users("grant", "li", "--role", "approver", "--reason", "trusted")

    def test_a_whole_audit_is_told_whole(self, acted, command, site):
        told = command("audit", "verify")
        assert told.returncode == 0, told.stderr
        assert "4 rows" in told.stdout  # added, password, changed, and this

    def test_an_edited_row_is_found(self, acted, command, site):
        with sqlite3.connect(site / "stores" / "operations.db") as database:
            database.execute("drop trigger audit_no_update")
            database.execute("update audit set actor = 'nobody' where sequence = 2")
        told = command("audit", "verify")
        assert told.returncode == 3
        assert "Row 2: its content is not what was written" in told.stderr

    def test_rows_cut_off_the_end_are_found_by_the_anchor(self, acted, command, site):
        with sqlite3.connect(site / "stores" / "operations.db") as database:
            database.execute("drop trigger audit_no_delete")
            database.execute("delete from audit where sequence > 1")
        told = command("audit", "verify")
        assert told.returncode == 3
        assert "an anchor knows it" in told.stderr

    def test_a_copy_holds_every_row(self, acted, command, tmp_path):
        out = tmp_path / "audit.csv"
        assert command("audit", "export", "--out", out).returncode == 0
        rows = out.read_text(encoding="utf-8").splitlines()
        assert rows[0].startswith("sequence,at,actor,act")
        assert [row.split(",")[3] for row in rows[1:]] == [
            *("account added", "password set", "account changed", "audit export")
        ]
        assert PASSWORD not in out.read_text(encoding="utf-8")


def test_an_account_is_made_once(users):
    add(users, "li", "steward")
    assert "The account exists" in add(users, "li", "steward").stderr


def test_names_of_nobody_are_refused(users):
    refused = users("disable", "nobody", "--reason", "why")
    assert (refused.returncode, "No such account" in refused.stderr) == (2, True)
