"""The query language of the full-text search, translated into FTS5 expressions that a person's text cannot break.

::

    border attack            both words, in any order, in one paragraph
    "border attack"          these words one after the other
    attack*                  words that begin so
    attack OR raid           either; OR binds closer than the space: a b OR c is a and (b or c)
    attack -drone            without the word; also -"drone strike"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marsad.documents.folding import fold_words
from marsad.errors import ParseError
from marsad.model.text import quoted

__all__ = ["Query", "Term", "parse_query"]

_LONGEST = 1000
_MOST_TERMS = 50
_TOKEN = re.compile(r'(?P<minus>-)?(?P<body>"(?P<phrase>[^"]*)"|(?P<open>")|[^\s"]+)(?P<star>\*)?')
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase.

    Attributes:
        text: as typed, without the signs.
        prefix: whether its last word may go on.
    """

    text: str
    prefix: bool = False

    @property
    def expression(self) -> str:
        """As an FTS5 string: quoted, so that nothing in it has a meaning."""
        words = fold_words(self.text).text.replace('"', " ")
        return f'"{words}"{"*" if self.prefix else ""}'


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        groups: one term at least of each group must occur.
        without: none of these may.
    """

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()

    @property
    def expression(self) -> str:
        """The query for FTS5's ``MATCH``."""
        wanted = " AND ".join(f"({' OR '.join(term.expression for term in group)})" for group in self.groups)
        return f"({wanted})" + "".join(f" NOT {term.expression}" for term in self.without)


def parse_query(text: str) -> Query:
    """Read a query.

    Raises:
        ParseError: it is empty or too long, a quotation mark is not closed, a term has no letter or digit, only words
            to leave out are given, or OR does not stand between two terms. The message says what to write instead.
    """
    if len(text) > _LONGEST:
        raise ParseError(f"the query has {len(text)} characters; write {_LONGEST} at most")
    tokens = list(_TOKEN.finditer(text.encode("utf-8", "replace").decode().translate(_QUOTES)))
    _check_or(text, tokens)
    groups: list[list[Term]] = []
    without: list[Term] = []
    for before, found in zip([None, *tokens], tokens, strict=False):
        if found[0] == "OR":
            continue
        term = _term(found, text)
        if found["minus"]:
            without.append(term)
        elif before and before[0] == "OR":
            groups[-1].append(term)
        else:
            groups.append([term])
    if len(tokens) > _MOST_TERMS:
        raise ParseError(f"the query has more than {_MOST_TERMS} terms; leave some out")
    if not groups:
        raise _nothing_wanted(text, only_without=bool(without))
    return Query(tuple(map(tuple, groups)), tuple(without))


def _check_or(query: str, tokens: Sequence[re.Match[str]]) -> None:
    for at, found in enumerate(tokens):
        if found[0] == "OR":
            sides = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
            if len(sides) < 2 or any(side[0] == "OR" for side in sides):
                raise ParseError(f'{quoted(query)}: OR must stand between two terms; to look for the word, write "or"')
            if any(side["minus"] for side in sides):
                raise ParseError(f"{quoted(query)}: OR cannot join a term to leave out; write the -term at the end")


def _term(found: re.Match[str], query: str) -> Term:
    if found["open"]:
        raise ParseError(f'{quoted(query)} has a quotation mark that is not closed; write "…" around the phrase')
    body = found["body"] if found["phrase"] is None else found["phrase"]
    word = body.rstrip("*")
    if not _WORD.search(fold_words(word).text):
        raise ParseError(
            f"{quoted(query)} has the term {quoted(found[0])}, which has no letter or digit; leave it out, or write "
            "a - directly before a word to leave out, and a * directly after the beginning of a word"
        )
    return Term(word, prefix=bool(found["star"]) or (found["phrase"] is None and body != word))


def _nothing_wanted(query: str, *, only_without: bool) -> ParseError:
    if only_without:
        return ParseError(f"{quoted(query)} says only what to leave out; add a word that must occur")
    return ParseError('the query is empty; write a word, or a "phrase" in quotation marks')
