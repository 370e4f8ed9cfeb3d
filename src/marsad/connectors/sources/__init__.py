"""The sources of data: each is one YAML and one short module with its ``CONNECTOR``."""

__all__: list[str] = []
