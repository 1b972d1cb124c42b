"""Department tables over SQL: SQLite files and a real PostgreSQL server."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import make_url

from connectors.database import shown
from tests import postgresql
from tests.connectors.deliveries import RESIDENCE, Landed, header, put_database, row, rows

NAMES = header(RESIDENCE)


def test_null_and_empty_are_both_null_and_rows_are_counted_from_one(tmp_path):
    table = [row(RESIDENCE, 0, phone=None), row(RESIDENCE, 1, phone="")]
    put_database(tmp_path, RESIDENCE, table)
    landed = Landed(tmp_path, RESIDENCE)
    assert landed.column("phone") == [None, None]
    assert landed.places() == [("public_security.db", 1), ("public_security.db", 2)]


def test_numbers_become_text_without_a_point(tmp_path):
    put_database(tmp_path, RESIDENCE, [row(RESIDENCE, 0, registration_no=7, sex=1, born_on=20150102.0)])
    landed = Landed(tmp_path, RESIDENCE)
    assert [landed.column(name) for name in ("key", "sex", "born_on")] == [["7"], ["1"], ["20150102"]]


def test_dates_that_are_none_are_no_reason_to_stop(tmp_path):
    path = put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 1))
    path.unlink()
    with sqlite3.connect(path) as con:
        con.execute(f"create table JZDJ ({', '.join(f'{n} date' for n in NAMES)})")
        con.execute(f"insert into JZDJ values ({', '.join('?' * len(NAMES))})", row(RESIDENCE, 0, born_on="20160230"))
    con.close()
    assert Landed(tmp_path, RESIDENCE).column("born_on") == ["20160230"]


def test_text_in_another_encoding_is_read_and_what_is_no_text_set_aside(tmp_path):
    table = [row(RESIDENCE, 0), row(RESIDENCE, 1, name="王安".encode("gb18030")), row(RESIDENCE, 2, name=b"\xff\xff")]
    put_database(tmp_path, RESIDENCE, table)
    landed = Landed(tmp_path, RESIDENCE)
    assert landed.receipt.rows_read == 3
    assert landed.column("name")[1] == "王安"
    assert [(number, reason) for _, number, reason, _, _ in landed.quarantine] == [(3, "undecodable")]


def test_a_view_will_do_and_case_is_no_matter(tmp_path):
    path = put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 2))
    with sqlite3.connect(path) as con:
        con.execute("alter table JZDJ rename to kept")
        con.execute("create view jzdj as select * from kept")
    con.close()
    assert Landed(tmp_path, RESIDENCE).receipt.rows_landed == 2


def test_the_departments_file_is_opened_to_read_only(tmp_path):
    path = put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 2))
    before = path.read_bytes()
    path.chmod(0o444)
    assert Landed(tmp_path, RESIDENCE).receipt.rows_landed == 2
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_table_that_is_not_there_is_told_with_those_that_are(tmp_path):
    path = put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 2))
    with sqlite3.connect(path) as con:
        con.execute("alter table JZDJ rename to JZDJ_2026")
    con.close()
    receipt = Landed(tmp_path, RESIDENCE).receipt
    assert receipt.status == "refused"
    assert "JZDJ_2026" in receipt.message
    assert "public_security.db" in receipt.message_zh


@pytest.mark.parametrize("damage", ["text", "half", "page"])
def test_a_damaged_database_is_refused(tmp_path, damage):
    path = put_database(tmp_path, RESIDENCE, rows(RESIDENCE, 500))
    whole = path.read_bytes()
    torn = {
        "text": b"no database at all, just text" * 100,
        "half": whole[: len(whole) // 2],
        "page": whole[:8192] + b"\xff" * 40960 + whole[49152:],
    }
    path.write_bytes(torn[damage])
    receipt = Landed(tmp_path, RESIDENCE).receipt
    assert receipt.status == "refused"
    assert "can't be read" in receipt.message


def test_a_missing_column_names_the_table(tmp_path):
    put_database(tmp_path, RESIDENCE, [cells[1:] for cells in rows(RESIDENCE, 2)], NAMES[1:])
    assert "registration_no" in Landed(tmp_path, RESIDENCE).receipt.message


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://clerk:s3cret@127.0.0.1:1/police",
        "postgresql+psycopg://clerk@127.0.0.1:1/police?password=s3cret",
        "oracle+oracledb://clerk:s3cret@127.0.0.1:1/police",
        "nonsense s3cret",
        "no+driver://clerk:s3cret@host/police",
    ],
)
def test_a_password_is_in_no_message(tmp_path, url):
    receipt = Landed(tmp_path, RESIDENCE, url=url).receipt
    assert receipt.status == "refused"
    assert "s3cret" not in f"{receipt.message}{receipt.message_zh}{receipt.warnings}"
    assert "clerk" not in f"{receipt.message}{receipt.message_zh}"


def test_a_shown_url_says_where_and_not_who():
    assert shown(make_url("mysql+pymysql://u:p@host:3306/db?ssl_key=k")) == "mysql+pymysql://host:3306/db"


@pytest.fixture(scope="module")
def server():
    if postgresql.binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed on CI: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="module")
def million(server):
    """A server with a million rows in JZDJ."""
    _create(server, 1_000_000)
    return server


def _create(url, count):
    columns = ", ".join(f"{name.lower()} text" for name in NAMES)
    values = ", ".join(
        {
            "DJBH": "'D' || n",
            "XM": "'王' || chr(19968 + n % 2000)",
            "XBDM": "(1 + n % 2)::text",
            "CSRQ": "to_char(date '2010-01-01' + n % 4000, 'YYYYMMDD')",
            "GMSFHM": "'4290062015' || lpad((n % 100000000)::text, 8, '0')",
            "HJDXZQH": "'429006'",
            "JZDXZQH": "'110105'",
            "JZKSRQ": "'20200101'",
            "LXDH": "'139' || lpad(n::text, 8, '0')",
        }.get(name, "null")
        for name in NAMES
    )
    postgresql.execute(
        url,
        "drop table if exists jzdj",
        f"create table jzdj ({columns})",
        f"insert into jzdj select {values} from generate_series(1, {count}) as n",
    )


@pytest.mark.postgresql
def test_a_server_is_read_with_its_types_as_text(tmp_path, server):
    columns = [f"{name.lower()} text" for name in NAMES]
    columns[NAMES.index("CSRQ")] = "csrq date"
    columns[NAMES.index("XBDM")] = "xbdm integer"
    columns[NAMES.index("DJBH")] = "djbh numeric(12, 0)"
    postgresql.execute(
        server,
        "drop table if exists jzdj",
        f"create table jzdj ({', '.join(columns)}, bz text)",
        "insert into jzdj (djbh, xm, xbdm, csrq, bz) values (17, '王安', 1, '2016-02-03', '说明')",
        "insert into jzdj (djbh, xm) values (18, '')",
    )
    landed = Landed(tmp_path, RESIDENCE, url=server)
    assert landed.receipt.rows_landed == 2
    assert landed.column("key") == ["17", "18"]
    assert landed.column("born_on") == ["2016-02-03", None]
    assert landed.column("extra") == ['{"bz":"说明"}', None]
    assert landed.places() == [("postgres.JZDJ", 1), ("postgres.JZDJ", 2)]


@pytest.mark.postgresql
def test_a_wrong_password_and_an_unknown_table_are_told_without_the_password(tmp_path, server):
    secret = make_url(server).password
    postgresql.execute(server, "drop table if exists jzdj")
    for url in (server, server.replace(secret, "wr0ng")):
        receipt = Landed(tmp_path, RESIDENCE, url=url).receipt
        assert receipt.status == "refused"
        assert secret not in receipt.message + receipt.message_zh
        assert "wr0ng" not in receipt.message + receipt.message_zh


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_million_rows_stream_without_being_held(million):
    script = Path(__file__).with_name("streamed.py")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, str(script), million], check=True, capture_output=True, text=True, env=environment
    )
    count, megabytes = map(int, done.stdout.split())
    assert count == 1_000_000
    assert megabytes < 150


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_million_rows_land_within_the_databases_memory_limit(tmp_path, million):
    con = duckdb.connect(str(tmp_path / "house.duckdb"), config={"memory_limit": "600MB", "threads": "2"})
    landed = Landed(tmp_path, RESIDENCE, con=con, url=million)
    assert landed.receipt.rows_landed == 1_000_000
