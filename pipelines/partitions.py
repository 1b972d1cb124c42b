"""Half-years as Dagster partitions.

The keys are ours (``2026H1``), so they are static: Dagster's time windows can't spell a half-year.
"""

import dagster as dg

FIRST_YEAR, LAST_YEAR = 2015, 2049

half_years = dg.StaticPartitionsDefinition(
    [f"{year}H{half}" for year in range(FIRST_YEAR, LAST_YEAR + 1) for half in (1, 2)]
)
