"""The tables of the ledger. They only grow: nothing that a person decided is changed or deleted."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["METADATA", "documents", "judgements", "proposals", "reviews"]

METADATA = sa.MetaData()
"""All tables."""

documents = sa.Table(
    "documents",
    METADATA,
    sa.Column("source", sa.String(200), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
)
"""Documents that were put into the study; one row for each version of a source's text."""

judgements = sa.Table(
    "judgements",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("left", sa.Text, nullable=False, index=True),
    sa.Column("right", sa.Text, nullable=False, index=True),
    sa.Column("left_id", sa.Text, nullable=False),
    sa.Column("right_id", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("retracts", sa.String(64), sa.ForeignKey("judgements.id"), nullable=True),
)
"""What people said of pairs of records; each author's last word on a pair counts."""

proposals = sa.Table(
    "proposals",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("source", sa.String(200), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("coder", sa.String(200), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
)
"""What a machine read in a document, as it read it."""

reviews = sa.Table(
    "reviews",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("proposal", sa.String(64), sa.ForeignKey("proposals.id"), nullable=False, index=True),
    sa.Column("decision", sa.String(20), nullable=False),
    sa.Column("content", sa.JSON, nullable=True),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
)
"""What people decided about proposals; the last review of a proposal counts."""
