"""Names of languages, and words from right to left in a page."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from marsad.documents.scripts import RIGHT_TO_LEFT, runs_right_to_left

__all__ = ["isolated", "language_name"]

_RUN = re.compile(f"<[^>]*>|[{RIGHT_TO_LEFT}](?:[\\s\\d'’.–\u200c\u200d-]*[{RIGHT_TO_LEFT}])*")
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


def isolated(text: str) -> Markup:
    """A text as HTML whose words from right to left do not move what stands around them; markup stays as it is."""
    found = escape(text)
    if not runs_right_to_left(found):
        return found
    return Markup(_RUN.sub(_isolate, str(found)))  # noqa: S704 - escaped above


def _isolate(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("<") else f"<bdi>{match[0]}</bdi>"
