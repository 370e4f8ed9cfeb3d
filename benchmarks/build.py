"""How long the build of the shipped study takes: cold, unchanged, and after one edited row.

Whole processes, set-up of the environment aside. The plain version that stands beside them is the same build with
``--force``, which makes every step again. Prints medians of several runs and the ratio to the plain version.
"""

from __future__ import annotations

import csv
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CASE = Path(__file__).resolve().parent.parent / "studies" / "pakistan-afghanistan-2021-2024"
RUNS = 5


def seconds(study: Path, *options: str) -> float:
    """Wall time of one build in a process of its own."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "marsad", "build", str(study), *options], check=True, capture_output=True)
    return time.perf_counter() - started


def cold(study: Path) -> float:
    """A build without a build folder."""
    shutil.rmtree(study / "build", ignore_errors=True)
    return seconds(study)


def edited(study: Path) -> float:
    """A build after one row of events.csv was edited."""
    path = study / "events.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row["killed"].isdigit())
    row["killed"] = str(int(row["killed"]) + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return seconds(study)


def main() -> None:
    """Time each case and print a table."""
    cases: dict[str, tuple[Callable[[Path], float], float | None]] = {
        "plain (--force)": (lambda study: seconds(study, "--force"), None),
        "cold": (cold, 20.0),
        "unchanged": (seconds, 1.5),
        "one row of events.csv edited": (edited, 5.0),
    }
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "case"
        shutil.copytree(CASE, study, ignore=shutil.ignore_patterns("build"))
        seconds(study)
        plain = 0.0
        print(f"{'build of the case':32}{'median s':>10}{'min':>8}{'max':>8}{'/ plain':>9}{'bar s':>8}")
        for name, (run, bar) in cases.items():
            times = [run(study) for _ in range(RUNS)]
            median = statistics.median(times)
            plain = plain or median
            shown = "" if bar is None else f"{bar:8.1f}"
            print(f"{name:32}{median:10.2f}{min(times):8.2f}{max(times):8.2f}{median / plain:9.2f}{shown}")


if __name__ == "__main__":
    main()
