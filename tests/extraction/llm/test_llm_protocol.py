"""The endpoint: errors in plain words, bounds on time and size, the key, where the text is sent."""

from __future__ import annotations

import json
import logging
import sys
import time
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest

from marsad.errors import InputError
from marsad.extraction.llm import Endpoint

from .serving import EVENT, GOOD, KEY, LONG, Served, Server, chat, record, records

pytest.importorskip("httpx")

# --- the protocol -----------------------------------------------------------------------------------------------

HTML = Served(b"<html>Welcome</html>", headers={"Content-Type": "text/html"})
REFUSED = {"role": "assistant", "content": None, "refusal": "I cannot\nhelp with that."}


def choice(message: dict[str, Any], reason: str = "stop") -> Served:
    return chat("", choices=[{"index": 0, "message": message, "finish_reason": reason}])


@pytest.mark.parametrize(
    ("served", "message"),
    [
        (chat("The passage tells of an attack."), "is not JSON"),
        (chat('{"records": [{"kind": "ev'), "is not JSON, or only the beginning"),
        (chat("[" * 100_000), "is not JSON"),
        (chat('{"records": [' + "1" * 5000 + "]}"), "is "),
        (chat('"\\ud800"'), "is "),
        (chat({"records": [], "note": "done"}), "JSON of another form"),
        (chat({"records": [1] * 201}), "JSON of another form"),
        (chat(["records"]), "JSON of another form"),
        (choice({"role": "assistant", "content": '{"records": ['}, "length"), "is cut off"),
        (choice(REFUSED), "refused to read the characters 0 to 273 of the text: I cannot help with that."),
        (choice({"role": "assistant", "content": ""}, "content_filter"), "refused to read"),
        (choice({"role": "assistant", "content": ""}), "is empty"),
        (chat("", choices=[]), "no chat completion"),
        (HTML, "no chat completion"),
        (Served(b"x" * (4 * 2**20 + 1)), "sends more than 4 MB"),
        (Served(b"x", headers={"Content-Encoding": "gzip"}), "packed answer"),
        (
            Served(b'{"error": {"message": "bad key"}}', 401),
            "refuses the key (status 401: bad key); set MARSAD_LLM_KEY",
        ),
        (Served(b"no", 403), "refuses the key"),
        (Served(b"", 404), "has no /chat/completions or no model 'small-coder'"),
        (Served(b'{"error": "too long"}', 413), "answers with status 413: too long"),
        (Served(b'{"error": "bad\\u001b[2J"}', 400), "refuses the request (status 400: bad [2J)"),
        (Served(b"", 307, {"Location": "https://elsewhere.example/v1"}), "elsewhere.example/v1, which is not followed"),
        (Served(b"", 302, {"Location": "/other"}), "which is not followed"),
    ],
)
def test_an_unusable_answer_is_told_in_plain_words(server: Server, served: Served, message: str) -> None:
    server.answers = [served]
    with pytest.raises(InputError) as caught:
        server.run()
    assert message in str(caught.value)
    assert len(str(caught.value)) < 700
    assert "\x1b" not in str(caught.value)
    assert len(server.asked) == (3 if served.status == 400 else 1)


def test_a_redirect_is_not_followed_even_where_the_other_host_answers(server: Server) -> None:
    server.answers = [Served(b"", 308, {"Location": f"{server.url.replace('127.0.0.1', 'localhost')}/v1/x"})]
    with pytest.raises(InputError, match="not followed"):
        server.run()
    assert [each["path"] for each in server.asked] == ["/v1/chat/completions"]


def test_a_busy_server_is_asked_again_when_it_says(server: Server) -> None:
    later = formatdate(time.time() - 60, usegmt=True)
    server.answers = [
        Served(b"", 429, {"Retry-After": "0.3"}),
        Served(b"", 503, {"Retry-After": later}),
        Served(b"", 500, {"Retry-After": "soon"}),
        records(GOOD),
    ]
    result = server.run(backoff=0.05)
    assert (len(result.proposals), result.usage.requests) == (1, 4)
    first, second, third, fourth = server.times
    assert 0.3 <= second - first < 2
    assert third - second < 0.3
    assert 0.2 <= fourth - third < 2


