"""In-text citations: the forms that are citations, and those that only look like them."""

from __future__ import annotations

import pytest

from marsad.citations import Citation, find_citations

from .texts import only


def found(text: str) -> tuple[Citation, ...]:
    return find_citations(only(text))


def shown(text: str) -> list[tuple[tuple[str, ...], int | None, str]]:
    return [(each.names, each.year, each.suffix) for each in found(text)]


FORMS = {
    "Catches fell (Mensah, 2019).": [(("Mensah",), 2019, "")],
    "Catches fell (Mensah 2019).": [(("Mensah",), 2019, "")],
    "Mensah (2019) argues that catches fell.": [(("Mensah",), 2019, "")],
    "According to Mensah and Diallo (2019, p. 5), catches fell.": [(("Mensah", "Diallo"), 2019, "")],
    "Mensah's (2019) survey is wider.": [(("Mensah",), 2019, "")],
    "Catches fell (Mensah, 2019; Diallo & Sow, 2020a).": [(("Mensah",), 2019, ""), (("Diallo", "Sow"), 2020, "a")],
    "Mensah et al. (2021) show this.": [(("Mensah",), 2021, "")],
    "It fell (Mensah et al., 2021).": [(("Mensah",), 2021, "")],
    "It fell (Mensah, Diallo, & Sow, 2021).": [(("Mensah", "Diallo", "Sow"), 2021, "")],
    "It fell (World Bank, 2018).": [(("World Bank",), 2018, "")],
    "It fell (Food and Agriculture Organization [FAO], 2018).": [(("Food", "Agriculture Organization"), 2018, "")],
    "It fell (FAO, 2018a, 2018b).": [(("FAO",), 2018, "a"), (("FAO",), 2018, "b")],
    "It fell (FAO, 2018a, b).": [(("FAO",), 2018, "a"), (("FAO",), 2018, "b")],
    "It rose (van den Berg, 2016).": [(("van den Berg",), 2016, "")],
    "As van den Berg (2016) argues, it rose.": [(("van den Berg",), 2016, "")],
    "It rose (al-Tijani, 2014; ul Haq, 2015).": [(("al-Tijani",), 2014, ""), (("ul Haq",), 2015, "")],
    "It rose (O'Donnell, 2017) and (O’Neill-Smith, 2018).": [
        (("O'Donnell",), 2017, ""),
        (("O’Neill-Smith",), 2018, ""),
    ],
    "It rose (Sow, A., 2022).": [(("Sow",), 2022, "")],
    "It rose (Sow, K.2023).": [(("Sow",), 2023, "")],
    "It rose (Amadou J., 2023).": [(("Amadou",), 2023, "")],
    "It rose (A. Sow, 2022).": [(("Sow",), 2022, "")],
    "It rose (see also Sow, 2022, pp. 3–9).": [(("Sow",), 2022, "")],
    "It rose (Diouf, 1987, as cited in Sow, 2022).": [(("Diouf",), 1987, ""), (("Sow",), 2022, "")],
    "It rose (Le Soleil, 2021, March 14).": [(("Le Soleil",), 2021, "")],
    "It rose (Sow, n.d.).": [(("Sow",), None, "")],
    "It rose (Sow, in press).": [(("Sow",), None, "")],
    "It rose ((Sow, 2022)).": [(("Sow",), 2022, "")],
    "It rose (Sow, 2022)).": [(("Sow",), 2022, "")],
    "It rose [Sow, 2022].": [(("Sow",), 2022, "")],
    "It rose (Sow, 2022: 14).": [(("Sow",), 2022, "")],
    "It rose (Sow 2022, 14-16).": [(("Sow",), 2022, "")],
    "It rose (Sow, 2019, 2021).": [(("Sow",), 2019, ""), (("Sow",), 2021, "")],
    "Sow (2019, 2021) notes this.": [(("Sow",), 2019, ""), (("Sow",), 2021, "")],
    "(as Sow (2019) notes)": [(("Sow",), 2019, "")],
    "However, Sow and Diallo (2019) found little.": [(("Sow", "Diallo"), 2019, "")],
    "It rose (García Márquez, 2001).": [(("García Márquez",), 2001, "")],
    "It rose (e.g., Sow, 2019, Diallo, 2020).": [(("Sow",), 2019, ""), (("Diallo",), 2020, "")],
    "By contrast, Ousmane Sow (2019) maintains that it rose.": [(("Sow",), 2019, "")],
    "It rose (“The river that left,” 2020).": [(("The river that left",), 2020, "")],
    "In this view (Sow, 2019, para. 4; emphasis added) it rose.": [(("Sow",), 2019, "")],
}


@pytest.mark.parametrize("text", FORMS)
def test_every_usual_form_is_read(text: str) -> None:
    assert shown(text) == FORMS[text]


NO_CITATIONS = [
    "The drought (2010-2014) passed.",
    "The drought (2010–2014) passed.",
    "The Fisheries Commission (FC) acts.",
    "It is banned (Article 5, 2019).",
    "It was signed (June 2014).",
    "It was signed (14 June 2014).",
    "It rose in 2013 (see Table 2).",
    "Senegal (2014) and Ghana (2016) signed.",
    "It fell (in 2019 alone).",
    "The Lomé Agreement (2004) was signed.",
    "Operation Blue Net (2014) began.",
    "The minister (born 1961) resigned.",
    "It fell (since 2001).",
    "It fell by a third (n = 2019).",
    "The session (Dakar, 14 May 2015) ended.",
    "It rose (Resolution 2231, 2015).",
    "The net (1,950 m) tore.",
    "The elections (2012) were held.",
    "It fell (Figure 3, 2020).",
    "Prices (2015 = 100) rose.",
    "The treaty [sic] was signed in [May] 2020.",
]


@pytest.mark.parametrize("text", NO_CITATIONS)
def test_what_only_looks_like_a_citation_is_none(text: str) -> None:
    assert found(text) == ()
