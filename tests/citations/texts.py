"""Documents written for the tests: fisheries and water in West Africa, health in the Andes."""

# ruff: noqa: E501 - an entry of a reference list stands on one line

from __future__ import annotations

from collections.abc import Sequence

from marsad.documents import Block, BlockKind, Document

__all__ = ["document", "only"]


def document(*parts: str, entries: Sequence[str] = (), heading: str = "References", items: bool = True) -> Document:
    """A document of paragraphs and, where there are entries, a reference list; ``# `` begins a heading."""
    kinds = [(BlockKind.HEADING, part[2:]) if part.startswith("# ") else (BlockKind.PARAGRAPH, part) for part in parts]
    if entries:
        kinds.append((BlockKind.HEADING, heading))
        kinds += [(BlockKind.ITEM if items else BlockKind.PARAGRAPH, entry) for entry in entries]
    blocks, texts, at = [], [], 0
    for kind, text in kinds:
        blocks.append(Block(at, at + len(text), kind, 1 if kind is BlockKind.HEADING else 0))
        texts.append(text)
        at += len(text) + 2
    return Document("\n\n".join(texts), tuple(blocks), name="test.txt")


def only(text: str) -> Document:
    """A document of one paragraph."""
    return document(text)


CLEAN_BODY = (
    "# Introduction",
    (
        "Small boats land most of the catch in the Gulf (Mensah & Diallo, 2019), and Sow (2017a, p. 12) argues that night "
        "fishing is the reason. A later paper is more careful (Sow, 2017b). The national plan allows it until 2030 "
        "(Ministry of Fisheries, 2015)."
    ),
    (
        "According to the Food and Agriculture Organization (FAO, 2018), stocks fell between 2010 and 2016. This was denied "
        "(Le Soleil, 2018, March 4), then confirmed (van den Berg et al., 2020; see also O'Donnell & Fall, 2021). Ndiaye's "
        "(2014) early survey had said as much. The Lomé Agreement (2004) was not renewed, and the Accra session (June 2014) "
        "changed nothing (“The river that left,” 2020)."
    ),
    "# Results",
    (
        "In 2019 the catch fell by a third (van den Berg et al., 2020). Diouf (1987, as cited in Fall, 2011) saw it coming. "
        "Nobody has explained it (Bâ, n.d.; Traoré, in press)."
    ),
)

CLEAN_LIST = (
    "Bâ, M. (n.d.). Law of the lagoon. Dakar Law Papers. https://example.org/lagoon",
    "Fall, B. (Ed.). (2011). The port book (2nd ed.). Sage.",
    "Food and Agriculture Organization. (2018). The state of world fisheries 2018. FAO. https://example.org/fao",
    "Le Soleil. (2018, March 4). Ministry denies the decline. Le Soleil.",
    "Mensah, K., & Diallo, A. B. (2019). Small pelagic fish in the Gulf of Guinea. Fisheries Research, 214, 33–41.",
    "Ministry of Fisheries. (2015). National plan for the fisheries 2015–2030. Government Press.",
    "Ndiaye, A. (2014). A first survey of night boats. West African Papers, 3(1), 1–19.",
    "O'Donnell, M., & Fall, B. (2021). Nets, norms and numbers. Brill.",
    "Sow, O. (2017a). Fishing by night. Ocean Studies, 4(2), 5–19.",
    "Sow, O. (2017b). Fishing by night, again. Ocean Studies, 4(4), 3–9.",
    "The river that left. (2020, March 4). Le Soleil.",
    "Traoré, I. (in press). The price of ice. Ocean Studies.",
    "van den Berg, P., Asante, J., & Quaye, E. (2020). Stocks after the ban. Marine Policy, 118, 104–121.",
)

FAULTY_BODY = (
    "# Introduction",
    (
        "Small boats land most of the catch in the Gulf (Mensah, 2018), and Sow (2017) argues that night fishing is the reason. "
        "This was denied (Diallo, 2016) and confirmed (Berg, 2020). It was measured again (Asamoah & Owusu, 2013), as Owusu "
        "(2009) had asked (FAO, 2018)."
    ),
    "# Results",
    (
        "In March 2021 the ban was lifted (van den Berg et al., 2020). The ice plants closed (Kwame, 2012). In 2016 the "
        "boats came back, as nobody had foreseen. The harbour was full again (Ndiaye, 2014)."
    ),
)

FAULTY_LIST = (
    "Asamoah, J., & Owusu, T. (2013). Counting boats from the air. Remote Papers, 2(1), 1–19.",
    "Boateng, Kwame. (2012). The end of ice. Sankofa Press.",
    "Food and Agriculture Organization. (2018). The state of world fisheries 2018. FAO.",
    "Mensah, K., & Diallo, A. B. (2019). Small pelagic fish in the Gulf of Guinea. Fisheries Research, 214, 33–41.",
    "Ndiaye, A. (2014). A first survey of night boats. West African Papers, 3(1), 1–19.",
    "Ndiaye, A. (2014). A first survey of night boats. West African Papers, 3(1), 1–19.",
    "Osei, P. (2001). Ports of call. Heron Books.",
    "Quaye, E. (2011). Harbour dues. Ghana Papers, 1(1), 2–8. Tetteh, B. (2012). Harbour rules. Ghana Papers, 2(1), 3–9.",
    "Sow, O. (2017). Fishing by night. Ocean Studies, 4(2), 5–19.",
    "Sow, O. (2017). Fishing by night, again. Ocean Studies, 4(4), 3–9.",
    "van den Berg, P., Asante, J., & Quaye, E. (2020). Stocks after the ban. Marine Policy, 118, 104–121.",
    "Wilson, A. (2091). A paper that is not yet written. Marine Policy, 1, 1–2.",
    "Yeboah, S. (2016, February 31). A day that never was. The Mirror.",
)

HARVARD_BODY = (
    "# Background",
    (
        "Altitude changes the blood (Quispe and Mamani 2015, p. 4). Huanca (2012) disagreed; later work did not (Condori et "
        "al. 2019; Flores 2018: 33). The ministry's count differs (Ministerio de Salud 2020)."
    ),
)

HARVARD_LIST = (
    "Condori, R., Choque, L. and Vargas, M., 2019. Breathing at four thousand metres. Journal of Andean Health, 12(3), pp.3-19.",
    "Flores, J. (2018) ‘Thin air’, High Altitude Letters, 5(1), pp. 30–41.",
    "Huanca, P., 2012. Blood and height. La Paz: Editorial Illimani.",
    "Ministerio de Salud, 2020. Anuario estadístico 2019. La Paz: Ministerio de Salud.",
    "Quispe, A. and Mamani, T. (2015) Red cells. Cusco: Andean University Press.",
)

NUMERIC_BODY = (
    "# Background",
    (
        "Altitude changes the blood [1]. Others disagreed [2, 3], and later work [2–4] settled it [5, p. 7]. In 2020 the array "
        "was widened."
    ),
)

NUMERIC_LIST = (
    "[1] A. Quispe and T. Mamani, “Red cells at altitude,” J. Andean Health, vol. 2, no. 1, pp. 1–9, 2015.",
    "[2] P. Huanca, Blood and Height. La Paz: Illimani Press, 2012.",
    "[3] J. Flores, “Thin air,” High Alt. Lett., vol. 5, no. 1, pp. 30–41, 2018.",
    "[4] R. Condori et al., “Breathing at four thousand metres,” J. Andean Health, vol. 12, pp. 3–19, 2019.",
    "[5] Ministry of Health, Yearbook 2019. La Paz: Government Press, 2020.",
)
