"""Which of the study's events do the registers know, and what do they say of them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.coded import CodedEvent, EventParameters, select
from marsad.analysis.parameters import Parameters
from marsad.analysis.printing import cell, table
from marsad.model import (
    Cell,
    Check,
    CheckStatus,
    Cite,
    Date,
    Finding,
    Match,
    Number,
    Passage,
    Register,
    Table,
    date_text,
    label,
    number_text,
)

__all__ = ["RegisteredParameters", "events_in_registers"]

_SAME, _REVIEW = "same", "review"
_WORDS = {_SAME: "same", _REVIEW: "perhaps", "part_of": "part of"}


class RegisteredParameters(Parameters):
    """Which events."""

    period: Date | None = Field(
        default=None, examples=["2020/2023"], description="when they happened; empty for the study's own period"
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """An event of the study beside a register.

    Attributes:
        event: the event.
        register: the register.
        matches: the records that may be the event, the most probable first.
    """

    event: CodedEvent
    register: Register
    matches: tuple[Match, ...]

    @property
    def same(self) -> Match | None:
        """The record that is taken for the same event; None where there is none."""
        return next((match for match in self.matches if match.decision == _SAME), None)


def events_in_registers(inputs: Inputs, parameters: RegisteredParameters) -> Finding:
    """Each violent event of the study beside the record of a register that is most probably the same event (scored
    on day, distance, sides, kind, deaths and words; one record stands for one event); both tolls as reported.
    """
    chosen = select(inputs, EventParameters(period=parameters.period))
    compared = [
        _Compared(event, register, _matches(inputs.matches, event, register))
        for register in inputs.registers
        for event in chosen.inside
        if _is_covered(event, register)
    ]
    result = Result(
        title="The study's events in the registers",
        text=_words(inputs, chosen.inside, compared),
        tables=[made for register in inputs.registers if (made := _table(inputs, register, compared))],
        checks=_checks(inputs, compared),
        subjects=[found.event.subject for found in compared],
    )
    return conclude("events-in-registers", result, inputs, parameters)


def _matches(matches: Iterable[Match], event: CodedEvent, register: Register) -> tuple[Match, ...]:
    mine = [match for match in matches if match.event == event.subject and match.release == register.release.id]
    found = [match for match in mine if match.decision in _WORDS]
    return tuple(sorted(found, key=lambda match: (match.decision != _SAME, -match.probability, match.row)))


def _is_covered(event: CodedEvent, register: Register) -> bool:
    """Whether some report dates the event between the first and the last record of the register."""
    if register.first is None or register.last is None:
        return False
    span = Date.parse(f"{register.first}/{register.last}")
    return any(day.overlaps(span) for day in event.dates)


def _words(inputs: Inputs, events: Sequence[CodedEvent], compared: Sequence[_Compared]) -> list[Passage]:
    if not inputs.registers:
        return [("The study has no register to look its events up in: data.yaml names no release of events.",)]
    if not events:
        return [("The study has no violent event in these years to look up.",)]
    text: list[Passage] = []
    for register in inputs.registers:
        mine = [found for found in compared if found.register is register]
        text.append(_looked_up(register, mine, len(events)))
        text += _tolls([found for found in mine if found.same])
    return text


def _looked_up(register: Register, mine: Sequence[_Compared], total: int) -> Passage:
    """How many events fall into the days of a register's records, and how many of them it has."""
    head: Passage = (f"{register.release.title} ", Cite(cite=register.source))
    if register.first is None or register.last is None:
        return (*head, ": no record in these areas is dated to a month or closer, so that no event can be looked up.")
    days = " to ".join(date_text(Date.parse(str(day))) for day in (register.first, register.last))
    opening = f": its dated records in these areas run from {days}; it need not cover every day between."
    if not mine:
        rest = "The study's only event is" if total == 1 else f"{_all(total)} are"
        return (*head, f"{opening} {rest} outside these days, of which it says nothing.")
    return (*head, f"{opening} {_within(len(mine), total)}", *_had(mine))


def _within(count: int, total: int) -> str:
    if count == total:
        return "The study's only event falls between them." if total == 1 else f"{_all(total)} fall between them."
    rest = total - count
    others = "the other one" if rest == 1 else f"the other {rest}"
    verb = "falls" if count == 1 else "fall"
    return f"{count} of the study's {total} events {verb} between them; of {others} it says nothing."


def _all(total: int) -> str:
    return "Both events of the study" if total == 2 else f"All {total} events of the study"


def _had(mine: Sequence[_Compared]) -> Iterator[str | Number]:
    """Which of these events it has: most probably, perhaps, as a part, or not."""
    count = len(mine)
    same = [found for found in mine if found.same]
    waiting = [found for found in mine if not found.same and any(one.decision == _REVIEW for one in found.matches)]
    parts = len([found for found in mine if found.matches]) - len(same) - len(waiting)
    if same:
        ids = dict.fromkeys(statement for found in same for statement in found.event.ids("kind", "date"))
        yield " Most probably it has a record of "
        yield Number(text=_of_all(len(same), count), statements=tuple(ids))
        yield "."
    if waiting:
        whom = "the event" if count == 1 else f"{len(waiting)} {'more' if same else 'of them'}"
        yield (
            f" It has a record that may be {whom}, which awaits a person's word."
            if len(waiting) == 1
            else (f" It has records that may be {whom}, which await a person's word.")
        )
    if parts:
        whom = "the event" if count == 1 else f"{parts} of them"
        yield f" With {whom} it has only a record of several events together, or of a part."
    if missing := count - len(same) - len(waiting) - parts:
        whom = "that could be the event" if count == 1 else _of_rest(missing, count)
        yield (
            f" It has no record {whom}: what is not found may lie outside what it counts, stand there under another "
            "date or place, or be missing from it."
        )


