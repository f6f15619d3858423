"""What stands on the screens of the simulator's people, in a file of its own: a restart and a reload show the same.

It also keeps what people sent until it has been handled, as Telegram's servers do. Each call takes well under a
millisecond, so calls are made where they are needed, not in threads.
"""

import asyncio
import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from handlers import codec
from handlers.messages import Address, Inbound
from storage.vocabulary import Channel, Role

#: another one is begun anew: nothing in it has to last beyond a release
_FORM: Final = 1
_TABLES: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, identifier TEXT NOT NULL UNIQUE,
    role TEXT, agency_code TEXT, keyboard TEXT NOT NULL DEFAULT '[]', menu TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE bubble (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL REFERENCES person(id),
    is_own INTEGER NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL, keyboard TEXT NOT NULL DEFAULT '[]',
    latitude REAL, longitude REAL, is_sticker INTEGER NOT NULL DEFAULT 0, parts INTEGER, reply_to INTEGER,
    is_edited INTEGER NOT NULL DEFAULT 0, key TEXT UNIQUE, version INTEGER NOT NULL UNIQUE
) STRICT;
CREATE INDEX bubble_person ON bubble (person_id, id);
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bubble_id INTEGER NOT NULL REFERENCES bubble(id),
    name TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL
) STRICT;
CREATE INDEX file_bubble ON file (bubble_id);
CREATE TABLE waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, inbound TEXT NOT NULL) STRICT;
"""
#: no account of Telegram has so large a number (it takes 52 bits), and no telephone one that begins by 0 behind +62
_FIRST_CHAT: Final = 1 << 52
_FIRST_NUMBER: Final = "+6200000"

#: a button: "text", and "callback_data" or "request_location" (the form of the Bot API)
Keyboard = Sequence[Sequence[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes: a citizen, or an officer of a role."""

    id: int
    channel: Channel
    identifier: str = field(repr=False)
    role: Role | None
    agency_code: str | None
    #: in place of the phone's own
    keyboard: Keyboard = field(repr=False)
    #: name of the commands offered (handlers.officers.commands.MENUS); "": the citizens'
    menu: str

    @property
    def address(self) -> Address:
        return Address(self.channel, self.identifier)


