"""What the words around say on whether a name is meant: capitals, the beginning of a sentence, titles of persons."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from marsad.documents.shipped import shipped_text
from marsad.extraction.lexicon import listed
from marsad.extraction.name_forms import Form
from marsad.extraction.name_keys import NameToken, fold

__all__ = ["Context"]

_PREPOSITIONS = frozenset(listed("in at from near around outside inside into across within"))
_TITLES = frozenset(
    listed(
        "mr mrs ms dr president general colonel major captain lieutenant gen col maj capt lt sgt sergeant "
        "senator minister maulvi maulana mullah mufti commander sheikh imam judge justice professor prof "
        "ambassador cardinal bishop father monsignor don dona deputy senor colonels generals deputies"
    )
)
_STATE_NOUNS = frozenset(
    listed(
        "ambassador embassy government troops citizens citizen army military president soldiers forces "
        "marines officials congress senate state adviser advisers advisor advisors administration "
        "intervention policy aid secretary consulate dollars invasion navy air army officials vice house "
        "senator senators embassies firms companies interests"
    )
)
_DIRECTIONS = frozenset(
    listed(
        "north south east west northern southern eastern western central upper lower greater rural district "
        "province city town village camp the new old former state on"
    )
)
_BREAK = "\n\n"
_LONGEST_MIXED = 6
"""Names in mixed capitals that are shorter than this are acronyms (``LeT``), matched to the letter."""
_SORTS = frozenset(
    listed(
        "province department governorate state region district county municipality town city village "
        "jurisdiction canton sector port river island mountain refugee"
    )
)
_LITTLE_KNOWN = 20
"""Rank up to which a place in capitals throughout is believed only where the words around say that it is one."""
_WELL_KNOWN = 40
"""Rank from which a place is believed whatever stands before it."""


@dataclass(frozen=True, slots=True)
class Context:
    """A text as the scan for names sees it.

    Attributes:
        text: the text.
        tokens: its words.
        starts: where its paragraphs begin.
        upper: of each paragraph, whether it is written in capitals throughout.
    """

    text: str
    tokens: Sequence[NameToken]
    starts: Sequence[int]
    upper: Sequence[bool]

    @classmethod
    def of(cls, text: str, tokens: Sequence[NameToken]) -> Context:
        """Look at the paragraphs of a text."""
        starts, upper, place = [], [], 0
        for paragraph in text.split(_BREAK):
            starts.append(place)
            upper.append(_is_upper(paragraph))
            place += len(paragraph) + len(_BREAK)
        return cls(text, tokens, starts, upper)

    def accepts(self, form: Form, first: int, last: int) -> bool:
        """Whether a form may stand at these words."""
        found = self.tokens[first:last]
        if len(form.words) == len(found):
            has_capitals = all(map(_agrees, form.words, found))
        else:
            has_capitals = found[0].text[:1].isupper() and found[-1].text[:1].isupper()
        if not has_capitals or last - first > 1 or not form.words[0][:1].isupper():
            return has_capitals
        return self._is_word_a_name(form, first)

    def _is_word_a_name(self, form: Form, first: int) -> bool:
        """The same of a single word that has the capitals it needs."""
        key = self.tokens[first].key
        is_upper = self.upper[bisect_right(self.starts, self.tokens[first].start) - 1]
        if fold(form.words[0]) != key:  # another transliteration
            return not is_upper and not self._begins_sentence(first)
        if key in _common() or (is_upper and form.rank <= _LITTLE_KNOWN and form.kind == "place"):
            return self._is_name_here(form, first, is_upper=is_upper)
        if form.kind == "actor" or form.rank >= _WELL_KNOWN:
            return True
        return not self._is_surname(first, is_upper=is_upper)

    def _is_name_here(self, form: Form, index: int, *, is_upper: bool) -> bool:
        """Whether a word that is also a common word is meant as a name."""
        is_acronym = form.words[0].isupper() and len(form.words[0]) > 1
        if is_acronym:
            return not is_upper or (form.words[0] == "US" and self._key(index + 1) in _STATE_NOUNS)
        if self._key(index - 1) in _PREPOSITIONS or self._key(index + 1) in _SORTS:
            return True
        if self._key(index - 1) == "of" and self._key(index - 2) in _SORTS:
            return True
        if is_upper:
            return (
                self.text[self.tokens[index].end : self.tokens[index].end + 1] == "," and self._key(index - 1) == "of"
            )
        if self._begins_sentence(index) or self._is_surname(index, is_upper=False):
            return False
        before = self.tokens[index - 1].text if index else ""
        return not before.istitle() or self._key(index - 1) in _DIRECTIONS

    def _key(self, index: int) -> str:
        return self.tokens[index].key if 0 <= index < len(self.tokens) else ""

    def _begins_sentence(self, index: int) -> bool:
        gap = self.text[self.tokens[index - 1].end : self.tokens[index].start] if index else "\n"
        return any(sign in gap for sign in '.!?:\n“"•')

    def _is_surname(self, index: int, *, is_upper: bool) -> bool:
        """Whether a word follows a title, or a capital that is neither a direction nor the first of its sentence."""
        before = self._key(index - 1)
        if before in _TITLES:
            return True
        if is_upper or index == 0 or self.text[self.tokens[index - 1].end : self.tokens[index].start] != " ":
            return False
        token = self.tokens[index - 1]
        is_given = token.text[:1].isupper() and token.text[1:].islower() and before not in _DIRECTIONS
        return is_given and before not in _PREPOSITIONS and not self._begins_sentence(index - 1)


def _agrees(written: str, token: NameToken) -> bool:
    """Whether the capitals of a word of a text allow it to be the word of a name."""
    if not written[:1].isupper():
        return True
    if len(written) > 1 and written.isupper():
        return token.text.isupper() or len(written) > 6
    if len(written) < _LONGEST_MIXED and not written[1:].islower() and written.isalpha():
        return token.text == written
    return token.text[:1].isupper()


def _is_upper(paragraph: str) -> bool:
    lower = sum(map(str.islower, paragraph[:400]))
    return lower * 10 < sum(map(str.isupper, paragraph[:400]))


@cache
def _common() -> frozenset[str]:
    """Names that are common English words too."""
    listing = shipped_text("marsad.extraction.gazetteer", "common_words.txt")
    return frozenset(line for line in listing.splitlines() if line and not line.startswith("#"))
