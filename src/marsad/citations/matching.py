"""Citations and the entries of the list that they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from marsad.citations.index import LATER_AUTHOR, Index, is_named, places_of, variant_of
from marsad.citations.model import Citation, Link, Reference
from marsad.citations.names import compact, name_words
from marsad.citations.organisations import is_given_name, same_organisation

__all__ = ["link_citations", "link_one"]

_REGULAR = "names and year"
_FIRST_ONLY = "first author and year"


def link_citations(citations: Sequence[Citation], references: Sequence[Reference]) -> tuple[Link, ...]:
    """Each citation with the works that fit it, in the order of the citations.

    A citation fits a work through its names and year (``names and year``), through its first author alone where the
    list has more (``first author and year``), or through a variant of its name, which ``how`` then tells.
    """
    index = Index(references)
    known: dict[tuple[object, ...], Link] = {}
    links = []
    for citation in citations:
        form = _form(citation)
        if form not in known:
            known[form] = link_one(citation, index)
        links.append(replace(known[form], citation=citation))
    return tuple(_second_look(_loosened(_unshared(links, index), index), index))


def _unshared(links: list[Link], index: Index) -> list[Link]:
    """Citations by a later author of a work that is cited by its first author elsewhere do not mean that work."""
    own = {link.key for link in links if link.references and not link.is_variant}
    taken = {work.key: work for work in index.works if work.key in own}
    return [
        replace(
            link,
            references=(),
            how="",
            is_variant=False,
            near=taken[link.key],
            near_why=f"of the same year; {link.how}",
        )
        if link.is_variant and link.key in taken and link.how.endswith(LATER_AUTHOR)
        else link
        for link in links
    ]


def _form(citation: Citation) -> tuple[object, ...]:
    return (citation.names, citation.initials, citation.others, citation.year, citation.suffix, citation.status,
            citation.date, citation.number, citation.is_title)  # fmt: skip


def link_one(citation: Citation, index: Index) -> Link:
    """One citation with the works that fit it by itself."""
    if citation.number is not None:
        found = index.by_number.get(citation.number)
        return Link(citation, (found,) if found else (), "number" if found else "")
    named = index.named(citation)
    if named:
        exact = [work for work in named if _has_count(citation, work)]
        chosen = _narrowed(citation, exact or named)
        return Link(citation, tuple(chosen), _REGULAR if exact else _FIRST_ONLY)
    akin = index.akin(citation.names, year=citation.year)
    fitting = [work for work in akin if citation.status == "undated" or work.year == citation.year]
    ranked = [(variant, work) for work in fitting if (variant := variant_of(citation, work))]
    if ranked:
        best = min(variant[0] for variant, _ in ranked)
        chosen = _narrowed(citation, [work for (rank, _), work in ranked if rank == best])
        why = next(why for (_, why), work in ranked if work is chosen[0])
        return Link(citation, tuple(chosen), _REGULAR if best == 0 else why, is_variant=best > 0)
    if by_words := [work for work in index.crowded if _has_words(citation, work)]:
        return Link(citation, (by_words[0],), _REGULAR)
    near, why = _near(citation, index)
    return Link(citation, near=near, near_why=why)


def _has_words(citation: Citation, work: Reference) -> bool:
    """Whether an entry that could not be read in full has the first name and the year among its words."""
    year = str(citation.year) if citation.year is not None else citation.status
    if year not in work.text or not citation.names:
        return False
    name = " ".join(name_words(citation.names[0]))
    return len(name) > 2 and f" {name} " in f" {' '.join(name_words(work.text))} "


def _has_count(citation: Citation, work: Reference) -> bool:
    """Whether a citation names as many authors as its work has."""
    if work.others or work.names[0].is_organisation:
        return True
    if citation.others:
        return len(work.names) > 1
    return len(citation.names) == len(work.names)


def _narrowed(citation: Citation, works: list[Reference]) -> list[Reference]:
    """The works that also have the citation's suffix, initials and day, where any has."""
    for test in (_has_suffix, _has_initials, _has_day):
        kept = [work for work in works if test(citation, work)]
        works = kept or works
    return works


def _has_suffix(citation: Citation, work: Reference) -> bool:
    return not citation.suffix or citation.suffix == work.suffix


