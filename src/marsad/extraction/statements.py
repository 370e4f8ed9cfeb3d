"""Proposals as statements, so that the checks of the evidence read them like any others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from marsad.extraction.figure_statements import figure_statements
from marsad.extraction.gazetteer import GazetteerActor, GazetteerPlace
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal
from marsad.model import Date, Event, Kind, Statement, date_text, upper_first

__all__ = ["event_title", "name_statements", "named_in", "proposed_statements"]

_PROPERTIES = frozenset(Event.model_fields) - {"record", "subject", "statements", "source", "via", "locator", "origin"}
_MANY = frozenset({"place", "actor", "target"})
"""Properties of which an event may have several; of others the first value counts."""

_UNITS = {name: "persons" for name in _PROPERTIES if name.startswith(("killed", "injured"))}


def proposed_statements(proposals: Sequence[Proposal], *, source: str, gazetteer: Gazetteer) -> tuple[Statement, ...]:
    """The statements that proposals make, in the order of the text.

    Args:
        proposals: incidents and figures; the mentions of one event share its identifier.
        source: the citation key of the document.
        gazetteer: the names of the places in titles.

    Returns:
        A statement for each slot that the study's tables have; its record is the proposal's identifier, its subject the
        event's or the figure's, its locator an offset in the document.
    """
    events = [proposal for proposal in proposals if proposal.kind is Kind.EVENT]
    figures = [proposal for proposal in proposals if proposal.kind is Kind.FIGURE]
    titled: set[str] = set()
    found: list[Statement] = []
    for proposal in events:
        subject = proposal.event or proposal.id
        title = "" if subject in titled else event_title(proposal, gazetteer)
        titled.add(subject)
        found += _of_event(proposal, subject, title, source)
    starts = {proposal.id: proposal.start for proposal in figures}
    for statement in figure_statements(figures, source):
        found.append(statement.model_copy(update={"locator": f"offset {starts[statement.record]}"}))
    return tuple(found)


def _of_event(proposal: Proposal, subject: str, title: str, source: str) -> Iterator[Statement]:
    seen: set[tuple[str, str]] = set()
    for name, value in [("title", title), *((slot.name, slot.value) for slot in proposal.slots)]:
        is_repeated = (name, value) in seen or (name not in _MANY and any(name == known for known, _ in seen))
        if name not in _PROPERTIES or not value or is_repeated:
            continue
        seen.add((name, value))
        yield Statement(
            kind=Kind.EVENT,
            subject=subject,
            record=proposal.id,
            property=name,
            value=value,
            unit=_UNITS.get(name, ""),
            source=source,
            locator=f"offset {proposal.start}",
        )


def event_title(proposal: Proposal, gazetteer: Gazetteer) -> str:
    """What an incident may be called: ``Suicide bombing in Peshawar, 30 January 2023``."""
    kind = upper_first(proposal.value("kind").replace("_", " ")) or "Incident"
    places = [gazetteer.name("place", place) for place in proposal.values("place")]
    date = proposal.value("date")
    return kind + (f" in {places[0]}" if places else "") + (f", {date_text(Date.parse(date))}" if date else "")


def named_in(proposals: Iterable[Proposal]) -> frozenset[tuple[str, str]]:
    """The places and actors that proposals name, as pairs of kind and identifier."""
    kinds = {"place": "place", "area": "place", "actor": "actor", "reported_by": "actor"}
    return frozenset(
        (kinds[slot.name], slot.value) for proposal in proposals for slot in proposal.slots if slot.name in kinds
    )


def name_statements(gazetteer: Gazetteer, names: Iterable[tuple[str, str]]) -> tuple[Statement, ...]:
    """The records of places and actors, and of what contains them, as statements without a source.

    Args:
        gazetteer: where they are recorded; what it does not know (an organisation that the text itself defines) is
            left out.
        names: pairs of kind (``place``, ``actor``) and identifier.
    """
    wanted = sorted(names)
    seen: set[tuple[str, str]] = set()
    found: list[Statement] = []
    while wanted:
        name = wanted.pop()
        known: Mapping[str, GazetteerPlace | GazetteerActor] = (
            gazetteer.places if name[0] == "place" else gazetteer.actors
        )
        if name in seen or name[1] not in known:
            continue
        seen.add(name)
        record = known[name[1]]
        found += _of_name(record)
        inside = (record.admin1, record.country) if isinstance(record, GazetteerPlace) else (record.parent,)
        wanted += [(name[0], one) for one in inside if one]
    return tuple(found)


def _of_name(record: GazetteerPlace | GazetteerActor) -> Iterator[Statement]:
    is_place = isinstance(record, GazetteerPlace)
    columns = ("name", "kind", "admin1", "country") if is_place else ("name", "kind", "parent")
    cells = [(column, getattr(record, column)) for column in columns]
    cells += [("aliases", alias) for alias in record.aliases]
    for column, value in cells:
        if value:
            yield Statement(
                kind=Kind.PLACE if is_place else Kind.ACTOR,
                subject=record.id,
                record=record.id,
                property=column,
                value=value,
            )
