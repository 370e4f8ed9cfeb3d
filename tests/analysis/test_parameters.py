"""Parameters that are checked without running, and the reference that is made of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from marsad.analysis import (
    ANALYSES,
    Inputs,
    ParameterProblem,
    Parameters,
    analyses_markdown,
    check_parameters,
    names_of,
    run_analysis,
)
from marsad.analysis.parameters import Names
from marsad.errors import InputError
from marsad.study.dictionary import dictionary

from .samples import EMPTY, INPUTS

VOCABULARIES = dictionary().vocabularies
NAMES = names_of(INPUTS) | VOCABULARIES
PLACES = {"actors", "places", "sources", "series", "turning_points", "models"}

FIELDS = [
    pytest.param(field, id=f"{name}.{key}")
    for name, analysis in ANALYSES.items()
    for key, field in analysis.parameters.model_fields.items()
]


def _paths(name: str, parameters: Any) -> list[tuple[str | int, ...]]:
    return [problem.path for problem in check_parameters(name, parameters, NAMES)]


@pytest.mark.parametrize("field", FIELDS)
def test_every_parameter_says_what_it_means_and_has_an_example_and_known_domains(field: Any) -> None:
    assert field.description
    assert "\n" not in field.description
    assert field.examples
    assert set(Names.of(field)) <= PLACES | set(VOCABULARIES)
    if "str" in str(field.annotation) and "Literal" not in str(field.annotation):
        assert Names.of(field)


@pytest.mark.parametrize("name", list(ANALYSES))
def test_defaults_are_no_problem(name: str) -> None:
    assert check_parameters(name, {}, NAMES) == ()
    defaults = {key: value for key, value in ANALYSES[name].parameters().as_text().items() if value}
    assert check_parameters(name, defaults, NAMES) == ()


@pytest.mark.parametrize(
    ("name", "parameters", "paths"),
    [
        ("events-by-yaer", {}, [("name",)]),
        ("events-by-year", {"kinds": ["bombin"]}, [("parameters", "kinds", 0)]),
        ("events-by-year", {"kinds": ["bombing", "clahs"]}, [("parameters", "kinds", 1)]),
        ("events-by-year", {"kinds": "bombing;clahs"}, [("parameters", "kinds")]),
        ("events-by-year", {"kinds": 5}, [("parameters", "kinds")]),
        ("events-by-year", {"kinds": "5"}, [("parameters", "kinds")]),
        ("events-by-year", {"kinds": None}, [("parameters", "kinds")]),
        ("events-by-year", {"kinds": {"bombing": "x"}}, [("parameters", "kinds")]),
        ("events-by-year", {"kinds": ["bombing", 5]}, [("parameters", "kinds", 1)]),
        ("events-by-year", {"kind": "bombing", 5: "x"}, [("parameters", "kind"), ("parameters", 5)]),
        ("events-by-year", {"period": "20222"}, [("parameters", "period")]),
        ("actions", {"kinds": "bombing"}, [("parameters", "kinds")]),
        ("timeline", {"kinds": ["bombing", "talks"]}, []),
        ("relations", {"kinds": "support", "actors": "band;nobody"}, [("parameters", "actors")]),
        ("actors", {"kinds": ["sate"]}, [("parameters", "kinds", 0)]),
        ("shared-attributes", {"dimensions": ["creed"]}, [("parameters", "dimensions", 0)]),
        ("returns", {"measures": ["return"]}, [("parameters", "measures", 0)]),
        ("figures-side-by-side", {"reporters": ["band", "book2023"]}, []),
        ("figures-side-by-side", {"reporters": ["bok2023"], "shared": "si"}, [
            ("parameters", "reporters", 0), ("parameters", "shared")
        ]),
        ("before-after", {"turning_point": ["chang"]}, [("parameters", "turning_point", 0)]),
        ("before-after", {"turning_point": "", "months": "24"}, []),
        ("before-after", {"months": "0", "series": "death"}, [("parameters", "months"), ("parameters", "series")]),
        ("series-by-year", {"series": ["deaths", "yearly"]}, []),
        ("headline", {"kinds": "bombing"}, [("parameters", "kinds")]),
    ],
)  # fmt: skip
def test_each_problem_is_found_where_it_stands(
    name: str, parameters: dict[str, Any], paths: list[tuple[str | int, ...]]
) -> None:
    assert _paths(name, parameters) == paths


def test_a_problem_names_the_nearest_words() -> None:
    (problem,) = check_parameters("timeline", {"kinds": ["bombin"]}, NAMES)
    assert problem == ParameterProblem(
        ("parameters", "kinds", 0),
        "kinds: 'bombin' is no event kind or action kind",
        "Did you mean bombing or suicide_bombing?",
    )


def test_domains_that_are_not_given_are_not_checked() -> None:
    assert check_parameters("timeline", {"kinds": "bombin", "actors": "nobody"}) == ()
    some = {"event_kind": ["bombing"], "actors": ["band"]}
    assert [problem.path for problem in check_parameters("timeline", {"kinds": "x", "actors": "x"}, some)] == [
        ("parameters", "actors")
    ]
    assert check_parameters("figures-side-by-side", {"reporters": "x"}, {"actors": ["band"]}) == ()


def test_in_a_study_without_any_the_remedy_says_so() -> None:
    (problem,) = check_parameters("relations", {"actors": "band"}, names_of(EMPTY))
    assert problem.remedy == "The study has no actor"


def test_running_says_the_same_words() -> None:
    parameters = {"kinds": ["bombin"], "actors": "bnd", "period": "20222"}
    inputs = Inputs(evidence=INPUTS.evidence, vocabularies=VOCABULARIES)
    problems = check_parameters("timeline", parameters, names_of(inputs))
    assert len(problems) == 3
    with pytest.raises(InputError) as caught:
        run_analysis("timeline", inputs, parameters)
    assert str(caught.value) == "\n".join(map(str, problems))


def test_what_is_not_given_is_empty_as_text() -> None:
    assert ANALYSES["timeline"].parameters().as_text() == {"kinds": "", "actors": "", "period": ""}


def test_the_reference_holds_every_analysis_and_parameter_and_its_examples_are_valid() -> None:
    text = analyses_markdown()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(ANALYSES)
    sections = text.split("\n## ")[1:]
    for section, analysis in zip(sections, ANALYSES.values(), strict=True):
        assert analysis.summary in section
        assert analysis.method in section
        assert analysis.method
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(analysis.parameters.model_fields)
        (example,) = yaml.safe_load(section.split("```yaml")[1].split("```")[0])
        assert example["name"] == analysis.name
        given = example.get("parameters", {})
        assert list(given) == list(analysis.parameters.model_fields)
        assert check_parameters(analysis.name, given, VOCABULARIES) == ()
        assert isinstance(analysis.parameters.model_validate(given), Parameters)
    assert "10.1093/biomet/26.4.404" in text
