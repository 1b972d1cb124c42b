"""The validation page of a period: what the gates and suites said, offline, figures only."""

from pathlib import Path

from pipelines import gates
from pipelines.monitoring_run import MonitoringRun
from policy.period import Period
from warehouse import specs


def write_page(run: MonitoringRun, period: Period) -> Path:
    """Write ``HOME/validation/<period>.html``; return its path."""
    from quality import validation_page

    out = run.home / "validation" / f"{period}.html"
    out.parent.mkdir(parents=True, exist_ok=True)
    links = run.summary.links if run.summary else ()
    setting = gates.setting(run, period)
    validation_page.render(run.validations, run.outcome, run.receipts, out, setting, specs.load(), links)
    return out
