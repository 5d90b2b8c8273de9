"""What people type, and the place they mean: on the real seed."""

import pytest

from bot.lookup.search import CityIndex
from db.names import fold

BIRMINGHAM = 4049979


def first(index: CityIndex, text: str) -> str:
    """The label of the likeliest place."""
    return index.search(text)[0].place.label


def labels(index: CityIndex, text: str) -> list[str]:
    return [hit.place.label for hit in index.search(text)]


NAMES = {
    "plzen": "Plzeň, CZ",
    "Plzeň": "Plzeň, CZ",
    "PLZEŇ": "Plzeň, CZ",
    "Pilsen": "Plzeň, CZ",
    "szekesfehervar": "Székesfehérvár, Fejér, HU",
    "Székesfehérvár": "Székesfehérvár, Fejér, HU",
    "rosh-haayin": "Rosh HaAyin, Central District, IL",
    "rosh haayin": "Rosh HaAyin, Central District, IL",
    "Rosh Ha'ayin": "Rosh HaAyin, Central District, IL",
    "ראש העין": "Rosh HaAyin, Central District, IL",
    "guediawaye": "Guédiawaye, Dakar, SN",
    "Guédiawaye": "Guédiawaye, Dakar, SN",
    "al-karak": "Al Karak, Karak, JO",
    "Munich": "Munich, Bavaria, DE",
    "München": "Munich, Bavaria, DE",
    "Muenchen": "Munich, Bavaria, DE",
    "前橋": "Maebashi, Gunma, JP",
    "東京": "Tokyo, JP",
    "北京": "Beijing, CN",
    "Вінниця": "Vinnytsia, UA",
    "القاهرة": "Cairo, EG",
    "서울": "Seoul, KR",
    "Peking": "Beijing, CN",
    "Saigon": "Ho Chi Minh City, VN",
    "winston salem": "Winston-Salem, North Carolina, US",
    "coeur dalene": "Coeur d'Alene, Idaho, US",
    "xian": "Xi'an, Shaanxi, CN",
    "LA": "Los Angeles, California, US",
    "ft. lauderdale": "Fort Lauderdale, Florida, US",
    "Mataro": "Mataró, Catalonia, ES",
    "Najaf": "Najaf, IQ",
    "Asiago": "Asiago, Veneto, IT",
}


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_found_in_any_language_whatever_accents_case_and_hyphens(index: CityIndex, text: str) -> None:
    hit = index.search(text)[0]

    assert (hit.place.label, hit.exact) == (NAMES[text], True)


REGIONS = {
    "birmingham al": "Birmingham, Alabama, US",
    "Birmingham, Alabama, USA": "Birmingham, Alabama, US",
    "Birmingham, AL, U.S.A.": "Birmingham, Alabama, US",
    "birmingham alab": "Birmingham, Alabama, US",
    "birmingham uk": "Birmingham, England, GB",
    "birmingham england": "Birmingham, England, GB",
    "portland maine": "Portland, Maine, US",
    "portland me": "Portland, Maine, US",
    "portland or": "Portland, Oregon, US",
    "paris texas": "Paris, Texas, US",
    "paris france": "Paris, Île-de-France, FR",
    "tamworth australia": "Tamworth, New South Wales, AU",
    "moscow id": "Moscow, Idaho, US",
    "london ontario": "London, Ontario, CA",
    "springfield, mo": "Springfield, Missouri, US",
    "nashville tenn": "Nashville, Tennessee, US",
    "kingston jamaica": "Kingston, JM",
    "concord, north carolina": "Concord, North Carolina, US",
    "lauderdale lak fl": "Lauderdale Lakes, Florida, US",
    "izmir turkey": "İzmir, Izmir, TR",
    "charlotte n.c.": "Charlotte, North Carolina, US",
    "Santa Fe, N.M.": "Santa Fe, New Mexico, US",
    "tampa, fla": "Tampa, Florida, US",
    "toronto on": "Toronto, Ontario, CA",
    "richmond, b.c.": "Richmond, British Columbia, CA",
    "newcastle nsw": "Newcastle, New South Wales, AU",
}


@pytest.mark.parametrize("text", REGIONS)
def test_a_region_or_country_behind_the_name_chooses_among_namesakes(index: CityIndex, text: str) -> None:
    assert first(index, text) == REGIONS[text]


