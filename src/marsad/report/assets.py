"""What the pages are made of: templates, and the style sheets and scripts that stand inside each page."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from marsad.documents.shipped import shipped_text
from marsad.model import plural
from marsad.report.scripts import isolated, language_name

__all__ = ["asset", "policy", "template_environment"]


@cache
def asset(name: str) -> str:
    """The text of a file of ``templates``."""
    return shipped_text("marsad.report", f"templates/{name}")


def policy(*scripts: str) -> str:
    """The content security policy of a page: no host, and no script but the named files of ours."""
    digests = (base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode() for name in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    script = f"script-src {allowed}; " if allowed else ""
    return f"default-src 'none'; style-src 'unsafe-inline'; {script}img-src data:; base-uri 'none'; form-action 'none'"


def template_environment() -> Environment:
    """A new environment of the templates, with the filters that all pages use."""
    environment = Environment(
        loader=PackageLoader("marsad.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"isolated": isolated, "plural": plural}
    environment.globals |= {"language_name": language_name}
    return environment