def test_no_wait_is_longer_than_the_cap(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("marsad.extraction.llm.client.time.sleep", waits.append)
    server.answers = [Served(b"", 429, {"Retry-After": "86400"})]
    with pytest.raises(InputError, match="answers with status 429, 4 times; try again later"):
        server.run()
    assert waits == [60, 60, 60]


def test_a_failing_server_is_given_up(server: Server) -> None:
    server.answers = [Served(b'{"error": {"message": "out of memory"}}', 500)]
    with pytest.raises(InputError, match="answers with status 500: out of memory, 4 times"):
        server.run()
    assert len(server.asked) == 4


@pytest.mark.parametrize("slow", [Served(wait=3.0), Served(drip=0.05)], ids=["silent", "dripping"])
def test_a_slow_server_is_given_up(server: Server, slow: Served) -> None:
    server.answers = [replace(records(GOOD), wait=slow.wait, drip=slow.drip)]
    start = time.monotonic()
    with pytest.raises(InputError, match=r"no whole answer within 0\.2 seconds, 2 times"):
        server.run(timeout=0.2, attempts=2)
    assert time.monotonic() - start < 2
    assert len(server.asked) == 2


def test_a_connection_that_breaks_off_is_tried_again(server: Server) -> None:
    server.answers = [Served(b"{", headers={"Content-Length": "10", "Connection": "close"}), records(GOOD)]
    assert server.run().usage.requests == 2


def test_a_server_without_schemas_is_asked_more_plainly_and_once_only(server: Server) -> None:
    refused = Served(b'{"error": {"message": "response_format is not known"}}', 400)
    fenced = chat(f"```json\n{json.dumps({'records': [record('gunmen', ('kind', 'other', 'gunmen'))]})}\n```")
    server.answers = [refused, refused, fenced]
    result = server.run(LONG, passage=1000)
    forms = [each.get("response_format", {}).get("type") for each in server.asked]
    assert forms == ["json_schema", "json_object", None, None, None]
    assert len(result.proposals) == 3


def test_nothing_listens(server: Server) -> None:
    with pytest.raises(InputError, match=r"nothing answers at http://127.0.0.1:9/v1 .*is the URL right"):
        server.run(base_url="http://127.0.0.1:9/v1")
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8080",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "http://",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1:0/v1",
        "http://[::1/v1",
        "https://user:secret-word@host/v1",
        "https://host/v1?key=secret-word",
        "https://host/v1#x",
        "https://ho st/v1",
        "https://host\\@evil/v1",
        "https://host/v1\r\nX: y",
    ],
)
def test_an_address_that_is_none_is_refused_unprinted(url: str) -> None:
    with pytest.raises(InputError, match="must be like https://host/v1") as caught:
        Endpoint(base_url=url, model="m")
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    "host", ["example.org", "10.0.0.1", "192.168.1.2", "127.0.0.1.example.org", "[::2]", "[fe80::1]"]
)
def test_text_goes_unencrypted_to_this_machine_only(host: str) -> None:
    with pytest.raises(InputError, match="unencrypted"):
        Endpoint(base_url=f"http://{host}/v1", model="m")
    assert not Endpoint(base_url=f"https://{host}/v1", model="m").is_local


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.8.8.8", "localhost", "[::1]:80"])
def test_this_machine(host: str) -> None:
    assert Endpoint(base_url=f"http://{host}", model="m").is_local


@pytest.mark.parametrize(
    "change",
    [{"model": " "}, {"model": "a\nb"}, {"key": "a b"}, {"key": "secret-word\r\nX: y"}, {"passage": 0}, {"timeout": 0}],
)
def test_other_settings_that_cannot_be_used(change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        replace(Endpoint(base_url="https://host/v1", model="m"), **change)
    assert "secret-word" not in str(caught.value)


def test_the_key_is_seen_nowhere(
    server: Server, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    body = json.dumps({"error": {"message": f"Incorrect key {KEY}"}}).encode()
    echoes = chat({"records": [record(EVENT, ("kind", "other", KEY))]}, model=KEY)
    server.answers = [Served(body, 401), echoes]
    said = [repr(server.endpoint()), str(server.endpoint())]
    with pytest.raises(InputError) as caught:
        server.run()
    said.append(f"{caught.value!r} {caught.value.__cause__} {caught.value.__context__}")
    said.append(server.run().model_dump_json())
    captured = capsys.readouterr()
    assert KEY not in "".join([*said, caplog.text, captured.out, captured.err])
    assert all(headers["Authorization"] == f"Bearer {KEY}" for headers in server.headers)


def test_an_address_that_a_server_sends_on_to_is_shown_without_the_key(server: Server) -> None:
    server.answers = [Served(b"", 307, {"Location": f"https://elsewhere.example/{KEY}"})]
    with pytest.raises(InputError) as caught:
        server.run()
    assert "elsewhere.example/***" in str(caught.value)


def test_without_a_key_none_is_sent(server: Server) -> None:
    server.answers = [records()]
    server.run(key="")
    assert "Authorization" not in server.headers[0]


def test_the_text_for_this_machine_does_not_go_through_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers = [records(GOOD)]
    assert len(server.run().proposals) == 1


def test_without_httpx_the_message_names_the_extra(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(InputError, match=r"pip install 'marsad\[llm\]'"):
        server.run()
