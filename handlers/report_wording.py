"""What is said of reports that are filed, of links between channels, and of people's data.

As `wording.py`, which has what the conversation says.
"""

from handlers.i18n import N_, NP_, Phrase
from handlers.wording import HELP

#: what a number looks like, in texts; its check digit is wrong, so it is never given out
EXAMPLE_NUMBER = "1234567"
RECEIPT = Phrase(
    N_(
        "Thank you. We have received your report. Its number:\n{number}\n\n"
        "We check it by {due} and tell you who handles it.\n"
        "News at any time: write STATUS {number}"
    ),
    NP_(
        "sms",
        "Thank you. Report received, no. {number}. We check it by {due}. News at any time: reply STATUS {number}",
    ),
)  # M4
#: before the address of the report's page
PAGE = N_("Where it stands:")
RECEIPT_EMERGENCY = Phrase(
    N_(
        "Thank you. We have received your report. Its number:\n{number}\n\n"
        "Still in danger? Call {calls}.\n"
        "We check it by {due} and tell you who handles it.\n"
        "News at any time: write STATUS {number}"
    ),
    NP_(
        "sms",
        "Report received, no. {number}. Still in danger? Call {calls}. We check it by {due}. News: reply STATUS {number}",
    ),
)
#: of somebody who has stopped us: a promise of news would be none
RECEIPT_NO_NEWS = Phrase(
    N_(
        "Thank you. We have received your report. Its number:\n{number}\n\n"
        "We check it by {due}. You have stopped our messages, so we send no news of it; write START if you want it.\n"
        "News at any time: write STATUS {number}"
    ),
    NP_(
        "sms",
        "Report received, no. {number}. We check it by {due}. You have stopped our messages. For news reply START",
    ),
)
RECEIPT_EMERGENCY_NO_NEWS = Phrase(
    N_(
        "Thank you. We have received your report. Its number:\n{number}\n\n"
        "Still in danger? Call {calls}.\n"
        "We check it by {due}. You have stopped our messages, so we send no news of it; write START if you want it.\n"
        "News at any time: write STATUS {number}"
    ),
    NP_(
        "sms",
        "Report received, no. {number}. Still in danger? Call {calls}. You have stopped our messages. For news reply START",
    ),
)
#: by whether there is danger, and whether they have stopped us
RECEIPTS = {
    (False, False): RECEIPT,
    (False, True): RECEIPT_NO_NEWS,
    (True, False): RECEIPT_EMERGENCY,
    (True, True): RECEIPT_EMERGENCY_NO_NEWS,
}

