"""What the clock says: to reporters, whom nothing else tells, and to officers (docs/rules.md, Messages: M9, M11).

As `news_wording.py`.
"""

from handlers.i18n import N_, NP_, Phrase

# --- to reporters ---

DATA_MISSING = Phrase(
    N_(
        "We still wait for your answer about report {number}:\n{words}\n\nPlease answer here by {due}. Without an answer we archive the report."
    ),
    NP_("sms", "{number}: {words} Please reply by {due}. Without a reply we archive the report."),
)  # M5 again
SOLVED = Phrase(
    N_("Is report {number} solved? If we hear nothing, we close it after {due}."),
    NP_("sms", "We close {number} after {due} if we hear nothing. Solved? Reply YES or NOT YET"),
)  # M9
OVERDUE = Phrase(
    N_(
        "We are sorry: {agency} has not kept the date for your report {number}. We have told the head of the office. You hear from us again by {due}."
    ),
    NP_(
        "sms", "Sorry, {number} is past its date at {agency}. Its head was told. News by {due} at the latest."
    ),
)  # M11
OVERDUE_IN_CHARGE = Phrase(
    N_(
        "We are sorry: {agency} has not kept the date for your report {number}. We have told those in charge. You hear from us again by {due}."
    ),
    NP_(
        "sms",
        "Sorry, {number} is past its date at {agency}. Those in charge were told. News by {due} at the latest.",
    ),
)  # where the office has no head here
CHECK_OVERDUE = Phrase(
    N_(
        "We are sorry: we have not checked your report {number} in time. We have told those in charge. You hear from us again by {due}."
    ),
    NP_(
        "sms",
        "Sorry, {number} was not checked in time. Those in charge were told. News by {due} at the latest.",
    ),
)
ROUTE_OVERDUE = Phrase(
    N_(
        "We are sorry: your report {number} is checked, but was not passed on to an agency in time. We have told those in charge. You hear from us again by {due}."
    ),
    NP_(
        "sms",
        "Sorry, {number} was not passed on in time. Those in charge were told. News by {due} at the latest.",
    ),
)
STILL_OVERDUE = Phrase(
    N_(
        "We are sorry: your report {number} is still waiting. It has now been brought before the inspectorate. You hear from us as soon as something happens."
    ),
    NP_(
        "sms",
        "Sorry, {number} is still waiting. The inspectorate has it before it now. You get news from us.",
    ),
)
STILL_WAITING = Phrase(
    N_(
        "We are sorry: your report {number} is still waiting. We have reminded those in charge again. You hear from us as soon as something happens."
    ),
    NP_("sms", "Sorry, {number} is still waiting. Those in charge were reminded. You get news from us."),
)  # nobody of the inspectorate could be told
DATA_LAPSED = Phrase(
    N_(
        "We did not hear what was missing, so your report {number} is archived. Do you have it now? Write APPEAL {number} and what was missing, by {due}."
    ),
    NP_(
        "sms",
        "{number} is archived, as what was missing did not come. Have it now? Reply APPEAL {number} and it, by {due}",
    ),
)

# --- to officers, above the card of a case ---

REMINDER = N_("A reminder: this is due soon.")
OWN = N_("You wanted to be reminded of this.")
HALF = N_("Half of the time is gone, and nothing was done for a while.")
LATE = N_("The date has passed. The reporter knows.")
LATE_UNTOLD = N_("The date has passed.")
ESCALATED = N_("Still not done, so it comes to you as well.")
STILL_LATE = N_("This is still late, and you have it.")
OUTSIDE = N_("Time to ask how this stands there.")

# --- without a card ---

BEYOND = Phrase(
    N_("{number} is {late} working days late: {agency}, was due {due}. Please see that it is dealt with."),
    NP_("sms", "{number}, {agency}: {late} working days late, was due {due}. Please see to it."),
)
BEYOND_LINE = N_("{number} · {agency} · {late} working days late")
SEVERAL_BEYOND = Phrase(
    N_("{count} reports are late:\n{lines}\n\nPlease see that they are dealt with."),
    NP_("sms", "{count} reports are late, first {number}. Please see to them."),
)
SEVERAL = Phrase(
    N_("{count} reports need you:\n{lines}\n\n/lihat NUMBER shows one, /daftar all."),
    NP_("sms", "{count} reports need you, first {number}. Reply LIST"),
)
HOLIDAYS_MISSING = Phrase(
    N_(
        "The joint leave of {years} is not known here yet, so due dates may fall on it. Please give the decree's days to whoever runs this service: they belong in calendar.local_holidays of the deployment file, then `kanal setup`."
    ),
    NP_(
        "sms", "The joint leave of {years} is not known here yet. Please give its days to whoever runs this."
    ),
)
MORE = N_("… and {count} more")
