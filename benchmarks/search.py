"""How fast 10,000 pages are indexed and searched, beside a plain scan of the texts for the first word.

The pages are of made-up words whose frequencies follow Zipf's law, a tenth of them in the Arabic script. Prints pages a
second, the size of the index, and medians of query times with the ratio to the scan.
"""

from __future__ import annotations

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from marsad.documents import Block, BlockKind, Document, PageSpan
from marsad.documents.search import SearchIndex

DOCUMENTS = 200
PAGES = 50
PARAGRAPHS = 5
WORDS = 80
RUNS = 7
VOCABULARY = 40_000


def vocabulary(rng: random.Random, letters: str) -> list[str]:
    """Words of two to eleven letters."""
    return ["".join(rng.choices(letters, k=rng.randint(2, 11))) for _ in range(VOCABULARY)]


def document(rng: random.Random, words: list[str], weights: list[float], number: int) -> Document:
    """A document of pages of paragraphs."""
    paragraphs = [
        " ".join(rng.choices(words, cum_weights=weights, k=WORDS)).capitalize() + "." for _ in range(PAGES * PARAGRAPHS)
    ]
    starts = list(itertools.accumulate((len(text) + 2 for text in paragraphs), initial=0))
    blocks = tuple(
        Block(start, start + len(text), BlockKind.PARAGRAPH) for start, text in zip(starts, paragraphs, strict=False)
    )
    pages = tuple(
        PageSpan(starts[page * PARAGRAPHS], starts[(page + 1) * PARAGRAPHS], page + 1) for page in range(PAGES)
    )
    return Document("\n\n".join(paragraphs), blocks, pages, name=f"{number}.pdf")


def median(work: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    rng = random.Random(1)  # noqa: S311 - texts, not secrets
    weights = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    latin, arabic = vocabulary(rng, "abcdefghijklmnoprstuvwy"), vocabulary(rng, "ابپتجچدرزسشفقکگلمنهوی")
    documents = [document(rng, arabic if at % 10 == 0 else latin, weights, at) for at in range(DOCUMENTS)]
    size = sum(len(one.text) for one in documents)
    pages = DOCUMENTS * PAGES
    print(f"{pages} pages, {size / 1e6:.0f} million characters")
    with tempfile.TemporaryDirectory() as folder, SearchIndex(Path(folder) / "index.db") as index:
        begin = time.perf_counter()
        for one in documents:
            index.add(one.name, one)
        taken = time.perf_counter() - begin
        index.close()
        stored = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(f"indexed in {taken:.1f} s: {pages / taken:.0f} pages/s, {stored / 1e6:.0f} MB")
        with SearchIndex(Path(folder) / "index.db") as again:
            queries = {
                "rare word": latin[20_000],
                "common word": latin[5],
                "two words": f"{latin[50]} {latin[300]}",
                "phrase": f'"{latin[1]} {latin[2]}"',
                "prefix": f"{latin[900][:3]}*",
                "one letter": f"{latin[900][:1]}*",
                "either, not": f"{latin[700]} OR {latin[800]} -{latin[3]}",
                "Arabic script": arabic[3_000],
            }
            for name, query in queries.items():
                plain = query.strip('"*').split(" ", maxsplit=1)[0]
                scan = median(lambda plain=plain: [one.text.count(plain) for one in documents])  # type: ignore[misc]
                found = median(lambda query=query: again.search(query))  # type: ignore[misc]
                total = again.search(query).total
                print(f"{name:14} {total:6} paragraphs {found:7.2f} ms; one scan {scan:7.2f} ms: {scan / found:6.1f} x")


if __name__ == "__main__":
    main()
