"""GET /f/…: shows a file to whoever has its address, and tells nobody else that there is one."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.files import FileStore
from bot.links import LIFETIME, write_token
from bot.web.app import build_web
from bot.web.files import file_route
from bot.web.pages import Pages
from handlers.service import Service
from storage.crypto import Vault, new_key
from storage.db import Database
from storage.queries import attachments
from storage.queries.attachments import ATTACHMENT, Kept
from tests import builders
from tests.fakes.clock import MONDAY, FakeClock

Get = Callable[[str], Coroutine[Any, Any, httpx.Response]]
SHOWN = b"what others see"


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> FileStore:
    return FileStore(tmp_path / "attachments", vault)


@pytest.fixture
def get(database: Database, store: FileStore, clock: FakeClock, service: Service) -> Get:
    """Asks for what stands behind a token."""
    transport = httpx.ASGITransport(build_web([file_route(database, store, clock)], Pages(service)))

    async def ask(token: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="https://kanal.example.id") as client:
            return await client.get(f"/f/{token}")

    return ask


@pytest.fixture
def picture(database: Database, store: FileStore) -> int:
    """The number of a picture that is kept."""
    kept = Kept(store.save(b"as it came"), 10, "image/png", store.save(SHOWN), 15)
    with database.writing() as uow:
        builders.an_attachment(uow, builders.a_contact(uow))
        number: int = uow.connection.execute(select(ATTACHMENT.c.id)).scalar_one()
        attachments.settle_stored(uow, number, kept)
    return number


async def test_shown(get: Get, picture: int, vault: Vault) -> None:
    """It is the copy without place and device, kept by nobody on the way and found by no search engine."""
    answer = await get(write_token(vault, picture, MONDAY))
    assert (answer.status_code, answer.content) == (200, SHOWN)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline"


@pytest.mark.parametrize(
    "fate", ["forged", "another key", "over", "no file", "erased", "off the disk", "empty"]
)
async def test_not_there(  # noqa: PLR0917
    fate: str, get: Get, picture: int, vault: Vault, database: Database, store: FileStore, clock: FakeClock
) -> None:
    """Whatever the reason, the answer is the same."""
    token = write_token(vault, picture, MONDAY)
    match fate:
        case "forged":
            token = f"1{token[1:]}" if token[0] != "1" else f"2{token[1:]}"
        case "another key":
            token = write_token(Vault([new_key()]), picture, MONDAY)
        case "over":
            clock.move(LIFETIME + timedelta(days=1))
        case "no file":
            token = write_token(vault, picture + 1, MONDAY)
        case "erased":
            with database.writing() as uow:
                change = ATTACHMENT.update().values(state="lost", digest=None, shown_digest=None)
                uow.connection.execute(change)
        case "off the disk":
            with database.reading() as uow:
                store.remove(attachments.list_shown(uow, [picture])[0].digest)
        case _:
            token = "%20"
    answer = await get(token)
    assert answer.status_code == 404
    assert answer.text.startswith("Berkas ini tidak ada")
    assert answer.headers["cache-control"] == "private, no-store"


async def test_not_fetched_yet(get: Get, database: Database, vault: Vault) -> None:
    """A file that is still on its way to us is not there."""
    with database.writing() as uow:
        builders.an_attachment(uow, builders.a_contact(uow))
        number: int = uow.connection.execute(select(ATTACHMENT.c.id)).scalar_one()
    assert (await get(write_token(vault, number, MONDAY))).status_code == 404
