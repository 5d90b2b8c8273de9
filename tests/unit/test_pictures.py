"""Pictures that organisers send: made small WebP, or refused with a sentence, whatever is in the file."""

import struct
import warnings
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BadInput
from bot.events.pictures import MOST_BYTES, check_offer, prepared

UNUSABLE = "I cannot use that picture. Please send a PNG, JPEG, WebP or GIF of at most 40 megapixels."
RED = (200, 30, 30)


def file(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture as a file."""
    made = BytesIO()
    Image.new(mode, size, RED if mode == "RGB" else None).save(made, kind, **options)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, in few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def refusal(content: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        await prepared(content)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_every_kind_becomes_webp(kind: str) -> None:
    with Image.open(BytesIO(await prepared(file(kind)))) as made:
        assert (made.format, made.size) == ("WEBP", (40, 20))


@pytest.mark.parametrize(
    ("size", "made"), [((3000, 1500), (1200, 600)), ((900, 3600), (300, 1200)), ((1200, 1200), (1200, 1200))]
)
async def test_a_large_picture_is_made_small_and_keeps_its_shape(size: tuple[int, int], made: tuple[int, int]) -> None:
    with Image.open(BytesIO(await prepared(file("JPEG", size)))) as small:
        assert small.size == made


async def test_holes_stay_holes() -> None:
    for content in (file("PNG", mode="RGBA"), file("PNG", mode="LA")):
        with Image.open(BytesIO(await prepared(content))) as made:
            assert made.mode == "RGBA" and made.getpixel((0, 0))[3] == 0  # type: ignore[index]


async def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "Camera", {1: "N", 2: (33.0, 31.0, 0.0)}  # turned; maker; place
    content = file("JPEG", exif=exif)
    with Image.open(BytesIO(await prepared(content))) as made:
        assert (made.size, dict(made.getexif())) == ((20, 40), {})


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"GIF89a", id="only-a-head"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(file("BMP"), id="bmp"),
        pytest.param(file("TIFF"), id="tiff"),
        pytest.param(file("PNG")[:-30], id="cut-off"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", id="postscript"),
        pytest.param(bomb(10_000, 4_001), id="too-many-pixels"),
        pytest.param(bomb(60_000, 60_000), id="bomb"),
        pytest.param(bomb(2**31 - 1, 1), id="one-endless-line"),
    ],
)
async def test_anything_else_is_refused_before_it_is_unpacked(content: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert await refusal(content) == UNUSABLE


async def test_a_file_of_more_than_8_mb_is_refused_unread() -> None:
    assert await refusal(b"\xff" * (MOST_BYTES + 1)) == (
        "That picture is larger than 8 MB. Please choose a smaller one."
    )


@given(noise=st.binary(max_size=60), at=st.integers(0, 100))
async def test_a_damaged_file_is_a_picture_or_refused(noise: bytes, at: int) -> None:
    content = file("PNG", mode="P")
    try:
        made = await prepared(content[:at] + noise + content[at + len(noise) :])
    except BadInput as problem:
        assert str(problem) == UNUSABLE
    else:
        assert made.startswith(b"RIFF")


def test_a_picture_needs_words_for_those_who_cannot_see_it() -> None:
    for alt in (None, "", "  \n"):
        with pytest.raises(BadInput) as caught:
            check_offer(100, alt)
        assert str(caught.value).startswith("Please say in `image_description` what the picture shows")
    assert check_offer(MOST_BYTES, " Two mayors\n shake hands ") == "Two mayors shake hands"
    with pytest.raises(BadInput) as caught:
        check_offer(MOST_BYTES + 1, "A tree")
    assert str(caught.value) == "That picture is larger than 8 MB. Please choose a smaller one."
