"""Puts the law as in force on a date into the schema ``policy``, so that rules are joined and not programmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import pyarrow as pa

from policy import rule_tables, service_tables
from policy.catalogues import load as load_services
from policy.rules import Rules
from policy.rules import load as load_rules


def write_law(con: duckdb.DuckDBPyConnection, as_of: date, rules: Rules | None = None) -> dict[str, int]:
    """Replace the tables of ``policy`` by those in force on ``as_of``; return the rows of each.

    county, migrant_rule (one row a county, and 000000 for children of no known county), central_pair, transfer,
    succession, clause, evidence_source, age_band; service_county, service, service_need, service_requirement,
    service_question, service_verdict.
    """
    tables = dict(rule_tables.tables(rules or load_rules(), as_of))
    services = service_tables.tables(load_services(), as_of)
    tables |= services | {"clause": pa.concat_tables([tables["clause"], services["clause"]])}
    put_law(con, tables)
    return {name: table.num_rows for name, table in tables.items()}


def put_law(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    """Replace these tables of ``policy`` in the connection's catalog."""
    con.execute("create schema if not exists policy")
    for name, table in tables.items():
        con.register("arriving_law", table)
        con.execute(f"create or replace table policy.{name} as select * from arriving_law")
        con.unregister("arriving_law")
