"""The validation page of a period: what the gates and suites said, offline, figures only."""

from pathlib import Path

from pipelines import gates
from pipelines.monitoring_run import MonitoringRun
from policy.period import Period
from warehouse import specs


def write_page(run: MonitoringRun, period: Period) -> Path:
    """Write ``HOME/validation/<period>.html``; return its path.

    A run that goes on validates no deliveries: its page is one of its own, and theirs stays.
    """
    from quality import validation_page

    out = run.home / "validation" / f"{period}{'-after-decisions' if run.goes_on else ''}.html"
    out.parent.mkdir(parents=True, exist_ok=True)
    links = run.summary.links if run.summary else ()
    setting = gates.setting(run, period)
    validation_page.render(run.validations, run.outcome, run.receipts, out, setting, specs.load(), links)
    return out
