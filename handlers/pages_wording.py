"""What the pages for browsers say. As `wording.py`; a page has room, so there is no short wording."""

from handlers.conversation.phrasebook import Word
from handlers.i18n import N_
from storage.vocabulary import CaseState, EventKind

# --- every page ---

SKIP_LINK = N_("To the content")
LANGUAGE = N_("Language")
RUN_BY = N_("Run by {controller}.")
HUMAN_CONTACT = N_("A person to turn to: {contact}.")
TO_START = N_("To the first page")

#: title and text by HTTP status; of all others 500
ERRORS = {
    404: (
        N_("There is no such page"),
        N_("The address may be wrong or too old. Your report is not affected."),
    ),
    413: (N_("That is too large"), N_("Please send less at once, or a smaller file.")),
    429: (
        N_("Please wait a moment"),
        N_("Many requests came from your connection. Please try again in a minute."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("It is our fault, and it has been noted. Please try again in a few minutes."),
    ),
    503: (N_("Please wait a moment"), N_("We cannot answer right now. Please try again in a few minutes.")),
}

# --- the first page ---

START_TITLE = N_("Report a problem")
START_HEADING = N_("Is something wrong in {regency}? Tell us.")
START_LEAD = N_(
    "A broken road, a dead street lamp, no water, an office that does not help: tell us, and we pass it on to whoever can mend it."
)
HOW_TITLE = N_("How to report")
HOW = (
    N_("Write what is wrong, and where. A photo helps."),
    N_("You get a number, and the day by which we check it."),
    N_("You hear from us until you say that it is solved."),
)
REPORT_BY_TELEGRAM = N_("Report on Telegram")
REPORT_BY_SMS = N_("Report by SMS")
SMS_TO = N_("SMS to {sms}: begin with {word}, then what is wrong and where.")
NOT_OPEN_YET = N_("Reporting by chat and SMS is not open yet.")
HIDDEN = N_("Your name and number stay hidden, unless you yourself want them seen.")
DANGER = N_("In danger? Call first:")
SIMULATOR_TITLE = N_("Try it here")
SIMULATOR_TEXT = N_("The simulator shows a citizen's phone and an officer's desk, without any account.")
SIMULATOR_OPEN = N_("Open the simulator")

# --- a report's page ---

TRACK_TITLE = N_("Follow a report")
TRACK_OF = N_("Report {number}")
FIELD_NUMBER = N_("Number of the report")
FIELD_HINT = N_(
    "It stands in the receipt, for example {example}. A secret report is seen only at the address in its receipt, or by sending STATUS."
)
LOOK_UP = N_("Look it up")
MISTYPED = N_("There is a slip in this number. Please compare it with the receipt.")
NOT_SHOWN_TITLE = N_("There is nothing to show for this number")
NOT_SHOWN = N_(
    "Please compare it with the receipt. A secret report is seen only at the address in its receipt, or by sending STATUS and its number."
)
#: where there is a simulator
NOT_SHOWN_TRIAL = N_("A number from the simulator? Its reports are only there.")
LOOK_IN_SIMULATOR = N_("Look in the simulator")
STEPS = N_("The way of the report")
STEP_RECEIVED = N_("Received")
STEP_PASSED_ON = N_("Passed on")
STEP_IN_PROGRESS = N_("Being worked on")
STEP_ANSWERED = N_("Answered")
STEP_SOLVED = N_("Done")
STEP_ARCHIVED = N_("Archived")
STEP_JOINED = N_("Joined with another one")
#: said to who cannot see the marks
MARKS = {"done": N_("done"), "now": N_("now"), "ahead": N_("not yet")}
STANDS = {
    CaseState.UNVERIFIED: N_("We have received the report and check it."),
    CaseState.ON_HOLD: N_("We wait for more details from whoever reported it."),
    CaseState.RETURNED: N_("We are looking for the right agency."),
    CaseState.FORWARDED: N_("It was passed on to a body outside this government. We ask after it."),
    CaseState.DUPLICATE: N_("It was joined with another report about the same matter."),
    CaseState.DISPOSED: N_("It was passed on to the agency that handles it."),
    CaseState.IN_PROGRESS: N_("The agency is working on it."),
    CaseState.ANSWERED: N_("The agency has answered. Whoever reported it says next whether it is solved."),
    CaseState.SETTLED: N_("Whoever reported it says that it is solved."),
    CaseState.REOPENED: N_("It was opened again, as it is not solved yet."),
    CaseState.ARCHIVED: N_("It was archived: we cannot handle it."),
}
STANDS_UNCHECKED = N_("We have received the report, but not checked it yet.")
STANDS_LAPSED = N_("It was answered, and closed as no reply came.")
STANDS_WITHDRAWN = N_("Whoever reported it took it back.")
AGENCY = N_("Who has it")
FILED = N_("Filed")
DUE = N_("Next date")
SETTLE_DUE = N_("To be done by")
NEWS = N_("What has happened")
#: what a line of the history says, where the public may read it
HAPPENED = {
    EventKind.FILED: N_("The report was received."),
    EventKind.VERIFIED: N_("It was checked."),
    EventKind.HELD: N_("More details were asked for."),
    EventKind.ASKED: N_("More details were asked for."),
    EventKind.REPLIED: N_("The details came."),
    EventKind.DISPOSED: N_("Passed on to {agency}."),
    EventKind.HANDED_BACK: N_("Handed back by {agency}: another agency is looked for."),
    EventKind.FORWARDED: N_("Passed on to {agency}."),
    EventKind.STARTED: N_("Work on it began."),
    EventKind.ANSWERED: N_("It was answered."),
    EventKind.EXTENDED: N_("The date was moved, with a reason."),
    EventKind.CONFIRMED: N_("Whoever reported it said that it is solved."),
    EventKind.REJECTED: N_("Whoever reported it said that it is not solved."),
    EventKind.REOPENED: N_("It was opened again."),
    EventKind.LAPSED: N_("It was closed, as no reply came."),
    EventKind.ARCHIVED: N_("It was archived."),
    EventKind.APPEALED: N_("Whoever reported it objected."),
    EventKind.RESTORED: N_("It is checked anew."),
    EventKind.WITHDRAWN: N_("Whoever reported it took it back."),
}
SECRET = N_("This report is secret, so this page shows only where it stands. All news comes to you yourself.")
NOTHING_PERSONAL = N_("This page never shows names, telephone numbers or what was written.")
#: title, and what to write
BACK = {
    Word.REOPEN: (N_("Not solved yet?"), N_("Write {command} and why, from where you reported it.")),
    Word.APPEAL: (N_("You do not agree?"), N_("Write {command} and why, from where you reported it.")),
    Word.STATUS: (
        N_("Is it your report?"),
        N_("Write {command} from where you reported it: then you read all the news."),
    ),
}
COMMANDS = {
    Word.REOPEN: N_("REOPEN {number}"),
    Word.APPEAL: N_("APPEAL {number}"),
    Word.STATUS: N_("STATUS {number}"),
}
REPORT_COMMAND = N_("REPORT")
WRITE_ON_TELEGRAM = N_("Write on Telegram")
WRITE_AN_SMS = N_("Write an SMS")