ELSEWHERE = {
    "berlin nh": "Berlin, DE",
    "hamburg, ny": "Hamburg, DE",
    "guadalajara spain": "Guadalajara, Jalisco, MX",
    "memphis egypt": "Memphis, Tennessee, US",
    "birmingham a": "Birmingham, Alabama, US",
    "kansas city k": "Kansas City, Missouri, US",
    "washington s": "Washington, District of Columbia, US",
}


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_name_is_offered_where_it_is_if_the_region_does_not_have_it_or_is_just_begun(
    index: CityIndex, text: str
) -> None:
    hit = index.search(text)[0]

    assert (hit.place.label, hit.exact) == (ELSEWHERE[text], False)


NICKNAMES = {
    "nyc": "New York City, New York, US",
    "N.Y.C.": "New York City, New York, US",
    "dc": "Washington, District of Columbia, US",
    "D.C.": "Washington, District of Columbia, US",
    "okc": "Oklahoma City, Oklahoma, US",
    "slc": "Salt Lake City, Utah, US",
    "kc": "Kansas City, Missouri, US",
    "b'ham": "Birmingham, Alabama, US",
}


@pytest.mark.parametrize("text", NICKNAMES)
def test_the_short_names_that_members_use_are_known(index: CityIndex, text: str) -> None:
    hit = index.search(text)[0]

    assert (hit.place.label, hit.exact) == (NICKNAMES[text], True)


