"""What a measurement is, and how the measurements of one run are printed and kept."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

HEADINGS = ("what", "median", "spread", "peer or floor", "its median", "ratio", "target", "")


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
        sign = "≤" if self.bound == "most" else "≥"
        times = " ×" if self.peers else f" {self.unit}".rstrip()
        return (
            self.what,
            _with(self.median, self.unit),
            f"{_plain(min(self.values))} to {_plain(max(self.values))}",
            self.peer,
            _with(statistics.median(self.peers), self.unit) if self.peers else "",
            f"{self.ratio:.2f} ×" if self.ratio is not None else "",
            f"{sign} {_plain(self.target)}{times}" if self.target is not None else "",
            {True: "met", False: "missed", None: ""}[self.met],
        )

    def record(self) -> dict[str, Any]:
        """The row as it stands in bench.json."""
        return {
            "part": self.part,
            "what": self.what,
            "unit": self.unit,
            "values": list(self.values),
            "median": self.median,
            "peer": self.peer,
            "peers": list(self.peers),
            "ratio": self.ratio,
            "target": self.target,
            "bound": self.bound,
            "met": self.met,
        }


def _plain(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _with(value: float, unit: str) -> str:
    return f"{_plain(value)} {unit}".rstrip()


def text(rows: Sequence[Row]) -> str:
    """The table as Markdown, one line a row, its columns aligned."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[c]) for line in lines) for c in range(len(HEADINGS))]
    padded = [" | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in [padded[0], rule, *padded[1:]])


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "matplotlib", "mkdocs-material")},
    }


def save(rows: Sequence[Row], path: Path) -> None:
    """Write the run as JSON: the machine, then each row with every value."""
    content = {"machine": machine(), "rows": [row.record() for row in rows]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
