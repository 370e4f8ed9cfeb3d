"""Ties that are both asserted and denied or begin on two days, and attributes that exclude one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from marsad.claims.consistency.compare import Weight, actors_related, same_document, weigh_dates
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import (
    Attribute,
    Date,
    Evidence,
    Finding,
    Relation,
    Severity,
    date_text,
    joined,
    names,
    phrase,
    short_name,
    tie_text,
    upper_first,
)

__all__ = ["check_attributes", "check_beginnings", "check_ties"]

_MUTUAL = frozenset(
    {"alliance", "rivalry", "enmity", "negotiation", "cooperation", "kinship", "dispute", "common_enemy"}
)
_ONCE = frozenset({"alliance", "allegiance", "membership", "recognition"})
"""Ties that begin at one moment; others are done again and again, or are only known to have held since some time."""

_NOT = ("no-", "not-", "avoids-", "avoiding-")
_DOES = ("targets-", "attacks-on-", "attacks-")

_RULE_TIE = "a tie is not asserted and denied for the same time; a party's own denial only shows its stance"
_RULE_BEGINNING = "a lasting tie does not begin on two days or in two months, unless it ended in between"
_RULE_ATTRIBUTE = "an actor does not have a property and its opposite (no-, not-, avoids-) at the same time"


def check_ties(evidence: Evidence) -> Iterator[Finding]:
    """Yield the ties that are asserted here and denied there for the same time."""
    for group in _ties(evidence.relations):
        pairs = [
            (one, other)
            for one in group
            for other in group
            if one.stance == "asserted" and other.stance == "denied" and _meet(one, other)
        ]
        if pairs:
            yield _tie(evidence, pairs).finding()


def _ties(relations: Iterable[Relation]) -> list[list[Relation]]:
    """The reports of each tie; a mutual one has no direction."""
    ties: dict[tuple[str, str, str, str], list[Relation]] = {}
    for relation in relations:
        ends = sorted((relation.a, relation.b)) if relation.kind in _MUTUAL else [relation.a, relation.b]
        ties.setdefault((ends[0], ends[1], relation.kind, relation.about), []).append(relation)
    return list(ties.values())


def check_beginnings(evidence: Evidence) -> Iterator[Finding]:
    """Yield the lasting ties that begin on two days or in two months.

    What ended before it began again are two ties.
    """
    for group in _ties(relation for relation in evidence.relations if _is_lasting(relation)):
        dated = {
            (relation.since.text, str(relation.until)): relation
            for relation in group
            if relation.since is not None and _is_close(relation.since)
        }
        if any(_begin_apart(one, other) for one, other in combinations(dated.values(), 2)):
            texts = {since for since, _ in dated}
            told = [relation for relation in group if relation.since is not None and relation.since.text in texts]
            yield _beginnings(evidence, told).finding()


def _is_lasting(relation: Relation) -> bool:
    return relation.stance == "asserted" and relation.kind in _ONCE


def _is_close(date: Date) -> bool:
    """Whether it is a day or a month without a doubt."""
    return date.precision in {"day", "month"} and not date.is_interval and date.text[-1] not in "~?%"


def _begin_apart(one: Relation, other: Relation) -> bool:
    if one.since is None or other.since is None or not _meet(one, other):
        return False
    return weigh_dates(one.since, other.since) is Weight.CONFLICT


def _since_when(relation: Relation) -> tuple[object, ...]:
    return relation.since.sort_key if relation.since is not None else ()


def _beginnings(evidence: Evidence, relations: Sequence[Relation]) -> Case:
    by_date: dict[str, list[Relation]] = {}
    for relation in sorted(in_order(relations), key=_since_when):
        by_date.setdefault(date_text(relation.since), []).append(relation)
    first = relations[0]
    tie, title = (
        tie_text(evidence, first.kind, first.a, first.b, about=first.about, short=short) for short in (False, True)
    )
    parts: list[Part] = [f"{upper_first(tie)}: said to begin "]
    for index, (date, group) in enumerate(by_date.items()):
        parts += [" and " if index else "", *said(date, group, "from")]
    return Case(
        kind="tie-date",
        severity=Severity.WARNING,
        title=f"{upper_first(title)}: from {joined(list(by_date))}",
        text=[*(part for part in parts if part), "; it did not begin twice."],
        records=relations,
        rule=_RULE_BEGINNING,
        property="from",
        values=[str(relation.since) for group in by_date.values() for relation in group],
    )


def _meet(one: Relation | Attribute, other: Relation | Attribute) -> bool:
    """Whether they may hold at one time."""
    apart = (one.until, other.since), (other.until, one.since)
    return not any(end is not None and begin is not None and end.is_before(begin) for end, begin in apart)


def _tie(evidence: Evidence, pairs: Sequence[tuple[Relation, Relation]]) -> Case:
    asserted = in_order({one.record: one for one, _ in pairs}.values())
    denied = in_order({other.record: other for _, other in pairs}.values())
    first = asserted[0]
    ends = first.kind, first.a, first.b
    tie, title = (tie_text(evidence, *ends, about=first.about, short=short) for short in (False, True))
    both_ways = any(_speaks_both_ways(evidence, one, other) for one, other in pairs)
    parts: list[Part] = [
        f"{upper_first(tie)}: ",
        *said("asserted", asserted, "stance"),
        " and ",
        *said("denied", denied, "stance"),
    ]
    deniers = names(evidence, sorted({relation.by for relation in denied if relation.by}))
    parts.append(
        "; one document says both." if both_ways else f"; the denial is the word of {deniers}." if deniers else "."
    )
    return Case(
        kind="asserted-and-denied",
        severity=Severity.WARNING if both_ways else Severity.NOTE,
        title=f"{upper_first(title)}: asserted and denied",
        text=parts,
        records=[*asserted, *denied],
        rule=_RULE_TIE,
        property="stance",
    )


def _speaks_both_ways(evidence: Evidence, asserted: Relation, denied: Relation) -> bool:
    """Whether one document asserts and denies it in its own voice, or one speaker does both."""
    if not same_document(asserted, denied):
        return False
    if asserted.by and denied.by:
        return actors_related(evidence, asserted.by, denied.by)
    return not asserted.by and not denied.by


def check_attributes(evidence: Evidence) -> Iterator[Finding]:
    """Yield the attributes of one actor, in one dimension, of which one denies the other."""
    groups: dict[tuple[str, str, str], list[Attribute]] = {}
    for attribute in evidence.attributes:
        groups.setdefault((attribute.actor, attribute.dimension, _base(attribute.value)), []).append(attribute)
    for group in groups.values():
        pairs = [
            (one, other)
            for one in group
            for other in group
            if not _is_denial(one.value) and _is_denial(other.value) and _meet(one, other)
        ]
        if pairs:
            yield _attribute(evidence, pairs).finding()


def _is_denial(slug: str) -> bool:
    return slug.startswith(_NOT)


def _base(slug: str) -> str:
    """What is had or not had: ``avoids-attacks-on-civilians`` and ``targets-civilians`` -> ``civilians``."""
    for prefixes in (_NOT, _DOES):
        slug = next((slug.removeprefix(prefix) for prefix in prefixes if slug.startswith(prefix)), slug)
    return slug


def _attribute(evidence: Evidence, pairs: Sequence[tuple[Attribute, Attribute]]) -> Case:
    had = in_order({one.record: one for one, _ in pairs}.values())
    lacked = in_order({other.record: other for _, other in pairs}.values())
    name = names(evidence, [had[0].actor])
    ours, theirs = (phrase(group[0].value) for group in (had, lacked))
    return Case(
        kind="attribute-conflict",
        severity=Severity.WARNING,
        title=f"{short_name(evidence, had[0].actor)}: {ours}, and {theirs}",
        text=[f"{name}, two opposites: ", *said(ours, had, "value"), " and ", *said(theirs, lacked, "value"), "."],
        records=[*had, *lacked],
        rule=_RULE_ATTRIBUTE,
        subjects=[had[0].actor],
        property=had[0].dimension,
        values=[had[0].value, lacked[0].value],
    )
