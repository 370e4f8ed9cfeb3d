"""How well incidents are read from text: the thesis against its hand coding, and descriptions against coded fields.

Thesis: every violent report of events.csv (bombing, attack, assassination, abduction, clash, air strike; no wave,
arrest or other kind) is paired with the proposal of the same section and paragraph that agrees with it most. *All
four right*: date, place, actor and killed are the same, empty ones included (a city counts for a site in it).
*Records right*: proposals that stand for a report of events.csv or a strike, operation or arrest of actions.csv in
the same paragraph.

Descriptions: the numbers are those of a class (aid workers, educators, students with children), so the victims of
that class are asked for. A record is right where the printed number, without its qualifier, is the coded one; no
number is wrong unless none is coded. Most coded fields are 0, so the share is given over all records, over those with
more than 0, and for a reader that always says 0. Rules were developed on the even identifiers only.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from marsad.documents import Document, read_document
from marsad.documents.sentences import split_sentences
from marsad.extraction.incidents import extract_incidents
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal
from marsad.extraction.victims import count_class, find_victims
from marsad.model import Evidence, Quantity
from marsad.study import load_study

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
STUDY = ROOT / "studies" / "pakistan-afghanistan-2021-2024"
VIOLENT = frozenset({"suicide_bombing", "bombing", "armed_attack", "assassination", "abduction", "clash", "air_strike"})
COUNTED_ACTIONS = frozenset({"strike", "operation", "arrest", "offensive"})
FIELDS = ("date", "place", "actor", "killed")
AID = frozenset({"aid_worker", "health_worker"})
SETS: tuple[tuple[str, Mapping[str, frozenset[str]]], ...] = (
    ("aidWorkerKIKA", {"Aid Workers": AID}),
    ("education", {"Educators": frozenset({"educator"}), "Students": frozenset({"student", "child"})}),
)
EFFECTS = ("Killed", "Injured", "Kidnapped")


def place_of(document: Document, offset: int) -> tuple[str, int]:
    """Section as the hand coding writes it, and paragraph."""
    label = ""
    findings = ""
    for heading in document.section_at(offset):
        chapter = re.match(r"(?:chapter\s+)(\d+)\b", heading, re.IGNORECASE)
        number = re.match(r"(\d+(?:\.\d+)*)\.?\s", heading)
        roman = re.match(r"([ivx]+)\.\s", heading)
        findings = "findings-" if "findings" in heading.lower() else findings
        if chapter or number:
            label = (chapter or number)[1]  # type: ignore[index]
        elif roman:
            label = f"{label}-{roman[1]}"
    return findings + label, document.paragraph_at(offset)


def rows_of(name: str) -> list[dict[str, str]]:
    """A table of the study folder."""
    with (STUDY / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def located(row: Mapping[str, str]) -> tuple[str, int]:
    """The locator of a row as section and paragraph."""
    match = re.match(r"sec (\S+) para (\d+)", row["locator"])
    return (match[1], int(match[2])) if match else ("", 0)


def agreement(row: Mapping[str, str], proposal: Proposal, gazetteer: Gazetteer) -> dict[str, bool]:
    """Which of the four fields are the same; a date without its mark of approximation, a place or that around it."""
    same = {}
    for field in FIELDS:
        coded = {part.rstrip("~") for part in row[field].split(";") if part}
        same[field] = coded == {value.rstrip("~") for value in proposal.values(field)}
    coded_places, read = row["place"].split(";"), proposal.values("place")
    if all(coded_places) and len(coded_places) == len(read):
        names = [gazetteer.name("place", place).lower() for place in coded_places]
        same["place"] = all(any(gazetteer.name("place", place).lower() in name for name in names) for place in read)
    return same


def thesis(path: Path, *, show: bool) -> None:
    """The thesis against its hand coding."""
    document = read_document(path)
    gazetteer = Gazetteer.general().with_evidence(Evidence.assemble(load_study(STUDY).statements, {}))
    begun = time.perf_counter()
    proposals = extract_incidents(document, gazetteer=gazetteer)
    seconds = time.perf_counter() - begun
    by_place: dict[tuple[str, int], list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_place[place_of(document, proposal.start)].append(proposal)
    rows = [row for row in rows_of("events.csv") if row["kind"] in VIOLENT]
    right = dict.fromkeys(FIELDS, 0)
    found = complete = 0
    used: set[str] = set()
    for row in rows:
        free = [proposal for proposal in by_place[located(row)] if proposal.id not in used]
        free = [proposal for proposal in free if proposal.value("kind") != "arrest"]
        best = max(
            free,
            key=lambda proposal: (sum(agreement(row, proposal, gazetteer).values()), -proposal.start),
            default=None,
        )
        same = agreement(row, best, gazetteer) if best is not None else {}
        if best is not None and sum(same.values()) >= 2:
            used.add(best.id)
            found += 1
            complete += all(same.values())
            for field in FIELDS:
                right[field] += same[field]
        if show and not (same and all(same.values())):
            told = {field: ";".join(best.values(field)) for field in FIELDS} if best is not None else "not found"
            print("   coded", {field: row[field] for field in FIELDS}, row["report"], "| read", told)
    others = {located(row) for row in rows_of("events.csv") if row["kind"] == "arrest"}
    others |= {located(row) for row in rows_of("actions.csv") if row["kind"] in COUNTED_ACTIONS}
    stray = [each for each in proposals if each.id not in used and place_of(document, each.start) not in others]
    print(f"thesis: {len(rows)} violent reports, {len(proposals)} proposals, {seconds:.2f} s")
    print(f"  found {found}/{len(rows)}, all four right {complete}/{len(rows)} = {complete / len(rows):.1%}")
    print("  " + ", ".join(f"{field} right {right[field]}" for field in FIELDS))
    print(f"  records right {len(proposals) - len(stray)}/{len(proposals)} = {1 - len(stray) / len(proposals):.1%}")
    for each in stray:
        print("   stray:", place_of(document, each.start), each.text[:200].replace("\n", " "))


def is_right(read: Quantity | None, coded: str) -> bool:
    """Whether the printed number is the coded one."""
    return read is not None and read.best is not None and str(read.best) == coded


def descriptions(path: Path, classes: Mapping[str, frozenset[str]], *, show: str) -> None:
    """Descriptions against the numbers coded for each class."""
    table: dict[tuple[str, str, str], list[tuple[str, bool]]] = defaultdict(list)
    for record in json.loads(path.read_text(encoding="utf-8")):
        text = record["Event Description"]
        victims = find_victims(text, split_sentences(text))
        half = "even" if int(record["SiND Event ID"]) % 2 == 0 else "odd"
        for name, wanted in classes.items():
            for effect in EFFECTS:
                coded = str(record[f"{name} {effect}"] or "0")
                read = count_class(victims, effect.lower(), wanted)
                table[name, effect, half].append((coded, is_right(read, coded)))
                if show == f"{name} {effect}" and half == "even" and not is_right(read, coded):
                    print("   coded", coded, "read", read, "|", text.strip()[:300])
    for (name, effect, half), found in table.items():
        print(f"{path.stem:14} {name:12} {effect:10} {half:5} " + scores(found))


def scores(found: Iterable[tuple[str, bool]]) -> str:
    """Shares over all records, of a reader that says 0, and over those with more than 0."""
    listed = list(found)
    some = [right for coded, right in listed if coded != "0"]
    every = [right for _, right in listed]
    zero = 1 - len(some) / len(listed)
    return f"all {share(every)}  always-0 {zero:6.1%}  above 0 {share(some)}"


def share(found: Sequence[bool]) -> str:
    """A share with its base."""
    return f"{sum(found) / len(found):6.1%} of {len(found):4}" if found else "none"


def health_care(path: Path) -> None:
    """The set kept back: attacks on health care, numbers of health workers."""
    import openpyxl  # noqa: PLC0415 - only where the file is there

    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    lines = iter(sheet.iter_rows(values_only=True))
    heads = [str(cell).strip() for cell in next(lines)]
    column = next((i for i, head in enumerate(heads) if "description" in head.lower()), None)
    if column is None:
        print(f"{path.name}: no column of descriptions ({', '.join(heads[:12])} …): nothing to read")
        return
    table: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for line in lines:
        text = str(line[column] or "")
        if not text.strip() or text.startswith("#"):
            continue
        victims = find_victims(text, split_sentences(text))
        for effect in EFFECTS:
            field = next(
                (i for i, head in enumerate(heads) if head.lower() == f"health workers {effect.lower()}"), None
            )
            if field is not None:
                coded = str(line[field] or "0")
                table[effect].append((coded, is_right(count_class(victims, effect.lower(), AID), coded)))
    for effect, found in table.items():
        print(f"health care    Health work. {effect:10} all   " + scores(found))


def main() -> None:
    """Print the tables; what is absent is said and left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", default="", help="print the differences of `thesis`, or of a field such as 'Students Killed'"
    )
    parser.add_argument("--kept-back", action="store_true", help="read the attacks on health care too")
    options = parser.parse_args()
    path = SHARED / "case" / "thesis.txt"
    if path.exists() and STUDY.exists():
        thesis(path, show=options.show == "thesis")
    else:
        print(f"skipped: {path} or {STUDY} is not there")
    for name, classes in SETS:
        source = SHARED / "data" / "insecurity_insight" / f"{name}.json"
        if source.exists():
            descriptions(source, classes, show=options.show)
        else:
            print(f"skipped: {source} is not there")
    kept = SHARED / "data" / "insecurity_insight" / "2016-2023-attacks-on-health-care-incident-data.xlsx"
    if options.kept_back and kept.exists():
        health_care(kept)


if __name__ == "__main__":
    main()
