"""Work for a writer, and what comes of it."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select

from bot.writer import Writer
from storage.db import Database, UnitOfWork
from storage.models import Agency, table

AGENCY = table(Agency)


def add(code: str) -> Callable[[UnitOfWork], str]:
    """Work that stores one row and returns its code."""

    def work(uow: UnitOfWork) -> str:
        uow.connection.execute(insert(AGENCY), {"code": code, "name": code})
        return code

    return work


def codes(database: Database) -> list[str]:
    """What another connection sees."""
    with database.reading() as uow:
        return list(uow.connection.execute(select(AGENCY.c.code).order_by(AGENCY.c.code)).scalars())


async def together(writer: Writer, *works: Callable[[UnitOfWork], Any]) -> list[Any]:
    """Hand in work while the writer is busy, so that it is one batch; return results and errors."""
    is_busy, go_on = threading.Event(), threading.Event()

    def hold(_uow: UnitOfWork) -> None:
        is_busy.set()
        go_on.wait()

    holding = asyncio.ensure_future(writer.run(hold))
    await asyncio.to_thread(is_busy.wait)
    tasks = [asyncio.ensure_future(writer.run(work)) for work in works]
    await asyncio.sleep(0)  # each has put its work into the queue
    go_on.set()
    await holding
    return await asyncio.gather(*tasks, return_exceptions=True)
