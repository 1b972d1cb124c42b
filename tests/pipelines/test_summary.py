"""What a run tells at its end."""

from io import StringIO

from rich.console import Console

from connectors import specs
from pipelines.summary import FeedCount, deliveries


def test_deliveries_of_a_large_county_are_told_whole_in_eighty_columns():
    tables = [
        FeedCount(spec.feed, spec.table, "landed", 1_234_567, 1_234_567, 12_345, 1_234)
        for spec in specs.load().values()
    ]
    shown = StringIO()
    Console(file=shown, width=80).print(deliveries(tables))
    assert "…" not in shown.getvalue()
    assert shown.getvalue().count("landed") == len(tables) + 1  # and the heading
