"""People who report: each says the next thing as soon as what they wait for has come."""

import random
import re
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tests.builders import a_picture
from tests.fakes.phone import Phone
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.world import Message, World

NUMBER: Final = re.compile(r"(?:Nomornya:\n|terima, no\. )(SKD-\d+ \d+)")
STORY: Final = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"
#: of what is said of a report later
MORE: Final = "baunya menyengat, kata warga"
QUESTIONS: Final = ("Ada foto?", "Siapa yang boleh tahu", "Kirim laporan ini?")
ADDED, STATUS, HELP = "sudah kami tambahkan", ": DITERIMA", "STATUS –"
#: of a first reminder and of the last one, which is all that comes where a day has passed
RECALLED: Final = "aporan Anda belum terkirim. Yang masih kami tunggu"
APOLOGY: Final = "Maaf, ada gangguan di pihak kami."
STALE: Final = "Tombol itu untuk pertanyaan sebelumnya."
#: what one who cannot wait asks in a row, each answered otherwise, and what is said of it
GUESSES: Final = tuple(f"000{number}" for number in range(10, 20))
GUESSED: Final = "Nomor {} sepertinya keliru"
PHOTO_TAKEN: Final = "Foto/berkas sudah kami terima (1)."


def story_of(index: int) -> str:
    return STORY.format(1000 + index)


@dataclass
class Step:
    is_ready: Callable[[], bool]
    do: Callable[[], None]


@dataclass
class Person:
    """Files one report, adds to it, asks how it stands."""

    index: int
    #: what came, oldest first, as it stands now
    heard: Callable[[], list[str]]
    #: the replies to what is said in a row at the end, which must come in this order
    in_order: tuple[str, ...]
    #: how many pictures came with the report
    photos: int = 0
    todo: deque[Step] = field(default_factory=deque)

    @property
    def numbers(self) -> set[str]:
        return {number for text in self.heard() for number in NUMBER.findall(text)}

    @property
    def is_served(self) -> bool:
        return not self.todo and all(self.hears(said) for said in self.in_order)

    def hears(self, said: str) -> bool:
        return any(said in text for text in self.heard())

    def act(self) -> None:
        """Do what the time has come for."""
        while self.todo and self.todo[0].is_ready():
            self.todo.popleft().do()

    def when_heard(self, said: str, do: Callable[[], None]) -> None:
        self.todo.append(Step(lambda: self.hears(said), do))

    def when(self, is_ready: Callable[[], bool], do: Callable[[], None]) -> None:
        self.todo.append(Step(is_ready, do))

    def in_a_row(self, is_ready: Callable[[], bool], says: Callable[[str], None], *words: str) -> None:
        for word in words:
            self.when(is_ready, partial(says, word))


def on_telegram(
    citizen: Citizen,
    world: World,
    index: int,
    draw: random.Random,
    *,
    has_photo: bool = False,
    guesses: Sequence[str] = (),
) -> Person:
    """Somebody who types or presses, at times twice; in the end says three things, each once the last is taken.

    Who makes guesses at a number says more of them than a chat may be answered at once.
    """
    in_order = (ADDED, STATUS, HELP, *map(GUESSED.format, guesses))
    person = Person(index, lambda: citizen.heard, in_order, photos=int(has_photo))
    said: list[int] = []

    def says(text: str) -> None:
        citizen.says(text)
        said.append(next(reversed(world.updates)))

    def is_taken() -> bool:
        return said[-1] not in world.updates

    #: label → what was pressed
    pressed: dict[str, set[str]] = defaultdict(set)

    def press(label: str, times: int = 1) -> None:
        message, data = _buttons(citizen, label)[-1]
        pressed[label].add(data)
        for _ in range(times):
            citizen.presses_data(message.message_id, data)

    def answers(label: str, word: str) -> Callable[[], None]:
        times = draw.choice((0, 1, 1, 2))
        return lambda: press(label, times) if times else says(word)

    def is_answered(heard: str, label: str) -> bool:
        """Tell whether what follows has come; presses again where all that was pressed was of an earlier question."""
        shown = _buttons(citizen, label)
        refused = sum(message.said.startswith(STALE) for message, _ in shown)
        if 0 < len(pressed[label]) <= refused and shown[-1][1] not in pressed[label]:
            press(label)
        return person.hears(heard)

    def sends_photo() -> None:
        citizen.sends_photo(a_picture(str(index)))

    person.when(lambda: True, lambda: says(story_of(index)))
    if has_photo:
        person.when_heard(QUESTIONS[0], sends_photo)
        person.when_heard(PHOTO_TAKEN, lambda: says("lanjut"))
    else:
        person.when_heard(QUESTIONS[0], answers("Lewati", "lewati"))
    person.when(lambda: is_answered(QUESTIONS[1], "Lewati"), answers("Anonim", "2"))
    person.when(lambda: is_answered(QUESTIONS[2], "Anonim"), answers("Kirim", "ya"))
    person.when(lambda: is_answered("Nomornya:", "Kirim"), lambda: says(f"TAMBAH {_number(person)} {MORE}"))
    person.when(is_taken, lambda: says(f"STATUS {_number(person)}"))
    person.in_a_row(is_taken, says, "BANTUAN", *map("STATUS {}".format, guesses))
    return person


def by_sms(phone: Phone, index: int) -> Person:
    """The same by SMS, where what is said in a row may overtake: one thing after the other."""
    person = Person(index, lambda: phone.texts, (ADDED, STATUS))
    for heard, text in (
        ("", lambda: f"LAPOR {story_of(index)}"),
        ("Balas YA untuk kirim", lambda: "YA"),
        ("terima, no.", lambda: f"TAMBAH {_number(person)} {MORE}"),
        (ADDED, lambda: f"STATUS {_number(person)}"),
    ):
        is_ready = (lambda heard=heard: person.hears(heard)) if heard else (lambda: True)  # type: ignore[misc]
        person.when(is_ready, lambda text=text: phone.says(text()))  # type: ignore[misc, arg-type]
    return person


def _number(person: Person) -> str:
    return min(person.numbers)


def _buttons(citizen: Citizen, label: str) -> list[tuple[Message, str]]:
    """Return the messages that have a button with this label, the newest last, and what it carries."""
    return [
        (message, button["callback_data"])
        for message in citizen.messages
        for row in (message.markup or {}).get("inline_keyboard", [])
        for button in row
        if button["text"] == label
    ]
