"""Copies of letters and sounds that do not tell who made them, where and with what.

Their libraries are loaded with the first file of their kind: pikepdf takes 15 MiB.
"""

import io
import re
import struct
import warnings
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final

from bot.mp4 import without_notes

if TYPE_CHECKING:
    from pikepdf import Object, Stream


#: bytes that one part of a PDF may unpack to: of those that are unpacked, none that is honest comes near
MAX_UNPACKED: Final = 64_000_000
#: programs' own words, and the certificates of who signed
_NOTES: Final = ("/Metadata", "/PieceInfo", "/DSS")


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
    for key in _keys_of_notes(part):
        if key in part:
            del part[key]
    if "/Rect" in part and "/T" in part and part.get("/Subtype") != Name.Widget:  # who wrote a remark
        del part["/T"]
    if isinstance(part, Stream):
        _clean_photo(part)


def _keys_of_notes(part: "Object") -> Collection[str]:
    """Return what is left out: of a signature, void in a copy, all, as its certificate names who signed."""
    from pikepdf import Name, Stream  # noqa: PLC0415

    if "/ByteRange" in part and not isinstance(part, Stream):
        return part.keys()
    return (*_NOTES, "/V") if part.get("/FT") == Name.Sig else _NOTES


def _clean_photo(part: "Stream") -> None:
    """Clean a stream that is a photograph, however often it is packed."""
    from pikepdf import Array, Dictionary, Name, StreamDecodeLevel  # noqa: PLC0415

    *outer, last = _listed(part.get("/Filter")) or [None]
    if last not in (Name.DCTDecode, Name.DCT):  # no set: what is broken has no hash
        return
    how = [*_listed(part.get("/DecodeParms")), *[None] * len(outer), None]
    content = part.read_raw_bytes()
    if outer:  # with the photograph's own filter nothing at all would be unpacked
        part["/Filter"], part["/DecodeParms"] = Array(outer), Array(how[: len(outer)])
        content = part.read_bytes(StreamDecodeLevel.specialized)
    own = how[len(outer)]
    part.write(
        _bare_jpeg(content), filter=Name.DCTDecode, decode_parms=own if isinstance(own, Dictionary) else None
    )


def _listed(value: "Object | None") -> list["Object | None"]:
    """Return what stands in a PDF for one or for several."""
    from pikepdf import Array  # noqa: PLC0415

    if value is None:
        return []
    return [*value] if isinstance(value, Array) else [value]


#: EXIF and XMP, makers' own, Photoshop's, a comment (ISO/IEC 10918-1, B.1.1.3); colours are told in E2 and EE
_NOTES_IN_JPEG: Final = frozenset({*range(0xE1, 0xF0), 0xFE}) - {0xE2, 0xEE}
_SCAN, _END = 0xDA, 0xD9
#: of a segment, after bytes that fill up; not those that stand within a scan
_MARKER: Final = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)


def _bare_jpeg(content: bytes) -> bytes:
    """Return a photograph without its notes, each pixel as it was: apps put them into a PDF as the camera made them."""
    bare, at, is_scan = bytearray(content[:2]), 2, False
    while found := _MARKER.search(content, at):
        marker, start = found[1][0], found.end()
        if is_scan:
            bare += content[at : found.start()]
        if marker == _END:  # phones write more behind it
            return bytes(bare + b"\xff\xd9")
        at = start + int.from_bytes(content[start : start + 2])
        if marker not in _NOTES_IN_JPEG:
            bare += content[found.start() : at]
        is_scan = marker == _SCAN
    return bytes(bare + content[at:]) if is_scan else bytes(bare)


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
