from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from marsad.connectors.transport import Credentials, Secret
from marsad.errors import InputError, NotFoundError


class InMemory(KeyringBackend):
    """A keyring of the real library that keeps nothing."""

    priority = 1.0
    locked = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("hunter2")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError(f"{service} {username}")


@pytest.fixture
def ring() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.mark.usefixtures("ring")
def test_the_environment_comes_before_the_keyring() -> None:
    keyring.set_password("marsad", "MARSAD_A_TOKEN", "ring")
    keyring.set_password("marsad", "MARSAD_B_TOKEN", "ring")
    credentials = Credentials({"MARSAD_A_TOKEN": "environment\n", "MARSAD_C_TOKEN": ""})
    assert credentials.need("MARSAD_A_TOKEN", "MARSAD_B_TOKEN", purpose="a") == (Secret("environment"), Secret("ring"))
    assert credentials.get("MARSAD_C_TOKEN") is None
    assert Credentials({}, use_keyring=False).get("MARSAD_B_TOKEN") is None
    assert "environment" not in repr(credentials)


@pytest.mark.usefixtures("ring")
def test_missing_credentials_are_named_with_their_remedy() -> None:
    with pytest.raises(NotFoundError) as caught:
        Credentials({"MARSAD_X_USERNAME": "me"}).need(
            "MARSAD_X_USERNAME", "MARSAD_X_PASSWORD", purpose="the X API", where="https://x.org/register"
        )
    message = str(caught.value)
    assert message.startswith("the X API needs MARSAD_X_PASSWORD, which is not set.")
    assert "`keyring set marsad MARSAD_X_PASSWORD`" in message
    assert "https://x.org/register" in message
    assert "MARSAD_X_USERNAME" not in message


def test_a_locked_keyring_is_no_crash_and_tells_nothing(ring: InMemory) -> None:
    ring.locked = True
    with pytest.raises(NotFoundError) as caught:
        Credentials({}).need("MARSAD_X_TOKEN", purpose="the X API")
    assert "KeyringLocked" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_missing_keyring_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    with pytest.raises(NotFoundError, match="the package keyring is not installed"):
        Credentials({}).need("MARSAD_X_TOKEN", purpose="the X API")


@pytest.mark.parametrize("text", ["abc\r\nx: y", "abc\x00", "abc\x7f", "abc\udcff"])
def test_a_line_break_in_a_secret_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(InputError, match="MARSAD_X_TOKEN holds a line break") as caught:
        Credentials({"MARSAD_X_TOKEN": text}).get("MARSAD_X_TOKEN")
    assert "abc" not in str(caught.value)
