from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import marsad.study
from marsad.errors import InputError
from marsad.study import dictionary, load_study, new_study, reference_markdown
from marsad.study.config import StudyConfig


def test_the_skeleton_is_valid_and_shows_every_file(tmp_path: Path) -> None:
    title = 'Coups: "borders" \\ {{sha256}} – نیا'
    written = new_study(tmp_path / "a" / "Sahel 2024", title=title)
    study = load_study(tmp_path / "a" / "Sahel 2024")
    assert study.warnings == ()
    assert (study.config.title, study.config.id) == (title, "sahel-2024")
    assert {table.kind for table in dictionary().tables.values()} == {found.kind for found in study.statements}
    assert study.findings
    assert study.options
    assert study.series
    assert [section.analyses for chapter in study.config.chapters for section in chapter.sections]
    assert sorted(written) == sorted(path for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["Sahel 2024"]


def test_the_comments_of_the_skeleton_name_every_key(tmp_path: Path) -> None:
    new_study(tmp_path / "s", title="T")
    text = (tmp_path / "s" / "study.yaml").read_text()
    assert all(name in text for name in StudyConfig.model_fields)


def test_the_readme_explains_every_column(tmp_path: Path) -> None:
    new_study(tmp_path / "s", title="T")
    text = (tmp_path / "s" / "README.md").read_text()
    for table in dictionary().tables.values():
        for field in table.fields:
            assert f"| `{field.name}` |" in text
            assert field.description.replace("|", "\\|") in text


def test_the_headings_of_the_readme_stand_below_its_title(tmp_path: Path) -> None:
    new_study(tmp_path / "s", title="T")
    lines = (tmp_path / "s" / "README.md").read_text().split("\n")
    headings = [line for line in lines if line.startswith("#")]
    assert headings[:3] == ["# T", "## The study folder", "### What holds for all files"]
    assert [line for line in headings if line.startswith("# ")] == ["# T"]
    assert not any(line.startswith(" ") and line.strip() == "The study folder" for line in lines)
    assert "`./run marsad check PATH`" in "\n".join(lines)


def test_an_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s").mkdir()
    monkeypatch.chdir(tmp_path / "s")
    new_study(".", title="T")
    assert Path("study.yaml").exists()
    assert load_study(".").config.id == "s"
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("name", ["full", "full/file", "dangling"])
def test_what_exists_is_never_touched(tmp_path: Path, name: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(InputError, match="not an empty folder"):
        new_study(tmp_path / name, title="T")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["dangling", "file", "full"]


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "a\0b"])
def test_a_title_is_one_line_of_text(tmp_path: Path, title: str) -> None:
    with pytest.raises(InputError, match="title"):
        new_study(tmp_path / "s", title=title)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(InputError, match="cannot be written: Permission denied"):
        new_study(tmp_path / "s", title="T")
    assert list(tmp_path.iterdir()) == []


def test_the_reference_holds_every_word_and_key() -> None:
    text = reference_markdown()
    for name, words in dictionary().vocabularies.items():
        assert f"### {name}\n" in text
        for word, meaning in words.items():
            assert f"| `{word}` | {meaning} |" in text
    for key in (
        "turning_points[].date",
        "chapters[].sections[].analyses[].name",
        "rests_on.relations[].kind",
        "sha256",
    ):
        assert f"| `{key}` | yes |" in text
    assert "| `killed` | quantity, at least 0 |  | persons |" in text
    assert "| `part_of` | id of events or actions |" in text
    assert "`title`: the first one among its reports" in " ".join(text.split())
    assert "docs/analyses.md" in text
    breakdown = next(line for line in text.split("\n") if line.startswith("| `breakdown` |"))
    assert "`whole`" in breakdown


def test_the_dictionary_is_typed_and_read_once() -> None:
    known = dictionary()
    assert dictionary() is known
    for table in known.tables.values():
        assert table.subject in table.columns
        assert table.key in (*table.columns, "")
        for field in table.fields:
            assert (field.type in ("term", "terms")) == bool(field.vocabulary)
            assert (field.type in ("ref", "refs")) == bool(field.table)
            assert field.vocabulary in (*known.vocabularies, "")
            assert {field.table, *field.names} <= {*known.tables, ""}
            assert field.unit_column in (*table.columns, "")


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    path = Path(marsad.study.__file__).parent / "dictionary.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert all(isinstance(word, str) for words in raw["vocabularies"].values() for word in words)