ASK_STATUS_NUMBER = Phrase(
    N_("Which report? Write its number, for example {example}."),
    NP_("sms", "Which report? Reply with its number, for example {example}"),
)
NO_SUCH_NUMBER = Phrase(
    N_(
        "We cannot show a report with the number {number} here. Please compare it with your receipt. "
        "Sent from another phone? Write LINK {number}"
    ),
    NP_(
        "sms",
        "No report {number} to show here. Compare it with your receipt. Sent from another phone? LINK {number}",
    ),
)
TOO_MANY_NUMBERS = Phrase(
    N_("These were many numbers that we cannot show. Please look at your receipt and try again in an hour."),
    NP_("sms", "Too many numbers that cannot be shown. Look at your receipt and try again in an hour."),
)
MISTYPED_NUMBER = Phrase(
    N_("{number} cannot be right; perhaps a digit is wrong. Please compare it with your receipt."),
    NP_("sms", "{number} cannot be right, perhaps a digit is wrong. Please compare it with your receipt."),
)
MY_REPORTS = Phrase(
    N_("Your reports:\n{lines}\n\nMore about one: write STATUS and its number."),
    NP_("sms", "Your reports: {lines}. More: STATUS and the number"),
)
NO_REPORTS = Phrase(
    N_("You have sent no report from here yet. Write what is wrong to begin."),
    NP_("sms", "You have sent no report from here yet. Write what is wrong to begin."),
)
NO_REPORTS_BUT_DRAFT = Phrase(
    N_("You have sent no report from here yet. The one you are writing is not sent."),
    NP_("sms", "You have sent no report from here yet; yours is not finished."),
)
ADDED = Phrase(
    N_("Thank you, we added it to report {number}."),
    NP_("sms", "Thank you, added to report {number}."),
)
POINT_ADDED = N_("Location: {point} ({area})")
CORRECTED_REPORT = Phrase(
    N_("We keep your new text with report {number}, and the old one beside it."),
    NP_("sms", "We keep your new text with report {number}."),
)
ASK_WHICH_REPORT = Phrase(
    N_("Which report do you mean?\n{reports}\n\nWrite ADD, its number and what you want to add."),
    NP_("sms", "Which report: {reports}? Write ADD, its number and what to add."),
)
ASK_ADDITION = Phrase(
    N_(
        "Write ADD, the number of the report and what you want to add. Example: ADD {example} it is worse now"
    ),
    NP_("sms", "Write ADD, the number and what to add. Example: ADD {example} it is worse now"),
)
NOT_YOURS = Phrase(
    N_("Only who sent report {number} can add to it. Your own problem? Just write it as a new report."),
    NP_("sms", "Only who sent report {number} can add to it. Your own problem? Write it as a new report."),
)
STOPPED = Phrase(
    N_(
        "You will get no more messages from us. Your reports are still handled. START switches news on again."
    ),
    NP_("sms", "You will get no more messages from us. Your reports are still handled. News again: START"),
)
STOPPED_IN_DRAFT = Phrase(
    N_("You will get no more messages from us. Your unfinished report is not sent. START goes on with it."),
    NP_("sms", "You will get no more messages from us. Your unfinished report is not sent. To go on: START"),
)
STARTED = Phrase(
    N_("You get news of your reports from us again."),
    NP_("sms", "You get news of your reports from us again."),
)
ODD_DAY = Phrase(
    N_('There is no "{words}" in any calendar.'), NP_("sms", 'There is no "{words}" in any calendar.')
)
LANGUAGE_SET = Phrase(
    N_("We now speak English. Bahasa Indonesia: ketik BAHASA"),
    NP_("sms", "We now write English. Bahasa Indonesia: BAHASA"),
)
APOLOGY = Phrase(
    N_(
        "Sorry, something went wrong on our side. Your message is kept and we look into it. Please try again later."
    ),
    NP_("sms", "Sorry, something went wrong on our side. Your message is kept. Please try again later."),
)

ASK_LINK = Phrase(
    N_(
        "Did you send a report from another phone or by SMS? Write LINK and its number. Example: LINK {example}"
    ),
    NP_(
        "sms",
        "Sent a report from another phone or Telegram? Write LINK and its number. Example: LINK {example}",
    ),
)
LINK_CODE_SENT = Phrase(
    N_(
        "If {number} is your report, {digits} digits arrive where you sent it from. "
        "Write them here within {minutes} minutes."
    ),
    NP_(
        "sms",
        "If {number} is yours, {digits} digits arrive where you sent it from. Reply with them within {minutes} minutes.",
    ),
)
# Carriers filter texts with words such as "code" and "PIN".
LINK_CODE = Phrase(
    N_(
        "{code} links your report {number} with another phone, for {minutes} minutes. Was it not you? Tell nobody."
    ),
    NP_(
        "sms",
        "{code} links your report {number} with another phone, for {minutes} minutes. Not you? Tell nobody.",
    ),
)
LINKED = Phrase(
    N_(
        "Report {number} is linked. You can follow it and add to it from here too. UNLINK {number} ends that."
    ),
    NP_(
        "sms", "Report {number} is linked. Follow it and add to it from here too. UNLINK {number} ends that."
    ),
)
LINKED_ALREADY = Phrase(
    N_("You follow report {number} from here already. News: STATUS {number}"),
    NP_("sms", "You follow report {number} from here already. News: STATUS {number}"),
)
LINK_WRONG = Phrase(
    N_("Those are not the digits we sent. Please look again."),
    NP_("sms", "Those are not the digits we sent. Please look again."),
)
LINK_EXPIRED = Phrase(
    N_("Those digits are no longer good. Write LINK and the report's number to get new ones."),
    NP_("sms", "Those digits are no longer good. Write LINK and the report's number to get new ones."),
)
LINK_PAUSED = Phrase(
    N_("Linking did not work several times. Please try again in an hour."),
    NP_("sms", "Linking did not work several times. Please try again in an hour."),
)
UNLINKED = Phrase(
    N_("You follow report {number} from here no more. It goes on where you sent it from."),
    NP_("sms", "You follow report {number} from here no more. It goes on where you sent it from."),
)
NOT_LINKED = Phrase(
    N_("No such report is linked with this chat. A linked one ends with UNLINK and its number."),
    NP_("sms", "No such report is linked here. A linked one ends with UNLINK and its number."),
)

