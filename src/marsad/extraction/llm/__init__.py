"""A language model as one more coder: the extra ``marsad[llm]``, off by default.

The model only points at words. Offsets are computed here, each quote and each slot's words have to stand in the text
verbatim, values are read by Marsad's own grammars, names through the gazetteer; what fails is rejected with a reason
and never repaired. So whatever a document tells the model, it can only lead to proposals that quote the document.
"""

from marsad.extraction.llm.client import KEY_VARIABLE, Endpoint
from marsad.extraction.llm.extract import LlmResult, LlmUsage, extract_with_llm
from marsad.extraction.llm.verify import LlmRejection

__all__ = ["KEY_VARIABLE", "Endpoint", "LlmRejection", "LlmResult", "LlmUsage", "extract_with_llm"]
