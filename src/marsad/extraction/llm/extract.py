"""Text to proposals by a language model: passage by passage, each answer held against the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from marsad.documents import Document
from marsad.errors import InputError
from marsad.extraction.events import group_events
from marsad.extraction.llm.client import Client, Endpoint
from marsad.extraction.llm.prompt import messages, passages, prompt_hash
from marsad.extraction.llm.schema import read_reply, reply_schema
from marsad.extraction.llm.values import Reader
from marsad.extraction.llm.verify import LlmRejection, verify
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal
from marsad.model import Date
from marsad.model.statement import Frozen

if TYPE_CHECKING:
    import httpx

__all__ = ["LlmResult", "LlmUsage", "extract_with_llm"]


class LlmUsage(Frozen):
    """What an extraction took.

    Attributes:
        passages: how many passages were sent.
        requests: how many requests that took, repeated ones included.
        prompt_tokens, completion_tokens: as the server counts them; 0 where it does not.
    """

    passages: int = 0
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class LlmResult(Frozen):
    """What a model found in a document.

    Attributes:
        proposals: in the order of the text; every word of theirs stands in it.
        rejected: what the model said beyond that, each with a reason, passage by passage.
        usage: what it took.
    """

    proposals: tuple[Proposal, ...] = ()
    rejected: tuple[LlmRejection, ...] = ()
    usage: LlmUsage = LlmUsage()


def extract_with_llm(
    document: Document,
    *,
    endpoint: Endpoint,
    gazetteer: Gazetteer,
    reference: Date | None = None,
    transport: httpx.BaseTransport | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LlmResult:
    """The events and figures that a model finds in a document, those that the text bears out.

    The coder of each proposal is ``llm:<model>@<prompt>``: the model as the server names it, and the hash of the
    instructions and the schema. The text of the document, and nothing else of it, is sent to the endpoint.

    Args:
        document: the document.
        endpoint: where the model is served.
        gazetteer: places and actors that are known; others are not proposed.
        reference: when the document was written; without it ``two months ago`` has no date.
        transport: how to reach the endpoint; None for the network.
        progress: called with the number of passages done and of all, after each.

    Raises:
        InputError: the endpoint cannot be used, or gives no usable answer; says why.
    """
    todo = passages(document, limit=endpoint.passage)
    reader = Reader(document, gazetteer, reference)
    proposals: list[Proposal] = []
    rejected: list[LlmRejection] = []
    prompt_tokens = completion_tokens = 0
    with Client(endpoint, transport=transport) as client:
        for done, passage in enumerate(todo, start=1):
            where = f"the characters {passage.core} to {passage.end} of the text"
            asked = messages(document, passage, reference=reference)
            answer = client.complete(asked, schema=reply_schema(), where=where)
            try:
                records = read_reply(answer.content)
            except InputError as error:
                raise InputError(f"{where}: {error}") from None
            coder = f"llm:{answer.model}@{prompt_hash()}"
            verified = verify(records, passage=passage, reader=reader, coder=coder)
            proposals += verified.proposals
            rejected += verified.rejected
            prompt_tokens += answer.prompt_tokens
            completion_tokens += answer.completion_tokens
            if progress is not None:
                progress(done, len(todo))
    proposals.sort(key=lambda proposal: (proposal.start, proposal.end, proposal.id))
    return LlmResult(
        proposals=group_events(document, proposals, gazetteer=gazetteer),
        rejected=tuple(rejected),
        usage=LlmUsage(
            passages=len(todo),
            requests=client.requests,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
        ),
    )
