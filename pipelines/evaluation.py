"""A published period of an invented county against its truth: links by `matching`, status by `warehouse`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from matching.accuracy import evaluate as links
from matching.accuracy.evaluate import Evaluation, Quality, Share
from pipelines.site import Site
from policy.period import Period
from warehouse import status_evaluation
from warehouse.status_evaluation import StatusFigures
from warehouse.store import Warehouse

Rows = list[tuple[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Links and status of one period."""

    period: str
    links: Evaluation
    status: StatusFigures
    confusion: list[tuple[str, str, int]]

    def to_json(self) -> str:
        """Everything, for programs."""
        status = asdict(self.status) | {"precision": self.status.precision, "recall": self.status.recall}
        f1 = {"pairs": self.links.pairs.f1, "clusters": self.links.clusters.f1, "exact": self.links.exact.f1}
        return json.dumps(
            {"period": self.period, "links": asdict(self.links), "f1": f1, "status": status}, ensure_ascii=False
        )

    def tables(self) -> dict[str, Rows]:
        """Titled rows of named cells, for people."""
        return {
            f"{self.period} 关联 links (配对 pairs)": [
                ("本系统 this index", _quality(self.links.pairs)),
                ("整个儿童 whole children", _quality(self.links.clusters)),
                ("精确匹配 exact matching", _quality(self.links.exact)),
            ],
            "误并 merged": [
                (
                    "儿童对 pairs of children",
                    {
                        "merged": f"{self.links.merged:,}",
                        "siblings": f"{self.links.siblings:,}",
                        "twins": f"{self.links.twins:,}",
                        "of children": f"{self.links.children:,}",
                    },
                )
            ],
            "流动状态 migrant flag": [
                (
                    "migrant",
                    {
                        "precision": f"{self.status.precision:.4f}",
                        "recall": f"{self.status.recall:.4f}",
                        "true": f"{self.status.true:,}",
                        "flagged": f"{self.status.flagged:,}",
                        "undetermined of true": f"{self.status.undetermined:,}",
                    },
                )
            ],
            "状态不符 statuses that differ (true → ours)": [
                (f"{true} → {ours}", {"children": f"{number:,}"})
                for true, ours, number in self.confusion
                if true != ours
            ][:8]
            or [("—", {"children": "0"})],
        }


def evaluate(home: Path, site: Site | None, period: Period, truth: Path) -> Figures:
    """Read the published period and the folder's ``links_`` and ``children_<period>.csv``."""
    links_file, children_file = (truth / f"{name}_{period}.csv" for name in ("links", "children"))
    with Warehouse(home, stores=site.stores_url if site else None) as warehouse:
        con = warehouse.read_published(period)
        try:
            linked = links.evaluate(con, links_file, children_file)
            status = status_evaluation.evaluate(con, links_file, children_file)
            return Figures(str(period), linked, status, status_evaluation.confusion(con))
        finally:
            con.close()


def _quality(of: Quality) -> dict[str, str]:
    return {"precision": _share(of.precision), "recall": _share(of.recall), "F1": f"{of.f1:.4f}"}


def _share(of: Share) -> str:
    return f"{of.value:.4f} [{of.low:.4f}–{of.high:.4f}]"
