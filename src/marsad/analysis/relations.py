"""Who is said to be tied to whom, how, and who denies it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, count_cell, some, sources_of, table
from marsad.analysis.ties import Tied, by_tie
from marsad.model import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Evidence,
    Finding,
    Passage,
    Relation,
    names,
    plural,
    short_name,
    source_name,
    tie_text,
    word,
)

__all__ = ["RelationParameters", "relations"]

_MOST = 12
_SIGNS = {"positive": "friendly", "negative": "hostile", "neutral": "neither"}
_COLUMNS = ("From", "To", "Third party", "Kind", "Sign", "#Asserted", "Asserted by", "#Denied", "Denied by")


class RelationParameters(Parameters):
    """Which ties."""

    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(),
        examples=[["a-state", "an-armed-group"]],
        description="with one actor, its ties to anybody; with several, the ties among them; empty for all",
    )
    kinds: Annotated[tuple[str, ...], Names("relation_kind")] = Field(
        default=(), examples=[["support", "shelter"]], description="kinds of tie; empty for all"
    )


def relations(inputs: Inputs, parameters: RelationParameters) -> Finding:
    """Ties with the number of statements that assert and deny them, side by side, and a matrix of the strongest."""
    evidence = inputs.evidence
    chosen = [relation for relation in evidence.relations if _fits(relation, parameters)]
    ties = by_tie(chosen)
    title = f"Ties of {names(evidence, parameters.actors, short=True)}" if parameters.actors else "Ties between actors"
    result = Result(
        title=title,
        text=_words(evidence, chosen, ties),
        tables=[table(title, _COLUMNS, [_row(evidence, tie) for tie in ties], _NOTE)] if ties else [],
        charts=_matrix(evidence, chosen),
        checks=[_check(ties, evidence)] if ties else [],
        subjects=[relation.subject for relation in chosen],
    )
    return conclude("relations", result, inputs, parameters)


_NOTE = (
    "Numbers are of statements in the documents, not of independent witnesses. In brackets: the actor whose word the "
    "source reports."
)


def _fits(relation: Relation, parameters: RelationParameters) -> bool:
    ends = {relation.a, relation.b}
    wanted = set(parameters.actors)
    among = not wanted or (ends <= wanted if len(wanted) > 1 else bool(ends & wanted))
    return among and (not parameters.kinds or relation.kind in parameters.kinds)


def _words(evidence: Evidence, chosen: Sequence[Relation], ties: Sequence[Tied]) -> list[Passage]:
    """How many statements of how many ties, which are strongest, and which are both asserted and denied."""
    if not chosen:
        return [("The evidence holds no statement of such a tie.",)]
    ids = [found for relation in chosen for found in relation.ids_of("kind")]
    denied = sum(relation.stance == "denied" for relation in chosen)
    text: list[Passage] = [
        (
            count(len(chosen), ids, "statement"),
            (
                f" {'names' if len(chosen) == 1 else 'name'} {plural(len(ties), 'tie')}; {denied} of them "
                f"{'denies' if denied == 1 else 'deny'} the tie."
            ),
        )
    ]
    top = [tie for tie in ties[:3] if tie.count > 1]
    if top:
        text.append((f"Named most often: {'; '.join(f'{_tie_name(evidence, tie)} ({tie.count})' for tie in top)}.",))
    both = [tie for tie in ties if tie.asserted and tie.denied]
    if both:
        listed = "; ".join(
            f"{_tie_name(evidence, tie)} (asserted {len(tie.asserted)}, denied {len(tie.denied)})" for tie in both[:6]
        )
        text.append((f"Both asserted and denied: {listed}.",))
    return text


def _tie_name(evidence: Evidence, tie: Tied) -> str:
    return tie_text(evidence, tie.kind, tie.a, tie.b, about=tie.about, short=True)


def _row(evidence: Evidence, tie: Tied) -> list[Cell]:
    return [
        cell(short_name(evidence, tie.a)),
        cell(short_name(evidence, tie.b)),
        cell(short_name(evidence, tie.about) if tie.about else ""),
        cell(word(tie.kind)),
        cell(_SIGNS.get(tie.sign, tie.sign)),
        *_stance(evidence, tie.asserted),
        *_stance(evidence, tie.denied),
    ]


def _stance(evidence: Evidence, statements: Sequence[Relation]) -> list[Cell]:
    """How many statements of one stance, and whose."""
    ids = [found for relation in statements for found in relation.ids_of("kind", "stance")]
    who = dict.fromkeys(
        source_name(evidence, relation.source) + (f" ({short_name(evidence, relation.by)})" if relation.by else "")
        for relation in statements
    )
    return [
        count_cell(len(statements), ids) if statements else cell(""),
        cell("; ".join(who), (), sources_of(statements)),
    ]


def _matrix(evidence: Evidence, chosen: Sequence[Relation]) -> list[Chart]:
    """The actors with most statements, against one another: asserted ties only."""
    asserted = [relation for relation in chosen if relation.stance != "denied" and relation.a != relation.b]
    weight = Counter(actor for relation in asserted for actor in (relation.a, relation.b))
    top = sorted(weight, key=lambda actor: (-weight[actor], actor))[:_MOST]
    pairs: dict[tuple[str, str], list[str]] = {}
    for relation in asserted:
        if relation.a in top and relation.b in top:
            pairs.setdefault((relation.a, relation.b), []).append(relation.sign)
    if not pairs:
        return []
    found = [
        chart_grids.Tie(short_name(evidence, a), short_name(evidence, b), len(signs), *_printed(signs))
        for (a, b), signs in sorted(pairs.items())
    ]
    (a, b), signs = max(sorted(pairs.items()), key=lambda item: len(item[1]))
    most = f"{short_name(evidence, a)} to {short_name(evidence, b)}, {len(signs)}"
    alt = (
        "Matrix of the number of statements that assert a tie from the row's to the column's actor; + friendly, "
        f"− hostile, ± both, no sign neither. Most: {most}."
    )
    order = [short_name(evidence, actor) for actor in top]
    spec = chart_grids.matrix(found, order, rows="From", columns="To")
    return [Chart(title="Asserted ties, by number of statements", alt=alt, spec=spec)]


def _printed(signs: Sequence[str]) -> tuple[str, float]:
    """The count with its sign, and the balance of friendly and hostile statements."""
    friendly, hostile = signs.count("positive"), signs.count("negative")
    mark = "±" if friendly and hostile else "+" if friendly else "−" if hostile else ""
    return f"{len(signs)}{mark}", (friendly - hostile) / len(signs)


def _check(ties: Sequence[Tied], evidence: Evidence) -> Check:
    """How far the ties rest on more than one source."""
    single = sum(len({relation.source for relation in (*tie.asserted, *tie.denied)}) == 1 for tie in ties)
    both = some([_tie_name(evidence, tie) for tie in ties if tie.asserted and tie.denied])
    return Check(
        name="Ties named by more than one source",
        status=CheckStatus.INFORM,
        text=f"{single} of {plural(len(ties), 'tie')} rest on one source only"
        + (f"; contested: {both}." if both else "."),
    )
