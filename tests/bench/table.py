"""What a measurement is, and how the measurements of one run are printed and kept."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Literal

HEADINGS = ("what", "median", "from", "to", "peer or floor", "its median", "ratio", "target", "met")


@dataclass(frozen=True)
class Row:
    """One line of the table: our values of one run and, where there is a peer, the peer's.

    `values` and `peers` are in `unit`, one of each round, taken in turns so that both meet the
    same machine. The target bounds the ratio of the two medians, or the median where no peer is
    named: it is the most that is allowed, or the least.
    """

    part: str
    what: str
    unit: str
    values: Sequence[float]
    target: float | None = None
    peer: str = ""
    peers: Sequence[float] = field(default_factory=tuple)
    bound: Literal["most", "least"] = "most"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def ratio(self) -> float | None:
        return self.median / statistics.median(self.peers) if self.peers else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        reached = self.median if self.ratio is None else self.ratio
        return reached <= self.target if self.bound == "most" else reached >= self.target

    def cells(self) -> tuple[str, ...]:
        known = {True: "met", False: "missed", None: ""}
        numbers = (self.median, min(self.values), max(self.values))
        peer = statistics.median(self.peers) if self.peers else None
        return (
            f"{self.what}, {self.unit}".removesuffix(", "),
            *map(_plain, numbers),
            self.peer,
            *map(_plain, (peer, self.ratio, self.target)),
            known[self.met],
        )


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def text(rows: Sequence[Row]) -> str:
    """The table as Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def save(rows: Sequence[Row], path: Path) -> None:
    """Write the run as JSON: the machine, then each row with every value."""
    machine = {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "matplotlib", "mkdocs-material")},
    }
    found = [
        asdict(row) | {"median": row.median, "ratio": row.ratio, "met": row.met} for row in rows
    ]
    content = {"machine": machine, "rows": found}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
