"""One folder with every kind of fault: one call reports them all, each at its line and column."""

from __future__ import annotations

from marsad.study import load_study

from .study_folder import StudyFolder

ACTORS = """\
id,name,kind,aliases,parent,from,to,source,via,locator,note
government,Government,§'goverment' is no word§goverment,the authorities,,,,,,,
armed-group,Armed Group,armed_group,AG;Armed Brigade,,2007,,handbook2024,,page 4,
example-monitor,Example Monitor,research,§stands for two actors: example-monitor and armed-group (line 3)§ag,,,,,,,
§second time; first in line 3§armed-group,Another,armed_group,,,,,,,,
§is no identifier§Bad Id,Spaced,armed_group,,,,,,,,
old-party,Old Party,party,,,2010,§ends (2009-12) before it begins (2010)§2009-12,,,,
§begins or ends with a blank§ padded,Padded,party,,,,,,,,
red,Red,party,,§goes round in a circle§blue,,,,,,
blue,Blue,party,,red,,,,,,
§too few cells: 3 for 11§few,Few,party
§too many cells§many,Many,party,,,,,,,,,
quoted,§never closed§"Quoted,party,,,,,,,,
tail,"Tail"§text follows§x,party,,,,,,,,
"multi",§line break§"Two
lines",party,,,,,,,,
"""


def plant_tables(folder: StudyFolder) -> None:
    folder.plant(
        "places.csv",
        "id,name,aliases,kind,admin1,country,lat,lon,precision,source\n"
        "country,Country,,country,,,§'north' is no number§north,66.0,country,\n"
        "province,Province,,admin1,,§Did you mean country?§contry,,,,\n"
        "town,Town,,city,province,country,§out of bounds§95,71.58,town,\n"
        "village,Village,,city,province,country,34.5,§a lat and no lon§,town,\n",
    )
    folder.add(
        "attributes.csv",
        "armed-group,goal,own-state,,,§Did you mean handbook2024?§handbok2024,,page 5,\n"
        "armed-group,goal,peace,,,handbook2024,,§is not a locator§somewhere,\n"
        "armed-group,goal,§the cell is empty§,,,handbook2024,,page 5,\n",
    )
    folder.add(
        "relations.csv",
        "government,§tied to itself§government,,negotiation,neutral,asserted,,,,handbook2024,,page 6,\n"
        "government,§Did you mean armed-group?§armed-grup,,negotiation,neutral,asserted,,,,handbook2024,,page 6,\n"
        "government,armed-group,,negotiation,neutral,asserted,,,,handbook2024,§via is§handbook2024,page 6,\n",
    )
    folder.add(
        "events.csv",
        "e1,e1,,bombing,§has no day 30§2022-02-30,town,,,,§is not a quantity§about ten,,,,,,,,handbook2024,,page 5,\n"
        "e2,e2,,bombing,§ends before it begins§2022-05/2022-04,town,,,,§out of bounds§-3,,,,,,,,handbook2024,,page 5,\n"
        "e3,e3,,bombing,2022,§empty item§town;,§stands twice§armed-group;armed-group,,,,,,,,,,,handbook2024,,page 5,\n"
        "e4,e4,,bombing,2022,town,,,,,,,,,,§names itself§e4,§no event or action§nothing,handbook2024,,page 5,\n",
    )
    folder.add(
        "figures.csv",
        "f1,attacks,5,count,country,2022,,,§Say what was counted§,,,,,,,monitor2022,,page 1,\n"
        "f2,attacks,5,count,country,2022,,,attacks,,,,§no whole§,parts,,monitor2022,,page 1,\n"
        "f3,attacks,§cannot be§-5,count,country,2022,,,attacks,,,,§no figure§missing,,,monitor2022,,page 1,\n",
    )


def plant_writing(folder: StudyFolder) -> None:
    folder.spoil("study.yaml", "area: [country]", "area: [country, §no place§nowhere]")
    folder.spoil("study.yaml", "period: 2021-01/2022-12", "period: §is open§2021-01/..")
    folder.spoil("findings.yaml", "[@monitor2022, page 1]", "[@§no source§monitor2023, page 1]")
    folder.spoil("findings.yaml", "[change-of-government-talks]", "[§no action§talks]")
    folder.spoil(
        "findings.yaml",
        "      - {a: government, b: armed-group",
        "      - §no row of relations.csv§{a: government, b: example-monitor",
    )
    folder.spoil("options.yaml", "title: Keep talking", "§Did you mean title?§tittle: Keep talking")
    folder.spoil("options.yaml", "- id: keep-talking", "- §'title' is missing§id: keep-talking")
    folder.spoil("series/deaths-monthly.csv", "2022-12,29", "§does not come after§2022-10,29")
    folder.spoil("series/deaths-monthly.yaml", "area: country", "area: §no place§contry")
    folder.spoil("sources.bib", "  reliability = {B},", "  §is no reliability§reliability = {G},")
    folder.spoil("sources.bib", "  date = {2022-03-05},", "  §has no month 13§date = {2022-13-05},")
    folder.add(
        "sources.bib",
        "\n§no citation key§@article{title = {No key}}\n"
        "@misc{§has no title§bare, kind = {primary}, reliability = {A}}\n",
    )


def test_one_call_reports_every_planted_fault(folder: StudyFolder) -> None:
    folder.plant("actors.csv", ACTORS)
    plant_tables(folder)
    plant_writing(folder)
    # The changed series no longer has the hash of its sidecar.
    folder.spoil("series/deaths-monthly.yaml", "\nsha256: ", "\nsha256: §another SHA-256§")
    before = folder.snapshot()
    folder.assert_all_reported()
    assert len(folder.planted) > 45
    assert folder.snapshot() == before


def test_a_mended_folder_has_no_fault(folder: StudyFolder) -> None:
    assert load_study(folder.root).warnings == ()
