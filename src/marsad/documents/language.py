"""The language and direction of a text: by its script first, then by its letters, then by a statistical model."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from marsad.documents.scripts import direction

__all__ = ["detect_language"]

_PIECES = 8
_PIECE = 1500
_FEWEST_LETTERS = 8
# Lead of the best language over the next, in units of log-likelihood: e**4 is odds of more than 50 to 1.
_LEAD = 4.0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# First word of a letter's Unicode name -> language of a script that (almost) one language uses.
_ONE_LANGUAGE = {
    "HEBREW": "he",
    "GREEK": "el",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "BENGALI": "bn",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "ORIYA": "or",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
    "THAANA": "dv",
    "TIBETAN": "bo",
}
# The languages that the model may choose from, by script; without its rare ones, which it takes short texts for.
_SEVERAL = {
    "LATIN": _words(
        "en fr es pt de it nl sv da no fi is pl cs sk sl hr bs ro hu tr az uz id ms tl vi sw so ha yo ig rw ln mg "
        "zu xh af sq et lv lt ca gl eu ga cy mt ht ku"
    ),
    "CYRILLIC": _words("ru uk be bg sr mk kk ky tg mn tt"),
    "DEVANAGARI": _words("hi ne mr"),
}
# Letters of the Arabic script that one language has and its neighbours lack.
_OWN_LETTERS = {
    "ps": frozenset("ټډړږښځڅڼۍګ"),
    "ur": frozenset("ٹڈڑںےۓہۂ"),
    "sd": frozenset("ٿڀٽڏڃڳڻڪڦ"),
    "ku": frozenset("ێۆڵڕە"),
    "ug": frozenset("ۈۇڭۋ"),
    "fa": frozenset("پچژگ"),
}
_FEWEST_OWN = 0.008
_PERSIAN_WORDS = _words("است که در از را این به با برای می شد های بود کرد شده")
_ARABIC_WORDS = _words("في من على إلى الى التي الذي أن ان عن هذا هذه مع كان بعد")


def detect_language(text: str) -> tuple[str, str]:
    """The language that most of a text is in, and the direction it runs.

    Pieces from all over the text are looked at, 12,000 characters at most, so a long text takes no longer.

    Returns:
        The ISO 639-1 code, empty where it cannot be told (too short, numbers only, two languages equally likely), and
        ``ltr`` or ``rtl``, which is told by the letters alone.
    """
    sample = _sample(text)
    letters = Counter(char for char in sample if char.isalpha())
    scripts = Counter[str]()
    for char, count in letters.items():
        scripts[unicodedata.name(char, "UNKNOWN").split(" ", 1)[0]] += count
    language = _language(sample, letters, scripts) if letters.total() >= _FEWEST_LETTERS else ""
    return language, direction(sample)


def _sample(text: str) -> str:
    """Pieces at equal distances."""
    if len(text) <= _PIECES * _PIECE:
        return text
    step = (len(text) - _PIECE) // (_PIECES - 1)
    return "\n".join(text[at * step : at * step + _PIECE] for at in range(_PIECES))


def _language(sample: str, letters: Counter[str], scripts: Counter[str]) -> str:
    script = scripts.most_common(1)[0][0]
    if script in {"HIRAGANA", "KATAKANA", "CJK"}:
        return "ja" if scripts["HIRAGANA"] + scripts["KATAKANA"] > scripts["CJK"] / 20 else "zh"
    if script == "ARABIC":
        return _of_arabic_script(sample, letters, scripts["ARABIC"])
    if script in _SEVERAL:
        return _by_model(sample, _SEVERAL[script])
    return _ONE_LANGUAGE.get(script, "")


def _of_arabic_script(sample: str, letters: Counter[str], total: int) -> str:
    own = {code: sum(letters[char] for char in chars) for code, chars in _OWN_LETTERS.items()}
    persian = own.pop("fa")
    best = max(own, key=lambda code: own[code])
    if own[best] > _FEWEST_OWN * total:
        return best
    words = Counter(re.findall(r"\w+", sample))
    said_persian = sum(words[word] for word in _PERSIAN_WORDS)
    said_arabic = sum(words[word] for word in _ARABIC_WORDS) + sum(
        count for word, count in words.items() if word.startswith("ال")
    )
    if persian > _FEWEST_OWN * total or said_persian > said_arabic:
        return "fa"
    return "ar" if said_arabic else ""


def _by_model(sample: str, languages: frozenset[str]) -> str:
    import py3langid  # noqa: PLC0415 - reads a model of 4 MB

    ranked = [(float(score), code) for code, score in py3langid.rank(sample.casefold()) if code in languages]
    (best, code), (second, _) = ranked[:2]
    return code if best - second >= _LEAD else ""
