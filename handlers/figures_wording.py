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
SHARES = N_("How well it goes")
#: of a share: "3 of 4"
OF = N_("{part} of {whole}")
CHECKED_IN_TIME = N_("Checked in time")
ANSWERED_IN_TIME = N_("First answer in time")
FOLLOWED_UP = N_("Followed up by an agency")
HANDED_BACK = N_("Handed back by an agency")
#: BELUM
REJECTED = N_("Answers the reporter did not accept")
REOPENED = N_("Reopened after an answer")
HELD = N_("Reporter asked for missing data")
ARCHIVED_FOR = N_("Archived: {reason}")
HELD_MUCH = N_("Attention: {percent}% were held for missing data; usual are up to {limit}%.")
ARCHIVED_MUCH = N_("Attention: {percent}% were archived; usual are up to {limit}%.")
REACH = N_("{reports} reports per 10,000 people")
SPREADS = N_("Working days taken")
MEAN = N_("mean")
MEDIAN = N_("median")
NINETIETH = N_("9 of 10 within")
TO_ANSWER = N_("From passing on to the first answer")
TO_SETTLED = N_("From passing on until settled")
WHOLE_WAY = N_("From the report until settled")
RATING = N_("Rated {stars} of 5 in {count} ratings")
TOO_FEW_RATERS = N_("{count} ratings: a mean is shown from {limit} on")
#: a table of figures by these
BY = N_("By")
NAME = N_("Name")
ALL = N_("All")
NO_NAME = N_("(none)")
RATERS = N_("Ratings")
STARS = N_("Mean of the ratings (1 to 5)")
PER_PEOPLE = N_("Reports per 10,000 people")
#: the channel of who tries it at the server's keyboard
TERMINAL = N_("terminal (a trial)")
#: in the order of handlers.cases.kpis.Axis
GROUPS = (N_("Agency"), N_("Category"), N_("District"), N_("Channel"))
#: one of these in a message; {…_ninetieth}: nine of ten took no longer
GROUP = N_(
    "{name}: {filed} came in\n"
    "First answer in time {answered}, median {answer_median} working days (9 of 10: {answer_ninetieth})\n"
    "Solved {confirmed}, no reply {silence}, median {settled_median} working days (9 of 10: {settled_ninetieth})\n"
    "Handed back {handed_back}"
)
#: names of the sheets of a workbook
SHEETS = (N_("Reports"), N_("Figures"))
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
