"""Things to try with that nobody has to have on their disk: drawn pictures, a second of silence."""

import io
from collections.abc import Callable
from functools import cache
from typing import Final

from PIL import Image, ImageDraw

_SIZE: Final = (960, 720)
_SKY, _GRASS, _ASPHALT, _STRIPE, _WATER = "#bcd7ea", "#7ea35a", "#5d6066", "#e8e4d0", "#7f8f94"


def _road(draw: ImageDraw.ImageDraw) -> None:
    """A road with potholes."""
    _land(draw)
    draw.polygon([(380, 300), (580, 300), (960, 720), (0, 720)], _ASPHALT)
    for top, bottom, half in ((320, 360, 4), (410, 480, 9), (550, 670, 18)):
        draw.polygon(
            [(480 - half / 2, top), (480 + half / 2, top), (480 + half, bottom), (480 - half, bottom)],
            _STRIPE,
        )
    for left, top, width, height in ((300, 520, 210, 80), (560, 590, 240, 90), (430, 400, 110, 36)):
        draw.ellipse((left, top, left + width, top + height), "#3b3d41")
        draw.ellipse(
            (left + width * 0.12, top + height * 0.25, left + width * 0.88, top + height * 0.92), _WATER
        )


def _lamp(draw: ImageDraw.ImageDraw) -> None:
    """A dark street with a street light that is out."""
    draw.rectangle((0, 0, 960, 720), "#1d2533")
    for x, y in ((90, 80), (210, 170), (700, 60), (840, 150), (560, 120), (360, 60)):
        draw.ellipse((x, y, x + 5, y + 5), "#cfd6e4")
    draw.rectangle((0, 520, 960, 720), "#2b3038")
    draw.polygon([(0, 600), (960, 540), (960, 640), (0, 720)], "#3a3f48")
    for left, height in ((60, 190), (250, 150), (700, 210)):
        draw.rectangle((left, 520 - height, left + 150, 520), "#272f3d")
        draw.rectangle((left + 30, 550 - height, left + 60, 590 - height), "#46506a")
    draw.rectangle((500, 170, 514, 590), "#8b93a1")
    draw.line((507, 176, 610, 150), "#8b93a1", 12)
    draw.rounded_rectangle((590, 138, 680, 164), 10, "#5d6573")


def _waste(draw: ImageDraw.ImageDraw) -> None:
    """A heap of waste beside a wall."""
    _land(draw)
    draw.rectangle((0, 190, 960, 420), "#cdb79b")
    for x in range(0, 960, 120):
        draw.line((x, 190, x, 420), "#b79f81", 4)
    draw.rectangle((0, 420, 960, 720), "#9a9384")
    bags = ((150, 430, 240, 200, "#2f3338"), (330, 380, 260, 250, "#3d4a3f"), (540, 440, 250, 190, "#2f3338"),
            (250, 520, 260, 150, "#5a4a3a"), (470, 540, 240, 140, "#39414d"))  # fmt: skip
    for left, top, width, height, colour in bags:
        draw.ellipse((left, top, left + width, top + height), colour)
        draw.polygon(
            [
                (left + width / 2 - 24, top + 8),
                (left + width / 2 + 24, top + 8),
                (left + width / 2, top - 34),
            ],
            colour,
        )
    for left, top, colour in (
        (140, 640, "#c94f3d"),
        (680, 650, "#3f7fb5"),
        (760, 610, "#d8b13a"),
        (420, 680, "#e7e3da"),
    ):
        draw.rectangle((left, top, left + 60, top + 34), colour)


def _land(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 960, 320), _SKY)
    draw.rectangle((0, 300, 960, 720), _GRASS)
    for left, top in ((40, 200), (150, 230), (760, 190), (860, 225)):
        draw.rectangle((left + 42, top + 70, left + 52, top + 130), "#6b5236")
        draw.ellipse((left, top, left + 95, top + 95), "#4d7a3c")


#: by name
DRAWINGS: Final[dict[str, Callable[[ImageDraw.ImageDraw], None]]] = {
    "road": _road,
    "lamp": _lamp,
    "waste": _waste,
}


@cache
def picture(name: str) -> tuple[str, str, bytes]:
    """Return a drawing as a file: name, media type, bytes."""
    image = Image.new("RGB", _SIZE)
    DRAWINGS[name](ImageDraw.Draw(image))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return f"{name}.jpg", "image/jpeg", buffer.getvalue()


def voice_note() -> tuple[str, str, bytes]:
    """Return a second of silence as a file: frames of MPEG audio, layer III, 128 kbit/s, with nothing in them."""
    frame = b"\xff\xfb\x90\x64".ljust(417, b"\0")
    return "voice.mp3", "audio/mpeg", frame * 38
