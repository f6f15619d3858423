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
