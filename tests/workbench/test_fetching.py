"""Fetching into a study: pinned by hash, rebuilt offline, gone on with after a break, and no secret anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from marsad.connectors.transport import FetchError
from marsad.errors import InputError, NotFoundError, StudyError
from marsad.study import DATA_FILE, LOCK_FILE, DataRelease, load_study, new_study
from marsad.workbench import FetchedRelease, Workbench, build, fetch_release, fetch_study
from marsad.workbench.cache import cache_folder, cached

TOKEN = "a-secret-of-thirty-two-letters-xx"  # noqa: S105 - of no account
SOURCE = """
@misc{ged,
  author = {{Example Register}},
  title = {A register of events},
  date = {2025},
  kind = {secondary},
  reliability = {B},
}
"""


def event(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "year": 2021,
        "type_of_violence": 1,
        "side_a_new_id": 130,
        "side_a": "Government of A",
        "side_b_new_id": 303,
        "side_b": "B",
        "source_article": "Agency",
        "source_headline": "Headline",
        "where_prec": 2,
        "where_coordinates": "X village",
        "adm_1": "Kabul province",
        "adm_2": "Paghman district",
        "latitude": 34.5,
        "longitude": 69.1,
        "country": "Afghanistan",
        "country_id": 700,
        "event_clarity": 1,
        "date_prec": 1,
        "date_start": "2021-02-01T00:00:00",
        "date_end": "2021-02-01T00:00:00",
        "deaths_a": 1,
        "deaths_b": 2,
        "deaths_civilians": 3,
        "deaths_unknown": 0,
        "best": 6,
        "high": 8,
        "low": 6,
    } | values


class Api:
    """Answers as the producer does, two events a page; ``broken`` pages are not found."""

    def __init__(self) -> None:
        self.events = [event(n) for n in range(1, 6)]
        self.asked: list[httpx.Request] = []
        self.broken: set[int] = set()
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        number = int(request.url.params.get("page", "0"))
        if number in self.broken:
            return httpx.Response(404, text=f"no page for {request.headers.get('x-ucdp-access-token')}")
        last = (len(self.events) - 1) // 2
        following = str(request.url.copy_set_param("page", str(number + 1))) if number < last else ""
        counts = {"TotalCount": len(self.events), "TotalPages": last + 1, "NextPageUrl": following}
        return httpx.Response(200, json=counts | {"Result": self.events[2 * number : 2 * number + 2]})


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARSAD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MARSAD_UCDP_TOKEN", TOKEN)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    new_study(folder, title="A study")
    with (folder / "sources.bib").open("a") as file:
        file.write(SOURCE)
    return folder


OFFLINE = httpx.MockTransport(lambda request: pytest.fail(f"{request.url} was asked for"))


def wanted(name: str = "ged", **values: Any) -> DataRelease:
    given = {"id": name, "connector": "ucdp-ged", "version": "25.1", "source": "ged", "query": {"country": "AFG"}}
    return DataRelease.model_validate(given | values)


def fetched(study: Path, api: Api) -> FetchedRelease:
    return fetch_release(study, wanted(), transport=api.transport)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_release_is_named_pinned_and_kept(study: Path, api: Api) -> None:
    made = fetched(study, api)
    loaded = load_study(study)
    assert loaded.data.releases == (wanted(),)
    assert loaded.lock.pins == (made.pin,)
    content = made.path.read_bytes()
    assert made.pin.sha256 == hashlib.sha256(content).hexdigest()
    assert (made.pin.bytes, made.pin.version, made.fetched) == (len(content), "25.1", True)
    assert made.pin.query == {"version": "25.1", "country": "AFG"}
    assert [json.loads(line)["id"] for line in content.splitlines()] == [1, 2, 3, 4, 5]
    assert cached(made.pin) == made.path
    assert not list((cache_folder() / "unfinished").iterdir()), "nothing is left of the fetch"


def test_what_stands_in_data_yaml_stays_when_a_release_is_added(study: Path, api: Api) -> None:
    (study / DATA_FILE).write_text("# mine\nborder: {name: A line, between: [PAK, AFG]}\nreleases: []\n# end\n")
    fetched(study, api)
    fetch_release(study, wanted("second", query={"country": "PAK"}), transport=api.transport)
    text = (study / DATA_FILE).read_text()
    assert text.startswith("# mine\nborder: {name: A line, between: [PAK, AFG]}\nreleases:\n")
    assert [release.id for release in load_study(study).data.releases] == ["ged", "second"]
    assert [pin.id for pin in load_study(study).lock.pins] == ["ged", "second"]


def test_no_secret_is_in_the_study_or_the_cache(study: Path, api: Api, tmp_path: Path) -> None:
    api.broken = {1}
    with pytest.raises(FetchError) as caught:
        fetched(study, api)
    assert TOKEN not in str(caught.value)
    assert TOKEN.encode() not in everything(tmp_path)
    api.broken = set()
    fetched(study, api)
    assert {request.headers["x-ucdp-access-token"] for request in api.asked} == {TOKEN}
    assert TOKEN.encode() not in everything(tmp_path)


def test_a_build_asks_nothing_of_the_network(study: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(study, api)
    monkeypatch.setattr(httpx.Client, "send", lambda *_, **__: pytest.fail("the network was asked"))
    monkeypatch.delenv("MARSAD_UCDP_TOKEN")
    built = build(Workbench(study))
    assert (built.folder / "releases" / "ged.parquet").is_file()
    (again,) = fetch_study(study, transport=OFFLINE)
    assert not again.fetched


def test_a_build_without_the_file_says_what_to_run(study: Path, api: Api) -> None:
    made = fetched(study, api)
    made.path.unlink()
    with pytest.raises(NotFoundError, match="marsad fetch --study"):
        build(Workbench(study))
    made.path.write_bytes(b"{}\n")
    with pytest.raises(NotFoundError, match=r"not the file that data\.lock names"):
        build(Workbench(study))


def test_a_release_that_was_never_fetched_says_what_to_run(study: Path) -> None:
    (study / DATA_FILE).write_text("releases:\n  - {id: ged, connector: ucdp-ged, source: ged, version: '25.1'}\n")
    with pytest.raises(InputError, match=r"ged: never fetched\. Run `marsad fetch"):
        build(Workbench(study))


@pytest.mark.parametrize("damage", ["gone", "damaged", "longer"])
def test_a_file_that_is_missing_or_damaged_is_fetched_again_as_it_was(study: Path, api: Api, damage: str) -> None:
    made = fetched(study, api)
    before = made.path.read_bytes()
    made.path.unlink()
    if damage == "damaged":
        made.path.write_bytes(before.replace(b"Headline", b"headline", 1))
    elif damage == "longer":
        made.path.write_bytes(before + b"\n")
    lock = (study / LOCK_FILE).read_bytes()
    (again,) = fetch_study(study, transport=api.transport)
    assert again.fetched
    assert not again.is_changed
    assert cached(again.pin).read_bytes() == before
    assert load_study(study).lock.pins[0].sha256 == made.pin.sha256
    if again.pin == made.pin:
        assert (study / LOCK_FILE).read_bytes() == lock


def test_another_file_at_the_producer_is_an_error_unless_it_is_asked_for(study: Path, api: Api) -> None:
    made = fetched(study, api)
    lock = (study / LOCK_FILE).read_bytes()
    api.events[2] = event(3, best=7, deaths_unknown=1)
    (unchanged,) = fetch_study(study, transport=OFFLINE)
    assert unchanged.pin == made.pin
    made.path.unlink()
    with pytest.raises(InputError, match=r"ged: the producer now gives another file.*marsad fetch --update"):
        fetch_study(study, transport=api.transport)
    assert (study / LOCK_FILE).read_bytes() == lock
    (moved,) = fetch_study(study, update=True, transport=api.transport)
    assert moved.is_changed
    assert moved.before == made.pin
    assert load_study(study).lock.pins == (moved.pin,)
    assert moved.pin.sha256 != made.pin.sha256


def test_an_update_tells_what_was_added_changed_and_withdrawn(study: Path, api: Api) -> None:
    fetched(study, api)
    gone = api.events[0]["id"]
    api.events = [*api.events[1:2], event(3, best=7, deaths_unknown=1), *api.events[3:], event(99)]
    (moved,) = fetch_study(study, update=True, transport=api.transport)
    (note,) = [note for note in moved.notes if "added" in note]
    assert "1 added, 1 record changed (" in note
    assert "deaths_best in 1" in note
    assert f"1 withdrawn ({gone})" in note
    (again,) = fetch_study(study, update=True, transport=api.transport)
    assert not again.is_changed
    assert not [note for note in again.notes if "added" in note]


def test_another_query_is_fetched_without_being_asked_twice(study: Path, api: Api) -> None:
    fetched(study, api)
    path = study / DATA_FILE
    path.write_text(path.read_text().replace('"AFG"', '"PAK"'))
    api.events = api.events[:1]
    (made,) = fetch_study(study, transport=api.transport)
    assert made.fetched
    assert not made.is_changed, "it is another thing that was asked for"
    assert load_study(study).lock.pins[0].query["country"] == "PAK"


def test_an_interrupted_fetch_goes_on_where_it_stopped(study: Path, api: Api) -> None:
    api.broken = {2}
    before = everything(study)
    with pytest.raises(FetchError, match="404"):
        fetched(study, api)
    assert everything(study) == before, "neither data.yaml nor data.lock"
    api.broken, api.asked = set(), []
    fetched(study, api)
    assert [request.url.params.get("page") for request in api.asked] == ["2"]


def test_what_was_fetched_before_a_failure_stays_pinned(study: Path, api: Api) -> None:
    (study / DATA_FILE).write_text(
        "releases:\n"
        "  - {id: one, connector: ucdp-ged, source: ged, version: '25.1', query: {country: AFG}}\n"
        "  - {id: two, connector: ucdp-ged, source: ged, version: '24.1', query: {country: AFG}}\n"
    )

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if "24.1" in request.url.path else api.transport.handle_request(request)

    with pytest.raises(FetchError, match=r"24\.1"):
        fetch_study(study, transport=httpx.MockTransport(answer))
    assert [pin.id for pin in load_study(study).lock.pins] == ["one"]


def test_a_pin_goes_with_its_release(study: Path, api: Api) -> None:
    fetched(study, api)
    fetch_release(study, wanted("second", query={"country": "PAK"}), transport=api.transport)
    path = study / DATA_FILE
    text = path.read_text()
    path.write_text(text[: text.index('  - id: "second"')])
    assert "no release second" in " ".join(str(fault) for fault in load_study(study).warnings).replace("'", "")
    fetch_study(study, ["ged"], transport=OFFLINE)
    assert [pin.id for pin in load_study(study).lock.pins] == ["ged"]


def test_one_of_several_releases_can_be_named(study: Path, api: Api) -> None:
    fetched(study, api)
    with pytest.raises(NotFoundError, match=r"data\.yaml: there is no release 'gde'; there are: ged"):
        fetch_study(study, ["gde"], transport=OFFLINE)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"connector": "ucpd"}, "ucpd"),
        ({"connector": "awsd-x"}, "awsd-x"),
        ({"connector": "gtd"}, "cannot be fetched by a program"),
        ({"source": "nobody"}, r"sources\.bib: there is no source 'nobody'.*--source"),
        ({"query": {"contry": "AFG"}}, "no option 'contry'.*country"),
        ({"query": {"country": "Atlantis"}}, "Atlantis"),
        ({"version": "../../etc"}, "is no version"),
    ],
)
def test_what_cannot_be_fetched_changes_nothing(study: Path, api: Api, values: dict[str, Any], message: str) -> None:
    before = everything(study)
    with pytest.raises(InputError, match=message):
        fetch_release(study, wanted(**values), transport=api.transport)
    assert everything(study) == before
    assert not api.asked


def test_a_second_release_of_one_name_is_refused(study: Path, api: Api) -> None:
    fetched(study, api)
    asked = len(api.asked)
    with pytest.raises(InputError, match=r"data\.yaml: there is a release 'ged' already.*--id"):
        fetched(study, api)
    assert len(api.asked) == asked


def test_missing_credentials_are_named_with_how_to_set_them(
    study: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MARSAD_UCDP_TOKEN")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(NotFoundError, match=r"MARSAD_UCDP_TOKEN.*not set.*Never write secrets into the study"):
        fetched(study, api)


@pytest.mark.parametrize(
    "text", ["releases: [{id: x, connector: generic, source: ged, file: no.csv}]\n", "releases: ["]
)
def test_a_faulty_study_fetches_nothing(study: Path, api: Api, text: str) -> None:
    (study / DATA_FILE).write_text(text)
    with pytest.raises(StudyError):
        fetched(study, api)
    assert not api.asked
    assert not (study / LOCK_FILE).exists()


def test_a_list_written_in_one_line_is_refused_and_neither_file_changes(study: Path, api: Api) -> None:
    text = "releases: [{id: x, connector: ucdp-ged, source: ged, version: '25.1'}]\n"
    (study / DATA_FILE).write_text(text)
    with pytest.raises(InputError, match=r"data\.yaml"):
        fetched(study, api)
    assert (study / DATA_FILE).read_text() == text
    assert not (study / LOCK_FILE).exists()


def test_the_published_file_comes_whole_without_a_token(
    study: Path, monkeypatch: pytest.MonkeyPatch, make_zip: Callable[[], bytes]
) -> None:
    monkeypatch.delenv("MARSAD_UCDP_TOKEN")
    content = make_zip()
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=content)

    made = fetch_release(study, wanted(query={"format": "csv"}), transport=httpx.MockTransport(answer))
    assert asked == ["https://ucdp.uu.se/downloads/ged/ged251-csv.zip"]
    assert made.path.read_bytes() == content
    assert made.pin.url == asked[0]


@pytest.fixture
def make_zip() -> Callable[[], bytes]:
    import io  # noqa: PLC0415 - only here
    import zipfile  # noqa: PLC0415 - the same

    def made() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("GEDEvent_v25_1.csv", "id\n1\n")
        return out.getvalue()

    return made
