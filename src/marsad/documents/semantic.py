"""Search by meaning with a sentence-embedding model on this machine: the extra ``marsad[semantic]``, off by default.

The model is a folder with ``model.onnx`` and ``tokenizer.json``, as published for many sentence transformers; the
person puts it there. Nothing is downloaded.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from marsad.documents.document import Document
from marsad.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SemanticHit", "SemanticIndex"]

_GIVEN = {"input_ids", "attention_mask", "token_type_ids"}
_BATCH = 32
_MOST_TOKENS = 512
_PASSAGE = 800
_LONGEST = 20 * _PASSAGE


@dataclass(frozen=True, slots=True)
class SemanticHit:
    """A passage near in meaning.

    Attributes:
        key: the document.
        start, end: the passage (sentences of one paragraph) in the canonical text.
        score: cosine of the angle between the embeddings of query and passage, at most 1.
    """

    key: str
    start: int
    end: int
    score: float


class SemanticIndex:
    """Passages of documents, in memory, and the model that compares them.

    Raises:
        InputError: the extra is not installed, or a file of the model is missing or cannot be read.
    """

    def __init__(self, model_path: Path) -> None:
        runtime, tokenizers = _library("onnxruntime"), _library("tokenizers")
        model, vocabulary = _file(model_path, "model.onnx"), _file(model_path, "tokenizer.json")
        self._session: Any = _loaded(model, lambda: runtime.InferenceSession(model, providers=["CPUExecutionProvider"]))
        self._tokenizer: Any = _loaded(vocabulary, lambda: tokenizers.Tokenizer.from_file(str(vocabulary)))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}
        if unknown := sorted(self._inputs - _GIVEN):
            raise InputError(
                f"{model} wants {', '.join(unknown)}, which sentence embeddings do not; take another model"
            )
        self._passages: dict[str, tuple[list[tuple[int, int]], NDArray[np.float32]]] = {}

    def add(self, key: str, document: Document) -> None:
        """Put a document into the index, in the place of an earlier one under the same key."""
        spans = list(_passages(document))
        if spans:
            self._passages[key] = (spans, self._embedded([document.text[start:end][:_LONGEST] for start, end in spans]))
        else:
            self.remove(key)

    def remove(self, key: str) -> None:
        """Take a document out of the index, if it is there."""
        self._passages.pop(key, None)

    def search(self, query: str, *, limit: int = 20) -> tuple[SemanticHit, ...]:
        """The passages nearest in meaning, the nearest first."""
        if not query.strip():
            raise InputError("the query is empty; write a few words")
        (meaning,) = self._embedded([query])
        hits = (
            SemanticHit(key, start, end, float(score))
            for key, (spans, vectors) in self._passages.items()
            for (start, end), score in zip(spans, vectors @ meaning, strict=True)
        )
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.key, hit.start))[: max(0, limit)])

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text."""
        import numpy as np  # noqa: PLC0415 - comes with the extra

        batches = [self._batch(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        vectors: NDArray[np.float32] = np.concatenate(batches)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What the model says of some texts: its sentence embedding, or else the mean of its tokens'."""
        import numpy as np  # noqa: PLC0415 - comes with the extra

        encoded = self._tokenizer.encode_batch(list(texts))
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        outputs = [one.name for one in self._session.get_outputs()]
        wanted = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        (found,) = self._session.run([wanted], {name: given[name] for name in self._inputs})
        if found.ndim == 2:
            return np.asarray(found, dtype=np.float32)
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1), dtype=np.float32)


def _passages(document: Document) -> Iterator[tuple[int, int]]:
    """Paragraphs; long ones in pieces of whole sentences."""
    begin, end, block = 0, 0, None
    for start, stop in document.sentences:
        here = document.block_at(start)
        if block is not None and (here is not block or stop - begin > _PASSAGE):
            yield begin, end
            block = None
        if block is None:
            begin, block = start, here
        end = stop
    if block is not None:
        yield begin, end


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InputError(f"search by meaning needs {name}; install it with: pip install 'marsad[semantic]'") from error


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise InputError(
            f"{path} is not there; put a sentence-embedding model (model.onnx and tokenizer.json) into {folder}"
        )
    return path


def _loaded(path: Path, load: Any) -> Any:
    try:
        return load()
    except Exception as error:  # both libraries raise many kinds, some of them plain Exception
        raise InputError(f"{path} cannot be read: {str(error)[:200]}; put a whole copy of the model there") from error
