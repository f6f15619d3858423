"""Who is missing, on both databases."""

from sqlalchemy import update

from handlers.officers.staffing import staffing
from storage.db import Database
from storage.models import Address, table
from storage.queries import officers
from storage.vocabulary import Channel, Role
from tests import builders
from tests.deployment import sekadau
from tests.fakes.clock import MONDAY


def test_only_who_can_be_reached_is_there(loaded: Database) -> None:
    """Not who is suspended, blocks us, or sits at a terminal; of the inspectorate its own role."""
    address, deployment = table(Address), sekadau()
    inside = [one.code for one in deployment.agencies if not one.is_outside]
    with loaded.writing() as uow:
        assert (staffing(uow, deployment).has_coordinator, staffing(uow, deployment).without) == (
            False,
            inside,
        )
        coordinator = builders.an_officer(uow, Role.COORDINATOR, None)
        for role, agency in (
            (Role.LIAISON, "PUPR"),
            (Role.SUPERVISOR, "DISHUB"),
            (Role.INSPECTORATE, "INSPEKTORAT"),
        ):
            builders.an_officer(uow, role, agency)
        found = staffing(uow, deployment)
        assert (found.has_coordinator, {*inside} - {*found.without}) == (True, {"PUPR", "INSPEKTORAT"})
        officers.set_suspended(uow, coordinator.id, MONDAY)
        assert not staffing(uow, deployment).has_coordinator
        officers.set_suspended(uow, coordinator.id, None)
        for changed in (
            {"unreachable_at": MONDAY},
            {"unreachable_at": None, "channel": Channel.CONSOLE.value},
        ):
            assert staffing(uow, deployment).has_coordinator
            with uow.savepoint():
                uow.connection.execute(update(address).values(changed))
                assert staffing(uow, deployment).without == inside
                assert not staffing(uow, deployment).has_coordinator
            uow.connection.execute(
                update(address).values(unreachable_at=None, channel=Channel.TELEGRAM.value)
            )


def test_a_coordinator_may_sit_in_an_office(loaded: Database) -> None:
    with loaded.writing() as uow:
        builders.an_officer(uow, Role.COORDINATOR, "PUPR")
        assert staffing(uow, sekadau()).has_coordinator
