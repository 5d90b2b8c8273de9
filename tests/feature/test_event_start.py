"""Where a draft comes from: options of `/event create`, templates, an event that was there before."""

from io import BytesIO
from typing import Any

import discord
import pytest
import simcord
from PIL import Image
from sqlalchemy import select

from bot.errors import NotFound
from bot.events.pictures import put_picture
from bot.members import Member
from db.models import Event, EventPicture, EventPlace, EventTemplate
from tests.feature.announcing import (
    DRAFT_GONE,
    EVENT_GONE,
    NOT_ALLOWED,
    TYPED,
    announced,
    another_server,
    button_ids,
    card_in,
    defaults,
    event_row,
    forged,
    forged_form,
    only_text,
    screen,
)
from tests.feature.conftest import World, words

HITACHI = "id:2112669"
SEVERAL = {"second_language": "hu", "second_title": "Cseresznye", "volunteers": "driver:2", "max_guests": 2}


def picture(size: tuple[int, int] = (1600, 800)) -> tuple[str, bytes]:
    """A PNG to attach."""
    made = BytesIO()
    Image.new("RGB", size, (250, 200, 210)).save(made, "PNG")
    return "blossoms.png", made.getvalue()


async def create(world: World, **options: Any) -> simcord.InteractionResult:
    """The moderator begins an event with options; the result is the form."""
    return await world.mod.slash(world.general, "event create", **options)


async def stored(world: World, model: Any) -> list[Any]:
    """All rows of a table."""
    async with world.bot.database.read() as session:
        return list(await session.scalars(select(model)))


async def with_settings(world: World) -> Event:
    """A published event with something chosen everywhere."""
    await announced(world)
    async with world.bot.database.write() as session:
        event = await session.get_one(Event, 1)
        for name, value in SEVERAL.items():
            setattr(event, name, value)
    return event


async def test_options_are_kept_while_the_form_is_filled_in(world: World) -> None:
    await world.set_up()
    city = (await world.mod.autocomplete(world.general, "event create", "city", "hitachi"))[0]["value"]
    form = await create(world, kind="virtual_signing", track="government_relations", city=city, time_zone="Asia/Tokyo")
    assert defaults(form) == dict.fromkeys(TYPED, "") | {"where": "Hitachi"}
    assert form.modal is not None and form.modal["components"][1]["label"] == "When (Asia/Tokyo)"
    preview = await world.mod.submit_modal(form, TYPED | {"when": "2026-12-06 10:00"})
    shown = words(preview.response)
    assert "-# Virtual signing · Government Relations · hosted by Mod\n" in shown
    assert "<t:1796518800:F> – <t:1796526000:t>" in shown  # ten in the morning in Japan
    assert "· Times typed in Asia/Tokyo\n" in shown
    row = await event_row(world)
    assert row is not None and row.timezone == "Asia/Tokyo"
    changed = await world.mod.submit_modal(
        await world.mod.click(screen(preview), label="Change"), TYPED | {"when": "2026-12-06 11:00"}
    )
    assert "<t:1796522400:F>" in words(changed.response)
    await world.mod.click(screen(preview), label="Publish")
    async with world.bot.database.read() as session:
        assert row.place_id in list(await session.scalars(select(EventPlace.place_id)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"city": "Atlantis-on-Sea"},
            "I don't know a city called “Atlantis-on-Sea”. Type its first letters and pick it from the list.",
        ),
        (
            {"time_zone": "EST"},
            "I do not know that time zone. Type the name of an area and a city, such as **America/Chicago** "
            "or **Europe/Budapest**; short forms such as EST do not say when clocks change.",
        ),
        ({"template": "Sunday tea"}, "Please pick one from the list that appears while you type."),
        (
            {"template": "id:7"},
            "That template is not there any more. Pick one from the list that appears while you type.",
        ),
    ],
)
async def test_an_option_that_means_nothing_is_refused_before_the_form(
    world: World, options: dict[str, str], sentence: str
) -> None:
    await world.set_up()
    refused = await create(world, **options)
    assert refused.modal is None
    assert only_text(refused) == sentence
    assert await stored(world, Event) == []


async def test_a_plain_members_options_leave_nothing_behind(world: World) -> None:
    await world.set_up()
    refused = await world.alice.slash(world.general, "event create", kind="webinar")
    assert refused.modal is None and only_text(refused) == NOT_ALLOWED
    assert await stored(world, Event) == []


async def test_options_are_kept_beside_a_draft_that_is_unfinished(world: World) -> None:
    await world.set_up()
    await world.mod.submit_modal(await create(world), TYPED)
    offer = await create(world, kind="webinar")
    assert words(offer.response).startswith("You began to announce **Cherry blossom evening**")
    form = await world.mod.click(screen(offer), label="Start a new one")
    preview = await world.mod.submit_modal(form, TYPED | {"title": "Talk"})
    assert "## Talk\n-# Webinar" in words(preview.response)


async def test_a_form_that_never_came_back_is_no_unfinished_draft(world: World) -> None:
    await world.set_up()
    await create(world, kind="webinar")
    again = await create(world, kind="festival")
    assert again.modal is not None
    assert len(await stored(world, Event)) == 2


