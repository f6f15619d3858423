"""The tables: columns and constraints, no behaviour.

`…_sealed` columns hold what `storage.crypto.Vault.seal` made; everything personal is one of them.

They are defined in `storage/tables/`, and imported from here: whoever imports one has them all in the metadata, so that
foreign keys find their tables and migrations, rotation and tests miss none.
"""

from storage.tables.base import metadata, table
from storage.tables.cases import Case, CaseEvent, ProposedAnswer, Reminder
from storage.tables.deployment import Agency, Announcement, Area, Category, LoadedDeployment, SchemaFloor
from storage.tables.messages import Conversation, Inbound, InboundFailure, Outbound
from storage.tables.officers import (
    AgencyGroup,
    Desk,
    Digest,
    InvitationAttempt,
    Officer,
    OfficerInvitation,
    OfficerLeave,
    OwnReminder,
)
from storage.tables.people import Address, HumanRequest, Reporter
from storage.tables.reports import Attachment, LinkRequest, Rating, Report, ReportFollower

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
