"""Judgements on pairs of records; in SQLite none can be changed or deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["branch_labels", "depends_on", "down_revision", "revision", "upgrade"]

revision = "second"
"""Its name."""
down_revision = "first"
"""What stood before it."""
branch_labels = None
"""No branches."""
depends_on = None
"""Nothing else."""


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "judgements",
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
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER judgements_no_{deed.lower()} BEFORE {deed} ON judgements "
                "BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END"
            )