async def test_a_picture_stands_on_preview_and_card_with_its_words(world: World) -> None:
    await world.set_up()
    form = await create(world, image=picture(), image_description="Cherry blossoms over a pond")
    preview = await world.mod.submit_modal(form, TYPED)
    [kept] = await stored(world, EventPicture)
    with Image.open(BytesIO(kept.content)) as made:
        assert (made.format, made.size) == ("WEBP", (1200, 600))
    [gallery] = [part for part in screen(preview).components[0]["components"] if part["type"] == 12]
    assert gallery["items"][0]["description"] == "Cherry blossoms over a pond"
    for page in ("Details…", "Back to the preview"):
        preview = await world.mod.click(screen(preview), label=page)
    assert [part["type"] for part in screen(preview).components[0]["components"]].count(12) == 1
    await world.mod.click(screen(preview), label="Publish")
    await world.deliver()
    assert [attachment.filename for attachment in card_in(world.events).attachments] == ["event.webp"]


async def test_a_card_with_a_picture_is_not_sent_where_the_bot_may_send_none(world: World) -> None:
    me = world.guild.me
    assert me is not None
    bare = world.guild.create_text_channel("bare", overwrites={me: discord.PermissionOverwrite(attach_files=False)})
    await world.set_up(events_channel=bare)
    form = await create(world, image=picture(), image_description="Cherry blossoms")
    preview = screen(await world.mod.submit_modal(form, TYPED))
    refused = await world.mod.click(preview, label="Publish")
    assert only_text(refused) == f"I can't post in {bare.mention} yet. Please allow me there: Attach Files."
    await world.mod.click(preview, label="Details…")
    await world.mod.click(preview, label="Remove the picture")
    await world.mod.click(preview, label="Back to the preview")
    published = await world.mod.click(preview, label="Publish")
    assert only_text(published) == f"Published: its card appears in {bare.mention}."


async def test_a_picture_can_be_taken_away_again(world: World) -> None:
    await world.set_up()
    form = await create(world, image=picture(), image_description="Cherry blossoms")
    preview = screen(await world.mod.submit_modal(form, TYPED))
    await world.mod.click(preview, label="Details…")
    page = await world.mod.click(preview, label="Remove the picture")
    assert "[Remove the picture]" not in words(page.response)
    back = await world.mod.click(preview, label="Back to the preview")
    assert 12 not in [part["type"] for part in screen(back).components[0]["components"]]
    assert await stored(world, EventPicture) == []


async def test_a_picture_that_comes_after_the_draft_was_discarded_is_let_go(world: World) -> None:
    await world.set_up()
    with pytest.raises(NotFound):
        await put_picture(
            world.bot.database, world.guild.id, Member(world.mod.id, "Mod", manages_events=True), 7, b"x", "A"
        )
    assert await stored(world, EventPicture) == []


async def test_a_picture_without_words_is_refused_before_the_form(world: World) -> None:
    await world.set_up()
    refused = await create(world, image=picture())
    assert refused.modal is None
    assert only_text(refused).startswith("Please say in `image_description` what the picture shows")


async def test_a_file_that_is_no_picture_is_refused_and_the_form_stays(world: World) -> None:
    await world.set_up()
    form = await create(world, image=("tree.png", b"<svg/>"), image_description="A tree")
    assert form.modal is not None
    assert (
        only_text(form) == "I cannot use that picture. Please send a PNG, JPEG, WebP or GIF of at most 40 megapixels."
    )
    preview = await world.mod.submit_modal(form, TYPED)
    assert "## Cherry blossom evening" in words(preview.response)


async def test_a_duplicate_has_everything_but_the_time(world: World) -> None:
    await world.set_up()
    form = await create(world, kind="festival", image=picture(), image_description="Cherry blossoms")
    preview = screen(await world.mod.submit_modal(form, TYPED))
    await world.mod.click(preview, label="Publish")
    async with world.bot.database.write() as session:
        first = await session.get_one(Event, 1)
        for name, value in SEVERAL.items():
            setattr(first, name, value)
    form = await world.mod.slash(world.general, "event duplicate", event="id:1")
    assert defaults(form) == TYPED | {"when": ""}
    preview = screen(await world.mod.submit_modal(form, TYPED | {"when": "2027-01-09 19:00"}))
    copy = await event_row(world, 2)
    assert copy is not None
    assert {name: getattr(copy, name) for name in SEVERAL} == SEVERAL
    assert (copy.kind, copy.picture_alt, copy.status) == ("festival", "Cherry blossoms", "draft")
    [one, other] = await stored(world, EventPicture)
    assert one.content == other.content
    await world.mod.click(preview, label="Publish")
    assert [event.status for event in await stored(world, Event)] == ["open", "open"]


