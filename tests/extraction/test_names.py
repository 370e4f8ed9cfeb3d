from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import NotFoundError
from marsad.extraction import Gazetteer
from marsad.extraction.gazetteer import general_actors, general_places
from marsad.extraction.name_keys import light_key, skeleton, slug
from marsad.extraction.unknown_places import find_unknown_places
from marsad.model import Actor, Evidence, Place

GENERAL = Gazetteer.general()
PACKAGE = Path(__file__).resolve().parents[2] / "src" / "marsad" / "extraction" / "gazetteer"


def named(text: str, kind: str, gazetteer: Gazetteer = GENERAL) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.id) for each in gazetteer.find(text) if each.kind == kind]


def ids(text: str, kind: str, gazetteer: Gazetteer = GENERAL) -> list[str]:
    return [identifier for _, identifier in named(text, kind, gazetteer)]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Rebels left Goma, North Kivu.", "place", ["goma", "nord-kivu"]),
        ("GUERRILLAS LEFT SAN SALVADOR, EL SALVADOR.", "place", ["san-salvador", "el-salvador"]),
        ("The Salvadoran capital", "place", ["el-salvador"]),
        ("the FARC-EP and the ELN", "actor", ["farc", "eln"]),
        ("SHINING PATH GUERRILLAS OF PERU", "actor", ["shining-path", "rebels", "peru"]),
        ("the Tehreek-e-Taliban Pakistan", "actor", ["ttp"]),
        ("the Tahrik-i Taliban Pakistan", "actor", ["ttp"]),
        ("Al-Qaida's men", "actor", ["al-qaeda"]),
        ("the U.S. and the UN", "actor", ["usa", "un"]),
        ("near Qandahar", "place", ["kandahar"]),
        ("in Sana'a, Yemen", "place", ["sanaa", "yemen"]),
        ("in Cúcuta", "place", ["cucuta"]),
        ("Kyiv's mayor", "place", ["kyiv"]),
    ],
)
def test_names_are_found_in_every_spelling(text: str, kind: str, expected: list[str]) -> None:
    assert ids(text, kind) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a nice chad in turkey and a mobile army of mali",
        "Nice people were reading.",
        "TELL US WHO IS UP",
        "that is who let us go",
        "President Flores spoke.",
        "THE CAR HIT A TANK",
    ],
)
def test_common_words_are_no_places(text: str) -> None:
    assert ids(text, "place") == []


@pytest.mark.parametrize(
    ("text", "identifier", "words"),
    [
        ("The Pakistani army came", "pakistan-army", "Pakistani army"),
        ("Kenya's police came", "kenya-police", "Kenya's police"),
        ("the Government of El Salvador fell", "el-salvador-government", "Government of El Salvador"),
        ("SALVADORAN ARMED FORCES", "el-salvador-army", "SALVADORAN ARMED FORCES"),
        ("Israeli soldiers came", "idf", "Israeli soldiers"),
    ],
)
def test_the_forces_of_a_state_are_one_actor(text: str, identifier: str, words: str) -> None:
    assert named(text, "actor") == [(words, identifier)]
    record = GENERAL.actor(identifier)
    assert record.country
    assert record.parent == record.country
    assert GENERAL.name("actor", identifier) == record.name


def test_a_city_and_a_province_of_one_name_are_told_apart() -> None:
    kinds = [
        GENERAL.place(identifier).kind for identifier in ids("Kabul province, not Kabul, said the Afghan", "place")
    ]
    assert kinds == ["admin1", "city", "country"]


def test_a_name_of_two_countries_follows_the_country_behind_it() -> None:
    found = ids("in Punjab, India, and in Punjab, Pakistan", "place")
    assert [GENERAL.place(identifier).country for identifier in found] == ["india", "", "pakistan", ""]


def test_a_district_is_believed_only_with_its_country() -> None:
    assert ids("They met in Musakhel.", "place") == []
    assert [GENERAL.place(each).kind for each in ids("They met in Musakhel, Pakistan.", "place")] == [
        "admin2",
        "country",
    ]


def test_a_place_within_the_name_of_an_organisation_is_marked() -> None:
    rules = {each.rule for each in GENERAL.find("the Shanghai Cooperation Organisation met") if each.kind == "place"}
    assert rules == {"within a name"}


def test_abbreviations_defined_in_the_text_are_used_in_it() -> None:
    text = "The Green Valley Liberation Front (GVLF) spoke. The GVLF denied it."
    assert ids(text, "actor") == ["green-valley-liberation-front"] * 3
    assert {each.rule for each in GENERAL.find(text)} == {"defined in the text"}
    assert GENERAL.name("actor", "green-valley-liberation-front") == "green-valley-liberation-front"
    assert ids("The GVLF denied it.", "actor") == []


def test_an_abbreviation_of_a_known_name_means_that_name() -> None:
    assert ids("Lashkar-e-Jhangvi (LJ) spoke; LJ denied it", "actor") == ["lashkar-e-jhangvi"] * 3


def test_things_that_are_abbreviated_are_no_actors() -> None:
    assert ids("an Improvised Explosive Device (IED) and the Gross Domestic Product (GDP)", "actor") == []