@dataclass(frozen=True, slots=True)
class Item:
    """A file under a bubble."""

    id: int
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Bubble:
    id: int
    person_id: int
    #: the person's own, not the bot's
    is_own: bool
    at: datetime
    text: str = field(repr=False)
    keyboard: Keyboard = field(repr=False)
    #: latitude and longitude
    point: tuple[float, float] | None = field(repr=False)
    is_sticker: bool
    #: SMS parts
    parts: int | None
    #: the bubble it replies to, and how that begins
    reply_to: int | None
    quoted: str | None = field(repr=False)
    is_edited: bool
    items: tuple[Item, ...]
    #: grows by each change of any bubble
    version: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A bubble that is to be shown; `files` are name, media type and bytes."""

    text: str = field(default="", repr=False)
    files: Sequence[tuple[str, str, bytes]] = field(default=(), repr=False)
    keyboard: Keyboard = ()
    point: tuple[float, float] | None = None
    is_sticker: bool = False
    parts: int | None = None
    reply_to: int | None = None


class Stale(Exception):  # noqa: N818 - it names a state of affairs
    """The file is of another release or broken: begin anew."""


class Screens:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._changed = asyncio.Event()

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """Open the file, or make it. Raises Stale."""
        try:
            with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
                connection.row_factory = sqlite3.Row
                connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
                _prepare(connection)
                yield cls(connection)
        except sqlite3.DatabaseError as error:
            raise Stale(type(error).__name__) from error

    @property
    def changed(self) -> asyncio.Event:
        """Set at the next change; take it before you read, so that none is missed."""
        return self._changed

    def note_change(self) -> None:
        """Wake all who wait for a change."""
        self._changed.set()
        self._changed = asyncio.Event()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        self.note_change()

    # --- facts ---

    def fact(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return None if row is None else str(row["value"])

    def set_fact(self, name: str, value: str) -> None:
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", [name, value])

    @property
    def birth(self) -> str:
        """Return what tells these screens from those before they were begun anew."""
        return self.fact("birth") or ""

    # --- people ---

    def add_person(
        self, channel: Channel, role: Role | None = None, agency_code: str | None = None
    ) -> Person:
        with self._writing() as connection:
            cursor = connection.execute(
                "INSERT INTO person (channel, identifier, role, agency_code) VALUES (?, ?, ?, ?)",
                [channel, uuid.uuid4().hex, role, agency_code],
            )
            number = cursor.lastrowid or 0
            identifier = (
                f"{_FIRST_NUMBER}{number:05}" if channel is Channel.SMS else str(_FIRST_CHAT + number)
            )
            connection.execute("UPDATE person SET identifier = ? WHERE id = ?", [identifier, number])
        found = self.find_person(number)
        assert found is not None  # noqa: S101 - just made
        return found

    def people(self) -> list[Person]:
        return [_person(row) for row in self._connection.execute("SELECT * FROM person ORDER BY id")]

    def find_person(self, number: int) -> Person | None:
        row = self._connection.execute("SELECT * FROM person WHERE id = ?", [number]).fetchone()
        return None if row is None else _person(row)

    def find_at(self, identifier: str) -> Person | None:
        row = self._connection.execute("SELECT * FROM person WHERE identifier = ?", [identifier]).fetchone()
        return None if row is None else _person(row)

    def set_keyboard(self, person_id: int, keyboard: Keyboard) -> None:
        with self._writing() as connection:
            connection.execute(
                "UPDATE person SET keyboard = ? WHERE id = ?", [json.dumps(keyboard), person_id]
            )

    def set_menu(self, person_id: int, menu: str) -> None:
        with self._writing() as connection:
            connection.execute("UPDATE person SET menu = ? WHERE id = ?", [menu, person_id])

    # --- bubbles ---

    def list_bubbles(self, person_id: int, limit: int) -> list[Bubble]:
        """Return the newest bubbles of a screen, oldest first."""
        rows = self._select("WHERE b.person_id = ? ORDER BY b.id DESC LIMIT ?", [person_id, limit])
        return rows[::-1]

    def list_changed(self, after: int, limit: int) -> list[Bubble]:
        """Return the bubbles of all screens that changed after a version, in the order of their changes."""
        return self._select("WHERE b.version > ? ORDER BY b.version LIMIT ?", [after, limit])

    def find_bubble(self, number: int) -> Bubble | None:
        found = self._select("WHERE b.id = ?", [number])
        return found[0] if found else None

    @property
    def version(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(version), 0) FROM bubble").fetchone()[0])

    def show(self, person_id: int, drafts: Sequence[Draft], at: datetime, key: str | None) -> int:
        """Put the bot's bubbles on a screen and return the last one's number; a repeat of a key shows nothing new."""
        row = self._connection.execute("SELECT id FROM bubble WHERE key = ?", [key]).fetchone()
        if row is not None:
            return int(row["id"])
        with self._writing() as connection:
            for draft in drafts[:-1]:
                _insert(connection, person_id, draft, at, is_own=False, key=None)
            return _insert(connection, person_id, drafts[-1], at, is_own=False, key=key)

    def replace(self, number: int, text: str, keyboard: Keyboard) -> None:
        """Put another text and other buttons into one of the bot's bubbles."""
        with self._writing() as connection:
            _change(connection, number, text, keyboard)

    def say(
        self,
        person: Person,
        draft: Draft,
        at: datetime,
        to_be_told: Callable[[Bubble], Sequence[Inbound]],
        key: str | None = None,
    ) -> None:
        """Put a person's own bubble on their screen, and keep what the program is to be told of it.

        `key`: the page's name for this sending, so that one which it did not hear of and repeats is sent once.
        """
        key = f"own:{key}" if key else None
        if self._connection.execute("SELECT 1 FROM bubble WHERE key = ?", [key]).fetchone() is not None:
            return
        with self._writing() as connection:
            number = _insert(connection, person.id, draft, at, is_own=True, key=key)
            (bubble,) = self._select("WHERE b.id = ?", [number])
            _post(connection, to_be_told(bubble))

    def amend(self, number: int, text: str, to_be_told: Inbound) -> None:
        """Put another text into a person's own bubble, and keep what the program is to be told of it."""
        with self._writing() as connection:
            _change(connection, number, text, ())
            _post(connection, [to_be_told])

    def post(self, to_be_told: Inbound) -> None:
        """Keep something that leaves no bubble: a press."""
        with self._writing() as connection:
            _post(connection, [to_be_told])

    def load(self, number: int) -> tuple[str, bytes] | None:
        """Return a file's media type and bytes."""
        query = "SELECT media_type, content FROM file WHERE id = ?"
        row = self._connection.execute(query, [number]).fetchone()
        return None if row is None else (row["media_type"], row["content"])

    # --- what has to be handled ---

    def list_waiting(self) -> list[tuple[int, Inbound]]:
        rows = self._connection.execute("SELECT * FROM waiting ORDER BY id").fetchall()
        return [(row["id"], codec.load_inbound(row["inbound"])) for row in rows]

    def acknowledge(self, number: int) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM waiting WHERE id = ?", [number])

    def _select(self, which: str, values: Sequence[object]) -> list[Bubble]:
        query = f"SELECT b.*, q.text AS quoted FROM bubble b LEFT JOIN bubble q ON q.id = b.reply_to {which}"  # noqa: S608
        rows = self._connection.execute(query, values).fetchall()
        return [_bubble(row, self._items(row["id"])) for row in rows]

    def _items(self, bubble_id: int) -> tuple[Item, ...]:
        query = "SELECT id, name, media_type FROM file WHERE bubble_id = ? ORDER BY id"
        return tuple(Item(*row) for row in self._connection.execute(query, [bubble_id]))


