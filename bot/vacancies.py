"""What an operator is told where nobody works here yet."""

from collections.abc import Sequence

from handlers.deployment import Deployment
from handlers.officers.staffing import staffing
from storage.db import Database

NO_COORDINATOR = (
    "no coordinator can be reached, so nobody checks what citizens send: "
    "`kanal officer invite --role coordinator` invites the first"
)
#: agencies named in a line
_FEW = 6


def missing_coordinator(database: Database, deployment: Deployment) -> list[str]:
    """Return the line that `kanal run` begins with; none where somebody is there."""
    with database.reading() as uow:
        return [] if staffing(uow, deployment).has_coordinator else [f"officers: {NO_COORDINATOR}"]


def unstaffed(codes: Sequence[str], deployment: Deployment) -> str:
    """Return what to say of agencies of which nobody can be reached."""
    more = f" and {len(codes) - _FEW} more" if len(codes) > _FEW else ""
    integrity = deployment.integrity.agency
    how = f"`kanal officer invite --role liaison --agency {next((one for one in codes if one != integrity), 'CODE')}`"
    if integrity in codes:
        how += f", for {integrity} `--role inspectorate`"
    return f"nobody can be reached in {', '.join(codes[:_FEW])}{more}: {how}"
