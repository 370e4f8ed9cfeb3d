"""Citations: in the text and in the reference list; BibTeX and CSL-JSON; the audit of both."""

__all__: list[str] = []
