"""Quantities in running text: numbers with their qualifier and unit, as ``Quantity`` writes them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marsad.extraction.date_words import COUNTED
from marsad.extraction.dates import find_dates
from marsad.extraction.found import FoundQuantity
from marsad.extraction.lexicon import listed
from marsad.extraction.numerals import ORDINAL_WORDS, Numeral, Word, numeral, words
from marsad.model import Quantity

__all__ = ["find_articles", "find_quantities"]

_QUALIFIERS = {
    ">": "over; more than; above; exceeding; exceeded; exceeds; exceed; in excess of; greater than; upwards of; "
    "upward of; higher than; larger than; surpassing; surpassed; beyond",
    ">=": "at least; no fewer than; no less than; not less than; not fewer than; a minimum of; as few as; minimum of",
    "<=": "up to; at most; no more than; not more than; as many as; as much as; a maximum of; maximum of; "
    "not exceeding",
    "<": "less than; fewer than; under; below; lower than; smaller than",
    "~": "about; around; approximately; approx; nearly; almost; some; roughly; an estimated; estimated; close to; "
    "circa; nearing; an approximate; approximate; approaching; near to",
}
_BEFORE = {tuple(phrase.split()): mark for mark, phrases in _QUALIFIERS.items() for phrase in phrases.split("; ")}
_AFTER = {
    ("or", "more"): ">=", ("or", "above"): ">=", ("and", "above"): ">=", ("and", "more"): ">=", ("+",): ">=",
    ("plus",): ">=", ("or", "fewer"): "<=", ("or", "less"): "<=", ("or", "so"): "~", ("-", "odd"): "~",
}  # fmt: skip
_UNITS: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): unit
    for unit, phrases in {
        "percentage_point": "percentage point; percentage points; percent points",
        "percent": "%; percent; per cent; pc; percentage",
        "sq_km": "square kilometres; square kilometers; square km; sq km; km2; km²; sq . km",
        "km": "km; kms; kilometre; kilometres; kilometer; kilometers",
        "m": "m; metre; metres; meter; meters",
        "mile": "mile; miles",
        "kg": "kg; kilo; kilos; kilogram; kilograms; kilogramme; kilogrammes",
        "tonne": "ton; tons; tonne; tonnes",
        "hectare": "hectare; hectares",
        "year": "year; years; yr; yrs; - year; - years",
        "month": "month; months; - month; - months",
        "week": "week; weeks; - week; - weeks",
        "day": "day; days; - day; - days",
        "hour": "hour; hours; - hour; - hours",
        "minute": "minute; minutes; - minute; - minutes",
        "USD": "us dollars; u . s . dollars; dollars; dollar; usd; us $",
        "EUR": "euros; euro; eur",
        "GBP": "pounds sterling; pounds; gbp",
        "PKR": "pakistani rupees; pkr",
        "INR": "indian rupees; inr",
        "AFN": "afghanis; afn",
        "rupee": "rupees; rupee",
    }.items()
    for phrase in phrases.split("; ")
}
_CURRENCIES: dict[tuple[str, ...], str] = {
    ("$",): "USD", ("us", "$"): "USD", ("usd",): "USD", ("€",): "EUR", ("eur",): "EUR", ("£",): "GBP", ("gbp",): "GBP",
    ("rs",): "rupee", ("rs", "."): "rupee", ("pkr",): "PKR", ("inr",): "INR", ("₹",): "INR", ("afn",): "AFN",
}  # fmt: skip
_MONEY = frozenset(_CURRENCIES.values())
_DURATIONS = frozenset({"year", "month", "week", "day", "hour", "minute"})
_LABELS = frozenset(
    listed(
        "resolution article section sec chapter page pages p pp no nos number act order paragraph para "
        "route flight room form figure fig table clause rule item serial block model version vol volume "
        "issue part annex appendix step phase objective question case line sim box note footnote article "
        "lot bus highway kilometer"
    )
) - {"kilometer", "case", "part"}
_NOT_AFTER = frozenset({"am", "pm", "gmt", "o'clock", "°", "mm", "caliber", "calibre"})
_GLUED_BEFORE = frozenset("/:#°_+[")
_GLUED_AFTER = frozenset("/:°_(")
_OVER_ENDS = frozenset(
    listed("handed handing hand hands took taken taking take takes turned turning turn carried carry")
)
"""Verbs of which ``over`` is a part: ``handed over two men``."""
_NOT_ONE_BEFORE = frozenset(listed("no any every this that which each the another some if"))
_NOT_ONE_AFTER = frozenset({"another", "'", "’", "can", "must", "should", "may", "might", "side", "hand"})
_YEARS = ("1900", "2100")
"""Numbers of four digits between these that nothing counts are years, even where the date grammar doubts them."""
_FRACTIONS = frozenset(listed("third thirds fourth fourths quarter quarters fifth fifths tenth tenths half halves"))
_DASHES = frozenset("-–—‐‑")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A numeral with what stands after it."""

    numeral: Numeral
    unit: str
    last: int


