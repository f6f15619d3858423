"""What a form of the simulator's page says, checked; what is wrong is told in the page's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.simulator import samples
from bot.channels.telegram.text import utf16_length
from handlers import simulator_wording as wording
from storage.vocabulary import Channel

#: of one request, all files together
MAX_MEGABYTES: Final = 25
#: an album of Telegram's
MAX_FILES: Final = 10
#: Telegram's, of a text and of one under a file; ten parts of an SMS, which is what phones take
MAX_CHARS: Final = 4096
MAX_CAPTION_CHARS: Final = 1024
MAX_SMS_CHARS: Final = 1530
_MAX_FIELD_BYTES: Final = 64_000
_POINT: Final = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,12})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*")

#: name, media type, bytes
File = tuple[str, str, bytes]


class Slip(Exception):  # noqa: N818 - it names a state of affairs
    """What was sent cannot be done; `message` says why, for the page."""

    def __init__(self, message: str, **fields: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Written:
    """A text or files, of `Channel`'s length at most."""

    text: str = field(repr=False)
    files: Sequence[File] = field(repr=False)


async def read_form(request: Request) -> FormData:
    """Return the form. Raises Slip."""
    announced = request.headers.get("content-length", "")
    if not announced.isdecimal():  # browsers always tell it
        raise Slip(wording.BAD_FORM)
    if int(announced) > MAX_MEGABYTES * 1_000_000:
        raise Slip(wording.TOO_LARGE, size=MAX_MEGABYTES)
    try:
        # Too many files are told in words of ours (`_files_in`), not by the library; the size has been looked at.
        return await request.form(max_fields=20, max_part_size=_MAX_FIELD_BYTES)
    except HTTPException:
        raise Slip(wording.BAD_FORM) from None


def number_of(text: str) -> int | None:
    """Return the number that a text is; None: it is none that a row could have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def text_in(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


async def written_in(form: FormData, channel: Channel) -> Written:
    """Return the text and the files of a message. Raises Slip."""
    text = text_in(form, "text").replace("\r\n", "\n").strip()
    files = [] if channel is Channel.SMS else await _files_in(form)
    limit = MAX_SMS_CHARS if channel is Channel.SMS else MAX_CAPTION_CHARS if files else MAX_CHARS
    if utf16_length(text) > limit:
        raise Slip(wording.TOO_LONG, count=limit)
    if not text and not files:
        raise Slip(wording.NOTHING_WRITTEN)
    return Written(text, files)


async def _files_in(form: FormData) -> list[File]:
    """Return the files of the form, or the drawings asked for. Raises Slip."""
    if sample := text_in(form, "sample"):
        names = [one for one in samples.DRAWINGS if sample in {one, "album"}]
        return [samples.picture(name) for name in names]
    uploads = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    if len(uploads) > MAX_FILES:
        raise Slip(wording.TOO_MANY_FILES, count=MAX_FILES)
    return [
        (one.filename or "", one.content_type or "application/octet-stream", await one.read())
        for one in uploads
    ]


def point_in(form: FormData) -> tuple[float, float]:
    """Return the point written, else the place chosen. Raises Slip."""
    found = _POINT.fullmatch(text_in(form, "point") or text_in(form, "place"))
    latitude, longitude = (float(found[1]), float(found[2])) if found else (91.0, 181.0)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Slip(wording.BAD_POINT)
    return latitude, longitude
