"""Languages and scripts: names of languages, the direction of a text, and names in a script from right to left."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["direction", "has_case", "isolated", "language_name", "runs_right_to_left"]

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT = re.compile(f"[{_RTL}]")
_RUN = re.compile(f"<[^>]*>|[{_RTL}](?:[\\s\\d'’.–\u200c\u200d-]*[{_RTL}])*")
_NAMES = {
    "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "bal": "Balochi", "bn": "Bengali", "ckb": "Sorani Kurdish",
    "cs": "Czech", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fa-af": "Dari",
    "fr": "French", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "kk": "Kazakh", "ko": "Korean", "ks": "Kashmiri", "ku": "Kurdish", "ky": "Kyrgyz", "ms": "Malay",
    "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "pa": "Punjabi", "pl": "Polish", "prs": "Dari", "ps": "Pashto",
    "pt": "Portuguese", "ru": "Russian", "sd": "Sindhi", "si": "Sinhala", "so": "Somali", "sw": "Swahili",
    "ta": "Tamil", "tg": "Tajik", "ti": "Tigrinya", "tk": "Turkmen", "tr": "Turkish", "ug": "Uyghur",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "zh": "Chinese",
}  # fmt: skip


def language_name(tag: str) -> str:
    """The English name of a language (BCP 47); the tag itself where it is not in the table."""
    known = tag.lower()
    return _NAMES.get(known) or _NAMES.get(known.partition("-")[0], tag)


def runs_right_to_left(text: str) -> bool:
    """Whether a text holds a letter that runs from right to left."""
    return _RIGHT.search(text) is not None


def direction(text: str) -> str:
    """``rtl`` where more letters run from right to left than not, otherwise ``ltr``."""
    letters = [char for char in text if char.isalpha()]
    return "rtl" if 2 * sum(map(runs_right_to_left, letters)) > len(letters) else "ltr"


def has_case(text: str) -> bool:
    """Whether a text has no letters of a script without capitals (Arabic, Devanagari, Chinese)."""
    return all(char.lower() != char.upper() for char in text if char.isalpha())


def isolated(text: str) -> Markup:
    """A text as HTML whose words from right to left do not move what stands around them; markup stays as it is."""
    found = escape(text)
    if not runs_right_to_left(found):
        return found
    return Markup(_RUN.sub(_isolate, str(found)))  # noqa: S704 - escaped above


def _isolate(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("<") else f"<bdi>{match[0]}</bdi>"