SLIPS = {
    "birmingam": "Birmingham, Alabama, US",
    "birmignham": "Birmingham, Alabama, US",
    "nashvile": "Nashville, Tennessee, US",
    "szekesfehervr": "Székesfehérvár, Fejér, HU",
    "albequerque": "Albuquerque, New Mexico, US",
    "philidelphia": "Philadelphia, Pennsylvania, US",
    "minneapolois": "Minneapolis, Minnesota, US",
    "tuscon": "Tucson, Arizona, US",
    "hiroshma": "Hiroshima, JP",
    "vinnitsa": "Vinnytsia, UA",
    "albequerque nm": "Albuquerque, New Mexico, US",
    "philidelphia pennsylvania": "Philadelphia, Pennsylvania, US",
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_of_the_pen_is_forgiven(index: CityIndex, text: str) -> None:
    assert first(index, text) == SLIPS[text]


FIRST_AMONG_NAMESAKES = {
    "Birmingham": ("Birmingham, Alabama, US", {"Birmingham, England, GB", "Birmingham, Michigan, US"}),
    "Portland": ("Portland, Oregon, US", {"Portland, Maine, US"}),
    "Columbus": ("Columbus, Ohio, US", {"Columbus, Georgia, US", "Columbus, Indiana, US"}),
    "Santa Cruz": ("Santa Cruz, California, US", {"Santa Cruz de la Sierra, Santa Cruz, BO"}),
    "London": ("London, England, GB", {"London, Ontario, CA"}),
    "Paris": ("Paris, Île-de-France, FR", {"Paris, Texas, US", "Paris, Kentucky, US"}),
    "Moscow": ("Moscow, RU", {"Moscow, Idaho, US"}),
    "Kingston": ("Kingston, JM", {"Kingston, Ontario, CA", "Kingston, New York, US"}),
    "Cambridge": ("Cambridge, Massachusetts, US", {"Cambridge, England, GB", "Cambridge, Ontario, CA"}),
    "Richmond": ("Richmond, Virginia, US", {"Richmond, California, US", "Richmond, Indiana, US"}),
    "Manchester": ("Manchester, New Hampshire, US", {"Manchester, England, GB"}),
    "Athens": ("Athens, Attica, GR", {"Athens, Georgia, US", "Athens, Alabama, US"}),
    "Rome": ("Rome, Lazio, IT", {"Rome, Georgia, US", "Rome, New York, US"}),
    "San Jose": ("San Jose, California, US", {"San José, CR"}),
    "Toledo": ("Toledo, Ohio, US", {"Toledo, Castilla-La Mancha, ES"}),
    "Alexandria": ("Alexandria, Virginia, US", {"Alexandria, EG"}),
    "Concord": ("Concord, North Carolina, US", {"Concord, California, US", "Concord, New Hampshire, US"}),
    "Lockport": ("Lockport, Illinois, US", {"Lockport, New York, US"}),
    "Dublin": ("Dublin, Leinster, IE", {"Dublin, Ohio, US", "Dublin, Georgia, US"}),
    "Boston": ("Boston, Massachusetts, US", {"Boston, England, GB"}),
    "Vancouver": ("Vancouver, Washington, US", {"Vancouver, British Columbia, CA"}),
    "Melbourne": ("Melbourne, Victoria, AU", {"Melbourne, Florida, US"}),
    "Venice": ("Venice, Veneto, IT", {"Venice, Florida, US"}),
    "Naples": ("Naples, Campania, IT", {"Naples, Florida, US"}),
    "Kansas City": ("Kansas City, Missouri, US", {"Kansas City, Kansas, US"}),
    "Wilmington": ("Wilmington, Delaware, US", {"Wilmington, North Carolina, US"}),
    "Charleston": ("Charleston, South Carolina, US", {"Charleston, West Virginia, US"}),
    "Rochester": ("Rochester, New York, US", {"Rochester, Minnesota, US"}),
    "St Petersburg": ("St. Petersburg, Florida, US", {"Saint Petersburg, RU"}),
}


@pytest.mark.parametrize("text", FIRST_AMONG_NAMESAKES)
def test_the_likeliest_namesake_is_first_and_the_others_are_offered(index: CityIndex, text: str) -> None:
    likeliest, others = FIRST_AMONG_NAMESAKES[text]
    found = labels(index, text)

    assert found[0] == likeliest
    assert others <= set(found)
    assert len(found) <= 25


def test_every_springfield_with_ties_is_offered_before_places_that_only_begin_so(index: CityIndex) -> None:
    found = index.search("springfield")
    regions = [hit.place.region for hit in found if hit.exact]

    assert {"Illinois", "Massachusetts", "Missouri", "Ohio"} <= set(regions)
    assert [hit.exact for hit in found] == sorted((hit.exact for hit in found), reverse=True)


@pytest.mark.parametrize("length", range(1, len("birmingham") + 1))
def test_birmingham_alabama_is_offered_from_its_first_letter_and_before_its_namesakes(
    index: CityIndex, length: int
) -> None:
    found = labels(index, "Birmingham"[:length])

    assert "Birmingham, Alabama, US" in found
    if length >= len("bir"):
        assert found[0] == "Birmingham, Alabama, US"


def test_one_letter_is_enough_for_every_letter_and_digits_and_signs_do_no_harm(index: CityIndex) -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert len(labels(index, letter)) == 25
        assert all(fold(hit.place.name).startswith(letter) or hit.exact for hit in index.search(letter))


@pytest.mark.parametrize(
    ("text", "label"), [("Lauderdale", "Fort Lauderdale, Florida, US"), ("karak", "Al Karak, Karak, JO")]
)
def test_a_later_word_of_a_name_finds_it(index: CityIndex, text: str, label: str) -> None:
    assert label in labels(index, text)[:3]


def test_a_later_word_finds_it_within_a_region(index: CityIndex) -> None:
    assert "Fort Lauderdale, Florida, US" in labels(index, "lauderdale fl")


def test_no_alias_ever_ranks_above_a_towns_own_name(index: CityIndex) -> None:
    keys = {fold(place.name) for place in index.places.values()}
    home = [BIRMINGHAM, *list(index.ties)[:20]]

    assert [key for key in keys if fold(index.search(key, 1, home)[0].place.name) != key] == []


def test_every_label_finds_its_place_again(index: CityIndex) -> None:
    lost = [place.label for place in index.places.values() if place.label not in labels(index, place.label)]

    assert lost == []


def test_the_servers_own_places_come_first(index: CityIndex) -> None:
    england = next(place.id for place in index.places.values() if place.label == "Birmingham, England, GB")
    illinois = next(place.id for place in index.places.values() if place.label == "Springfield, Illinois, US")

    assert index.search("springf", home=[illinois])[0].place.id == illinois
    assert index.search("birmingham", home=[england])[0].place.id == england
    assert index.search("s", home=[illinois])[0].place.id == illinois


@pytest.mark.parametrize("text", ["New York", "new york", "Winston Salem", "NYC"])
def test_another_whole_name_that_also_begins_the_places_own_is_exact(index: CityIndex, text: str) -> None:
    assert index.search(text)[0].exact


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("nuremberg bayern", "Nuremberg, Bavaria, DE"),
        ("Rosh HaAyin, Al Awsaţ", "Rosh HaAyin, Central District, IL"),
        ("plzen plzensky kraj", "Plzeň, CZ"),
        ("anshan liaoning sheng", "Anshan, Liaoning, CN"),
    ],
)
def test_a_region_is_understood_by_its_local_name_too(index: CityIndex, text: str, label: str) -> None:
    assert index.search(text)[0].place.label == label
