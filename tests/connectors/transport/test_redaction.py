from __future__ import annotations

import base64
import copy
import html
import json
import logging
import pickle
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.transport import Redactor, Secret
from marsad.connectors.transport.redaction import HIDDEN

# Marks around the secret are of letters that it cannot hold.
secrets = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="«»*"), min_size=1, max_size=40)

WRITINGS: list[Callable[[str], str]] = [
    str,
    quote,
    lambda text: quote(text, safe=""),
    quote_plus,
    lambda text: quote(text, safe="").lower() if text.isascii() and text.islower() else quote(text),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: repr(text)[1:-1],
    lambda text: repr(text.encode())[2:-1],
    html.escape,
    lambda text: urlencode({"": text})[1:],
    lambda text: str(httpx.QueryParams({"a": text}))[2:],
    lambda text: str(httpx.URL("https://a.org/").copy_with(params={"a": text}).query.decode())[2:],
    lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
]


@given(secrets, st.sampled_from(WRITINGS))
def test_a_secret_is_hidden_in_every_writing(text: str, writing: Callable[[str], str]) -> None:
    redactor = Redactor()
    redactor.add(Secret(text, prefix="Bearer "))
    assert redactor.clean(f"«{writing(text)}»") == f"«{HIDDEN}»"


def test_the_longer_secret_goes_first() -> None:
    redactor = Redactor()
    for text in ("abc", "abcdef"):
        redactor.add(Secret(text))
    assert redactor.clean("x abcdef abc y") == "x *** *** y"


def test_a_login_in_an_address_is_hidden_though_nobody_knows_it() -> None:
    assert Redactor().clean("see https://user:pass@a.org/x@y") == "see https://***@a.org/x@y"


def test_a_secret_does_not_print_and_is_not_pickled() -> None:
    secret = Secret("hunter2", prefix="Bearer ")
    shown = f"{secret} {secret!r} {secret!s:>20} {[secret]} {secret:x}"
    assert "hunter2" not in shown
    assert secret.reveal() == "Bearer hunter2"
    assert secret == Secret("hunter2", prefix="Bearer ") != Secret("hunter2")
    assert not Secret("")
    for copier in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            copier(secret)


def test_what_the_http_library_logs_is_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    redactor = Redactor()
    redactor.add(Secret("s3cr3t/x"))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("httpx").info("GET %s", "https://a.org/?key=s3cr3t%2Fx")
        logging.getLogger("httpcore.http11").debug("headers [(b'location', b'/?key=s3cr3t/x')]")
    assert [record.getMessage() for record in caplog.records] == [
        "GET https://a.org/?key=***",
        "headers [(b'location', b'/?key=***')]",
    ]
    assert "s3cr3t" not in caplog.text
