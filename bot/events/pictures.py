"""Pictures that organisers send: only real ones, made small, and rid of whatever a camera wrote into them."""

import asyncio
from io import BytesIO

from bot.errors import BadInput
from bot.events.drafts import own_draft
from bot.members import Member
from db import drafts as queries
from db.database import Database

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000  # more than a telephone takes; all of them are in memory at once
LONGEST_SIDE = 1_200
LONGEST_ALT = 500
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LONGEST_WORK = 20.0  # seconds


def check_offer(size: int, alt: str | None) -> str:
    """What a picture of `size` bytes shows, in words; before it is fetched. Raises BadInput."""
    if size > MOST_BYTES:
        raise BadInput("That picture is larger than {most} MB. Please choose a smaller one.", most=MOST_BYTES >> 20)
    words = picture_words(alt)
    if not words:
        raise BadInput(
            "Please say in `image_description` what the picture shows, for those who cannot see it: "
            "“Two mayors shake hands in front of a cherry tree”."
        )
    return words


def picture_words(alt: str | None) -> str:
    """What a picture shows, as it is kept; empty where nothing is said."""
    return " ".join((alt or "").split())[:LONGEST_ALT]


async def prepared(content: bytes) -> bytes:
    """The picture as WebP of at most 1,200 pixels a side, made beside the event loop. Raises BadInput."""
    if len(content) > MOST_BYTES:
        raise BadInput("That picture is larger than {most} MB. Please choose a smaller one.", most=MOST_BYTES >> 20)
    try:
        async with asyncio.timeout(LONGEST_WORK):
            return await asyncio.to_thread(_prepared, content)
    except TimeoutError:
        raise _unusable() from None


async def put_picture(
    database: Database, guild_id: int, member: Member, draft_id: int, content: bytes, alt: str
) -> None:
    """Give a draft its picture, WebP as `prepared` makes it. Raises NotFound, NotAllowed."""
    async with database.write() as session:
        _, event = await own_draft(session, guild_id, member, draft_id)
        event.picture_alt = alt
        await queries.put_picture(session, event.id, content)


async def remove_picture(database: Database, guild_id: int, member: Member, draft_id: int) -> None:
    """Take a draft's picture away. Raises NotFound, NotAllowed."""
    async with database.write() as session:
        _, event = await own_draft(session, guild_id, member, draft_id)
        event.picture_alt = None
        await queries.remove_picture(session, event.id)


def _prepared(content: bytes) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:  # said by its head: nothing is unpacked yet
                raise _unusable()
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            upright = ImageOps.exif_transpose(picture)
            has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            small = upright.convert("RGBA" if has_holes else "RGB")
            small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            made = BytesIO()
            small.save(made, "WEBP", quality=85, method=4)
            return made.getvalue()
    except BadInput:
        raise
    except Exception as error:  # a decoder may raise anything at a file that was made to break it
        raise _unusable() from error


def _unusable() -> BadInput:
    return BadInput(
        "I cannot use that picture. Please send a PNG, JPEG, WebP or GIF of at most {most} megapixels.",
        most=MOST_PIXELS // 1_000_000,
    )
