"""The report of a study: citations and references in APA, charts as SVG, one page that stands alone."""

from marsad.report.charts import chart_key, draw
from marsad.report.content import ReportContent
from marsad.report.page import render
from marsad.report.references import Bibliography, Reference, bibliography

__all__ = ["Bibliography", "Reference", "ReportContent", "bibliography", "chart_key", "draw", "render"]
