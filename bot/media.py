"""What a file is, by its bytes, and the copy of it that others see.

Names and announced types are not believed. Pictures are told by Pillow, the rest by a short table: libraries that
know hundreds of types guess, and here only those that are accepted matter. Everything else is refused, and so is
what could not be freed of what it tells of its maker: WebM, a PDF that only a password opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot import notes

#: what `bot.pictures` makes a copy of
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR\n", "audio/amr"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
)
#: major brands of ISO base media files (https://mp4ra.org/registered-types/brands); HEIC and AVIF are not among them
_BRANDS: Final[Mapping[bytes, str]] = {
    **dict.fromkeys(b"isom iso2 iso3 iso4 iso5 iso6 avc1 mp41 mp42 mp71 dash MSNV".split(), "video/mp4"),
    **dict.fromkeys((b"M4V ", b"M4VH", b"M4VP", b"f4v "), "video/mp4"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_IN_OGG: Final = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")


class Refused(Exception):  # noqa: N818 - it names a state of affairs
    """A file is not taken: "type" (not among the accepted), "unreadable" (broken) or "pixels" (too many)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Media:
    #: what the file is ("image/png")
    media_type: str
    #: what others see: of a picture an upright JPEG copy, of the rest one without notes of author, place and device
    shown: bytes
    #: a small JPEG of a picture
    thumbnail: bytes | None = None


def examine(content: bytes, max_megapixels: int) -> Media:
    """Return what a file is and what others see of it. Raises Refused, and nothing else, whatever the bytes."""
    media_type = sniff(content)
    if media_type is None:
        raise Refused("type")
    if media_type in _PICTURES:
        from bot.pictures import copies  # noqa: PLC0415 - Pillow: 4 MiB, until the first picture comes

        return Media(media_type, *copies(content, media_type, max_megapixels))
    try:
        shown = notes.cleaned(content, media_type)
    except notes.Unreadable:
        raise Refused("unreadable") from None
    return Media(media_type, shown)


def sniff(content: bytes) -> str | None:
    """Return the media type that a file begins as; None: not one that is accepted."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    head = content[:64]
    match head[:4]:
        case b"RIFF":
            return "image/webp" if head[8:12] == b"WEBP" else None
        case b"OggS":
            return "audio/ogg" if head[28:].startswith(_IN_OGG) else None
    if head[4:8] == b"ftyp":
        return "video/3gpp" if head[8:10] == b"3g" else _BRANDS.get(head[8:12])
    return "audio/mpeg" if _is_mp3(head) else None


def _is_mp3(head: bytes) -> bool:
    """Tell whether an ID3v2 tag or a frame of MPEG audio, layer III, stands here."""
    if head[:3] == b"ID3":
        return len(head) > 4 and head[3] in {2, 3, 4} and head[4] < 0x10
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in {0, 15} and head[2] & 0x0C != 0x0C