def test_places_lie_within_places() -> None:
    assert GENERAL.is_within("kabul", "afghanistan")
    assert GENERAL.is_within("kabul", "kabul")
    assert not GENERAL.is_within("kabul", "pakistan")
    assert not GENERAL.is_within("nowhere", "pakistan")
    assert not GENERAL.is_within("", "")


def test_a_fuzzy_match_is_only_a_suggestion() -> None:
    suggestion = GENERAL.suggest("Khybr Pakhtunkwa", "place")
    assert suggestion is not None
    assert (suggestion.id, suggestion.rule) == ("khyber-pakhtunkhwa", "suggestion")
    assert 0 < suggestion.score < 1
    assert GENERAL.suggest("Zzzzqqqq", "place") is None
    assert GENERAL.suggest("", "actor") is None


def test_what_is_not_known_is_an_error() -> None:
    for read in (GENERAL.place, GENERAL.actor):
        with pytest.raises(NotFoundError):
            read("no-such-thing")


def study() -> Evidence:
    return Evidence(
        places=(
            Place(
                record="1", subject="upper-vale", name="Upper Vale", kind="admin2", aliases=("the Vale",), country="x"
            ),
            Place(record="2", subject="mogadisho", name="Mogadishu", kind="city", country="somalia"),
        ),
        actors=(
            Actor(record="3", subject="harakat", name="Al-Shabaab", kind="armed_group", aliases=("the Youth",)),
            Actor(record="4", subject="vale-police", name="Vale police", kind="security_force"),
        ),
    )


def test_a_study_adds_its_names_and_wins() -> None:
    gazetteer = GENERAL.with_evidence(study())
    assert ids("in Upper Vale near Mogadishu", "place", gazetteer) == ["upper-vale", "mogadisho"]
    assert ids("Al-Shabaab fought the Vale police", "actor", gazetteer) == ["harakat", "vale-police"]
    assert ids("Harakat al-Shabaab came", "actor", gazetteer) == ["harakat"]
    assert ids("in Mogadishu", "place") == ["mogadishu"]
    assert gazetteer.place("upper-vale").kind == "admin2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in the Foo Bar district", ["foo-bar"]),
        ("near the village of Quux Nadi, where", ["quux-nadi"]),
        ("IN THE LOMAS VERDES NEIGHBORHOOD OF", ["lomas-verdes"]),
        ("in the northern district", []),
        ("in the whole area", []),
        ("IN THE HIGH RISK AREA", []),
        ("the Foo district", []),
    ],
)
def test_a_text_names_places_that_nobody_knows(text: str, expected: list[str]) -> None:
    assert [each.id for each in find_unknown_places(text)] == expected


def test_spellings_share_their_keys() -> None:
    assert light_key("qandahar") == light_key("kandahar")
    assert light_key("balochistan") == light_key("baluchistan")
    assert skeleton(["tehreek", "e", "taliban", "pakistan"]) == skeleton(["tahrik", "taliban", "pakistan"])
    assert not skeleton(["al", "islam"])
    assert slug("Ménaka's Région (Nord)") == "menaka-region-nord"


def test_the_data_are_in_order() -> None:
    places, actors = general_places(), general_actors()
    place_ids, actor_ids = {place.id for place in places}, {actor.id for actor in actors}
    assert len(place_ids) == len(places)
    assert len(actor_ids) == len(actors)
    for place in places:
        assert slug(place.id) == place.id
        assert not place.parent or place.parent in place_ids
        assert not place.country or GENERAL.place(place.country).kind == "country"
    for actor in actors:
        assert slug(actor.id) == actor.id
        assert not actor.parent or actor.parent in actor_ids
        assert not actor.country or actor.country in place_ids


def test_the_readme_names_every_file() -> None:
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    for file in [*PACKAGE.glob("*.csv"), *PACKAGE.glob("*.txt")]:
        assert f"`{file.name}`" in readme


def test_long_texts_take_linear_time() -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        GENERAL.find(text)
        return time.process_time() - began

    for unit in ("Islamic State (IS) in Kabul, ", "of the al-", "IN THE SAN ", "(A"):
        short, long = seconds(unit * 500), seconds(unit * 5000)
        assert long < 40 * max(short, 0.02), unit


@given(st.text(max_size=200))
def test_any_text_gives_names_within_it(text: str) -> None:
    found = GENERAL.find(text)
    for each in (*found, *find_unknown_places(text)):
        assert 0 <= each.start < each.end <= len(text)
    for kind in ("place", "actor"):
        edges = [edge for each in found if each.kind == kind for edge in (each.start, each.end)]
        assert edges == sorted(edges)


PIECES = (
    *("Kabul", "Afghan", "army", "police", "of", "the", "(", ")", ",", "TTP", "Taliban", "'s", "Pakistan", "U.S."),
    *("San", "Salvador", "-", "IS"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_names_of_one_kind_never_overlap(words: list[str]) -> None:
    text = " ".join(words)
    for kind in ("place", "actor"):
        edges = [edge for each in GENERAL.find(text) if each.kind == kind for edge in (each.start, each.end)]
        assert edges == sorted(edges)
