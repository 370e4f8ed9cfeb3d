"""The general gazetteer: places and actors of the world's conflicts, as data, and its loader."""

from marsad.extraction.gazetteer.entries import GazetteerActor, GazetteerPlace, general_actors, general_places

__all__ = ["GazetteerActor", "GazetteerPlace", "general_actors", "general_places"]
