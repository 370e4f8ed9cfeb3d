"""How Alembic reaches the ledger: through the connection that is already open."""

from __future__ import annotations

from alembic import context

from marsad.evidence.ledger.schema import METADATA

__all__: list[str] = []

if __name__ == "env_py":  # the name under which Alembic runs it
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
    context.run_migrations()
