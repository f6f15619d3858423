"""Draws pictures for README and docs: dialogues as the program plays them now, on a small phone, and its figures.

make pictures
"""

import asyncio
import re
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.filling import DAY, filled
from bot.deployment_file import read_deployment
from bot.drawing import draw as draw_exhibit
from bot.script import BOT
from bot.story import play
from handlers.figures import gather
from handlers.messages import Exhibit, Made
from storage.vocabulary import Language

ROOT = Path(__file__).parents[1]
#: drawn at twice the size, for sharp screens
SCALE = 2
WIDTH, MARGIN, PADDING, GAP, RADIUS = 400, 12, 10, 8, 14
WIDEST = 300
FONT = ImageFont.load_default(15 * SCALE)
LINE = 20
BACKGROUND, INK, FAINT = "#e6ebee", "#1b1f23", "#5a6670"
OURS, THEIRS, BUTTON = "#ffffff", "#d7f5cf", "#2a6fb0"

#: name → whose phone it is, and what is played
PICTURES = {
    "telegram.png": (
        "Warga",
        """# A report on Telegram
at: 2026-08-03 09:05
actors: Warga=telegram

Warga: lampu jln mati dpn pasar ds mungguk sdh 2 mgg

Warga: (foto)

Warga: [Lanjut]

Warga: [Rahasia (disarankan)]

Warga: [Kirim]
""",
    ),
    "sms.png": (
        "Warga",
        """# A report by SMS
at: 2026-08-03 09:05
actors: Warga=sms

Warga: LAPOR sampah numpuk blkg psr ds tanjung

Warga: iya

-- 2026-08-04 10:15

Warga: STATUS
""",
    ),
    "officer.png": (
        "Budi",
        """# A liaison gets a report and tells the citizen what is done
at: 2026-08-03 09:05
actors: Warga=telegram, Rima=telegram, Budi=telegram
officers: Rima=coordinator, Budi=liaison DISHUB

Warga: lampu jln mati dpn pasar ds mungguk sdh 2 mgg

Warga: lewati

Warga: rahasia

Warga: kirim

Rima: /disposisi 2408917 DISHUB

Budi: /proses 2408917 teknisi memeriksa lampu besok pagi
""",
    ),
}


@dataclass
class Bubble:
    text: str
    is_ours: bool
    buttons: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [line for paragraph in self.text.split("\n") for line in wrapped(paragraph)]

    @property
    def height(self) -> int:
        return 2 * PADDING + LINE * len(self.lines) + (LINE + 14) * len(self.buttons)


def wrapped(text: str) -> list[str]:
    """Return a paragraph in lines that fit a bubble."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if FONT.getlength(longer) <= (WIDEST - 2 * PADDING) * SCALE or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def bubbles(told: str, viewer: str) -> list[Bubble]:
    """Return one person's chat as it stands at the end: what took an earlier message's place stands there."""
    found: list[Bubble] = []
    for block in re.split(r"\n\n(?=\S)", told.strip())[1:]:
        match = re.match(rf"({BOT}|{viewer})(?: → {viewer})?(\*?): (.*)", block, re.DOTALL)
        if match is None:
            continue
        text = "\n".join(line.strip() for line in match[3].splitlines())
        buttons = re.findall(r"\[([^]]+)\]", text) if match[1] == BOT else []
        body = re.sub(r"\n?(?:\[[^]]+\] ?)+$", "", text) if buttons else text
        if match[1] != BOT and re.fullmatch(r"\[.+\]", text):
            continue  # a press leaves no message
        bubble = Bubble("[ foto ]" if text == "(foto)" else body, match[1] == BOT, buttons)
        if match[2]:
            last = max(index for index, one in enumerate(found) if one.is_ours)
            found[last] = bubble
        else:
            found.append(bubble)
    return found


def draw(chat: list[Bubble]) -> Image.Image:
    height = 2 * MARGIN + sum(bubble.height + GAP for bubble in chat)
    picture = Image.new("RGB", (WIDTH * SCALE, height * SCALE), BACKGROUND)
    pen, top = ImageDraw.Draw(picture), MARGIN
    for bubble in chat:
        widest = max(FONT.getlength(text) for text in [*bubble.lines, *bubble.buttons]) / SCALE
        width = min(WIDEST, int(widest) + 2 * PADDING + 4)
        left = MARGIN if bubble.is_ours else WIDTH - MARGIN - width
        box = [left, top, left + width, top + bubble.height]
        pen.rounded_rectangle(
            [edge * SCALE for edge in box], RADIUS * SCALE, OURS if bubble.is_ours else THEIRS
        )
        y = top + PADDING
        for line in bubble.lines:
            pen.text(((left + PADDING) * SCALE, y * SCALE), line, INK, FONT)
            y += LINE
        for label in bubble.buttons:
            frame = [left + PADDING, y + 6, left + width - PADDING, y + LINE + 12]
            pen.rounded_rectangle([edge * SCALE for edge in frame], 8 * SCALE, outline=BUTTON, width=SCALE)
            middle = ((frame[0] + frame[2]) / 2 * SCALE, (frame[1] + frame[3]) / 2 * SCALE)
            pen.text(middle, label, BUTTON, FONT, anchor="mm")
            y += LINE + 14
        top += bubble.height + GAP
    return picture


def draw_figures() -> Image.Image:
    """Return the picture of /rekap and of the monthly letter, of invented reports."""
    with filled(reports=1200, days=200, open_every=4) as (database, filling), database.reading() as uow:
        until = filling.noon.date().replace(day=1) - DAY
        month = Made(
            Exhibit.FIGURES, None, until.replace(day=1), until, Language.INDONESIAN, is_oversight=None
        )
        return Image.open(BytesIO(draw_exhibit(gather(uow, filling.service, month, filling.noon))))


def save(picture: Image.Image, name: str) -> None:
    path = ROOT / "docs" / "pictures" / name
    picture.quantize(64).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


def main() -> None:
    deployment = read_deployment(ROOT / "deployments" / "sekadau.yaml")
    for name, (viewer, story) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            told = asyncio.run(play(story, deployment, Path(folder)))
        save(draw(bubbles(told, viewer)), name)
    save(draw_figures(), "figures.png")


if __name__ == "__main__":
    main()
