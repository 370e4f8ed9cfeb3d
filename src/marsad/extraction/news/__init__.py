"""News on political violence: who did what to whom, clause by clause, in mixed or upper case."""

from marsad.extraction.news.acts import Act, find_acts
from marsad.extraction.news.dateline import Dateline, read_dateline
from marsad.extraction.news.mentions import Group, Hit, Mention, find_groups, find_mentions
from marsad.extraction.news.phrases import Target

__all__ = [
    "Act",
    "Dateline",
    "Group",
    "Hit",
    "Mention",
    "Target",
    "find_acts",
    "find_groups",
    "find_mentions",
    "read_dateline",
]