_NEXT: Final = "(SELECT max(version) + 1 FROM bubble)"


def _prepare(connection: sqlite3.Connection) -> None:
    form = connection.execute("PRAGMA user_version").fetchone()[0]
    if form == _FORM:
        return
    if form or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise Stale("form")
    connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_FORM}; COMMIT;")
    connection.execute("INSERT INTO fact VALUES ('birth', ?)", [uuid.uuid4().hex[:8]])


def _insert(
    connection: sqlite3.Connection,
    person_id: int,
    draft: Draft,
    at: datetime,
    *,
    is_own: bool,
    key: str | None,
) -> int:
    latitude, longitude = draft.point or (None, None)
    values = {
        "person_id": person_id,
        "is_own": is_own,
        "at": at.astimezone(UTC).isoformat(),
        "text": draft.text,
        "keyboard": json.dumps(draft.keyboard),
        "latitude": latitude,
        "longitude": longitude,
        "is_sticker": draft.is_sticker,
        "parts": draft.parts,
        "reply_to": draft.reply_to,
        "key": key,
    }
    marks = ", ".join(f":{name}" for name in values)
    query = f"INSERT INTO bubble ({', '.join(values)}, version) VALUES ({marks}, coalesce({_NEXT}, 1))"  # noqa: S608
    number = connection.execute(query, values).lastrowid or 0
    connection.executemany(
        "INSERT INTO file (bubble_id, name, media_type, content) VALUES (?, ?, ?, ?)",
        [[number, *file] for file in draft.files],
    )
    return number


def _change(connection: sqlite3.Connection, number: int, text: str, keyboard: Keyboard) -> None:
    connection.execute(
        f"UPDATE bubble SET text = ?, keyboard = ?, is_edited = 1, version = {_NEXT} WHERE id = ?",  # noqa: S608
        [text, json.dumps(keyboard), number],
    )


def _post(connection: sqlite3.Connection, messages: Sequence[Inbound]) -> None:
    connection.executemany(
        "INSERT INTO waiting (inbound) VALUES (?)", [[codec.dump_inbound(one)] for one in messages]
    )


def _person(row: sqlite3.Row) -> Person:
    return Person(
        id=row["id"],
        channel=Channel(row["channel"]),
        identifier=row["identifier"],
        role=Role(row["role"]) if row["role"] else None,
        agency_code=row["agency_code"],
        keyboard=json.loads(row["keyboard"]),
        menu=row["menu"],
    )


def _bubble(row: sqlite3.Row, items: tuple[Item, ...]) -> Bubble:
    return Bubble(
        id=row["id"],
        person_id=row["person_id"],
        is_own=bool(row["is_own"]),
        at=datetime.fromisoformat(row["at"]),
        text=row["text"],
        keyboard=json.loads(row["keyboard"]),
        point=None if row["latitude"] is None else (row["latitude"], row["longitude"]),
        is_sticker=bool(row["is_sticker"]),
        parts=row["parts"],
        reply_to=row["reply_to"],
        quoted=row["quoted"],
        is_edited=bool(row["is_edited"]),
        items=items,
        version=row["version"],
    )
