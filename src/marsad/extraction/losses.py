"""Losses told by nouns of their own: *claimed 40 lives*, *the death toll rose to 101*, *no casualties*."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from marsad.extraction.effects import Harm
from marsad.extraction.people import Group, View
from marsad.extraction.words import word_set
from marsad.model import Quantity

__all__ = ["find_losses", "number_group"]

Reader = Callable[[int], tuple[Group, ...]]

_NONE = {
    "injuries": ("injured",),
    "casualties": ("killed", "injured"),
    "victims": ("killed", "injured"),
    "fatalities": ("killed",),
    "deaths": ("killed",),
}
_TAKING = word_set("losses.taking")


def number_group(view: View, first: int) -> Group:
    """The number at a place as a phrase for people."""
    last, count = view.numbers[first]
    return Group(first, last, first, "", count, frozenset(), "number", is_plural=True)


def find_losses(view: View, people_at: Reader, parts_at: Reader) -> Iterator[Harm]:
    """The losses that a sentence tells by such nouns.

    Args:
        view: the sentence.
        people_at: the phrases for people that begin at a word.
        parts_at: what is said of some of them behind a word.
    """
    for at in range(len(view.tokens)):
        low = view.low(at)
        if low in {"lives", "life"} and view.low(at - 1) not in {"their", "his", "her"}:
            yield from _lives(view, at, people_at, parts_at)
        elif low == "toll" and view.low(at - 1) in {"death", "the"}:
            yield from _toll(view, at)
        elif low in _NONE and {view.low(index) for index in range(max(at - 4, 0), at)} & {"no", "without"}:
            nobody = Group(at, at + 1, at, "nobody", Quantity.parse("0"), frozenset(), "counted")
            for effect in _NONE[low]:
                yield Harm(effect, (nobody,), (), at, at + 1, "none are reported")


def _lives(view: View, at: int, people_at: Reader, parts_at: Reader) -> Iterator[Harm]:
    before = {view.low(index) for index in range(max(at - 7, 0), at)}
    after = {view.low(index) for index in range(at, at + 4)}
    if not (before & _TAKING or "lost" in after):
        return
    near = [first for first, (last, _) in view.numbers.items() if at - 2 <= last <= at]
    if near:
        yield Harm("killed", (number_group(view, near[-1]),), (), at, at + 1, "lives that were lost")
    elif view.low(at + 1) == "of" and (groups := people_at(at + 2)):
        yield Harm("killed", groups, parts_at(groups[-1].last), at, at + 1, "lives that were lost")


def _toll(view: View, at: int) -> Iterator[Harm]:
    for ahead in range(at + 1, min(at + 9, len(view.tokens))):
        if view.low(ahead) in {".", ";"}:
            return
        if ahead in view.numbers:
            group = number_group(view, ahead)
            yield Harm("killed", (group,), (), at - 1, at + 1, "the toll that is given", is_total=True)
            return
