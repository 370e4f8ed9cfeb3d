"""The forms that the tables of the ledger have had, one after another."""

__all__: list[str] = []