_STRETCH = 100_000


def find_quantities(text: str) -> tuple[FoundQuantity, ...]:
    """Every number of a text that counts or measures, in digits or words.

    Years and days of dates, numbers of articles, sections and pages, names such as ``AK-47`` and times of day are none.

    Returns:
        The quantities in order; no two overlap. ``one of`` has a rule of its own, because it seldom counts. Ordinals
        have the unit ``ordinal``.
    """
    dates = [(each.start, each.end) for each in find_dates(text)]
    return tuple(each for start, end in _stretches(text) for each in _read(words(text, start, end), dates))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """A text in stretches of whole paragraphs, so that the words of a long one are not held all at once."""
    start = 0
    while len(text) - start > 2 * _STRETCH:
        cut = text.find("\n\n", start + _STRETCH, start + 2 * _STRETCH)
        if cut < 0:  # a paragraph longer than any
            cut = max(text.rfind(" ", start + _STRETCH, start + 2 * _STRETCH), start + _STRETCH)
        yield start, cut
        start = cut
    yield start, len(text)


def find_articles(text: str) -> tuple[FoundQuantity, ...]:
    """Every ``a`` and ``an`` of a text as the number 1, for those who look for ``a policeman``."""
    one = Quantity.parse("1")
    return tuple(
        FoundQuantity(word.start, word.end, one, "count", "article", word.start, word.end)
        for word in words(text)
        if word.kind == "word" and word.text in ("a", "an")
    )


def _read(found: Sequence[Word], dates: Sequence[tuple[int, int]]) -> Iterator[FoundQuantity]:
    index, floor = 0, 0
    starts = [start for start, _ in dates]
    while index < len(found):
        word = found[index]
        slot = bisect_right(starts, word.start) - 1
        if slot >= 0 and word.start < dates[slot][1]:
            index += 1
            floor = index
            continue
        limit = starts[slot + 1] if slot + 1 < len(starts) else None
        piece = _piece(found, index, limit)
        if piece is None:
            index += 1
            continue
        if _is_label(found, piece):
            index = floor = _after_chain(found, piece)
            continue
        second = _second(found, piece, limit, floor)
        result, index = _range(found, piece, second, floor) if second else _one(found, piece, floor)
        floor = index
        yield result


def _piece(found: Sequence[Word], index: int, limit: int | None) -> _Piece | None:
    """The number that begins at a word, with its unit."""
    read = _ordinal(found, index) or numeral(found, index)
    if read is None or (limit is not None and found[read.last - 1].end > limit):
        return None
    if read.rule == "ordinal":
        return _Piece(read, "ordinal", read.last)
    scaled = _letter_scale(found, read)
    if scaled is not None:
        return _Piece(scaled, "count", scaled.last)
    unit, last = _unit(found, read.last)
    if limit is not None and last > read.last and found[last - 1].end > limit:
        unit, last = "count", read.last
    return _Piece(read, unit, last)


def _ordinal(found: Sequence[Word], index: int) -> Numeral | None:
    """``third``, ``twenty-first``."""
    word = found[index]
    if word.text in ORDINAL_WORDS:
        return Numeral(index, index + 1, Decimal(ORDINAL_WORDS[word.text]), "ordinal")
    tens = numeral(found, index) if word.kind == "word" else None
    if tens is None or tens.value is None or tens.last - index > 1 or tens.value not in range(20, 100, 10):
        return None
    unit = ORDINAL_WORDS.get(_word(found, index + 2), 99)
    if _word(found, index + 1) != "-" or unit > 9:
        return None
    return Numeral(index, index + 3, tens.value + unit, "ordinal")


def _letter_scale(found: Sequence[Word], read: Numeral) -> Numeral | None:
    """``$3.7m`` and ``3.7m refugees`` are millions, ``300m`` is a length."""
    if read.rule != "digits" or read.value is None or read.last >= len(found) or found[read.last].text != "m":
        return None
    is_glued = found[read.last].start == found[read.last - 1].end
    is_money = _currency(found, read.first)[0] != ""
    following = found[read.last + 1] if read.last + 1 < len(found) else None
    counts = (
        "." in found[read.first].text
        and following is not None
        and following.kind == "word"
        and following.text not in ("long", "high", "wide", "deep", "tall", "from", "away", "above", "below", "in", "of")
    )
    if not (is_glued and (is_money or counts)):
        return None
    return Numeral(read.first, read.last + 1, read.value * 10**6, "digits")


