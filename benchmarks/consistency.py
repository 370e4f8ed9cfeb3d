"""How long the check of the evidence takes: reports of one event, figures of one country, and many small events.

The plain version that stands beside the reports of one event compares the same dates and tolls in all pairs of reports.
It is timed on a sample of pairs and reckoned for all of them. Prints medians of several runs and the ratio to the plain
version.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import combinations, islice

from marsad.claims import check_consistency
from marsad.claims.consistency.compare import weigh_dates, weigh_quantities
from marsad.model import Evidence, Kind, Statement

RUNS = 3
SAMPLE = 200_000
SIZES = (1_000, 10_000)


def row(sort: Kind, subject: str, number: int, **fields: str) -> list[Statement]:
    """The statements of one report, in one of a hundred documents."""
    about = {"kind": sort, "subject": subject, "record": f"r{number}", "source": f"source-{number % 100}"}
    return [Statement.model_validate(about | {"property": name, "value": value}) for name, value in fields.items()]


def reports(number: int, *, events: int = 1) -> Evidence:
    """Reports of events that differ in day and toll."""
    rows = [
        row(
            Kind.EVENT,
            f"event-{index % events}",
            index,
            kind="bombing",
            date=f"2023-01-{index * 17 % 28 + 1:02d}",
            killed=f"{index * 7919 % 401}",
        )
        for index in range(number)
    ]
    return Evidence.assemble((found for each in rows for found in each), {})


def figures(number: int) -> Evidence:
    """Monthly counts of one country by several counters."""
    rows = [
        row(
            Kind.FIGURE,
            f"figure-{index}",
            index,
            measure="attacks",
            unit="count",
            definition=f"attacks, way {index % 7}",
            area="north",
            period=f"{2000 + index % 24}" if index % 13 == 0 else f"{2000 + index % 24}-{index * 17 % 12 + 1:02d}",
            value=f"{index * 7919 % 401}",
        )
        for index in range(number)
    ]
    return Evidence.assemble((found for each in rows for found in each), {})


def all_pairs(evidence: Evidence) -> float:
    """Seconds for the dates and tolls of all pairs of reports, reckoned from a sample of pairs."""
    total = len(evidence.events) * (len(evidence.events) - 1) // 2
    started = time.perf_counter()
    for one, other in islice(combinations(evidence.events, 2), SAMPLE):
        if one.date and other.date and one.killed and other.killed:
            weigh_dates(one.date, other.date)
            weigh_quantities(one.killed, other.killed)
    return (time.perf_counter() - started) * total / min(total, SAMPLE)


def seconds(evidence: Evidence) -> float:
    """Median wall time of the whole check."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        check_consistency(evidence)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Time each case and print a table."""
    cases: dict[str, Callable[[int], Evidence]] = {
        "reports of one event": reports,
        "reports, three of each event": lambda number: reports(number, events=number // 3),
        "figures": figures,
    }
    print(f"{'consistency of':32}{'number':>8}{'median s':>10}{'plain s':>10}{'/ plain':>9}")
    for name, case in cases.items():
        for number in SIZES:
            evidence = case(number)
            took = seconds(evidence)
            plain = all_pairs(evidence) if case is reports else None
            shown = "" if plain is None else f"{plain:10.2f}{took / plain:9.2f}"
            print(f"{name:32}{number:8,}{took:10.2f}{shown}")


if __name__ == "__main__":
    main()