NOTICE = Phrase(
    N_(
        "Your data\n"
        "{controller} is responsible for it.\n"
        "What: your report, its place and files, your Telegram account or phone number, a name if you give one.\n"
        "What for: only to handle your report and to bring you news of it.\n"
        "Who sees it: those who handle the report. An agency never sees your number, and your name only if you agreed. "
        "Names and numbers in your text are hidden as far as we recognise them. "
        "The coordinator opens these, or looks up who you are, only for a reason, which is noted.\n"
        "How long: name and number for {identity} months after the report is closed, files {media}, "
        "the text without your name {months}; a report not sent {hours} hours.\n"
        "Telegram keeps messages outside Indonesia.\n\n"
        "At any time write:\n"
        "MY DATA – see what we hold\n"
        "DELETE MY DATA – erase name, number and files\n"
        "ADD – correct or complete a report\n"
        "WITHDRAW – take a report back\n"
        "SECRET – hide a report\n"
        "STOP – no more news"
    ),
    NP_(
        "sms",
        "{controller} is responsible for your data. We keep your report, your number, and a name if you give one, "
        "only to handle the report. An agency never sees your number, and your name only if you agreed. "
        "Number kept {identity} months after the end, text without name {months}. "
        "Your rights, reply: MY DATA, DELETE MY DATA, WITHDRAW, SECRET, STOP",
    ),
)
DATA_COUNTED = Phrase(
    N_("We hold this number and {count} report(s): {reports}."),
    NP_(
        "sms",
        "We hold this number and {count} report(s): {reports}. See all of it on Telegram: write LINK and the number there. "
        "Erase: DELETE MY DATA",
    ),
)
DATA_NO_REPORTS = Phrase(
    N_("We hold this number, and no report."),
    NP_("sms", "We hold this number, and no report. Erase: DELETE MY DATA"),
)
ASK_ERASE = Phrase(
    N_(
        "We would erase your name, your account or number, what we wrote to each other, "
        "a report not sent yet, and your files.\n"
        "The text of your reports stays, without you: it is a record of the government, kept for up to {months} months. "
        "They are still handled, but you get no news and cannot ask about them any more.\n"
        "This cannot be undone. If you are sure, write: DELETE MY DATA FOREVER\n\n"
        "Only no more news? Write STOP."
    ),
    NP_(
        "sms",
        "We would erase name, number and files. Report texts stay without you, and no more news. No way back. "
        "Sure? Reply DELETE MY DATA FOREVER",
    ),
)
ERASED = Phrase(
    N_(
        "We have erased your name, your account or number, and your files. The text of your reports stays, without you. "
        "They go on, and you get no more news.\n"
        "This is our last message. If you write again, we do not know you."
    ),
    NP_(
        "sms",
        "Your name, number and files are erased; report texts stay without you. Reports go on without news. "
        "This is our last message.",
    ),
)  # M19