def _has_initials(citation: Citation, work: Reference) -> bool:
    if not citation.initials or not work.names:
        return True
    return compact(work.names[0].given)[:1] == compact(citation.initials)[:1]


def _has_day(citation: Citation, work: Reference) -> bool:
    if citation.date is None or citation.date.precision == "year" or work.date is None:
        return True
    return work.date.precision != "year" and citation.date.overlaps(work.date)


def _loosened(links: list[Link], index: Index) -> list[Link]:
    """In a text that cites works of several authors by the first alone, such works are rivals of the exact ones.

    Not so where the rival is cited in its own form elsewhere.
    """
    is_loose = any(link.how == _FIRST_ONLY for link in links)
    own = {link.key for link in links if link.how == _REGULAR}
    if not is_loose:
        return links
    seen: dict[tuple[object, ...], Link] = {}
    found = []
    for link in links:
        form = _form(link.citation)
        if form not in seen:
            is_short = link.how == _REGULAR and len(link.citation.names) == 1
            seen[form] = _with_rivals(link, index, own) if is_short else link
        found.append(replace(seen[form], citation=link.citation))
    return found


def _with_rivals(link: Link, index: Index, own: set[str]) -> Link:
    if not link.citation.names or link.citation.others or link.citation.suffix or link.citation.initials:
        return link
    shown = {work.key for work in link.references} | own
    rivals = [work for work in index.named(link.citation) if work.key not in shown]
    return replace(link, references=(*link.references, *rivals), how=_FIRST_ONLY) if rivals else link


def _second_look(links: list[Link], index: Index) -> list[Link]:
    """Citations without a work against the entries that nothing cites: the publisher, a given name in front."""
    cited = {work.key for link in links for work in link.references}
    idle = {work.key: work for work in index.works if work.key not in cited}
    reversed_ = [work for work in idle.values() if work.names and is_given_name(work.names[0].family)]
    seen: dict[tuple[object, ...], Link] = {}
    found = []
    for link in links:
        form = _form(link.citation)
        if not link.references and link.citation.names and form not in seen:
            near = [idle[work.key] for work in index.akin(link.citation.names) if work.key in idle]
            seen[form] = _weakly(link, list({work.key: work for work in (*near, *reversed_)}.values()))
        found.append(replace(seen[form], citation=link.citation) if form in seen else link)
    claims = Counter(link.key for link in seen.values() if link.references)
    return [
        replace(link, references=(), how="", is_variant=False)
        if _form(link.citation) in seen and claims[link.key] > 1
        else link
        for link in found
    ]


def _weakly(link: Link, idle: list[Reference]) -> Link:
    fits = [
        (why, work) for work in idle if work.year == link.citation.year and (why := _weak_reason(link.citation, work))
    ]
    if len(fits) != 1:
        return link
    why, work = fits[0]
    return replace(link, references=(work,), how=why, is_variant=True)


def _weak_reason(citation: Citation, work: Reference) -> str:
    if len(citation.names) != 1 or not work.names:
        return ""
    name = citation.names[0]
    author = work.names[0]
    if any(same_organisation(name, place) for place in places_of(work)):
        return f"it is listed under {author.family} and published by {name}"
    if len(work.names) == 1 and is_given_name(author.family) and compact(author.given) == compact(name)[:1]:
        return f"the list may have given and family name the other way round: {author.family}, {author.given}"
    return ""


def _near(citation: Citation, index: Index) -> tuple[Reference | None, str]:
    """The entry of another year that comes nearest to a citation, and why."""
    if not citation.names:
        return None, ""
    ranked: list[tuple[int, int, int, str, Reference]] = []
    for place, work in enumerate(index.akin(citation.names)):
        away = abs((work.year or 0) - (citation.year or 0)) if work.year and citation.year else 50
        year = f"of {work.year}" if work.year is not None else "without a year"
        if is_named(citation, work):
            ranked.append((0, away, place, f"the same name, but {year}", work))
        elif (variant := variant_of(citation, work)) and variant[0] < 5:
            ranked.append((variant[0] + 1, away, place, f"{year}; {variant[1]}", work))
        elif work.year == citation.year and any(same_organisation(citation.names[0], each) for each in places_of(work)):
            ranked.append((9, away, place, f"published by {citation.names[0]}, listed under its author", work))
    if not ranked:
        return None, ""
    best = min(ranked, key=lambda found: found[:3])
    return best[4], best[3]
