"""Officers, reporters and the clock do anything at any time; the table, the history and the secrets hold.

Three reports, one of them of suspected abuse, one that accuses an agency; an officer of each role. After each deed,
done or refused: every case went along a line of the table or stayed, each deed that was done left an event and one
that was refused left nothing, and no officer was told of a case that they may not see.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from handlers.service import Service
from storage.db import Database
from tests.government import Government


@pytest.mark.timeout(300)
def test_whatever_is_done(loaded: Database, service: Service) -> None:
    """In any order, by anybody."""

    class Here(Government):
        def __init__(self) -> None:
            super().__init__(loaded, service)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
