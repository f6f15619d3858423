"""Figures as a picture that is read on a phone, by Pillow."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from handlers.figures import Figures

#: wide enough for a phone held upright, in pixels
_WIDTH: Final = 1080
#: more than the longest sheet takes
_HEIGHT: Final = 8000
_MARGIN: Final = 60
_BAR: Final = 44
#: of numbers beside a label
_COLUMN: Final = 220
_INK, _PALE, _BLUE, _RED, _RULE = "#1b1f24", "#5b6570", "#1f6fb2", "#a8201a", "#d8dee4"
#: sizes of type: title, numbers, text, small print
_TITLE, _NUMBER, _TEXT, _SMALL = 60, 72, 38, 30


def draw(figures: Figures) -> bytes:
    """Return the figures as a PNG."""
    page = _Page()
    page.line(figures.title, _TITLE)
    page.line(figures.agency, _TEXT)
    page.line(figures.period, _SMALL, _PALE)
    page.columns([(str(number), label) for label, number in figures.totals])
    for warning in figures.warnings:
        page.line(warning, _SMALL, _RED)
    if figures.warnings:
        page.rule()
    page.line(figures.states_title, _TEXT)
    if figures.states:
        page.bars(list(figures.states))
    else:
        page.line(figures.nothing, _SMALL, _PALE)
    if figures.shares:
        page.rule()
        page.line(figures.shares_title, _TEXT)
        page.rows(list(figures.shares))
    page.rule()
    page.line(figures.spreads_title, _TEXT)
    page.rows([("", *figures.spreads_head)], _PALE)
    page.rows(list(figures.spreads))
    page.rule()
    page.line(figures.rating, _SMALL)
    if figures.reach:
        page.line(figures.reach, _SMALL)
    page.line(figures.as_of, _SMALL, _PALE)
    return page.png()


class _Page:
    """A sheet that is written from top to bottom, and cut off below the last line."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
        self._draw = ImageDraw.Draw(self._image)
        self._y = _MARGIN

    def line(self, text: str, size: int, ink: str = _INK) -> None:
        """Write a text in as many lines as it needs."""
        for part in self._folded(text, size, _WIDTH - 2 * _MARGIN):
            self._draw.text((_MARGIN, self._y), part, ink, _font(size))
            self._y += size * 5 // 4
        self._y += size // 4

    def columns(self, entries: list[tuple[str, str]]) -> None:
        """Write large numbers side by side, their labels under them."""
        self.rule()
        width = (_WIDTH - 2 * _MARGIN) // len(entries)
        for index, (number, label) in enumerate(entries):
            x = _MARGIN + index * width
            self._draw.text((x, self._y), number, _BLUE, _font(_NUMBER))
            self._draw.text((x, self._y + _NUMBER * 5 // 4), label, _PALE, _font(_SMALL))
        self._y += _NUMBER * 5 // 4 + _SMALL * 7 // 4
        self.rule()

    def bars(self, entries: list[tuple[str, int]]) -> None:
        """Draw a bar for each number, the largest one as wide as the sheet lets it be."""
        most = max(number for _, number in entries)
        room = _WIDTH - 2 * _MARGIN - 120
        for label, number in entries:
            self._draw.text((_MARGIN, self._y), label, _INK, _font(_SMALL))
            top = self._y + _SMALL * 3 // 2
            end = _MARGIN + max(room * number // most, 6)
            self._draw.rectangle((_MARGIN, top, end, top + _BAR), _BLUE)
            self._draw.text((end + 16, top + 2), str(number), _INK, _font(_TEXT))
            self._y = top + _BAR + _SMALL * 3 // 4

    def rows(self, entries: list[tuple[str, str, str]], ink: str = _INK) -> None:
        """Write a label and two short texts beside it, each column of those ending at the same place."""
        for label, *values in entries:
            bottom = self._y
            for column, value in enumerate(reversed(values)):
                end = _WIDTH - _MARGIN - column * _COLUMN
                self._draw.text((end, self._y), value, ink, _font(_SMALL), anchor="ra")
            for part in self._folded(label, _SMALL, _WIDTH - 2 * _MARGIN - 2 * _COLUMN):
                self._draw.text((_MARGIN, bottom), part, ink, _font(_SMALL))
                bottom += _SMALL * 5 // 4
            self._y = bottom + _SMALL // 2

    def rule(self) -> None:
        self._y += _SMALL // 2
        self._draw.line((_MARGIN, self._y, _WIDTH - _MARGIN, self._y), _RULE, 2)
        self._y += _SMALL

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self._image.crop((0, 0, _WIDTH, self._y + _MARGIN)).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def _folded(self, text: str, size: int, width: int) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self._draw.textlength(longer, _font(size)) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)  # Aileron, which comes with Pillow