ASK_WITHDRAW = Phrase(
    N_("To take a report back, write WITHDRAW, its number and why. Example: WITHDRAW {example} it is solved"),
    NP_(
        "sms",
        "To take a report back, reply WITHDRAW, its number and why. Example: WITHDRAW {example} it is solved",
    ),
)
ASK_REASON = Phrase(
    N_(
        "Why do you take report {number} back? Write WITHDRAW {number} and the reason.\n"
        "This cannot be undone; you can file a new report at any time."
    ),
    NP_("sms", "Why take {number} back? Reply WITHDRAW {number} and the reason. This cannot be undone."),
)
WITHDRAWN = Phrase(
    N_("Report {number} is withdrawn and archived. Is something else wrong? Just write it."),
    NP_("sms", "Report {number} is withdrawn and archived. Something else wrong? Just write it."),
)
NOT_WITHDRAWN = Phrase(
    N_("Report {number} cannot be withdrawn any more: {state}."),
    NP_("sms", "Report {number} cannot be withdrawn any more: {state}."),
)
ASK_PROTECT = Phrase(
    N_("To hide a report you sent, write SECRET and its number. Example: SECRET {example}"),
    NP_("sms", "To hide a report you sent, reply SECRET and its number. Example: SECRET {example}"),
)
PROTECTED = Phrase(
    N_("Report {number} is hidden: your name and text are seen only by those who handle it."),
    NP_("sms", "Report {number} is hidden: name and text are seen only by those who handle it."),
)
NOT_OWN = Phrase(
    N_("Only who sent report {number} can do that. Please compare the number with your receipt."),
    NP_("sms", "Only who sent report {number} can do that. Please compare the number with your receipt."),
)

STATE_WORDS = {
    "unverified": N_("RECEIVED"),
    "on_hold": N_("WAITING FOR YOUR DATA"),
    "returned": N_("RECEIVED"),
    "forwarded": N_("PASSED ON"),
    "duplicate": N_("JOINED WITH ANOTHER REPORT"),
    "disposed": N_("PASSED ON"),
    "in_progress": N_("IN PROGRESS"),
    "answered": N_("ANSWERED"),
    "settled": N_("SOLVED"),
    "reopened": N_("IN PROGRESS"),
    "archived": N_("ARCHIVED"),
}

# what DATA SAYA lists
DATA_HELD = N_("This is what we hold about you:\n{lines}\n\nTo erase it, write DELETE MY DATA.")
DATA_DRAFT = N_("Not sent yet:\n{lines}")
DATA_REPORT = N_("{number}: {state}. Filed {filed}.")
DATA_ADDRESS = N_("Address")
DATA_NAME = N_("Name")
DATA_NO_NAME = N_("none given")
DATA_LANGUAGE = N_("Language")
DATA_NEWS = N_("News wanted")
DATA_CONSENT = N_("Consent")
DATA_CONSENT_GIVEN = N_("version {version}, {at}")
DATA_NO_CONSENT = N_("not asked yet")
DATA_REPORTS = N_("Reports")
DATA_POINT = N_("Point")
DATA_ADDED = N_("Added")
DATA_RATING = N_("Your rating")
NOT_ADDED = Phrase(
    N_("Sorry, we did not understand that, and it is not in your report."),
    NP_("sms", "Not understood, not added."),
)
ASK_MORE = Phrase(
    N_("This is your text:\n{text}\n\nSomething to add? Write it. To write it anew: EDIT PROBLEM."),
    NP_("sms", "We keep your text. Something to add? Write it, or SKIP. To write it anew: EDIT PROBLEM"),
)

# menu of commands
MENU = {
    "lapor": N_("Report a problem"),
    "status": N_("News of my reports"),
    "batal": N_("Discard an unfinished report"),
    "bantuan": N_("Help"),
    "bahasa": N_("Bahasa Indonesia"),
    "privasi": N_("Your data and your rights"),
}
#: after "tidak jadi": to report, or to delete?
ASK_DISCARD_OR_NOT = Phrase(
    N_("Do you mean: delete the report, or go on with it? Write DELETE or GO ON."),
    NP_("sms", "Delete the report, or go on with it? Reply DELETE or GO ON"),
)
ASK_NAME_AGAIN = Phrase(
    N_("We could not read a name in that. Write the name alone, or SKIP."),
    NP_("sms", "We could not read a name. Write the name alone, or SKIP"),
)
#: BANTUAN in the middle of a report: what can be done with it comes first
HELP_IN_DRAFT = Phrase(
    N_(
        "Answer the question below in your own words, or write:\n"
        "SKIP – skip a question\n"
        "EDIT – change what you told\n"
        "BACK – back to the question before\n"
        "DISCARD – throw away this report\n"
        "STATUS – news of reports you sent\n"
        "BAHASA – switch to Bahasa Indonesia\n"
        "PRIVACY – your data and your rights\n\n"
        "Rather talk to a person? Please {contact}."
    ),
    HELP.sms,
)
