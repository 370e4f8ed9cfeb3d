"""The base of values that are written as text: one grammar, one printed form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from marsad.errors import ParseError

__all__ = ["Agreement", "TextValue", "quoted"]


class Agreement(StrEnum):
    """How two reports of one value stand to each other."""

    EQUAL = "equal"
    COMPATIBLE = "compatible"
    CONFLICTING = "conflicting"
    UNKNOWN = "unknown"


class TextValue(ABC):
    """A frozen value with a text form: ``parse(str(value)) == value``.

    Subclasses are frozen dataclasses. In pydantic models they are read from and written as text.
    """

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Read a value from its text form; raises ``ParseError`` where it is not in the grammar."""

    @abstractmethod
    def __str__(self) -> str:
        """The canonical text form."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept an instance or its text; serialise as text."""
        return core_schema.no_info_plain_validator_function(
            cls._accept, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def _accept(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        raise ParseError(f"{quoted(str(value))} is neither text nor a {cls.__name__}")


def quoted(text: str) -> str:
    """The text as Python prints it, cut after 60 characters: messages stay readable whatever is in a cell."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
