"""Running several things at once until one of them ends."""

import asyncio
from collections.abc import Awaitable


async def first_to_end(*work: Awaitable[object]) -> None:
    """Run all of it until one ends, or we are cancelled; the others are then cancelled and waited for.

    Raises what the one that ended raised.
    """
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
