"""A chart of lines, drawn by Pillow."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE, LEFT, TOP, RIGHT, BOTTOM = (1400, 760), 110, 80, 330, 90
COLOURS = ("#0b6e4f", "#6fb98f", "#c1440e", "#3d5a80")
INK, FAINT = "#222222", "#dddddd"
FONT = ImageFont.load_default(26)


def draw(lines: Mapping[str, Mapping[int, float]], to: Path) -> None:
    """Draw what was answered (up) against what was written (to the right), a line for each program."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    top = max(load for line in lines.values() for load in line)
    step = next(step for step in (100, 200, 250, 500) if top / step <= 8)
    width, height = SIZE[0] - LEFT - RIGHT, SIZE[1] - TOP - BOTTOM

    def at(load: float, rate: float) -> tuple[float, float]:
        return LEFT + load / top * width, TOP + height - rate / top * height

    for mark in range(0, top + 1, step):
        pen.line([at(0, mark), at(top, mark)], FAINT, 2)
        pen.text((LEFT - 14, at(0, mark)[1]), f"{mark:,}", INK, FONT, anchor="rm")
        pen.text((at(mark, 0)[0], TOP + height + 14), f"{mark:,}", INK, FONT, anchor="mt")
    pen.line([at(0, 0), at(top, top)], FAINT, 2)
    pen.text((LEFT, 24), "Messages answered a second", INK, FONT)
    pen.text((LEFT + width, SIZE[1] - 16), "messages written a second", INK, FONT, anchor="rb")
    for place, (name, line) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = [at(0, 0), *(at(load, rate) for load, rate in line.items())]
        pen.line(points, colour, 5, joint="curve")
        for x, y in points[1:]:
            pen.ellipse((x - 7, y - 7, x + 7, y + 7), colour)
        y = TOP + 40 * place
        pen.line((LEFT + width + 30, y, LEFT + width + 60, y), colour, 6)
        pen.text((LEFT + width + 70, y), name, INK, ImageFont.load_default(20), anchor="lm")
    image.save(to, optimize=True)