async def test_a_template_is_saved_used_replaced_and_deleted(world: World) -> None:
    await with_settings(world)
    saved = await world.mod.slash(world.general, "event template save", event="id:1", name="Spring *evening*")
    assert only_text(saved) == "Kept as **Spring \\*evening\\***. `/event template use` makes an event from it."
    [choice] = await world.mod.autocomplete(world.general, "event template use", "name", "EVEN")
    assert choice == {"name": "Spring *evening*", "value": "id:1"}
    for command, option in (("event template use", "name"), ("event create", "template")):
        form = await world.mod.slash(world.general, command, **{option: "id:1"})
        assert defaults(form) == TYPED | {"when": ""}
    draft = await event_row(world, 2)
    assert draft is not None and {name: getattr(draft, name) for name in SEVERAL} == SEVERAL
    await world.mod.slash(world.general, "event template save", event="id:1", name="spring  *EVENING*")
    assert [row.name for row in await stored(world, EventTemplate)] == ["spring *EVENING*"]
    deleted = await world.mod.slash(world.general, "event template delete", name="id:1")
    assert only_text(deleted) == "The template **spring \\*EVENING\\*** is deleted."
    assert await stored(world, EventTemplate) == []


async def test_options_win_over_the_template(world: World) -> None:
    await announced(world)
    await world.mod.slash(world.general, "event template save", event="id:1", name="Evening")
    await create(world, template="id:1", kind="webinar", track="business_trade", time_zone="Europe/Prague")
    draft = await event_row(world, 2)
    assert draft is not None
    assert (draft.kind, draft.track, draft.timezone, draft.title) == (
        "webinar",
        "business_trade",
        "Europe/Prague",
        TYPED["title"],
    )


async def test_a_server_keeps_25_templates(world: World) -> None:
    await announced(world)
    async with world.bot.database.write() as session:
        session.add_all(
            EventTemplate(
                guild_id=world.guild.id, name=f"T{n}", fields="{}", saved_by_user_id=1, saved_at=world.clock[0]
            )
            for n in range(25)
        )
    full = await world.mod.slash(world.general, "event template save", event="id:1", name="One more")
    assert only_text(full) == "There are 25 templates already. Delete one with `/event template delete` first."
    again = await world.mod.slash(world.general, "event template save", event="id:1", name="T3")
    assert only_text(again).startswith("Kept as **T3**.")
    blank = await world.mod.slash(world.general, "event template save", event="id:1", name=" \u3000 ")
    assert only_text(blank) == "A template needs a name of 1 to 50 characters."


async def test_templates_are_for_moderators_and_for_their_own_server(world: World) -> None:
    card = await announced(world)
    await world.mod.slash(world.general, "event template save", event="id:1", name="Evening")
    there = await another_server(world)
    for command, options, sentence in (
        ("event template save", {"event": "id:1", "name": "Stolen"}, EVENT_GONE),
        ("event duplicate", {"event": "id:1"}, EVENT_GONE),
        (
            "event template use",
            {"name": "id:1"},
            "That template is not there any more. Pick one from the list that appears while you type.",
        ),
    ):
        refused = await there.mod.slash(there.general, command, **options)
        assert refused.modal is None and only_text(refused) == sentence
        refused = await world.alice.slash(world.general, command, **options)
        assert refused.modal is None and only_text(refused) == NOT_ALLOWED
    assert await there.mod.autocomplete(there.general, "event template use", "name", "") == []
    assert only_text(await world.alice.slash(world.general, "event template delete", name="id:1")) == NOT_ALLOWED
    assert only_text(await forged(world.alice, card, "event-duplicate:1")) == NOT_ALLOWED
    form = await forged_form(world.alice, world.general, "event-template-form:1:0abc", name="Mine")
    assert only_text(form) == NOT_ALLOWED
    assert len(await stored(world, EventTemplate)) == 1


async def test_the_manage_panels_buttons_duplicate_and_save(world: World) -> None:
    card = await announced(world)
    form = await forged(world.mod, card, "event-duplicate:1")
    assert defaults(form) == TYPED | {"when": ""}
    form = await forged(world.mod, card, "event-template:1")
    saved = await world.mod.submit_modal(form, {"name": "Evening"})
    assert only_text(saved).startswith("Kept as **Evening**.")


async def test_a_draft_belongs_to_its_maker(world: World) -> None:
    await world.set_up()
    preview = screen(await world.mod.submit_modal(await create(world), TYPED))
    role = world.guild.roles["Moderators"]
    other = world.guild.add_member(world.env.create_user("Helper"), roles=[role])
    sentence = "Only Mod, who began this draft, can go on with it."
    for custom_id in [*button_ids(preview).values(), "event-draft:1:ping", "event-draft:1:names", "event-new:1"]:
        refused = await forged(other, preview, custom_id)
        assert refused.modal is None and only_text(refused) == sentence
    assert (await other.slash(world.general, "event create")).modal is not None
    theirs = await forged_form(other, world.general, "event-form:1:0abc", title="My own")
    assert "## My own" in words(theirs.response)
    assert [(event.host_name, event.title) for event in await stored(world, Event)] == [
        ("Mod", TYPED["title"]),
        ("Helper", "My own"),
    ]
    assert DRAFT_GONE not in words(preview)
