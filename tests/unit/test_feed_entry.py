"""What makes an entry the same for ever, and which of its links may be shown."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.feeds.entry import canonical_link, first_picture, identity, record, safe_link, useful_guids

FEED = "https://news.example/blog/feed.xml"
ANYTHING = st.text(st.characters(exclude_categories=[]))
LINKS = ANYTHING | st.text("htps:/@.%[]?#&=a1\\ ").map(lambda rest: "http://" + rest)
HOSTS = st.text("xn-.äßé例。１😀\u0301a", max_size=70).map(lambda host: f"http://{host}/x")


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://News.Example/a", "//news.example/a"),
        ("http://news.example:80/a", "//news.example/a"),
        ("https://news.example:443/a", "//news.example/a"),
        ("https://news.example..:8443/a", "//news.example:8443/a"),
        ("https://news.example", "//news.example/"),
        ("https://news.example/A/?p=1#more", "//news.example/A/?p=1"),
        ("https://news.example/a?utm_source=x&id=7&UTM_Medium=y&fbclid=1", "//news.example/a?id=7"),
        ("https://news.example/a?gclid=1&mc_cid=2&mc_eid=3", "//news.example/a"),
        ("https://news.example/a?b=%7E&b=&utm=1&gclidx=2", "//news.example/a?b=%7E&b=&utm=1&gclidx=2"),
        ("https://[2606:4700::1111]/a", "//[2606:4700::1111]/a"),
    ],
)
def test_one_link_has_one_canonical_form(link: str, canonical: str) -> None:
    assert canonical_link(link) == canonical


@given(LINKS)
def test_every_link_that_is_shown_has_a_canonical_form(link: str) -> None:
    target = safe_link(link, FEED)
    if target is not None:
        assert target.startswith(("http://", "https://"))
        assert len(target) <= 2_000
        assert safe_link(target, FEED) == target
        assert canonical_link("http:" + canonical_link(target)) == canonical_link(target)


@given(LINKS | HOSTS)
def test_every_link_that_is_shown_can_be_taken_apart_and_has_a_host(link: str) -> None:
    target = safe_link(link, FEED)
    assert target is None or URL(target).host


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("https://news.example/a?b=1&c=2#d", "https://news.example/a?b=1&c=2#d"),
        ("HTTPS://news.example/a", "https://news.example/a"),
        ("/a", "https://news.example/a"),
        ("a", "https://news.example/blog/a"),
        ("//other.example/a", "https://other.example/a"),
        (" \nhttps://news.example/a\x00\u202e b ", "https://news.example/a%20b"),
        ('https://news.example/<b>"`{x}|^', "https://news.example/%3Cb%3E%22%60%7Bx%7D%7C%5E"),
        ("https://bank.example@evil.example/a", "https://evil.example/a"),
        ("https://bank.example\\@evil.example/a", "https://evil.example/a"),
        ("https://xn--80ak6aa92e.example/ñ", "https://xn--80ak6aa92e.example/ñ"),
        ("https://news.example/" + "a" * 1_979, "https://news.example/" + "a" * 1_979),
        ("https://news.example/" + "a" * 1_980, None),
        ("", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@news.example", None),
        ("ftp://news.example/", None),
        ("http://", None),
        ("http://../a", None),
        ("http://[::1", None),
        ("http://news.example:99999/", None),
        ("http://news.example:x/", None),
        ("http://news%2eexample/", None),
        ("http://exämple.com/ñ", "http://exämple.com/ñ"),
        ("http://exämple..com/x", None),
        ("http://xn--a.com/", None),
        ("http://a b/c", None),
    ],
)
def test_only_web_links_are_shown_and_as_what_they_are(link: str, safe: str | None) -> None:
    assert safe_link(link, FEED) == safe


def test_a_guid_names_an_entry_before_its_link_and_its_words() -> None:
    link = "https://news.example/1?utm_source=feed"
    words = sha256(b"Title\nSummary").hexdigest()
    assert identity(" tag:1 ", link, "Title", "Summary") == "guid:tag:1"
    assert identity("https://news.example/?p=1#c", link, "Title", "") == "guid://news.example/?p=1#c"
    assert identity("http://news.example/?p=1#c", link, "Title", "") == "guid://news.example/?p=1#c"
    assert identity("", link, "Title", "Summary") == "link://news.example/1"
    assert identity("\x00\u200b", None, "Title", "Summary") == "hash:" + words


def test_a_long_name_is_hashed() -> None:
    assert identity("x" * 295, None, "", "") == "guid:" + "x" * 295
    assert identity("x" * 296, None, "", "") == "guid:" + sha256(b"x" * 296).hexdigest()


def test_a_guid_that_every_entry_shares_names_none_of_them() -> None:
    assert useful_guids(["1", "1", "1"], ["a"] * 3, ["A"] * 3) == ["", "", ""]
    assert useful_guids(["1", "1"], ["a"] * 2, ["A"] * 2) == ["1", "1"]
    assert useful_guids(["1", "1", "2"], ["a"] * 3, ["A"] * 3) == ["1", "1", "2"]
    assert useful_guids([], [], []) == []


def test_a_guid_of_several_entries_names_none_of_them_but_may_be_said_twice_of_one() -> None:
    guids = ["1", "1", "2"]
    assert useful_guids(guids, ["a", "b", "c"], ["A", "B", "C"]) == ["", "", "2"]
    assert useful_guids(guids, ["a", "a#amp", "c"], ["A", "A", "C"]) == guids
    assert useful_guids(guids, ["a", "a", "c"], ["A", "A, corrected", "C"]) == guids


@pytest.mark.parametrize(
    ("markup", "base", "picture"),
    [
        ('<p>x <IMG alt="a" src="https://news.example/a.png"></p>', "", "https://news.example/a.png"),
        ("<img src='a.png?x=1&amp;y=2'/>", "https://news.example/blog/", "https://news.example/blog/a.png?x=1&y=2"),
        ('<img width="1" height="1" src="count.gif"><img src="a.png">', "", "a.png"),
        ('<img src="data:image/png;base64,AAAA"><img><img src=" "><img src="a.png">', "", "a.png"),
        ("<img src='http://[::1'><img src='a.png'>", "https://news.example/", "https://news.example/a.png"),
        ('<img src="wait.gif" data-src="a.png"><img src="b.png">', "", "a.png"),
        ('<img data-src="data:x" src="a.png">', "", "a.png"),
        ('<img class="x wp-smiley" src="smile.png"><img class="x" src="a.png">', "", "a.png"),
        ("<p>none</p>", "", ""),
        ("<img" * 5_000, "", ""),
        ("x" * 20_000 + '<img src="a.png">', "", ""),
    ],
)
def test_the_first_real_picture_of_a_text_is_found(markup: str, base: str, picture: str) -> None:
    assert first_picture(markup, base) == picture


def test_a_record_is_made_of_what_the_document_says() -> None:
    assert record(
        guid="",
        link="/1",
        title=" Plzeň\nmeets ",
        summary="One. Two. Three.",
        pictures=["javascript:x", "/a.png", "/b.png"],
        published="2026-11-22T10:00:00+00:00",
        address=FEED,
    ) == {
        "identity": "link://news.example/1",
        "title": "Plzeň meets",
        "link": "https://news.example/1",
        "summary": "One. Two.",
        "picture": "https://news.example/a.png",
        "published": "2026-11-22T10:00:00+00:00",
        "link_key": "//news.example/1",
        "title_key": "plzen meets",
    }


@pytest.mark.parametrize(("link", "title"), [("/1", "news.example"), ("javascript:x", "Untitled"), ("", "Untitled")])
def test_an_entry_without_a_title_is_named_after_its_site(link: str, title: str) -> None:
    made = record(guid="1", link=link, title="\u200b", summary="", pictures=[], published=None, address=FEED)
    assert (made["title"], made["summary"], made["picture"]) == (title, "", None)


def test_the_name_of_a_site_is_no_longer_than_a_title_may_be() -> None:
    link = "https://" + "news." * 100 + "example/"
    made = record(guid="1", link=link, title="", summary="", pictures=[], published=None, address=FEED)
    assert made["title"] == ("news." * 100)[:255] + "…"


@given(ANYTHING, LINKS, ANYTHING, ANYTHING)
def test_whatever_an_entry_says_its_record_can_be_stored(guid: str, link: str, title: str, summary: str) -> None:
    made = record(guid=guid, link=link, title=title, summary=summary, pictures=[link], published=None, address=FEED)
    for text in filter(None, made.values()):
        assert isinstance(text, str)
        assert "\x00" not in text
        text.encode()
    assert made["title"]
    assert len(made["identity"]) <= 300
    assert len(made["title"]) <= 256
    assert len(made["summary"]) <= 300
