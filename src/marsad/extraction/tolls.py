"""The numbers of an incident: killed, injured, kidnapped, arrested, in all and by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.extraction.person_words import side_of
from marsad.extraction.victims import Victims, add_up
from marsad.model import Quantity

__all__ = ["toll_slots"]

_SIDES = {"killed_civilians": "civilian", "killed_security": "security"}


def toll_slots(victims: Sequence[Victims], *, are_attackers: bool) -> Iterator[tuple[str, str, int, int, str]]:
    """Name, value, words and rule of each number.

    Args:
        victims: people to whom something was done.
        are_attackers: whether the militants who died were the attackers.
    """
    for effect in ("killed", "injured", "kidnapped", "arrested"):
        found = [each for each in victims if each.effect == effect]
        others = found if effect == "arrested" else [each for each in found if side_of(each.classes) != "militant"]
        yield from _number(effect, others)
        if effect == "killed":
            yield from _by_side(others)
            yield from _militants(found, are_attackers=are_attackers)


def _number(name: str, found: Sequence[Victims]) -> Iterator[tuple[str, str, int, int, str]]:
    totals = [each for each in found if each.is_total]
    chosen = totals[-1:] or list(found)
    told = {each.sentence for each in chosen if each.count is not None}
    if told:
        chosen = [each for each in chosen if each.count is not None or each.sentence in told]
    chosen = _told_once(chosen)
    count = add_up(each.count for each in chosen)
    if count is not None:
        yield name, count.text, *_span(chosen), _rule(chosen, count)


def _told_once(found: list[Victims]) -> list[Victims]:
    """Where one sentence counts people of every kind, without those of other sentences: they may be among them."""
    whole = next((each.sentence for each in found if each.count is not None and not each.classes), None)
    return found if whole is None else [each for each in found if each.sentence == whole]


def _span(found: Sequence[Victims]) -> tuple[int, int]:
    """The words: of one phrase, or from the first to the last where they stand close together."""
    first, last = min(each.start for each in found), max(each.end for each in found)
    return (first, last) if last - first <= 400 else (found[0].start, found[0].end)


def _rule(found: Sequence[Victims], count: Quantity) -> str:
    rules = ", ".join(dict.fromkeys(each.rule for each in found))
    if len(found) == 1:
        return rules
    unknown = sum(each.count is None for each in found)
    tail = f"; the number of {unknown} of them is not given" if unknown else ""
    return f"sum of {len(found)} phrases to {count.text}: {rules}{tail}"


def _by_side(found: Sequence[Victims]) -> Iterator[tuple[str, str, int, int, str]]:
    """Civilians and members of the security forces among the killed, as far as the text tells them apart."""
    for name, side in _SIDES.items():
        chosen: list[Victims] = []
        for each in found:
            if side_of(each.classes) == side:
                chosen.append(each)
            elif not each.classes:
                chosen += [part for part in each.parts if side_of(part.classes) == side]
        yield from _number(name, [each for each in chosen if each.count is not None])


def _militants(found: Sequence[Victims], *, are_attackers: bool) -> Iterator[tuple[str, str, int, int, str]]:
    militants = [each for each in found if side_of(each.classes) == "militant"]
    yield from _number("killed_militants", militants)
    if are_attackers:
        yield from _number("killed_attackers", militants)