def _of_all(part: int, count: int) -> str:
    if part < count:
        return f"{part} of them"
    return "it" if count == 1 else "both" if count == 2 else f"all {count}"


def _of_rest(part: int, count: int) -> str:
    if part == count:
        return "that could be either" if count == 2 else "that could be any of them"
    return "of the other one" if part == 1 else f"of the other {part}"


def _tolls(same: Sequence[_Compared]) -> list[Passage]:
    """Whether the tolls of the study's reports can stand beside those of the register."""
    stated = [found for found in same if _has_tolls(found)]
    if not stated:
        return []
    apart = len([found for found in stated if not _agree(found)])
    if len(stated) == 1:
        both = "Both state its toll" if len(same) == 1 else "For one of these both state a toll"
        said = f"{both}, and the ranges {'do not meet' if apart else 'meet'}."
    elif apart in (0, len(stated)):
        said = f"For {len(stated)} of these both state a toll, and the ranges meet {'in none' if apart else 'in all'}."
    else:
        said = (
            f"For {len(stated)} of these both state a toll: the ranges meet in {len(stated) - apart}, not in {apart}."
        )
    return [(said,)]


def _bounds(match: Match | None) -> tuple[int, int] | None:
    """The lowest and highest number of deaths that a record states, in order; None where it states none."""
    stated = [value for value in (match.low, match.best, match.high) if value is not None] if match else []
    return (min(stated), max(stated)) if stated else None


def _has_tolls(found: _Compared) -> bool:
    """Whether both the reports and the record that is the same event state deaths."""
    return found.event.toll is not None and _bounds(found.same) is not None


def _agree(found: _Compared) -> bool:
    toll, bounds = found.event.toll, _bounds(found.same)
    if toll is None or bounds is None:
        return True
    return toll.low <= bounds[1] and (toll.is_open or bounds[0] <= toll.high)


def _table(inputs: Inputs, register: Register, compared: Sequence[_Compared]) -> Table | None:
    mine = [found for found in compared if found.register is register]
    if not mine:
        return None
    rows = [_row(inputs, found) for found in mine]
    columns = ("Event", "Date as reported", "#Killed as reported", "Record", "Date", "#Deaths", "#Probability", "Word")
    note = (
        "Word: same; perhaps (awaits a person's word: `marsad judge STUDY`); part of (the record is an aggregate, or a "
        "part); no record. The number of the record is the register's own, the row that of its file. Deaths: best "
        "estimate, lowest to highest in brackets."
    )
    if not register.release.may_redistribute:
        note += (
            f" Its records may not be passed on ({register.release.licence}), so that only their numbers stand here."
        )
    return table(f"The study's events in {register.release.title}", columns, rows, note)


def _row(inputs: Inputs, found: _Compared) -> list[Cell]:
    event = found.event
    days = " | ".join(dict.fromkeys(date_text(day, short=True) for day in event.dates))
    toll = "" if event.toll is None else str(event.toll)
    head = [
        cell(label(inputs.evidence, event.subject), event.ids("kind"), event.sources),
        cell(days, event.ids("date")),
        cell(toll, event.toll_ids),
    ]
    match = next(iter(found.matches), None)
    if match is None:
        return [*head, cell(""), cell(""), cell(""), cell(""), cell("no record")]
    word = [cell(_probability(match.probability)), cell(_WORDS[match.decision])]
    if not found.register.release.may_redistribute:
        return [*head, cell(match.source_id, cites=(found.register.source,)), cell(""), cell(""), *word]
    mark = "" if match.decision != _SAME or _agree(found) else " ≠"
    return [
        *head,
        cell(_record(match), cites=(found.register.source,)),
        cell(_span(match)),
        cell(_deaths(match) + mark),
        *word,
    ]


def _record(match: Match) -> str:
    """The register's own number of a record, where it is, and its row in the file of the release."""
    return ", ".join(part for part in (match.source_id, match.place, f"row {match.row}") if part)


def _probability(value: float) -> str:
    """To two places, without making certain what is not."""
    return "> 0.99" if value >= 0.995 else "< 0.01" if value < 0.005 else f"{value:.2f}"


def _span(match: Match) -> str:
    if match.start is None or match.end is None:
        return ""
    text = str(match.start) if match.start == match.end else f"{match.start}/{match.end}"
    return date_text(Date.parse(text), short=True)


def _deaths(match: Match) -> str:
    if match.best is None:
        return ""
    bounds = _bounds(match)
    if bounds is None or bounds[0] == bounds[1]:
        return number_text(match.best)
    return f"{number_text(match.best)} ({number_text(bounds[0])}–{number_text(bounds[1])})"


def _checks(inputs: Inputs, compared: Sequence[_Compared]) -> list[Check]:
    """Whether the tolls meet, and what it means that nothing was found."""
    stated = [found for found in compared if found.same and _has_tolls(found)]
    names = sorted({label(inputs.evidence, found.event.subject) for found in stated if not _agree(found)})
    checks = []
    if stated:
        text = f"They do not for {'; '.join(names)}." if names else "They do wherever both state one."
        status = CheckStatus.FAIL if names else CheckStatus.PASS
        checks.append(Check(name="The tolls of reports and records meet", status=status, text=text))
    if compared:
        text = (
            "Registers and news reports draw on the same agencies: that both have an event is no independent proof of "
            "it, and the share found here says nothing of how complete either is."
        )
        checks.append(Check(name="The sources are independent", status=CheckStatus.INFORM, text=text))
    return checks
