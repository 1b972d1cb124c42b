"""The invented county: deliveries as the departments make them, with their faults, and the truth beside them."""

from connectors.sample.generate import PeriodSummary, SampleSummary, write
from connectors.sample.rates import DEFAULT, KINDS, FaultRates

__all__ = ["DEFAULT", "KINDS", "FaultRates", "PeriodSummary", "SampleSummary", "write"]
