"""Search by meaning, against a small real model made here: two words of one meaning have one vector."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from marsad.documents import read_text
from marsad.documents.semantic import SemanticIndex
from marsad.errors import InputError

MEANINGS = [
    ["[PAD]"],
    ["[UNK]"],
    ["attack", "raid", "assault"],
    ["school", "classroom"],
    ["talks", "negotiations"],
    ["rain"],
]


def _write_model(folder: Path, *, pooled: bool, name: str = "input_ids") -> None:
    """An embedding lookup; with the mean over the tokens in the model, or left to the program."""
    onnx, np = pytest.importorskip("onnx"), pytest.importorskip("numpy")
    tokenizers: Any = pytest.importorskip("tokenizers")
    words = [word for meaning in MEANINGS for word in meaning]
    table = np.zeros((len(words), len(MEANINGS)), dtype=np.float32)
    for column, meaning in enumerate(MEANINGS):
        for word in meaning:
            table[words.index(word), column] = word not in {"[PAD]", "[UNK]"}
    helper, kinds = onnx.helper, onnx.TensorProto
    nodes = [helper.make_node("Gather", ["table", name], ["last_hidden_state"])]
    output = helper.make_tensor_value_info("last_hidden_state", kinds.FLOAT, ["batch", "length", len(MEANINGS)])
    if pooled:
        nodes.append(helper.make_node("ReduceSum", ["last_hidden_state", "axes"], ["sentence_embedding"], keepdims=0))
        output = helper.make_tensor_value_info("sentence_embedding", kinds.FLOAT, ["batch", len(MEANINGS)])
    graph = helper.make_graph(
        nodes,
        "lookup",
        [helper.make_tensor_value_info(name, kinds.INT64, ["batch", "length"])],
        [output],
        [onnx.numpy_helper.from_array(table, "table"), onnx.numpy_helper.from_array(np.array([1]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")
    vocabulary = {word: at for at, word in enumerate(words)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


TEXT = (
    "The raid burnt one classroom. Nobody slept.\n\nThe negotiations went on for days.\n\nThere was rain and no more."
)


@pytest.mark.parametrize("pooled", [True, False])
def test_a_passage_of_the_same_meaning_comes_first(tmp_path: Path, *, pooled: bool) -> None:
    _write_model(tmp_path, pooled=pooled)
    index, document = SemanticIndex(tmp_path), read_text(TEXT)
    index.add("d", document)
    hits = index.search("attack on a school")
    assert document.text[hits[0].start : hits[0].end] == "The raid burnt one classroom. Nobody slept."
    assert hits[0].score == pytest.approx(1)
    assert [round(hit.score, 5) for hit in hits[1:]] == [0, 0]
    assert [document.text[hit.start : hit.end] for hit in index.search("talks", limit=1)] == [
        "The negotiations went on for days."
    ]
    index.add("d", read_text("Only rain."))
    assert len(index.search("rain")) == 1
    index.remove("d")
    assert index.search("rain") == ()


def test_a_long_paragraph_is_searched_in_pieces(tmp_path: Path) -> None:
    _write_model(tmp_path, pooled=False)
    index = SemanticIndex(tmp_path)
    document = read_text("The days went by and by. " * 60 + "Then came the assault. " + "The days went by. " * 60)
    index.add("d", document)
    best = index.search("raid")[0]
    assert "the assault" in document.text[best.start : best.end]
    assert best.end - best.start <= 800


def test_an_empty_query_is_refused(tmp_path: Path) -> None:
    _write_model(tmp_path, pooled=False)
    with pytest.raises(InputError, match="the query is empty"):
        SemanticIndex(tmp_path).search("  ")


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    _write_model(tmp_path, pooled=False)
    (tmp_path / missing).unlink()
    with pytest.raises(InputError, match=f"{missing} is not there; put a sentence-embedding model"):
        SemanticIndex(tmp_path)


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    _write_model(tmp_path, pooled=False)
    (tmp_path / broken).write_bytes(b"{")
    with pytest.raises(InputError, match=f"{broken} cannot be read"):
        SemanticIndex(tmp_path)


def test_a_model_of_another_kind_is_told(tmp_path: Path) -> None:
    _write_model(tmp_path, pooled=False, name="pixels")
    with pytest.raises(InputError, match="wants pixels, which sentence embeddings do not"):
        SemanticIndex(tmp_path)


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
def test_without_the_libraries_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str
) -> None:
    whole = importlib.import_module

    def missing(name: str) -> object:
        if name == library:
            raise ModuleNotFoundError(name)
        return whole(name) if name == "json" else object()

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(InputError, match=rf"needs {library}; install it with: pip install 'marsad\[semantic\]'"):
        SemanticIndex(tmp_path)
