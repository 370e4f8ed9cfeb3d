"""Places that no gazetteer knows but the text calls a place: ``in the X district``, ``the village of X``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.extraction.found import FoundName
from marsad.extraction.lexicon import listed
from marsad.extraction.name_keys import NameToken, name_tokens, slug

__all__ = ["find_unknown_places"]

_SORTS = frozenset(
    listed(
        "district districts province area areas region city town village villages hamlet neighborhood "
        "neighbourhood quarter municipality department canton county governorate sector camp township "
        "subdistrict sub-district woreda cercle commune parish tehsil agency division valley locality "
        "suburb jurisdiction colony slum zone crossing checkpoint bazaar market island mountain mountains "
        "hill hills river airport port base barracks garrison farm ranch highway road avenue street square "
        "bridge colonia barrio state lga oblast raion corregimiento tribal"
    )
)
_CERTAIN = frozenset(
    listed(
        "district districts province town village villages hamlet neighborhood neighbourhood municipality "
        "canton county governorate jurisdiction colonia barrio corregimiento avenue street parish tehsil "
        "woreda cercle"
    )
)
"""The sorts that are believed in capitals throughout, where every word looks like a name."""
_PREPOSITIONS = frozenset(listed("in at near of from into outside to around between inside through across on along"))
_ARTICLES = frozenset({"the", "a", "an"})
_NO_NAME = frozenset(
    listed(
        "the a an this that these those its their his her our same whole entire capital northern southern "
        "eastern western north south east west central other another each every all some any rural urban "
        "border mountainous tribal remote and or of in at near from to by for with said main new old nearby "
        "neighboring neighbouring residential industrial downtown upper lower middle one two three four "
        "five first second third several many poor wealthy military police army security government public "
        "international national local major conflict war operations operational large small affected "
        "different certain various important strategic economic commercial populated inland coastal nearest "
        "afternoon morning evening night when where who which was were is are has had been as on into "
        "during after before municipal exclusive crowded busy fire peace administrative special "
        "northwestern northeastern southwestern southeastern guerrilla rebel control controlled disputed "
        "demilitarized refugee internal training on"
    )
)
_PARTICLES = frozenset(listed("de la del las los el al ul e i y da do dos san santa"))
_MOST_WORDS = 4


def find_unknown_places(text: str) -> tuple[FoundName, ...]:
    """Capitalised words that a preposition and a word such as *district* or *village* mark as a place.

    They are proposals: the identifier is made of the name, and the rule is ``named as a place``. Names that a gazetteer
    knows are found here too; callers drop what overlaps.

    Returns:
        The places in order; no two overlap.
    """
    tokens = name_tokens(text)
    found: list[FoundName] = []
    for index, token in enumerate(tokens):
        if token.key not in _SORTS or (token.text.isupper() and token.key not in _CERTAIN):
            continue
        for first, last in (*_before(text, tokens, index), *_after(text, tokens, index)):
            start, end = tokens[first].start, tokens[last - 1].end
            if not found or start >= found[-1].end:
                found.append(FoundName(start, end, "place", slug(text[start:end]), "named as a place"))
    return tuple(found)


def _before(text: str, tokens: Sequence[NameToken], index: int) -> Iterator[tuple[int, int]]:
    """``in the X Y district``: the words between the preposition and the sort of place."""
    first = index
    while (
        first > 0
        and index - first < _MOST_WORDS
        and _continues(text, tokens, first - 1)
        and _is_name(tokens[first - 1])
    ):
        first -= 1
    while first < index and tokens[first].key in _PARTICLES - {"la", "el", "los", "las", "al", "san", "santa"}:
        first += 1
    if first in (0, index):
        return
    before = first - 1
    if tokens[before].key in _ARTICLES and before > 0:
        before -= 1
    if tokens[before].key in _PREPOSITIONS:
        yield first, index


def _after(text: str, tokens: Sequence[NameToken], index: int) -> Iterator[tuple[int, int]]:
    """``the village of X Y``."""
    if index + 2 >= len(tokens) or tokens[index + 1].key != "of" or not _continues(text, tokens, index):
        return
    first = last = index + 2
    while last < len(tokens) and last - first < _MOST_WORDS and _is_name(tokens[last]):
        last += 1
        if last < len(tokens) and not _continues(text, tokens, last - 1):
            break
    if last > first and tokens[first].text[:1].isupper() and not _runs_on(text, tokens, first, last):
        yield first, last


def _runs_on(text: str, tokens: Sequence[NameToken], first: int, last: int) -> bool:
    """Whether, in capitals throughout, the words go on, so that the end of the name is not known."""
    is_upper = all(token.text.isupper() for token in tokens[first:last])
    return is_upper and last - first == _MOST_WORDS and _continues(text, tokens, last - 1)


def _is_name(token: NameToken) -> bool:
    if token.key in _NO_NAME or token.key in _SORTS or token.key.isdigit():
        return False
    return token.text[:1].isupper() or token.key in _PARTICLES


def _continues(text: str, tokens: Sequence[NameToken], index: int) -> bool:
    """Whether nothing but a space or a hyphen stands between a word and the next."""
    if index + 1 >= len(tokens):
        return False
    return text[tokens[index].end : tokens[index + 1].start] in (" ", "-", "\n", " [", "–")
