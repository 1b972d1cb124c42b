"""What an operator is told of the automatic links that people verified."""

import sqlalchemy as sa

from matching.cases.verification import load
from stewardship import verification

_STATES = {"open": "继续 go on", "passed": "合格 passed", "stop": "错误过多 TOO MANY WRONG"}


def told(stores: sa.Engine, period: str) -> list[str]:
    """One line a band of which people verified some links, and what to do where too many are wrong."""
    bands = [each for each in verification.bands(stores, period) if each.checked]
    lines = [
        f"自动关联抽查 links verified [{each.link_band}]: {each.checked} 条，错 wrong {each.wrong} "
        f"(至多 at most {each.at_most:.1%}): {_STATES[each.state]}"
        for each in bands
    ]
    if any(each.state == "stop" for each in bands):
        limit = load().limit
        lines.append(
            f"停 {period}: 自动关联错误率可能超过 {limit:.0%}，名单发布前请与主管核实，必要时 --retrain。 "
            f"Automatic links may be wrong in more than {limit:.0%}: let no list go out before the supervisor looked; "
            "consider --retrain."
        )
    return lines


def warnings(stores: sa.Engine, period: str) -> list[str]:
    """The same where something is wrong, nothing else."""
    return told(stores, period) if any(each.state == "stop" for each in verification.bands(stores, period)) else []
