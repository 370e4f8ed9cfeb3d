"""The commands that read documents, as a person types them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from marsad.cli.main import main
from marsad.study import new_study

TEXT = """A report

Introduction

On 3 March 2022 a bomb exploded at a market in Gao, Mali, killing 12 people (Diallo, 2021). The border is 1,200 km long.

Conclusion

The bomb at the market in Gao on 4 March 2022 killed 12 people. Of 100 attacks, 60 were bombings, 30 ambushes and 20
kidnappings, a total of 100.

References

Traore, A. (2020). The north. Sahel Press.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_an_audit_as_json_quotes_what_it_speaks_of(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["document"]["name"] == "report.txt"
    kinds = {finding["kind"] for finding in found["findings"]}
    assert "cited-not-listed" in kinds
    assert "event-date" in kinds
    for finding in found["findings"]:
        assert finding["message"]
        assert finding["quotes"]
        assert all(quote["text"] and quote["end"] > quote["start"] for quote in finding["quotes"])
    assert {check["outcome"] for check in found["checks"]} <= {"ok", "found", "unchecked"}
    assert next(check for check in found["checks"] if check["check"] == "The study")["outcome"] == "unchecked"


def test_an_audit_for_people_says_the_gravest_first(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(file)]) == 0
    shown = capsys.readouterr().out
    assert shown.index("errors") < shown.index("What was checked")
    assert "“Diallo, 2021” is cited" in shown.replace("\n", " ")


@pytest.mark.parametrize(("grave", "code"), [("error", 1), ("note", 1)])
def test_errors_become_an_exit_code_where_asked(file: Path, grave: str, code: int) -> None:
    assert main(["audit", str(file), "--fail-on", grave]) == code


def test_a_clean_text_has_no_errors_and_exit_code_0(tmp_path: Path) -> None:
    path = tmp_path / "clean.md"
    path.write_text("# Fishing\n\nThe river is long. Boats come in spring.\n", encoding="utf-8")
    assert main(["audit", str(path), "--fail-on", "note"]) == 0


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_an_audit_is_written_to_a_file(file: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"audit.{form}"
    assert main(["audit", str(file), "--format", form, "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "Diallo" in text
    assert text.startswith({"text": "", "json": "{", "html": "<!DOCTYPE html>"}[form])


def test_an_extract_says_which_words_and_which_rule(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(file)]) == 0
    found = json.loads(capsys.readouterr().out)["proposals"]
    events = [proposal for proposal in found if proposal["kind"] == "event"]
    assert len(events) == 2
    for proposal in events:
        values = {slot["name"]: slot for slot in proposal["slots"]}
        assert values["killed"]["value"] == "12"
        assert values["place"]["value"] == "gao"
        assert all(slot["rule"] for slot in proposal["slots"])


def test_an_extract_is_a_table_that_no_spreadsheet_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.txt"
    path.write_text("=HYPERLINK: on 3 March 2022 a bomb in Gao, Mali killed 12 people.", encoding="utf-8")
    assert main(["extract", str(path), "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["killed"] == "12"
    assert not row["quote"].startswith("=")


def test_the_way_from_a_document_to_evidence(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(tmp_path / "study")
    new_study(study, title="T")
    added = ["add", str(file), study, "--source", "r2022", "--title", "A report", "--by", "Amina"]
    assert main([*added, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] > 0
    assert main(["review", study, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    identifier = next(entry["proposal"]["id"] for entry in listed if entry["proposal"]["kind"] == "event")
    assert main(["review", study, identifier]) == 0
    assert "What was read" in capsys.readouterr().out
    assert main(["review", study, identifier, "--accept", "--set", "killed=13", "--by", "Amina"]) == 0
    assert main(["table", study, "events", "--format", "json"]) == 0
    assert '"13"' in capsys.readouterr().out
    assert main(["search", "market", study, "--json"]) == 0
    assert '"total": 2' in capsys.readouterr().out
    exported = tmp_path / "ledger.jsonl"
    assert main(["review", study, "--export", str(exported)]) == 0
    assert main(["review", study, "--import", str(exported)]) == 0
    assert "0 lines were new" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", "no-such-file.pdf"], "no-such-file.pdf"),
        (["audit", "{file}", "--written", "yesterday"], "yesterday"),
        (["audit", "{file}", "--bib", "nowhere.bib"], "nowhere.bib"),
        (["audit", "{file}", "--study", "nowhere"], "nowhere"),
        (["extract", "."], "."),
        (["search", '"open', "{file}"], "quot"),
        (["review", "{study}", "--accept", "--reject"], "choose one"),
        (["review", "{study}", "--accept"], "name the proposals"),
        (["review", "{study}", "abc", "--accept"], "no document was added"),
    ],
)
def test_bad_input_is_explained(
    arguments: list[str], message: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_study(tmp_path / "study", title="T")
    given = [part.format(file=file, study=tmp_path / "study") for part in arguments]
    assert main(given) == 2
    assert message in capsys.readouterr().err.replace("\n", " ")


def test_a_broken_entry_of_the_bibliography_is_said(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bib = tmp_path / "b.bib"
    bib.write_text("@book{mora, title={Borders}, author={Mora, P.}, year={2018}}\n@book{broken", encoding="utf-8")
    assert main(["audit", str(file), "--bib", str(bib), "--json"]) == 0
    (notice,) = json.loads(capsys.readouterr().out)["document"]["notices"]
    assert "b.bib" in notice
    assert "broken" in notice
