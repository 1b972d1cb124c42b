"""Where the pairs that the linkage misses or gets wrong come from: how far each came, and what stood against it.

python -m benchmarks.losses --home HOME --truth FOLDER --period 2026H1 [--top 30]

``truth/faults_<period>.csv``, which the sample writes when asked to ``tell_faults``, adds the faults behind each.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.judged import opened
from matching.accuracy.evaluate import Evaluation

_SHARED = (
    "case when linkable = 0 then 'not linkable' else concat_ws(' + ', case when by_number then 'number' end, case when"
    " by_name_and_birth then 'name and birth' end, case when by_name_and_guardian then 'name and guardian' end) end"
)
_SPLITS = "count(*) as splits, sum(pairs)::bigint as pairs, sum(linkable)::bigint as linkable"
_FAULTS = """
    select entry_id, list_sort(list(fault)) as faults
    from entry_fault
    where (name_faults + birth_faults > 0
        or "column" in ('证件号码', '身份证件号', 'GMSFHM', '身份证号', '残疾人证号', '学籍号', 'key'))
        and fault not in ('lower_case_x', 'full_width', 'hyphens_in_number', 'spaces_in_number', 'leading_quote')
    group by entry_id
"""
# title → query; $top bounds the long ones
_QUESTIONS = {
    "Missed pairs by how far the best pair between two parts of a child came": (
        f"select stage, coalesce(forbidden_by, '') as 'also forbids', {_SPLITS} from split group by all"
        " order by pairs desc"
    ),
    "Missed pairs by what the parts share": (
        f"select {_SHARED} as share, {_SPLITS} from split group by all order by pairs desc"
    ),
    "Missed pairs by stage and the tables of the best pair": (
        f"select stage, sources, {_SPLITS} from split group by all order by pairs desc limit $top"
    ),
    "Missed pairs by stage and the faults of name, birth date and number in the best pair": (
        f"with faulty as ({_FAULTS})"
        " select stage, list_aggregate(list_sort(coalesce(a.faults, []) || coalesce(b.faults, [])), 'string_agg', ' ')"
        f" as faults, {_SPLITS} from split left join faulty as a on a.entry_id = left_entry"
        " left join faulty as b on b.entry_id = right_entry group by all order by pairs desc limit $top"
    ),
    "Missed pairs by stage and the levels of the best pair": (
        f"select stage, levels, round(avg(score), 1) as score, {_SPLITS} from split group by all"
        " order by pairs desc limit $top"
    ),
    "Missed pairs of children who have a twin (a guardian and the birth date in common), and of others": (
        "with family as"
        " (select child, born_on, unnest(guardians) as guardian from entry_fact where born_on is not null),"
        " shared as (select born_on, guardian from family group by all having count(distinct child) between 2 and 4),"
        " twin as (select distinct child from family join shared using (born_on, guardian))"
        " select stage, twin.child is not null as 'has twin', "
        f"{_SPLITS} from split left join twin using (child) group by all order by pairs desc limit $top"
    ),
    "Wrong pairs by what joined the two children": (
        "select how, case when has_adult then 'an adult' when is_sibling and born_together then 'twins'"
        " when is_sibling then 'siblings' else 'strangers' end as who, count(*) as merges, sum(pairs)::bigint as pairs"
        " from merge group by all order by pairs desc"
    ),
    "Wrong pairs by the levels of the strongest link": (
        "select how, levels, round(avg(score), 1) as score, count(*) as merges, sum(pairs)::bigint as pairs from merge"
        " group by all order by pairs desc limit $top"
    ),
    "The queue by why it asks": (
        "select kind, guard, count(*) as pairs, count(distinct case_id) as cases,"
        " count(*) filter (is_same) as 'one child', count(*) filter (not is_same) as 'two children',"
        " round(avg(score), 1) as score from asked_pair group by all order by pairs desc"
    ),
}


def main() -> None:
    """Print the accounts of one published period."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--period", default="2026H1")
    parser.add_argument("--top", type=int, default=30, help="rows of the long tables")
    asked = parser.parse_args()
    with opened(asked.home, asked.truth, asked.period) as (con, found):
        print("\n".join(account(con, found, asked.top)))


def account(con: duckdb.DuckDBPyConnection, found: Evaluation, top: int) -> Iterator[str]:
    """Markdown lines: totals, then a table a question."""
    pairs = found.pairs
    missed, wrong = pairs.recall.of - pairs.recall.right, pairs.precision.of - pairs.precision.right
    yield f"F1 of pairs {pairs.f1:.5f}: {pairs.recall.of:,} true pairs, {missed:,} missed, {wrong:,} wrong."
    yield f"F1 by exact matching {found.exact.f1:.4f}. Rows of the truth that never landed: {found.unmatched:,}."
    for title, query in _QUESTIONS.items():
        asked = con.execute(query, {"top": top} if "$top" in query else None)
        rows = asked.fetchall()
        yield f"\n### {title}\n"
        yield from table([column[0] for column in asked.description or ()], rows)


def table(headings: list[str], rows: list[tuple[object, ...]]) -> Iterator[str]:
    """A Markdown table."""
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join("" if cell is None else str(cell) for cell in row) + " |"


if __name__ == "__main__":
    main()
