"""How well incidents are read from the news stories of MUC-4 (Latin America, 1988 to 1990, in upper case).

    python benchmarks/muc4.py --set dev|tst1|tst2 [--from 1 --to 1300]
    python benchmarks/muc4.py --texts FILE --keys FILE

Prints recall, precision and F1 for template found, incident type, date, location, perpetrator organisation, number of
victims and effect on them, beside the best hand-built systems of 1992. The scoring is described in ``muc4_scoring``.

The stories are in capitals. Mentions of acts with victims, groups and dates come from the functions behind
``extract_incidents`` (and so ``marsad extract``) for such texts, ``marsad.extraction.news``. What the task wants of
them is learned from the DEV set (``muc4_merging``, ``muc4_options``, ``muc4_relevance``; ``muc4_train`` makes the
weights), so figures on DEV with the shipped weights are not honest; those on other sets are.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.muc4_keys import Story, Template, read_keys, read_stories
from benchmarks.muc4_relevance import WEIGHTS, load_weights
from benchmarks.muc4_scoring import REPORTED, Score, score_stories
from benchmarks.muc4_templates import fill_templates

__all__ = ["DATA", "load", "main", "report"]

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "muc4"
"""Where the texts and keys lie."""

_BEST_OF_1992 = dict(zip(REPORTED, (77, 75, 60, 60, 62, 60, 57), strict=True))
_FILES = {
    "dev": ("dev/dev-muc3-*", "dev/key-dev-*"),
    "tst1": ("tst1/tst1-muc3", "tst1/key-tst1*"),
    "tst2": ("tst2/tst2-muc4", "tst2/key-tst2*"),
}


def load(
    texts: Sequence[Path], keys: Sequence[Path], *, first: int = 0, last: int = 9999
) -> tuple[list[Story], dict[str, tuple[Template, ...]]]:
    """The stories of some files whose number lies between two, and their keys."""
    stories = [story for path in texts for story in read_stories(path) if first <= int(story.name[-4:]) <= last]
    known: dict[str, tuple[Template, ...]] = {}
    for path in keys:
        known |= read_keys(path)
    return stories, {story.name: known.get(story.name, ()) for story in stories}


def report(scores: Mapping[str, Score]) -> str:
    """The table: slot, recall, precision, F1 over all templates; F1 without spurious templates; the best of 1992."""
    lines = [f"{'slot':14}{'recall':>8}{'prec.':>8}{'F1':>8}{'F1 m/m':>8}{'1992':>8}{'key':>8}{'system':>8}"]
    for slot in REPORTED:
        score = scores[slot]
        lines.append(
            f"{slot:14}{score.recall:8.1f}{score.precision:8.1f}{score.f1:8.1f}{score.f1_in_matched:8.1f}"
            f"{_BEST_OF_1992[slot]:8}{score.possible:8}{score.actual:8}"
        )
    return "\n".join(lines)


def main() -> None:
    """Run on the files or the set that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=sorted(_FILES), default="dev")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--keys", type=Path)
    parser.add_argument("--from", type=int, default=0, dest="first", help="number of the first story")
    parser.add_argument("--to", type=int, default=9999, dest="last", help="number of the last story")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="other weights than those that are shipped")
    arguments = parser.parse_args()
    if arguments.texts and arguments.keys:
        texts, keys = [arguments.texts], [arguments.keys]
    else:
        texts, keys = (sorted(DATA.glob(pattern)) for pattern in _FILES[arguments.set])
    stories, known = load(texts, keys, first=arguments.first, last=arguments.last)
    begun = time.perf_counter()
    responses = fill_templates(stories, load_weights(arguments.weights))
    spent = time.perf_counter() - begun
    print(f"{len(stories)} stories, {sum(map(len, known.values()))} templates in the key, {spent:.1f} s\n")
    print(report(score_stories(known, responses)))


if __name__ == "__main__":
    main()
