"""The tables: columns and constraints, no behaviour.

`…_sealed` columns hold what `storage.crypto.Vault.seal` made; everything personal is one of them.

Not empty, as other `__init__.py` are: whoever imports one table has them all in the metadata, so that foreign keys
find their tables and migrations, rotation and tests miss none.
"""

from storage.models.base import metadata, table
from storage.models.cases import Case, CaseEvent, ProposedAnswer, Reminder
from storage.models.deployment import Agency, Announcement, Area, Category, LoadedDeployment, SchemaFloor
from storage.models.messages import Conversation, Inbound, InboundFailure, Outbound
from storage.models.officers import (
    AgencyGroup,
    Desk,
    Digest,
    InvitationAttempt,
    Officer,
    OfficerInvitation,
    OfficerLeave,
    OwnReminder,
)
from storage.models.people import Address, HumanRequest, Reporter
from storage.models.reports import Attachment, LinkRequest, Rating, Report, ReportFollower

__all__ = [
    "Address",
    "Agency",
    "AgencyGroup",
    "Announcement",
    "Area",
    "Attachment",
    "Case",
    "CaseEvent",
    "Category",
    "Conversation",
    "Desk",
    "Digest",
    "HumanRequest",
    "Inbound",
    "InboundFailure",
    "InvitationAttempt",
    "LinkRequest",
    "LoadedDeployment",
    "Officer",
    "OfficerInvitation",
    "OfficerLeave",
    "Outbound",
    "OwnReminder",
    "ProposedAnswer",
    "Rating",
    "Reminder",
    "Report",
    "ReportFollower",
    "Reporter",
    "SchemaFloor",
    "metadata",
    "table",
]