def _unit(found: Sequence[Word], index: int) -> tuple[str, int]:
    """The unit that begins at a word and the word after it; ``count`` where there is none."""
    for length in (4, 3, 2, 1):
        phrase = tuple(word.text for word in found[index : index + length])
        last = index + length
        if len(phrase) < length or phrase not in _UNITS:
            continue
        if phrase == ("m",) and last < len(found) and found[last].text in _DASHES:
            continue  # M-16
        return _UNITS[phrase], last
    return "count", index


def _currency(found: Sequence[Word], index: int) -> tuple[str, int]:
    """The currency that stands before a word, and where it begins."""
    for length in (2, 1):
        phrase = tuple(word.text for word in found[max(index - length, 0) : index])
        if len(phrase) == length and phrase in _CURRENCIES:
            return _CURRENCIES[phrase], index - length
    return "", index


def _second(found: Sequence[Word], piece: _Piece, limit: int | None, floor: int) -> _Piece | None:
    """The upper end of a range that begins with a number; None where it is no range."""
    first = piece.numeral
    if first.value is None or first.rule == "ordinal" or piece.last + 1 >= len(found):
        return None
    joint = found[piece.last].text
    before = found[first.first - 1].text if first.first > floor else ""
    is_between = joint == "and" and before == "between"
    is_dash = joint in _DASHES and found[piece.last].start == found[piece.last - 1].end
    is_to = joint in ("to", "or") and before != "from"
    if not (is_between or is_dash or is_to):
        return None
    start = piece.last + 1
    start += _currency(found, start + 1)[0] != "" and found[start].kind == "sign"
    if start >= len(found):
        return None
    second = _piece(found, start, limit)
    if second is None or second.numeral.value is None or second.unit == "ordinal":
        return None
    if joint == "or" and second.numeral.value != first.value + 1:
        return None
    return second if _scaled(first.value, second) < second.numeral.value else None


def _scaled(value: Decimal, second: _Piece) -> Decimal:
    """The lower end in the scale of the upper one: ``1 to 2 million``."""
    upper = second.numeral.value or Decimal(0)
    if second.numeral.rule != "digits" or second.numeral.last - second.numeral.first < 2 or value >= 1000:
        return value
    for scale in (10**9, 10**6, 10**3):
        if upper % scale == 0 and upper // scale > value:
            return value * scale
    return value


def _range(found: Sequence[Word], piece: _Piece, second: _Piece, floor: int) -> tuple[FoundQuantity, int]:
    low = _scaled(piece.numeral.value or Decimal(0), second)
    quantity = Quantity.parse(f"{low:f}..{second.numeral.value:f}")
    first = piece.numeral.first
    currency, begin = _currency(found, first) if first > floor else ("", first)
    if begin > floor and found[begin - 1].text == "between":
        begin -= 1
    else:
        begin, _ = _qualifier(found, begin, floor)
    unit = currency or (second.unit if second.unit != "count" else piece.unit)
    result = FoundQuantity(
        found[begin].start,
        found[second.last - 1].end,
        quantity,
        unit,
        "range",
        found[first].start,
        found[second.numeral.last - 1].end,
    )
    return result, second.last


def _one(found: Sequence[Word], piece: _Piece, floor: int) -> tuple[FoundQuantity, int]:
    read = piece.numeral
    currency, begin = _currency(found, read.first) if read.first > floor else ("", read.first)
    begin, mark = _qualifier(found, begin, floor)
    last = piece.last
    unit = currency or piece.unit
    if not mark:
        last, mark = _suffix(found, last)
    if unit in _DURATIONS and begin < read.first and found[begin].text == "over":
        mark = ""
    rule = "age" if unit == "year" and _word(found, last) == "-" and _word(found, last + 1) == "old" else read.rule
    if unit == "ordinal":
        mark = ""
    elif found[read.first].text == "one" and _word(found, read.last) == "of":
        rule = "one of"
    text = read.vague or f"{mark}{read.value:f}"
    result = FoundQuantity(
        found[begin].start,
        found[last - 1].end,
        Quantity.parse(text),
        unit,
        f"{rule}, qualified" if mark and not read.vague else rule,
        found[read.first].start,
        found[read.last - 1].end,
    )
    return result, last


