"""Amounts of memory as people write them."""

from __future__ import annotations

import re

from marsad.errors import InputError

__all__ = ["memory_bytes"]

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?)B?", re.IGNORECASE)
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


def memory_bytes(text: str) -> int:
    """``4GB``, ``500 MB`` or ``1.5GiB`` in bytes; raises ``InputError`` for anything else and for less than 1 MB."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} is no amount of memory; write it like 4GB")
    count = int(float(match[1]) * (1024 if match[3] else 1000) ** _POWERS[match[2].upper()])
    if count < 1_000_000:
        raise InputError(f"{text!r} is too little memory; write it like 4GB")
    return count
