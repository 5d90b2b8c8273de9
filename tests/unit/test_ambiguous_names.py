"""Names that several cities share: the likeliest is the first choice, and the others are within reach."""

import pytest

from bot.lookup.search import CityIndex

SHOWN = 25  # choices of an autocomplete list

# Name typed → the first choice, and others that somebody may mean.
AMBIGUOUS = {
    "Alexandria": ("Alexandria, Virginia, US", ["Alexandria, EG", "Alexandria, Louisiana, US"]),
    "Athens": ("Athens, Attica, GR", ["Athens, Georgia, US", "Athens, Alabama, US", "Athens, Ohio, US"]),
    "Birmingham": ("Birmingham, Alabama, US", ["Birmingham, England, GB", "Birmingham, Michigan, US"]),
    "Bloomington": ("Bloomington, Illinois, US", ["Bloomington, Indiana, US", "Bloomington, Minnesota, US"]),
    "Boston": ("Boston, Massachusetts, US", ["Boston, England, GB"]),
    "Bristol": ("Bristol, England, GB", ["Bristol, Rhode Island, US", "Bristol, Connecticut, US"]),
    "Burlington": ("Burlington, Vermont, US", ["Burlington, North Carolina, US", "Burlington, Ontario, CA"]),
    "Cambridge": ("Cambridge, Massachusetts, US", ["Cambridge, England, GB", "Cambridge, Ontario, CA"]),
    "Charleston": ("Charleston, South Carolina, US", ["Charleston, West Virginia, US"]),
    "Columbia": ("Columbia, South Carolina, US", ["Columbia, Missouri, US", "Columbia, Maryland, US"]),
    "Columbus": ("Columbus, Ohio, US", ["Columbus, Georgia, US", "Columbus, Indiana, US"]),
    "Concord": ("Concord, North Carolina, US", ["Concord, California, US", "Concord, Massachusetts, US"]),
    "Dublin": ("Dublin, Leinster, IE", ["Dublin, California, US", "Dublin, Ohio, US"]),
    "Florence": ("Florence, Tuscany, IT", ["Florence, Oregon, US", "Florence, Alabama, US"]),
    "Frankfurt": ("Frankfurt, Hesse, DE", ["Frankfurt (Oder), Brandenburg, DE"]),
    "Georgetown": ("Georgetown, Demerara-Mahaica, GY", ["Georgetown, Kentucky, US", "Georgetown, Texas, US"]),
    "Hamilton": ("Hamilton, Ontario, CA", ["Hamilton, Waikato, NZ", "Hamilton, Ohio, US"]),
    "Hyderabad": ("Hyderabad, Telangana, IN", ["Hyderabad, Sindh, PK"]),
    "Kansas City": ("Kansas City, Missouri, US", ["Kansas City, Kansas, US"]),
    "Kingston": ("Kingston, JM", ["Kingston, Ontario, CA", "Kingston, New York, US"]),
    "Lafayette": ("Lafayette, Louisiana, US", ["Lafayette, Indiana, US", "West Lafayette, Indiana, US"]),
    "Lexington": ("Lexington, Kentucky, US", ["Lexington, Massachusetts, US"]),
    "Lima": ("Lima, PE", ["Lima, Ohio, US"]),
    "London": ("London, England, GB", ["London, Ontario, CA", "New London, Connecticut, US"]),
    "Manchester": ("Manchester, New Hampshire, US", ["Manchester, England, GB"]),
    "Melbourne": ("Melbourne, Victoria, AU", ["Melbourne, Florida, US"]),
    "Merida": ("Mérida, Yucatán, MX", ["Mérida, VE"]),
    "Moscow": ("Moscow, RU", ["Moscow, Idaho, US"]),
    "Naples": ("Naples, Campania, IT", ["Naples, Florida, US"]),
    "Newcastle": ("Newcastle, New South Wales, AU", ["Newcastle upon Tyne, England, GB"]),
    "Paris": ("Paris, Île-de-France, FR", ["Paris, Kentucky, US", "Paris, Texas, US"]),
    "Plymouth": ("Plymouth, Massachusetts, US", ["Plymouth, England, GB", "Plymouth, Minnesota, US"]),
    "Portland": ("Portland, Oregon, US", ["Portland, Maine, US", "South Portland, Maine, US"]),
    "Richmond": ("Richmond, Virginia, US", ["Richmond, California, US", "Richmond, British Columbia, CA"]),
    "Rochester": ("Rochester, New York, US", ["Rochester, Minnesota, US"]),
    "Rome": ("Rome, Lazio, IT", ["Rome, Georgia, US", "Rome, New York, US"]),
    "San Jose": ("San Jose, California, US", ["San José, CR"]),
    "Santa Cruz": ("Santa Cruz, California, US", ["Santa Cruz de la Sierra, Santa Cruz, BO"]),
    "Santiago": ("Santiago, CL", ["Santiago, Nuevo León, MX"]),
    "Springfield": ("Springfield, Ohio, US", ["Springfield, Missouri, US", "Springfield, Illinois, US"]),
    "Suzhou": ("Suzhou, Jiangsu, CN", ["Suzhou, Anhui, CN"]),
    "Toledo": ("Toledo, Ohio, US", ["Toledo, Castilla-La Mancha, ES"]),
    "Tripoli": ("Tripoli, Peloponnese, GR", ["Tripoli, LY", "Tripoli, LB"]),
    "Valencia": ("Valencia, Valencian Community, ES", ["Valencia, VE", "Valencia, California, US"]),
    "Vancouver": ("Vancouver, Washington, US", ["Vancouver, British Columbia, CA"]),
    "Worcester": ("Worcester, Massachusetts, US", ["Worcester, England, GB"]),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_the_first_choice_is_the_likeliest_and_the_others_are_in_the_list(index: CityIndex, name: str) -> None:
    first, others = AMBIGUOUS[name]
    labels = [hit.place.label for hit in index.search(name, SHOWN)]

    assert labels[0] == first
    assert [other for other in others if other not in labels] == []


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_region_or_a_country_behind_the_name_makes_each_the_first_choice(index: CityIndex, name: str) -> None:
    first, others = AMBIGUOUS[name]
    for label in (first, *others):
        assert index.search(label)[0].place.label == label
        assert index.search(label.casefold().replace(",", ""))[0].place.label == label
