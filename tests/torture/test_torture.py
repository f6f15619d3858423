"""Whatever befalls the running program, the promises hold (docs/guarantees.md).

`make torture SEEDS=100` plays a hundred rounds of every way a town can be served, `make torture SEED=17` round 17
alone; without either each kind of misfortune is played once, but for a full disk. A round that breaks a promise
shows its plan.
"""

import os
import random
from pathlib import Path

import pytest

from tests.fakes import postgresql
from tests.torture import checks
from tests.torture.deeds import befall, settle_reports
from tests.torture.people import RECALLED
from tests.torture.plan import SHORT, Kind, Plan, Way, drawn, short
from tests.torture.town import Town, town_of

SEEDS, SEED = os.environ.get("TORTURE_SEEDS"), os.environ.get("TORTURE_SEED")
IS_SHORT = not (SEEDS or SEED)


#: rounds that one town sees, one after another; towns are played side by side (pytest -n)
ROUNDS = 5


def towns() -> list[tuple[Way, range]]:
    """Return the ways to play, and the seeds of each town."""
    if IS_SHORT:
        return [(way, range(1)) for way in SHORT]
    seeds = range(int(SEED), int(SEED) + 1) if SEED else range(int(SEEDS or 0))
    return [(way, seeds[at : at + ROUNDS]) for at in range(0, len(seeds), ROUNDS) for way in Way]


@pytest.mark.parametrize(("way", "seeds"), towns(), ids=lambda value: str(getattr(value, "start", value)))
@pytest.mark.timeout(3600)
async def test_promises_hold(way: Way, seeds: range, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Nothing is lost, filed or said twice, or out of order; no limit is exceeded; every history holds together."""

    def server() -> postgresql.Server:
        found: postgresql.Server = request.getfixturevalue("postgresql_server")
        return found

    async with town_of(way, tmp_path, server) as town:
        for plan in [short(way)] if IS_SHORT else [drawn(way, seed) for seed in seeds]:
            try:
                wrong = await played(town, plan)
            except Exception as error:
                error.add_note(f"{way}, {plan}")
                raise
            assert not wrong, f"{way}, {plan}\n" + "\n".join(wrong)
        for program in town.everyone:
            assert await program.stop(10) == 0
        wrong = await checks.told_by_itself(town)
    assert not wrong, "\n".join(wrong)


async def played(town: Town, plan: Plan) -> list[str]:
    """Play a round, a pair of people for each misfortune; return what is wrong in the end."""
    draw = random.Random(plan.seed)
    town.begin()
    if {Kind.CLOCK, Kind.JOB_CRASHED} & {one.kind for one in plan.misfortunes}:
        town.leave_alone()
    try:
        for misfortune in plan.misfortunes:
            town.arrive(draw)
            await befall(town, misfortune)
        await town.until(lambda: town.is_served)
        await town.until_kept()
        if town.is_recall_due:
            await town.until(lambda: all(RECALLED in "".join(one.heard) for one in town.sleepers))
        settle_reports(town)
        await town.until(lambda: not town.telegram.pending_updates)
    except TimeoutError:
        return [
            f"person {one.index} waits, having heard {one.heard()}"
            for one in town.present
            if not one.is_served
        ] or ["what was left in the middle was not recalled, or an update was not taken"]
    return list(checks.seen_outside(town))
