from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError, NotFoundError
from marsad.reconcile.taxonomies import Taxonomy, read_taxonomies

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "meltt"
HEAD = "data.source,base.categories,fine,broad\n"


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return folder


def test_a_taxonomy_says_what_each_source_means_by_its_words(tmp_path: Path) -> None:
    _write(tmp_path, "tax_kind_tax.csv", HEAD + 'us,"raid, armed",assault,violence\nthem,attack , assault,violence\n')
    [taxonomy] = read_taxonomies(tmp_path)
    assert (taxonomy.name, taxonomy.file, taxonomy.levels) == ("kind_tax", "tax_kind_tax.csv", ("fine", "broad"))
    assert dict(taxonomy.meanings) == {
        ("us", "raid, armed"): ("assault", "violence"),
        ("them", "attack"): ("assault", "violence"),
    }
    assert taxonomy.sources == ("them", "us")


def test_byte_order_mark_line_ends_and_spellings_of_the_columns_do_not_matter(tmp_path: Path) -> None:
    _write(tmp_path, "Kind.CSV", "\ufeffBase_Category,Data Source,fine\r\nraid,us,assault\r\n")
    [taxonomy] = read_taxonomies(tmp_path)
    assert (taxonomy.name, taxonomy.levels) == ("Kind", ("fine",))
    assert dict(taxonomy.meanings) == {("us", "raid"): ("assault",)}


def test_taxonomies_come_in_order_of_name_and_other_tables_are_passed_over(tmp_path: Path) -> None:
    for name in ("tax_b.csv", "a.csv"):
        _write(tmp_path, name, HEAD + "us,raid,x,y\n")
    _write(tmp_path, "events.csv", "date,kind\n2021-01-01,raid\n")
    (tmp_path / "latin.csv").write_bytes("place\nPéshawar\n".encode("latin-1"))
    _write(tmp_path, "notes.txt", HEAD)
    assert [taxonomy.name for taxonomy in read_taxonomies(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"data\.source: the column is missing"),
        ("data.source,fine\nus,x\n", r"tax_k\.csv:1: base\.categories: the column is missing"),
        ("data.source,base.categories\nus,raid\n", "no column is a level"),
        ("data.source,base.categories,fine,fine\nus,raid,x,x\n", "fine: the name stands twice"),
        ("data.source,base.categories,\nus,raid,x\n", "a column has no name"),
        (HEAD, "the taxonomy has no row"),
        (HEAD + "us,raid,x\n", r"tax_k\.csv:2: the row has 3 cells, the first line 4"),
        (HEAD + "us,raid,x,y\nus,,x,y\n", r"tax_k\.csv:3: base\.categories: the cell is empty"),
        (HEAD + "us,raid,x, \n", r"tax_k\.csv:2: broad: the cell is empty"),
        (HEAD + "us,raid,x,y\nus,raid,z,y\n", r"tax_k\.csv:3: base\.categories: 'raid' of 'us' means .* in line 2"),
        (HEAD + 'us,"raid,x,y\n', "never closed"),
        (HEAD + "us,a,x,p\nus,b,x,q\n", "broad: it has 2 categories, and fine, which should be finer, 1"),
    ],
)
def test_a_fault_names_file_line_column_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_taxonomies(_write(tmp_path, "tax_k.csv", text))
    assert str(caught.value).count(". ") >= 1


def test_text_that_is_not_utf_8_is_a_fault_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_bytes(HEAD.encode() + b"us,raid,x,y\nus,\xe9,x,y\n")
    with pytest.raises(InputError, match=r"k\.csv:3: the text is not UTF-8. Save the file as UTF-8"):
        read_taxonomies(tmp_path)


def test_all_faults_of_all_files_are_told_up_to_a_bound(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", HEAD + "us,,x,y\n" * 15)
    _write(tmp_path, "b.csv", HEAD + "us,,x,y\n" * 15)
    with pytest.raises(InputError) as caught:
        read_taxonomies(tmp_path)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("a.csv:2:")
    assert lines[19].startswith("b.csv:6:")
    assert lines[20] == "and 10 more"


def test_the_same_row_twice_is_no_contradiction(tmp_path: Path) -> None:
    [taxonomy] = read_taxonomies(_write(tmp_path, "k.csv", HEAD + "us,raid,x,y\nus,raid,x,y\n"))
    assert len(taxonomy.meanings) == 1


def test_two_files_for_one_column_are_refused(tmp_path: Path) -> None:
    for name in ("tax_kind.csv", "kind_tax.csv"):
        _write(tmp_path, name, HEAD + "us,raid,x,y\n")
    with pytest.raises(InputError, match=r"kind_tax\.csv and tax_kind\.csv are taxonomies of one column"):
        read_taxonomies(tmp_path)


def test_a_folder_without_taxonomies_or_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no taxonomy in .*data\.source"):
        read_taxonomies(_write(tmp_path, "events.csv", "date\n2021-01-01\n"))
    with pytest.raises(NotFoundError, match="no folder"):
        read_taxonomies(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        (["date", "kind_tax", "kind"], "kind_tax"),
        (["date", "KIND"], "KIND"),
        (["tax_kind"], "tax_kind"),
        (["tax.kind.tax"], "tax.kind.tax"),
    ],
)
def test_the_column_of_a_taxonomy_is_found(columns: list[str], column: str) -> None:
    assert Taxonomy("kind_tax", "kind_tax.csv", ("fine",), {}).column(columns) == column


def test_a_column_that_is_missing_or_doubtful_is_refused() -> None:
    taxonomy = Taxonomy("kind_tax", "kind_tax.csv", ("fine",), {})
    with pytest.raises(NotFoundError, match=r"kind_tax\.csv: no column 'kind_tax'.*there are 'date'"):
        taxonomy.column(["date"])
    with pytest.raises(NotFoundError, match="'Kind', 'tax_kind' could all be meant"):
        taxonomy.column(["tax_kind", "Kind"])


@given(st.text(max_size=200))
def test_any_text_gives_a_taxonomy_or_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "tax_k.csv").write_bytes((HEAD + text).encode("utf-8", "surrogatepass"))
    try:
        found, said = read_taxonomies(folder), "tax_k.csv:"
    except InputError as error:
        found, said = (), str(error)
    assert said.startswith("tax_k.csv:")
    assert all(len(meaning) == 2 and all(meaning) for one in found for meaning in one.meanings.values())


@pytest.mark.skipif(not SHARED.is_dir(), reason="the toy sample of meltt is not on this machine (../shared)")
def test_the_taxonomies_of_the_toy_sample() -> None:
    found = {taxonomy.name: (taxonomy.levels, len(taxonomy.meanings)) for taxonomy in read_taxonomies(SHARED)}
    assert found == {
        "color_tax": (("col_level1", "col_level2"), 39),
        "damage_tax": (("damage_level1",), 21),
        "model_tax": (("make_level1", "make_level2", "make_level3"), 31),
    }
