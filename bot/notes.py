"""Copies of letters and sounds that do not tell who made them, where and with what.

Their libraries are loaded with the first file of their kind: pikepdf takes 15 MiB.
"""

import io
import struct
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from bot.mp4 import without_notes

if TYPE_CHECKING:
    from pikepdf import Object


#: bytes that one part of a PDF may unpack to: of those that are unpacked, none that is honest comes near
MAX_UNPACKED: Final = 64_000_000


class Unreadable(Exception):  # noqa: N818 - it names a state of affairs
    """A file is broken or locked: nobody can say what is noted in it."""


def cleaned(content: bytes, media_type: str) -> bytes:
    """Return a file without notes; of a kind that has none, itself. Raises Unreadable."""
    clean = _CLEANERS.get(media_type)
    copy = clean(content) if clean else content
    if not copy:  # there was nothing else
        raise Unreadable
    return copy


def _letter(content: bytes) -> bytes:
    """Write a PDF anew: nothing of its earlier versions comes along either."""
    from pikepdf import PageCopyWarning, Pdf, PikepdfError, settings  # noqa: PLC0415

    warnings.simplefilter("ignore", PageCopyWarning)  # of fields without a form, which is nothing to us
    settings.set_qpdf_limits(flate_max_memory=MAX_UNPACKED)
    copy = io.BytesIO()
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            del pdf.docinfo
            for part in pdf.objects:
                _clean_part(part)
            pdf.save(copy, deterministic_id=True)  # the same letter makes the same copy
    except PikepdfError:
        raise Unreadable from None
    return copy.getvalue()


def _clean_part(part: "Object") -> None:
    """Clean an object and what stands within it; what it only refers to is an object of its own."""
    from pikepdf import Array, Dictionary, Name, Object, Stream  # noqa: PLC0415

    if isinstance(part, (Array, Dictionary, Stream)):
        for child in part if isinstance(part, Array) else dict(part.items()).values():
            if isinstance(child, Object) and not child.is_indirect:
                _clean_part(child)
    if not isinstance(part, (Dictionary, Stream)):
        return
    for key in ("/Metadata", "/PieceInfo"):
        if key in part:
            del part[key]
    if "/Rect" in part and "/T" in part and part.get("/Subtype") != Name.Widget:  # who wrote a remark
        del part["/T"]
    if isinstance(part, Stream) and part.get("/Filter") in (Name.DCTDecode, Array([Name.DCTDecode])):
        how = part.get("/DecodeParms")
        part.write(_bare_jpeg(part.read_raw_bytes()), filter=Name.DCTDecode)
        if how is not None:
            part["/DecodeParms"] = how


#: EXIF and XMP, Photoshop's, a comment (ISO/IEC 10918-1, B.1.1.3)
_NOTES_IN_JPEG: Final = frozenset({0xE1, 0xED, 0xFE})
_SCAN: Final = 0xDA


def _bare_jpeg(content: bytes) -> bytes:
    """Return a photograph without its notes, each pixel as it was: apps put them into a PDF as the camera made them."""
    bare, at = bytearray(content[:2]), 2
    while content[at : at + 1] == b"\xff" and (marker := content[at + 1 : at + 2]) != bytes([_SCAN]):
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker and marker[0] not in _NOTES_IN_JPEG:
            bare += content[at:end]
        at = end
    return bytes(bare + content[at:])


#: what mutagen raises besides its own where a broken file leads it astray
_ASTRAY: Final = (ValueError, LookupError, struct.error)


def _music(content: bytes) -> bytes:
    """Drop the tags before and after an MP3's frames."""
    from mutagen import MutagenError, apev2, id3  # noqa: PLC0415

    file = io.BytesIO(content)
    try:
        id3.delete(file)
        file.seek(0)
        apev2.delete(file)
    except (MutagenError, *_ASTRAY):
        raise Unreadable from None
    return file.getvalue()


def _voice(content: bytes) -> bytes:
    """Empty the comments of an Ogg: a voice note, a song."""
    from mutagen import File, MutagenError  # noqa: PLC0415
    from mutagen.oggflac import OggFLAC  # noqa: PLC0415
    from mutagen.oggopus import OggOpus  # noqa: PLC0415
    from mutagen.oggspeex import OggSpeex  # noqa: PLC0415
    from mutagen.oggvorbis import OggVorbis  # noqa: PLC0415

    file = io.BytesIO(content)
    try:
        sound = File(file, options=[OggOpus, OggVorbis, OggSpeex, OggFLAC])
        file.seek(0)
        sound.delete(file)
    except (MutagenError, *_ASTRAY):
        raise Unreadable from None
    return file.getvalue()


_CLEANERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "application/pdf": _letter,
    "audio/mpeg": _music,
    "audio/ogg": _voice,
    **dict.fromkeys(("video/mp4", "video/3gpp", "video/quicktime", "audio/mp4"), without_notes),
}
