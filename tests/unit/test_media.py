"""What a file is, by its bytes, and the copy of it that others see."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3, TPE1
from mutagen.ogg import OggPage
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, PdfImage, Stream
from PIL import ExifTags, Image, ImageSequence

from bot.media import Refused, examine, sniff
from bot.mp4 import without_notes
from bot.notes import MAX_UNPACKED
from bot.pictures import SHOWN_SIDE, THUMBNAIL_SIDE

LIMIT = 50
#: what a phone writes into a picture; none of it may be in the copy
DEVICE, COMMENT, LAT = "Kameraponsel X9", "di rumah Budi", 0.0123456


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def notes(orientation: int = 1) -> Image.Exif:
    """EXIF with device and place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = exif[ExifTags.Base.Model] = DEVICE
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (0.0, 0.0, LAT * 3600)
    return exif


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    level = image.getpixel(at)
    assert isinstance(level, tuple)
    return level[0] > 200 and level[2] < 100


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        examine(content, LIMIT)
    return refused.value.code


# --- pictures ---


@pytest.mark.parametrize(
    ("form", "options"),
    [("JPEG", {"comment": COMMENT.encode()}), ("PNG", {}), ("WEBP", {"lossless": True})],
)
def test_the_copy_tells_neither_place_nor_device(form: str, options: dict[str, Any]) -> None:
    """Nor anything else but the pixels; the original keeps it all."""
    original = picture(form, exif=notes(), xmp=f"<x>{DEVICE}</x>".encode(), **options)
    assert opened(original).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    found = examine(original, LIMIT)
    assert found.media_type == f"image/{form.lower()}"
    assert found.thumbnail
    for copy in (found.shown, found.thumbnail):
        image = opened(copy)
        assert (image.format, dict(image.getexif())) == ("JPEG", {})
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not any(mark.encode() in copy for mark in (DEVICE, COMMENT, "Exif", "http"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("orientation", "red"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")])
def test_the_copy_stands_upright(form: str, orientation: int, red: str) -> None:
    """A phone held sideways only notes so; without the note the picture itself must be turned."""
    shown = opened(examine(picture(form, exif=notes(orientation)), LIMIT).shown).convert("RGB")
    middle_x, middle_y = shown.width // 2, shown.height // 2
    points = {
        "left": (2, middle_y),
        "right": (shown.width - 3, middle_y),
        "top": (middle_x, 2),
        "bottom": (middle_x, shown.height - 3),
    }
    assert is_red(shown, points[red])


def test_copies_are_as_small_as_their_use_allows() -> None:
    """A large picture is scaled down, its shape kept; a small one is left as it is."""
    large, small = examine(picture("JPEG", (5000, 2500)), LIMIT), examine(picture("JPEG"), LIMIT)
    assert opened(large.shown).size == (SHOWN_SIDE, SHOWN_SIDE // 2)
    assert large.thumbnail
    assert opened(large.thumbnail).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)
    assert opened(small.shown).size == (40, 20)


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_shown(form: str) -> None:
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "green", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, form, save_all=True, append_images=frames[1:], duration=100)
    assert len(list(ImageSequence.Iterator(opened(buffer.getvalue())))) == 3
    assert is_red(opened(examine(buffer.getvalue(), LIMIT).shown), (4, 4))


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")]
    + [("JPEG", "L"), ("JPEG", "CMYK"), ("GIF", "P")],
)
def test_every_kind_of_pixel_is_shown(form: str, mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (9, 9)).save(buffer, form)
    assert opened(examine(buffer.getvalue(), LIMIT).shown).mode == "RGB"


def test_what_is_transparent_is_shown_on_white() -> None:
    """A drawing in black on nothing would be black on black otherwise."""
    buffer = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(buffer, "PNG")
    assert opened(examine(buffer.getvalue(), LIMIT).shown).getpixel((4, 4)) == (255, 255, 255)


def bomb(side: int) -> bytes:
    """The head of a PNG that would unpack to side × side pixels."""
    content = bytearray(picture("PNG"))
    content[16:24] = struct.pack(">II", side, side)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


@pytest.mark.parametrize("side", [7_072, 10_000, 15_000, 60_000])
def test_a_picture_of_too_many_pixels_is_refused(side: int) -> None:
    """By its head, before anything is unpacked: also where Pillow only warns (10,000²) or has no say (7,072²)."""
    assert refusal(bomb(side)) == "pixels"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_broken_picture_is_unreadable(form: str) -> None:
    content = picture(form, (300, 300))
    assert refusal(content[: len(content) // 2]) == "unreadable"


# --- the rest ---


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def film(brand: bytes = b"isom", place: bytes = b"\xa9xyz+00.0123+110.9158/") -> bytes:
    """An MP4 as far as boxes go, with a place noted where phones note it, before and after the pictures."""
    inner = box(b"mdia", box(b"mdhd") + box(b"minf", box(b"udta", place)) + box(b"udta", place))
    track = box(b"trak", box(b"tkhd", b"t" * 20) + box(b"meta", place) + inner)
    moov = box(b"moov", box(b"mvhd", b"v" * 20) + track + box(b"udta", place))
    return box(b"ftyp", brand + b"\0\0\2\0") + moov + box(b"mdat", b"frames" * 9) + box(b"uuid", place)


WORDS = "isi surat"
FRAMES = [b"one " * 9, b"two " * 9]


def voice(*comments: str) -> bytes:
    """A voice note as Telegram has it: Opus in Ogg, its comments in a page of their own."""
    said = [comment.encode() for comment in comments]
    tags = b"OpusTags" + struct.pack("<I4sI", 4, b"Lavf", len(said))
    tags += b"".join(struct.pack("<I", len(one)) + one for one in said)
    head = b"OpusHead\1\1" + struct.pack("<HIHB", 0, 48_000, 0, 0)
    pages = b""
    for sequence, packets in enumerate(([head], [tags], FRAMES)):
        page = OggPage()
        page.serial, page.sequence, page.packets, page.position = 7, sequence, packets, sequence * 960
        page.first, page.last = sequence == 0, sequence == 2
        pages += page.write()
    return pages


#: what leads a reader of tags astray: a first page without a packet, and one with half of it
HEADS_ALONE = tuple(b"OggS\0\2" + bytes(20) + size + b"OpusHead" for size in (b"\0\0", b"\1\x08"))


def frames_of(content: bytes) -> list[bytes]:
    """The sound of an Ogg; a page whose sum is wrong does not play."""
    file, packets = io.BytesIO(content), []
    while file.tell() < len(content):
        start = file.tell()
        page = OggPage(file)
        assert page.write() == content[start : file.tell()]
        packets = page.packets
    return packets


def music(author: str = "", frames: bytes = b"\xff\xfb\x90\x64" + bytes(413)) -> bytes:
    """An MP3 as programs save it: a tag before, two behind."""
    file = io.BytesIO(frames)
    tag = APEv2()
    tag["Artist"] = author
    tag.save(file)
    file.seek(0)
    tags = ID3()
    tags.add(TPE1(encoding=3, text=author))
    tags.save(file, v1=2)
    return file.getvalue()


def letter(author: str = "", password: str = "") -> bytes:
    """A PDF with its author's name where office programs, cameras and readers put it."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page().obj
        pdf.docinfo["/Author"] = pdf.docinfo["/Creator"] = author
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [author or "-"]
        photo = pdf.make_stream(picture("JPEG", exif=notes(), comment=author.encode()))
        photo.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=40,
            Height=20,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Array([Name.DCTDecode]),
            DecodeParms=Dictionary(ColorTransform=1),
            Metadata=pdf.make_stream(author.encode()),
        )
        page.Resources = Dictionary(XObject=Dictionary(Photo=photo))
        page.PieceInfo = Dictionary(Program=Dictionary(Private=author))
        remark = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=author, Contents=WORDS)
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[0, 0, 9, 9], T="Kolom")
        pdf.Root.AcroForm = Dictionary(Fields=Array([field := pdf.make_indirect(field)]))
        page.Annots = Array([remark, field])
        buffer = io.BytesIO()
        lock = Encryption(user=password, owner=password) if password else None
        pdf.save(buffer, encryption=lock or False, object_stream_mode=ObjectStreamMode.disable)
    return buffer.getvalue()


SAMPLES = {
    "video/mp4": film(),
    "video/3gpp": film(b"3gp5"),
    "video/quicktime": film(b"qt  "),
    "audio/mp4": film(b"M4A "),
    "audio/ogg": voice(),
    "audio/mpeg": music(),
    "audio/amr": b"#!AMR\n" + bytes(40),
    "application/pdf": letter(),
}


@pytest.mark.parametrize("media_type", SAMPLES)
def test_films_voices_and_letters_are_kept(media_type: str) -> None:
    """Without their notes; they have no picture for cards."""
    found = examine(SAMPLES[media_type], LIMIT)
    assert (found.media_type, found.thumbnail) == (media_type, None)
    assert sniff(found.shown) == media_type


@pytest.mark.parametrize("head", [b"\xff\xfb\x90\x64", b"\xff\xf3\x44\xc4", b"\xff\xe3\x18\xc4"])
def test_music_without_a_tag_is_known_by_its_first_frame(head: bytes) -> None:
    assert sniff(head + bytes(100)) == "audio/mpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\0" + bytes(100),
        b"\x7fELF\2\1\1" + bytes(100),
        b"dex\n035\0" + bytes(100),
        b"PK\3\4\x14\0" + bytes(100),
        b"Rar!\x1a\7\1\0" + bytes(100),
        b"7z\xbc\xaf\x27\x1c" + bytes(100),
        b"\x1f\x8b\x08" + bytes(100),
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"\xff\xfe#\0!\0/\0",
        b"ID3 adalah nama",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b"{\\rtf1}",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b" %PDF-1.7",
        b"GIF89b" + bytes(100),
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(40),
    ],
    ids=lambda content: content[:12].decode("latin-1") or "empty",
)
def test_all_else_is_refused(content: bytes) -> None:
    """Programs, archives, pages, scripts, office documents, whatever they are called or announced as."""
    assert refusal(content) == "type"


def test_a_program_behind_the_head_of_a_picture_is_unreadable() -> None:
    assert refusal(b"\xff\xd8\xff\xe0" + b"MZ\x90\0" * 100) == "unreadable"


def test_what_is_hidden_behind_a_picture_is_not_in_the_copy() -> None:
    """A page or an archive after the picture's end stays with the original, which is never shown."""
    found = examine(picture("JPEG") + b"<script>alert(1)</script>", LIMIT)
    assert b"script" not in found.shown


# --- notes in letters and sounds ---


def test_a_letter_does_not_tell_who_wrote_it() -> None:
    """Nor where its pictures were taken, in any of the places where a PDF says so; its pages are as they were."""
    original = letter(DEVICE)
    assert original.count(DEVICE.encode()) > 6
    copy = examine(original, LIMIT).shown
    with Pdf.open(io.BytesIO(copy)) as pdf:
        (page,) = pdf.pages
        remark, field = page.Annots
        photo = page.Resources.XObject.Photo
        assert (str(remark.Contents), str(field.T), int(photo.DecodeParms.ColorTransform)) == (
            WORDS,
            "Kolom",
            1,
        )
        assert isinstance(photo, Stream)
        assert is_red(PdfImage(photo).as_pil_image(), (4, 4))
        assert not opened(photo.read_raw_bytes()).getexif()
        assert "/Metadata" not in pdf.Root
    assert DEVICE.encode() not in copy


def test_what_a_letter_said_before_it_was_changed_does_not_come_along() -> None:
    """Programs write a change behind the old version: the name that somebody took out is still in the file."""
    first = letter(DEVICE)
    start = int(first.rsplit(b"startxref\n", 1)[1].split()[0])
    root = first.rsplit(b"/Root ", 1)[1].split(b" R")[0]
    change = b"trailer << /Size 99 /Root %s R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    second = first + b"xref\n0 0\n" + change % (root, start, len(first))
    assert DEVICE.encode() not in examine(second, LIMIT).shown


def test_a_letter_that_cannot_be_read_is_refused() -> None:
    """Locked, broken, or one that would unpack to more than there is memory: nobody sees what was not cleaned."""
    packed = zlib.compress(bytes(MAX_UNPACKED + 1))
    bomb = (
        b"%%PDF-1.5\n1 0 obj\n<</Type/XRef/Size 2/W[1 1 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
    )
    bomb = bomb % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    for one in (letter(password="rahasia"), letter()[:200], bomb):
        assert refusal(one) == "unreadable"


def test_a_voice_does_not_tell_whose_it_is() -> None:
    """A voice note keeps its sound; its comments may name a person and a place."""
    original = voice(f"ARTIST={DEVICE}", "LOCATION=+00.0123+110.9158/")
    copy = examine(original, LIMIT).shown
    assert b"110.9158" in original
    assert not any(mark in copy for mark in (DEVICE.encode(), b"110.9158"))
    assert frames_of(copy) == FRAMES
    for broken in (original[:60], *HEADS_ALONE):
        assert refusal(broken) == "unreadable"


def test_music_does_not_tell_whose_it_is() -> None:
    """Nothing is left but the frames, whichever of the three tags said it."""
    original = music(DEVICE)
    assert original.count(DEVICE.encode()) == 3
    assert examine(original, LIMIT).shown == b"\xff\xfb\x90\x64" + bytes(413)


# --- notes in films ---


def test_a_film_does_not_tell_where_it_was_made() -> None:
    """Every other byte stays in its place, so the film plays as before."""
    original = film()
    copy = without_notes(original)
    assert original.count(b"110.9158") == 5
    assert b"110.9158" not in copy
    assert len(copy) == len(original)
    assert copy.index(b"frames") == original.index(b"frames")
    assert copy.count(b"free") == 5


def test_a_film_with_long_sizes_is_understood() -> None:
    """A box of more than 4 GB has its size elsewhere; small ones may as well."""
    place = b"\xa9xyz+00.0123+110.9158/"
    long_box = struct.pack(">I4sQ", 1, b"udta", 16 + len(place)) + place
    copy = without_notes(box(b"ftyp", b"isom") + box(b"moov", long_box))
    assert b"110.9158" not in copy
    assert len(copy) == 8 + 4 + 8 + len(long_box)


def test_a_film_that_was_cut_off_does_not_tell_either() -> None:
    cut = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd") + box(b"udta", b"+00.0123+110.9158/..."))[:-2]
    assert b"110.9158" in cut
    assert b"110.9158" not in without_notes(cut)


def test_a_film_without_notes_is_the_same_file() -> None:
    plain = box(b"ftyp", b"isom") + box(b"mdat", b"frames")
    assert without_notes(plain) == plain


# --- any bytes ---

HEADS: tuple[bytes, ...] = (
    *SAMPLES.values(),
    *(picture(form) for form in ("JPEG", "PNG", "GIF", "WEBP")),
    picture("JPEG", exif=notes(6)),
    bomb(40_000),
)


@st.composite
def damaged(draw: Callable[..., int]) -> bytes:
    """A good file, some of its bytes changed, perhaps cut off."""
    content = bytearray(HEADS[draw(st.integers(0, len(HEADS) - 1))])
    for _ in range(draw(st.integers(0, 8))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))])


@given(st.binary(max_size=300) | damaged())
def test_any_bytes_are_taken_or_refused(content: bytes) -> None:
    """Whatever arrives, nothing else happens."""
    with suppress(Refused):
        assert examine(content, 1).shown
