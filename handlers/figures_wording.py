"""What stands in pictures and tables of figures; for officers, never sent as text."""

from handlers.i18n import N_

TITLE = N_("Reports in figures")
ALL_AGENCIES = N_("All agencies")
PERIOD = N_("{since} to {until}")
FILED = N_("Came in")
SETTLED = N_("Settled")
LATE = N_("Late today")
BY_STATE = N_("Where they stand now")
NONE_FILED = N_("No report came in in this time.")
MEDIANS = N_("Working days, as a median")
TO_ANSWER = N_("until the first answer")
TO_SETTLED = N_("until settled")
UNKNOWN = N_("none yet")
AS_OF = N_("As of {at}")

STATES = {
    "unverified": N_("Not checked yet"),
    "on_hold": N_("Waits for the reporter's data"),
    "returned": N_("Handed back"),
    "forwarded": N_("Passed on outside"),
    "duplicate": N_("Joined with another"),
    "disposed": N_("Not started yet"),
    "in_progress": N_("Being worked on"),
    "answered": N_("Answered"),
    "settled": N_("Settled"),
    "reopened": N_("Reopened"),
    "archived": N_("Archived"),
}
TYPES = {
    "information": N_("Request for information"),
    "complaint": N_("Complaint"),
    "oversight": N_("Complaint for the inspectorate"),
    "aspiration": N_("Suggestion"),
}
CLOSINGS = {
    "confirmed": N_("The reporter said it is solved"),
    "silence": N_("The reporter did not reply"),
    "archived": N_("Archived"),
    "withdrawn": N_("Withdrawn by the reporter"),
}
COLUMNS = (
    N_("Number"),
    N_("State"),
    N_("Type"),
    N_("Category"),
    N_("Agency"),
    N_("Area"),
    N_("Channel"),
    N_("Filed on"),
    N_("Due on"),
    N_("First answer on"),
    N_("Closed on"),
    N_("Closed how"),
)
