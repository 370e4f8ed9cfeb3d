"""Extraction: text to proposed statements, each with its quote, its offsets and the rule that read it."""

from marsad.extraction.found import FoundDate, FoundName, FoundQuantity
from marsad.extraction.proposal import Proposal, Slot

__all__ = ["FoundDate", "FoundName", "FoundQuantity", "Proposal", "Slot"]
