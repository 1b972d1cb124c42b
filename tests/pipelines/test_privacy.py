"""No person outside the restricted store: canaries are the county's own invented people."""

import shutil
import sqlite3

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def people(county) -> set[bytes]:
    """Numbers, phones and names of three characters and more of everybody that public security delivered."""
    found: set[str] = set()
    for database in county.rglob("public_security.db"):
        with sqlite3.connect(database) as connection:
            for columns, table in (
                ("GMSFHM, XM, MQSFHM, FQSFHM, MQXM, FQXM", "CZRK"),
                ("GMSFHM, XM, JHRSFHM, LXDH", "JZDJ"),
            ):
                for row in connection.execute(f"select {columns} from {table}"):
                    found |= {str(cell).strip() for cell in row if cell is not None}
    return {text.encode() for text in found if (len(text) >= 3 and not text.isascii()) or len(text) >= 11}


def _seen(people: set[bytes], content: bytes) -> int:
    return sum(canary in content for canary in people)


def test_nobody_is_in_dagsters_records_pages_manifests_stores_or_the_analysts_database(home, people):
    outside = [
        *(home / "dagster").rglob("*"),
        *(home / "validation").rglob("*"),
        *(home / "stores").rglob("*"),
        *(home / "published").resolve().glob("*.json"),
        (home / "published" / "analysts.duckdb").resolve(),
    ]
    files = [file for file in outside if file.is_file()]
    assert len(files) > 5
    found = {str(file.relative_to(home.resolve())): _seen(people, file.read_bytes()) for file in files}
    assert {file: seen for file, seen in found.items() if seen} == {}


def test_the_canaries_would_be_seen(home, people):
    restricted = (home / "published").resolve() / "2026H1.duckdb"
    assert _seen(people, restricted.read_bytes()) > 100


def test_a_run_that_fails_names_nobody(county, childindex, people, tmp_path):
    inbox = tmp_path / "inbox"
    shutil.copytree(county / "inbox", inbox)
    file = next((inbox / "2026H1" / "health").glob("*.csv"))
    file.write_bytes(file.read_bytes().replace("出生日期".encode(), "生日".encode(), 1))
    with sqlite3.connect(inbox / "2026H1" / "public_security" / "public_security.db") as connection:
        connection.execute("alter table CZRK rename column SSXQ to GMSFHM_2")
    about = ("--home", tmp_path / "home", "--inbox", inbox, "--jurisdiction", "429006", "--period", "2026H1")
    done = childindex("run", *about)
    assert done.returncode == 4
    assert _seen(people, (done.stdout + done.stderr).encode()) == 0
    for file in (tmp_path / "home" / "dagster").rglob("*"):
        if file.is_file():
            assert _seen(people, file.read_bytes()) == 0
