"""What officers are sent at the beginning of a day, a week and a month. As `handlers/wording.py`."""

from handlers.i18n import N_, NP_, Phrase

# --- a day ---

MORNING = Phrase(
    N_("On your desk today: {count} reports\n{parts}\n\n{lines}"),
    NP_(
        "sms",
        "Today: {late} late, {today} due today, {soon} within {days} working days, {new} new. First {number}, {first}. Reply LIST",
    ),
)
APPROVALS = Phrase(
    N_("Waiting for your approval: {count} answers\n\n{lines}"),
    NP_("sms", "{count} answers wait for your approval, first {number}, {first}. Reply LIST"),
)
PARTS = {
    "late": N_("{count} late"),
    "today": N_("{count} due today"),
    "soon": N_("{count} due within {days} working days"),
    "new": N_("{count} not started"),
    "waiting": N_("{count} wait for the citizen"),
}
LIST = N_("The whole list")

# --- a week; what stands in brackets is of the week before ---

WEEK = Phrase(
    N_(
        "The week at {agency}\n{since} to {until} (in brackets: the week before)\n\n"
        "Came in: {filed} ({filed_before})\n"
        "First answer in time: {in_time} ({in_time_before})\n"
        "Settled, the citizen said so: {confirmed} ({confirmed_before})\n"
        "Settled, nobody replied: {silence} ({silence_before})\n\n"
        "Today: {open} open, {late} late, {reopened} reopened\n\n{lines}"
    ),
    NP_(
        "sms",
        "Last week: {filed} came in, {confirmed} solved, {silence} closed without reply. Now {open} open, {late} late. Reply LIST",
    ),
)
OF = N_("{part} of {whole}")
NONE_LATE = N_("No report is late by {days} working days or more.")
LONG_LATE = N_("Late by {days} working days or more:\n{lines}")
LINE_OF_AREA = N_("{number} · {category} · {area} · {due}")
LINE_OF_AGENCY = N_("{number} · {agency} · {category} · {due}")

# --- a month ---

MONTH = Phrase(
    N_(
        "Reports of citizens, {month}\n\n"
        "{filed} came in; {month_before}: {filed_before}.\n"
        "{settled} were settled; {month_before}: {settled_before}. Of these, {confirmed} because the citizen said it is "
        "solved, {silence} because nobody replied.\n"
        "First answer in time: {in_time}; {month_before}: {in_time_before}.\n\n"
        "Late today: {late}. Most of them: {agencies}\n"
        "Most reported: {categories}"
    ),
    NP_(
        "sms",
        "{month}: {filed} reports, {confirmed} solved, {silence} closed without reply, {late} late today.",
    ),
)
COUNTED = N_("{name} ({count})")
NOT_PASSED_ON = N_("not passed on yet")
