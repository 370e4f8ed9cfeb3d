"""Credentials from the environment or the system keyring, and from nowhere else."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import category

from marsad.connectors.transport.redaction import Secret
from marsad.errors import InputError, NotFoundError

__all__ = ["SERVICE", "Credentials"]

SERVICE = "marsad"
"""Under which service the keyring keeps Marsad's secrets; the name of the variable is the user's name there."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where secrets come from: the environment first, then the system keyring.

    They are never read from a file, so a study folder cannot hold or give away any.

    Attributes:
        environment: the variables of the process.
        use_keyring: whether the keyring is asked, if the package ``keyring`` is installed.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    use_keyring: bool = True

    def get(self, name: str) -> Secret | None:
        """The secret of this name (``MARSAD_UCDP_TOKEN``); None where nobody set it.

        Raises:
            InputError: it holds a line break or another control character, which no server takes.
        """
        text = self.environment.get(name, "")
        if not text and self.use_keyring:
            text = _from_keyring(name)[0]
        text = text.strip("\r\n")
        if any(category(character) in ("Cc", "Cs") for character in text):
            raise InputError(f"{name} holds a line break, a control character or no UTF-8. Set it anew, without any")
        return Secret(text) if text else None

    def need(self, *names: str, purpose: str, where: str = "") -> tuple[Secret, ...]:
        """The secrets of these names, in their order.

        Args:
            names: the variables.
            purpose: for what, as it stands at the head of the message: ``the ACLED API``.
            where: where a person gets them; an address or a sentence.

        Raises:
            NotFoundError: some are missing; the message names them and says how to set them.
            InputError: one holds a control character.
        """
        found = {name: self.get(name) for name in names}
        missing = [name for name, secret in found.items() if secret is None]
        if missing:
            raise NotFoundError(self._advice(missing, purpose, where))
        return tuple(secret for secret in found.values() if secret is not None)

    def _advice(self, missing: list[str], purpose: str, where: str) -> str:
        commands = " and ".join(f"`keyring set {SERVICE} {name}`" for name in missing)
        problem = _from_keyring(missing[0])[1] if self.use_keyring else ""
        note = f" (the keyring could not be read: {problem})" if problem else ""
        source = f". You get {'them' if len(missing) > 1 else 'it'} from {where}" if where else ""
        return (
            f"{purpose} needs {' and '.join(missing)}, which "
            f"{'are' if len(missing) > 1 else 'is'} not set. Set {'them' if len(missing) > 1 else 'it'} in the "
            f"environment, or keep {'them' if len(missing) > 1 else 'it'} in the system keyring: {commands}{note}"
            f"{source}. Never write secrets into the study folder"
        )


def _from_keyring(name: str) -> tuple[str, str]:
    """The secret, or an empty text, and what kept us from reading the keyring."""
    try:
        text = importlib.import_module("keyring").get_password(SERVICE, name)
    except ImportError:
        return "", "the package keyring is not installed"
    except Exception as error:  # noqa: BLE001 - a keyring that is locked or broken raises whatever its backend knows
        return "", type(error).__name__
    return (text if isinstance(text, str) else ""), ""
