"""Acts of violence in a sentence: the word that tells the act, whom or what it hit, and who did it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from marsad.extraction.lexicon import listed
from marsad.extraction.news.lexicon import lexicon
from marsad.extraction.news.phrases import Target, Token, count_word, phrases_left, phrases_right, tokenise

__all__ = ["Act", "find_acts"]


@dataclass(frozen=True, slots=True)
class Act:
    """One mention of an act.

    Attributes:
        kind: attack, bombing, kidnapping, arson, robbery, hijacking.
        effect: death, injury, none or empty, of the people hit.
        stage: accomplished, attempted or threatened.
        start, end: the word that tells it.
        sentence: offsets of its sentence.
        targets: whom or what it hit.
        perpetrators: who did it.
        form: passive, active, noun or state: how it is told.
        weapon: whether an explosive is its subject or instrument.
    """

    kind: str
    effect: str
    stage: str
    start: int
    end: int
    sentence: tuple[int, int]
    targets: tuple[Target, ...]
    perpetrators: tuple[Target, ...]
    form: str
    word: str


_DAMAGE = frozenset(["destroyed", "damaged", "destroying", "damaging", "sabotaged"])
_SETS = frozenset({"set", "on", "setting", "sets", "caught"})
_NEEDS_PARTICLE = {"gunned": {"down"}, "blew": {"up"}, "blown": {"up"}}
_PARTICIPLES = frozenset({"shot", "blown", "slain", "burnt", "stolen", "hurt"})
_STOPS = frozenset({",", ".", "", "and", ";"})
_FARTHEST = 40
_IDENTIFIED = {
    "death": frozenset(listed("dead killed bodies body deceased corpses corpse")),
    "injury": frozenset(listed("wounded injured")),
    "": frozenset(listed("victim victims")),
}
_LISTED = {
    **dict.fromkeys(("dead", "killed", "deceased", "slain"), "death"),
    **dict.fromkeys(("injured", "wounded"), "injury"),
    **dict.fromkeys(("victims", "victim", "kidnapped"), ""),
}
_LISTING = frozenset(listed("are were is was include included"))
_THE = frozenset(listed("the those other two three four five six"))
_THREATS = frozenset(listed("threatened threatening threat threats threaten vowed plan plans planned"))
_ATTEMPTS = frozenset(listed("attempted tried attempt attempting trying attempts try"))
_BE = frozenset(listed("was were been being be is are got"))
_HAVE = frozenset(["has", "have", "had", "having"])
_TOLD = frozenset(listed("committed perpetrated carried launched made staged which that planned by"))
_BEFORE_VERB = frozenset(listed("to will would could should may might can not and they we who them"))
_PREPOSITIONS = frozenset(
    listed(
        "in on at by during near after before from when while with yesterday today last inside this have has had were "
        "was are will to outside"
    )
)
_WEAPON_DEEDS = frozenset(
    listed(
        "exploded explode explodes exploding went detonated detonate placed planted thrown threw hurled hurling "
        "throwing launched fired dropped destroyed damaged damaging killing killed injuring injured caused set left "
        "placing planting destroying wounded wounding launching activated"
    )
)


def find_acts(
    text: str, sentence: tuple[int, int], *, known: Iterable[str] = (), last: Target | None = None
) -> tuple[Act, ...]:
    """The acts of one sentence.

    Args:
        text: text of the document.
        sentence: offsets of the sentence.
        known: surnames, in lower case, of people whom the text has named before.
        last: the person named last, for ``he`` and ``her``.
    """
    tokens = tokenise(text, *sentence)
    reader = _Reader(text, sentence, tokens, tuple(known), last)
    return tuple(reader.acts())


class _Reader:
    """One sentence with its tokens."""

    def __init__(
        self, text: str, sentence: tuple[int, int], tokens: list[Token], known: tuple[str, ...], last: Target | None
    ) -> None:
        self.text, self.sentence, self.tokens, self.known, self.last = text, sentence, tokens, known, last
        self.readers: dict[str, Callable[[int], Act | None]] = {
            "dead": self._dead,
            **dict.fromkeys(("lives", "life"), self._lives),
            **dict.fromkeys(("died", "dies", "die"), self._died),
            **dict.fromkeys(_DAMAGE, self._damage),
            "hostage": self._hostage,
            "identified": self._identified,
        }

    def word(self, index: int) -> str:
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def acts(self) -> Iterator[Act]:
        for index, token in enumerate(self.tokens):
            act = self._at(index, token.word)
            if act is not None:
                yield act

    def _at(self, index: int, word: str) -> Act | None:
        words = lexicon()
        if word in _LISTED and self.word(index - 1) in _THE and self.word(index + 1) in _LISTING:
            return self._listed(index, word)
        if word == "fire" and self.word(index - 1) in _SETS:
            return self._fire(index)
        if self._is_nominal(index, word):
            return self._noun(index, word)
        if word in words.act_verbs:
            return self._verb(index, word)
        read = self.readers.get(word)
        return read(index) if read is not None else None

    def _is_nominal(self, index: int, word: str) -> bool:
        if word not in lexicon().act_nouns:
            return False
        if word not in lexicon().act_verbs:
            return True
        before = self.word(index - 1)
        return before not in _BEFORE_VERB and not word.endswith(("ing", "ed"))

    def _make(
        self,
        index: int,
        kind: tuple[str, str],
        form: str,
        targets: tuple[Target, ...],
        perpetrators: tuple[Target, ...] = (),
    ) -> Act:
        token = self.tokens[index]
        stage = self._stage(index)
        if not targets and kind[1]:
            targets = self._counted(index)
        perpetrators = tuple(each for each in perpetrators if each.sort == "people")
        return Act(
            kind[0], kind[1], stage, token.start, token.end, self.sentence, targets, perpetrators, form, token.word
        )

    def _counted(self, index: int) -> tuple[Target, ...]:
        """A bare number before the verb: ``and 35 wounded``, ``while six others were hurt``."""
        at = index - 1
        while at >= 0 and (
            self.word(at) in _BE | _HAVE | lexicon().adverbs or self.word(at) in ("others", "other", "more")
        ):
            at -= 1
        if self.word(at - 1) == "no":
            return ()
        number = count_word(self.word(at)) if at >= 0 else ""
        if self.word(at) in ("several", "many", "some", "numerous", "dozens"):
            number = "plural"
        if not number:
            return ()
        token, words = self.tokens[at], lexicon()
        near = reversed(self.tokens[max(0, at - _FARTHEST) : at])
        noun = next((each for each in near if each.word in words.people and words.is_plural(each.word)), None)
        if self.word(at + 1) in ("others", "other"):
            noun = self.tokens[at + 1]
        name = self.text[noun.start : noun.end] if noun else self.text[token.start : token.end]
        return (Target(token.start, token.end, name, name.lower(), "people", number, "", name),)

    def _is_bare_number(self, index: int) -> bool:
        """Whether a number without a noun stands here: ``and 12 were``, ``six others were``."""
        at = index - (self.word(index) in ("others", "more"))
        return bool(count_word(self.word(at))) and self.word(index) not in lexicon().people

    def _stage(self, index: int) -> str:
        before = [self.word(at) for at in range(max(0, index - 5), index)]
        if _THREATS & {*before, self.word(index)}:
            return "threatened"
        return "attempted" if _ATTEMPTS & {*before, self.word(index)} else "accomplished"

    def _verb(self, index: int, word: str) -> Act | None:
        kind = lexicon().act_verbs[word]
        if word in _NEEDS_PARTICLE and not _NEEDS_PARTICLE[word] & {self.word(index + 1), self.word(index + 2)}:
            return None
        at = index - 1
        while at >= 0 and self.word(at) in lexicon().adverbs:
            at -= 1
        follows_passive = self.word(at) == "and" and self.word(at - 1) in lexicon().act_verbs and self._passive(at - 1)
        if self.word(at) in _BE or follows_passive:
            counted = self.word(at) in _BE and self._is_bare_number(self._before_auxiliaries(at))
            hit = self._counted(index) if counted else self._subject(at)
            return self._make(index, kind, "passive", hit, self._agent(index))
        participle = word.endswith("ed") or word in _PARTICIPLES
        if participle and self.word(index + 1) in _PREPOSITIONS | _STOPS:
            return self._reduced(index, at, kind)
        start = index + 1 + (self.word(index + 1) in ("up", "down", "to"))
        doers = phrases_left(self.text, self.tokens, at + 1, known=self.known)
        return self._make(index, kind, "active", self._bare_right(start, kind) + self._right(start), doers)

    def _bare_right(self, index: int, kind: tuple[str, str]) -> tuple[Target, ...]:
        """A bare number after a verb: ``killed 10, including``, ``killed 3 and wounded``."""
        number = count_word(self.word(index))
        if not kind[1] or not number or self.word(index + 1) not in _STOPS | _PREPOSITIONS:
            return ()
        token = self.tokens[index]
        return (Target(token.start, token.end, "PEOPLE", "people", "people", number, "", "PEOPLE"),)

    def _reduced(self, index: int, at: int, kind: tuple[str, str]) -> Act:
        """A participle without auxiliary: ``three men killed in``, ``and 35 wounded``; ``has exploded`` hits nobody."""
        if self.word(at) in _HAVE or self.word(index) == "exploded":
            return self._make(index, kind, "state", ())
        hit = self._counted(index) if count_word(self.word(at)) else self._subject(index)
        return self._make(index, kind, "passive", hit, self._agent(index))

    def _passive(self, index: int) -> bool:
        return any(self.word(at) in _BE for at in range(max(0, index - 4), index))

    def _subject(self, index: int) -> tuple[Target, ...]:
        """The subject of a passive whose auxiliary stands at or before ``index``."""
        at = index
        words = lexicon()
        while at >= 0 and (
            self.word(at) in _BE | _HAVE | words.adverbs
            or self.word(at) in ("who", "which", "that", "not", "will", "would", "and")
        ):
            at -= 1
        if index < len(self.tokens) and self.word(index) in lexicon().act_verbs and at == index:
            at -= 1
        return self._left(at + 1)

    def _before_auxiliaries(self, at: int) -> int:
        words = lexicon()
        while at >= 0 and (
            self.word(at) in _BE | _HAVE | words.adverbs or self.word(at) in ("who", "which", "that", "will")
        ):
            at -= 1
        return at

    def _damage(self, index: int) -> Act | None:
        """Things destroyed or damaged."""
        passive = self.word(index - 1) in _BE | lexicon().adverbs or self._passive(index)
        targets = self._left(self._before_auxiliaries(index - 1) + 1) if passive else self._right(index + 1)
        targets = tuple(each for each in targets if each.sort == "thing")
        return (
            self._make(index, ("attack", ""), "passive" if passive else "active", targets, self._agent(index))
            if targets
            else None
        )

    def _agent(self, index: int) -> tuple[Target, ...]:
        """Who stands after ``by`` behind a passive."""
        for at in range(index + 1, min(len(self.tokens), index + 25)):
            if self.word(at) == "by":
                return phrases_right(self.text, self.tokens, at + 1, known=self.known)
            if self.word(at) in (".", ";", "that"):
                break
        return ()

    def _noun(self, index: int, word: str) -> Act | None:
        kind = lexicon().act_nouns[word]
        following = self.word(index + 1)
        if kind[0] == "bombing" and word not in ("bombing", "bombings", "bombardment", "dynamiting"):
            return self._weapon(index, kind)
        if word in ("fire", "burning") and following != "of":
            return None
        if following in _THREATS or (word in _THREATS and self.word(index - 1) != "death" and following != "against"):
            return None
        targets: tuple[Target, ...] = ()
        if following in ("of", "against", "on", "upon"):
            targets = self._right(index + 2)
        elif (later := self._later_of(index)) is not None:
            targets = self._right(later + 1)
        elif self.word(index - 1).endswith("'s"):
            targets = phrases_left(self.text, self.tokens, index, known=self.known)
        elif word in ("attempt", "attempts"):
            return None
        return self._make(index, kind, "noun", targets, self._agent(index))

    def _later_of(self, index: int) -> int | None:
        """The ``of`` of ``the assassination in Lima of …``, ``the murder case of …``."""
        if self.word(index + 1) in _TOLD:
            return next(
                (at for at in range(index + 2, min(index + 18, len(self.tokens))) if self.word(at) == "against"), None
            )
        if self.word(index + 1) not in ("in", "at", "case", "on", "yesterday", "today", "last", "this"):
            return None
        for at in range(index + 2, min(index + 8, len(self.tokens))):
            if self.word(at) in (",", ".", ";", "and", "that", "was", "were"):
                return None
            if self.word(at) in ("of", "against"):
                return at
        return None

    def _right(self, index: int) -> tuple[Target, ...]:
        """What stands right of a word: phrases, or the person that a pronoun stands for."""
        if (
            self.word(index) in ("him", "her")
            and self.last is not None
            and self.word(index + 1) not in lexicon().people
        ):
            return (self.last,)
        return phrases_right(self.text, self.tokens, index, known=self.known)

    def _left(self, index: int) -> tuple[Target, ...]:
        """What stands left of a word, likewise."""
        if self.word(index - 1) in ("he", "she") and self.last is not None:
            return (self.last,)
        if self.word(index - 1) in ("nobody", "none") or (
            self.word(index - 1) == "one" and self.word(index - 2) == "no"
        ):
            return ()
        return phrases_left(self.text, self.tokens, index, known=self.known)

    def _weapon(self, index: int, kind: tuple[str, str]) -> Act | None:
        """An explosive that went off, was placed or thrown, with the thing that it stood at."""
        window = range(max(0, index - 10), min(len(self.tokens), index + 14))
        if not any(self.word(at) in _WEAPON_DEEDS for at in window):
            return None
        targets: tuple[Target, ...] = ()
        for at in range(index + 1, min(len(self.tokens), index + 20)):
            if self.word(at) in (
                "at",
                "against",
                "near",
                "in",
                "outside",
                "inside",
                "of",
                "destroyed",
                "damaged",
                "to",
            ):
                found = phrases_right(self.text, self.tokens, at + 1, known=self.known)
                targets += tuple(each for each in found if each.sort == "thing" and each not in targets)
        return self._make(index, kind, "noun", targets, self._agent(index))

    def _dead(self, index: int) -> Act | None:
        """``left three dead``."""
        targets = phrases_left(self.text, self.tokens, index, known=self.known)
        return self._make(index, ("attack", "death"), "state", targets) if targets else None

    def _lives(self, index: int) -> Act | None:
        """``claimed the lives of``."""
        if self.word(index + 1) != "of" or self.word(index - 2) not in ("claimed", "claiming", "took", "cost"):
            return None
        targets = phrases_right(self.text, self.tokens, index + 2, known=self.known)
        return self._make(index, ("attack", "death"), "state", targets) if targets else None

    def _died(self, index: int) -> Act | None:
        targets = self._left(self._before_auxiliaries(index - 1) + 1)
        return self._make(index, ("attack", "death"), "state", targets) if targets else None

    def _hostage(self, index: int) -> Act | None:
        """``taken hostage``."""
        if self.word(index - 1) not in ("taken", "held"):
            return None
        return self._make(index, ("kidnapping", ""), "passive", self._subject(index - 2), self._agent(index))

    def _identified(self, index: int) -> Act | None:
        """``the victims were identified as``: people by name, and what befell them as far as the words say."""
        before = {self.word(at) for at in range(max(0, index - 15), index)}
        effect = next((effect for effect, words in _IDENTIFIED.items() if before & words), None)
        if effect is None or self.word(index + 1) != "as":
            return None
        named = tuple(each for each in self._right(index + 2) if each.name)
        return self._make(index, ("attack", effect), "state", named) if named else None

    def _listed(self, index: int, word: str) -> Act | None:
        """``the injured were``, ``the victims are``: people by name."""
        after = index + 2 + (self.word(index + 2) in (":", "identified")) + (self.word(index + 3) == "as")
        named = tuple(each for each in self._right(after) if each.name)
        return self._make(index, ("attack", _LISTED[word]), "state", named) if named else None

    def _fire(self, index: int) -> Act | None:
        at = index + 1 + (self.word(index + 1) == "to")
        targets = phrases_right(self.text, self.tokens, at, known=self.known)
        if self.word(index - 1) == "on":
            targets = phrases_left(self.text, self.tokens, index - 2, known=self.known) or targets
        return self._make(index, ("arson", ""), "active", targets, phrases_left(self.text, self.tokens, index - 1))
