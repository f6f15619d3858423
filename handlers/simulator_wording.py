"""What the simulator's page says. As `wording.py`; a page has room, so there is no short wording."""

from handlers.i18n import N_
from storage.vocabulary import Role

TITLE = N_("Try it out")
INTRO = N_(
    "You play everybody here: citizens and officers. Nothing leaves this computer, and nothing of it is real."
)
RENEWED = N_("The program or its settings have changed, so the trial data was begun anew.")
#: what people are called over their chats
CITIZEN = N_("Citizen {number}")
POSTS = {
    Role.COORDINATOR: N_("Coordinator"),
    Role.LIAISON: N_("{agency}"),
    Role.APPROVER: N_("Approver, {agency}"),
    Role.SUPERVISOR: N_("Head, {agency}"),
    Role.AUDITOR: N_("Auditor"),
    Role.INSPECTORATE: N_("Inspectorate"),
    Role.DECIDER: N_("Decider"),
}
COLUMNS = {"telegram": N_("Citizen, Telegram"), "sms": N_("Citizen, SMS"), "officers": N_("Officers")}
REPORT = N_("Report")
#: the same in a narrow window
TABS = {"telegram": N_("Telegram"), "sms": N_("SMS"), "officers": N_("Officers"), "report": REPORT}
VIEWS = N_("What is shown")
WHO = N_("Who writes")
CHAT_OF = N_("Messages of {name}")
#: behind a number
UNREAD = N_("new messages")

# the clock
CLOCK = N_("Clock")
NOW = N_("{now}")
#: in quiet hours
NIGHT = N_('Night: officers hear of it at {at}. "{button}" leads there.')
TEN_MINUTES = N_("+10 minutes")
NEXT_MORNING = N_("Next working day")
NEXT_DEADLINE = N_("Next deadline")
NO_DEADLINE = N_("No deadline lies ahead: file a report first.")
ALL_LATE = N_(
    "No deadline lies ahead: what is open is overdue already. Act as an officer, or move to the next working day."
)
WORKING = N_("One moment …")

# writing
SAYS = {True: N_("You"), False: N_("Kanal")}
MESSAGE = N_("Message")
SEND = N_("Send")
ATTACH = N_("Attach")
FILES = N_("Photos or files of yours (up to {count}; several photos make an album)")
SAMPLES = N_("Pictures to try with")
SAMPLE = {"road": N_("Road"), "lamp": N_("Street light"), "waste": N_("Waste"), "album": N_("All three")}
PLACE = N_("Place")
POINT = N_("or latitude, longitude")
SEND_PLACE = N_("Send the place")
STICKER = N_("Sticker")
VOICE = N_("Voice note")
MENU = N_("Commands")
PHONE_KEYS = N_("Keys the program offers")
BUTTONS = N_("Answers to choose from")
REPLY, EDIT = N_("Reply"), N_("Change")
REPLYING, EDITING = N_('Reply to: "{text}"'), N_("You change your message.")
NEVER_MIND = N_("Never mind")
EDITED = N_("changed")
PARTS = N_("{count} SMS")
A_STICKER, A_PHOTO, A_VOICE = N_("(sticker)"), N_("Photo"), N_("Voice note")
HINT = N_("For example, tap one:")
HINTS = (
    N_("Deep potholes in front of the school in Desa {village} since yesterday, a motorcycle has fallen"),
    N_("street light at the market in {village} has been out for 2 weeks"),
    N_("Nobody has collected the waste in Desa {village} for a week, it smells"),
)
OFFICERS_HINT = N_("News comes here by itself. What waits for you:")
OFFICERS_HINTS = ("/daftar", "/bantuan")

# more people
MORE = N_("Somebody else")
ADD_TELEGRAM, ADD_SMS = N_("Another citizen on Telegram"), N_("Another citizen by SMS")
ADD_OFFICER = N_("Another officer")
ROLE, AGENCY, CHANNEL = N_("Post"), N_("Agency"), N_("Channel")
CHANNELS = {"telegram": "Telegram", "sms": "SMS"}
ADD = N_("Add")

# the report
NO_REPORT = N_("No report yet. Write one as a citizen; here you see what becomes of it.")
CHOOSE_REPORT = N_("Reports")
TOPIC, HELD_BY, DUE = N_("Topic"), N_("Agency"), N_("Due")
DUE_IN, DUE_TODAY, LATE = (
    N_("{due} ({left} working days left)"),
    N_("{due} (today)"),
    N_("{due} (late by {late} working days)"),
)
NOTHING_DUE = N_("nothing any more")
HISTORY = N_("What happened")

# beginning anew
RESET = N_("Start over")
RESET_SURE = N_("Everything tried here is deleted, and the clock goes back to now.")

# what goes wrong
BAD_FORM = N_("The form could not be read. Please load the page again.")
NOBODY = N_("This person is not here any more. Please load the page again.")
NO_SUCH_MESSAGE = N_("This message is not here any more. Please load the page again.")
NOTHING_WRITTEN = N_("Write something first, or attach a file.")
TOO_LONG = N_("That is too long: {count} characters at most.")
TOO_LARGE = N_("That is too large: {size} MB at most at once.")
TOO_MANY_FILES = N_("Too many files: {count} at most at once.")
BAD_POINT = N_("A point is two numbers such as -0.0116, 110.9158.")
NO_SUCH_POST = N_("This post needs an agency of this government.")
BUSY = N_("The database is busy. What you sent is kept; try again in a moment.")
LOST = N_("Kanal does not answer. Is `make run` still running?")
CANNOT_START = N_("The simulator cannot be opened: {why}")
