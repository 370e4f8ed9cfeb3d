"""Ties between actors: the statements of one tie together, asserted and denied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marsad.model import Relation

__all__ = ["Tied", "by_tie"]


@dataclass(frozen=True, slots=True)
class Tied:
    """All statements of one tie: same actors, third party, kind and sign.

    Attributes:
        a, b, about, kind, sign: as in ``Relation``.
        asserted, denied: the statements of either stance.
    """

    a: str
    b: str
    about: str
    kind: str
    sign: str
    asserted: tuple[Relation, ...]
    denied: tuple[Relation, ...]

    @property
    def count(self) -> int:
        """How many statements there are."""
        return len(self.asserted) + len(self.denied)


def by_tie(relations: Iterable[Relation]) -> list[Tied]:
    """Ties, those with most statements first."""
    groups: dict[tuple[str, str, str, str, str], list[Relation]] = {}
    for relation in relations:
        key = (relation.a, relation.b, relation.about, relation.kind, relation.sign)
        groups.setdefault(key, []).append(relation)
    found = [
        Tied(
            *key,
            asserted=tuple(relation for relation in group if relation.stance != "denied"),
            denied=tuple(relation for relation in group if relation.stance == "denied"),
        )
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda tie: (-tie.count, tie.a, tie.b, tie.kind, tie.sign, tie.about))