def _word(found: Sequence[Word], index: int) -> str:
    return found[index].text if 0 <= index < len(found) else ""


def _qualifier(found: Sequence[Word], index: int, floor: int) -> tuple[int, str]:
    """The qualifier that ends before a word: where it begins, and its sign."""
    for length in (3, 2, 1):
        begin = index - length
        if begin < floor:
            continue
        mark = _BEFORE.get(tuple(word.text for word in found[begin:index]))
        if mark is not None and not (found[begin].text == "over" and _word(found, begin - 1) in _OVER_ENDS):
            return begin, mark
    return index, ""


def _suffix(found: Sequence[Word], index: int) -> tuple[int, str]:
    for length in (2, 1):
        words = tuple(word.text for word in found[index : index + length])
        mark = _AFTER.get(words) if len(words) == length else None
        if mark is not None and (length == 2 or found[index].start == found[index - 1].end or mark != ">="):
            return index + length, mark
    return index, ""


def _is_label(found: Sequence[Word], piece: _Piece) -> bool:
    """Whether a number names something instead of counting it."""
    read = piece.numeral
    if found[read.first].text == "one":
        before = _word(found, read.first - 1)
        return before in _NOT_ONE_BEFORE or _word(found, read.last) in _NOT_ONE_AFTER
    if read.rule == "words":
        return _is_fraction(found, read) or _word(found, read.first - 1) in _LABELS
    return read.rule == "digits" and (_is_glued(found, read) or _is_numbered(found, read))


def _is_glued(found: Sequence[Word], read: Numeral) -> bool:
    """Whether a sign or a word is attached that makes it part of a name, a time or a date: ``AK-47``, ``9/11``."""
    first = found[read.first]
    before = found[read.first - 1] if read.first else None
    if before is not None and before.end == first.start:
        is_joined = before.text in _DASHES and _follows_word(found, read.first - 1)
        if is_joined or before.text in _GLUED_BEFORE:
            return True
    following = found[read.last] if read.last < len(found) else None
    if following is None or following.start != found[read.last - 1].end:
        return False
    return following.text in _GLUED_AFTER or _continues_dotted(found, read.last)


def _continues_dotted(found: Sequence[Word], index: int) -> bool:
    """Whether a full stop and another number follow: 3.2.1."""
    following = found[index + 1] if index + 1 < len(found) else None
    is_number = following is not None and following.kind == "number" and following.start == found[index].end
    return found[index].text == "." and is_number


def _is_numbered(found: Sequence[Word], read: Numeral) -> bool:
    """Whether a word before or after says that it is the number of something: ``Article 5``, ``7 p.m.``."""
    first = found[read.first].text
    if first.startswith("0") and len(first) > 1 and "." not in first:
        return True
    before, after = _word(found, read.first - 1), _word(found, read.last)
    is_item = before == "." and after == "."
    is_year = len(first) == 4 and _YEARS[0] <= first <= _YEARS[1] and after not in COUNTED
    if is_item or (is_year and _is_bare(found, read)):
        return True
    label = before if before != "." else _word(found, read.first - 2)
    is_hour = after in ("a", "p") and _word(found, read.last + 1) == "." and _word(found, read.last + 2) == "m"
    return label in _LABELS or after in _NOT_AFTER or is_hour


def _is_bare(found: Sequence[Word], read: Numeral) -> bool:
    """Whether a number has neither separator of thousands, unit, currency nor qualifier, as years have none."""
    first = found[read.first]
    is_plain = first.end - first.start == len(first.text) and read.last == read.first + 1
    is_measure = _unit(found, read.last)[0] != "count" or _currency(found, read.first)[0] != ""
    return is_plain and not is_measure and _qualifier(found, read.first, 0)[1] == ""


def _is_fraction(found: Sequence[Word], read: Numeral) -> bool:
    joint = _word(found, read.last)
    return joint in _FRACTIONS or (joint == "-" and _word(found, read.last + 1) in _FRACTIONS)


def _follows_word(found: Sequence[Word], index: int) -> bool:
    """Whether a hyphen is glued to a word before it: ``AK-47``."""
    return index > 0 and found[index - 1].kind == "word" and found[index - 1].end == found[index].start


def _after_chain(found: Sequence[Word], piece: _Piece) -> int:
    """The word after a label: of ``9/11`` and ``+92-300-1234`` after all that is glued to it."""
    index = piece.numeral.last
    if piece.numeral.rule != "digits":
        return index
    while (
        index < len(found) and found[index].start == found[index - 1].end and found[index].text not in ("%", ".", ",")
    ):
        index += 1
    return index
