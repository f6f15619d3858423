"""What the desk says to officers: what it asks, what it shows before it is sent, what it did, what goes wrong.

As `handlers/wording.py`.
"""

from handlers.i18n import N_, NP_, Phrase
from handlers.officers.commands import Arg
from storage.vocabulary import EventKind

# --- questions ---

ASK_NUMBER = Phrase(N_("Which report? Write its number."), NP_("sms", "Which report? Reply with its number."))
CHOOSE_NUMBER = Phrase(
    N_("Which report? Write its number, or choose one of the most urgent."),
    NP_("sms", "Which report? Reply with its number."),
)
NONE_FITS = Phrase(
    N_("No report on your desk fits that now. Another one: write its number."),
    NP_("sms", "No report on your desk fits that now. Another one: reply with its number."),
)
ONLY_ONE = Phrase(N_("The only report that fits: {number}."), NP_("sms", "The only one that fits: {number}."))
ASK_AGENCY = Phrase(
    N_("To which agency? Write its name."), NP_("sms", "To which agency? Reply with its name.")
)
PROPOSED_AGENCIES = Phrase(
    N_("{number}: to which agency?\n\n{lines}\n\nAnother one: write its name."),
    NP_("sms", "{number}: to which agency? {options} Or its name."),
)
ASK_OUTSIDE = Phrase(
    N_("{number}: to whom is it passed on?"),
    NP_("sms", "{number}: to whom is it passed on? {options}"),
)
ASK_PARENT = Phrase(
    N_("{number}: join it with which report? Write its number."),
    NP_("sms", "{number}: join it with which report? Reply with its number."),
)
PROPOSED_PARENTS = Phrase(
    N_(
        "{number}: these may be about the same.\n\n{lines}\n\nWhich one does it follow? Another: write its number."
    ),
    NP_("sms", "{number}: follows which? {options} Or a number."),
)
ASK_REASON_CODE = Phrase(
    N_("{number}: why can it not be handled?"),
    NP_("sms", "{number}: why? {options}"),
)
ASK_FINDING = Phrase(
    N_(
        "{number}: what did you find there? One or two sentences; the citizen reads them. For example: Three holes, 20 cm deep, in front of the school."
    ),
    NP_("sms", "{number}: what did you find there?"),
)
ASK_ACTION = Phrase(
    N_(
        "{number}: what was done, or will be? At least {least} letters. For example: The road crew filled the holes with cold asphalt."
    ),
    NP_("sms", "{number}: what was done, or will be? At least {least} letters."),
)
ASK_DAY = Phrase(
    N_("{number}: when was it done, or when will it be? Choose, or write a date such as 12/3."),
    NP_("sms", "{number}: when was it done, or will be? Reply with a date such as 12/3"),
)
ASK_EVIDENCE = Phrase(
    N_("{number}: physical works need a photo or document. Please send it here."),
    NP_(
        "sms",
        "{number}: physical works need a photo. Please answer from Telegram, or reply PROGRESS {digits} and what you do",
    ),
)
ASK_DAYS = Phrase(
    N_("{number}: how many working days more?"),
    NP_("sms", "{number}: how many working days more? Reply e.g. 3"),
)
ASK_WHEN = Phrase(
    N_("{number}: when do I remind you? In so many working days, or on a day such as Monday or 12/3."),
    NP_("sms", "{number}: remind you when? Reply e.g. 3h, Monday or 12/3"),
)
ASK_OFFICER = Phrase(N_("Who? Choose, or write the name."), NP_("sms", "Who? {options}"))
ASK_ROLE = Phrase(N_("Invite somebody as what?"), NP_("sms", "Invite somebody as what? {options}"))
ASK_NAME = Phrase(
    N_('What is the name? Add "pengganti" for a deputy.'),
    NP_("sms", "What is the name?"),
)
ASK_OUTSIDE_NUMBER = Phrase(
    N_("{number}: what is its number there?"),
    NP_("sms", "{number}: what is its number there?"),
)
ASK_FROM = Phrase(
    N_("From when are you away? Write a date such as 12/3. Back early: write {done}."),
    NP_("sms", "From when are you away? Reply e.g. 12/3"),
)
ASK_UNTIL = Phrase(N_("Until when, that day included?"), NP_("sms", "Until when? Reply e.g. 14/3"))
ASK_WORDS = Phrase(
    N_("What are you looking for? A number, a place, a topic, or words."),
    NP_("sms", "What are you looking for?"),
)
ASK_KIND = Phrase(
    N_(
        "{number}: what is to be set right? Write the type (informasi, pengaduan, pengawasan, aspirasi), a category "
        "code, or rahasia.\nCategories: {lines}"
    ),
    NP_("sms", "{number}: write type, category code or RAHASIA"),
)
ASK_EDIT = Phrase(N_("What is to be changed?"), NP_("sms", "What is to be changed? {options}"))

#: the text, by the command's name
ASK_TEXT = {
    "tunda": Phrase(
        N_("{number}: what do you ask the citizen? They read it as you write it."),
        NP_("sms", "{number}: what do you ask the citizen?"),
    ),
    "tanya": Phrase(
        N_("{number}: what do you ask the citizen? They read it as you write it."),
        NP_("sms", "{number}: what do you ask the citizen?"),
    ),
    "bukanwewenang": Phrase(
        N_("{number}: why is it not this government's? One sentence; the citizen reads it."),
        NP_("sms", "{number}: why is it not this government's?"),
    ),
    "kembalikan": Phrase(
        N_("{number}: why is it not your agency's? One sentence."),
        NP_("sms", "{number}: why is it not your agency's?"),
    ),
    "arsip": Phrase(
        N_("{number}: one sentence of explanation. The citizen reads it."),
        NP_("sms", "{number}: one sentence of explanation for the citizen."),
    ),
    "proses": Phrase(
        N_("{number}: what is being done, and when? The citizen reads it."),
        NP_("sms", "{number}: what is being done, and when?"),
    ),
    "tolak": Phrase(
        N_("{number}: what is to be done better?"),
        NP_("sms", "{number}: what is to be done better?"),
    ),
    "catat": Phrase(N_("{number}: what is the note?"), NP_("sms", "{number}: what is the note?")),
    "perpanjang": Phrase(
        N_("{number}: what is the reason? The citizen reads it."),
        NP_("sms", "{number}: what is the reason? The citizen reads it."),
    ),
    "bukalagi": Phrase(
        N_("{number}: why is it opened again? The citizen reads it."),
        NP_("sms", "{number}: why is it opened again?"),
    ),
    "identitas": Phrase(
        N_("{number}: what do you need it for? Your reason is recorded."),
        NP_("sms", "{number}: what do you need it for? It is recorded."),
    ),
    "lengkap": Phrase(
        N_("{number}: why do you need the names and numbers in the text? Your reason is recorded."),
        NP_("sms", "{number}: what do you need it for? It is recorded."),
    ),
}
#: what can be changed before it is sent
FIELDS = {
    Arg.TEXT: N_("Text"),
    Arg.FINDING: N_("Finding"),
    Arg.ACTION: N_("Action"),
    Arg.DAY: N_("Day"),
    Arg.EVIDENCE: N_("Photos"),
    Arg.DAYS: N_("Days"),
    Arg.REASON_CODE: N_("Reason"),
    Arg.OUTSIDE: N_("To whom"),
    Arg.PARENT: N_("Which report"),
    Arg.AGENCY: N_("Agency"),
}
TODAY, YESTERDAY, TOMORROW = N_("Today"), N_("Yesterday"), N_("Tomorrow")
DAYS_CHOICE = N_("{count} days")
WHY_CATEGORY = N_("usual for {category}")
WHY_DISTRICT = N_("it lies in {area}")
WHY_WORDS = N_("the text speaks of {category}")
WHY_BEFORE = N_("{count} of the last reports of this kind went there")
OUTSIDE = N_("{agency} (outside)")
AGENCY_LINE = N_("{position}. {agency}: {why}")
PARENT_LINE = N_("{number}, {day}: {text}")

# --- before it is sent, and after ---

PREVIEW = Phrase(
    N_("The citizen gets this:\n\n{words}"),
    NP_("sms", "The citizen gets: {words} {options}"),
)
PREVIEW_SMS = Phrase(
    N_("The citizen gets this as an SMS ({parts} parts):\n\n{words}"),
    NP_("sms", "The citizen gets ({parts} SMS): {words} {options}"),
)
PREVIEW_NOBODY = Phrase(
    N_("The citizen cannot be reached, or wants no news: only the report changes. Do it?"),
    NP_("sms", "The citizen gets no news: only the report changes. {options}"),
)
PREVIEW_APPROVAL = Phrase(
    N_("After approval the citizen gets this:\n\n{words}"),
    NP_("sms", "After approval the citizen gets: {words} {options}"),
)
REPLACED = Phrase(
    N_("Changed: {part}. What you just wrote stands in its place."), NP_("sms", "Your text was replaced.")
)
WHICH_PART = Phrase(
    N_('What does "{words}" change? Nothing was changed so far: press Change and choose a part.'),
    NP_("sms", 'What does "{words}" change? Nothing so far: reply CHANGE.'),
)
PHOTO_KEPT = Phrase(N_("Your photo is kept for this answer."), NP_("sms", "Your photo is kept."))
PLANNED = Phrase(
    N_(
        'The day is still to come, yet an answer asks the citizen at once whether it is solved. What is only planned goes as news ("As news"); answer when it is done.'
    ),
    NP_("sms", "Not done yet? Choose: as news. An answer asks the citizen at once whether it is solved."),
)
KEPT = Phrase(N_("So nothing was changed."), NP_("sms", "Nothing was changed."))
CAPTION_ADDED = Phrase(
    N_("The words under the photo now stand behind the action."),
    NP_("sms", "The words under the photo were added."),
)
CAPTION_LEFT = Phrase(
    N_('"{words}" under the photo is no part of the answer.'),
    NP_("sms", "The words under the photo are no part of the answer."),
)
NOT_SENT_YET = Phrase(
    N_("That button is an older one. Nothing was sent yet; this is still open:"),
    NP_("sms", "Nothing was sent yet."),
)
PREVIEW_RECORD = Phrase(
    N_(
        "The citizen cannot be reached, or wants no news: only the report changes. This is recorded:\n\n{words}\n\nDo it?"
    ),
    NP_("sms", "The citizen gets no news. Recorded: {words} {options}"),
)
RECORDED = N_("{part}: {value}")
WITH_FILES = N_("{words}\n\n(with {count} files)")
WITH_ADDRESSES = N_("{words}\n\n(behind it the addresses of {count} files; {most} SMS parts in all at most)")
SEND, AS_NEWS, EDIT, CANCEL = N_("Send"), N_("As news"), N_("Change"), N_("Cancel")
CANCELLED = Phrase(N_("Ended. Nothing was sent."), NP_("sms", "Ended. Nothing was sent."))
DROPPED = Phrase(
    N_("What you were in the middle of was ended. Your text was:\n{words}"),
    NP_("sms", "What you were in the middle of was ended."),
)
DONE = {
    "verifikasi": Phrase(N_("{number}: checked."), NP_("sms", "{number}: checked.")),
    "disposisi": Phrase(
        N_("{number}: passed on to {agency}. The citizen is told."),
        NP_("sms", "{number}: passed on to {agency}."),
    ),
    "tunda": Phrase(N_("{number}: the question was sent."), NP_("sms", "{number}: the question was sent.")),
    "tanya": Phrase(N_("{number}: the question was sent."), NP_("sms", "{number}: the question was sent.")),
    "bukanwewenang": Phrase(
        N_(
            "{number}: noted as passed on to {agency}. Sending it there is up to you now; below is the text, without who reported it. Its number there: /nomorluar {digits}"
        ),
        NP_("sms", "{number}: noted. Now send it to {agency} yourself; its text: SHOW {digits}"),
    ),
    "kembalikan": Phrase(N_("{number}: handed back."), NP_("sms", "{number}: handed back.")),
    "arsip": Phrase(N_("{number}: archived."), NP_("sms", "{number}: archived.")),
    "gabung": Phrase(N_("{number}: joined."), NP_("sms", "{number}: joined.")),
    "proses": Phrase(N_("{number}: the news was sent."), NP_("sms", "{number}: the news was sent.")),
    "jawab": Phrase(
        N_("{number}: the answer was sent. The citizen now says whether it is solved."),
        NP_("sms", "{number}: the answer was sent."),
    ),
    "setujui": Phrase(N_("{number}: approved and sent."), NP_("sms", "{number}: approved and sent.")),
    "tolak": Phrase(
        N_("{number}: sent back to who wrote it."), NP_("sms", "{number}: sent back to who wrote it.")
    ),
    "ambil": Phrase(N_("{number}: yours from now on."), NP_("sms", "{number}: yours from now on.")),
    "alihkan": Phrase(N_("{number}: given to {name}."), NP_("sms", "{number}: given to {name}.")),
    "catat": Phrase(N_("{number}: noted."), NP_("sms", "{number}: noted.")),
    "perpanjang": Phrase(N_("{number}: the date was moved."), NP_("sms", "{number}: the date was moved.")),
    "bukalagi": Phrase(N_("{number}: open again."), NP_("sms", "{number}: open again.")),
    "banding": Phrase(
        N_("{number}: the objection is heard; it is checked anew."),
        NP_("sms", "{number}: objection heard, checked anew."),
    ),
    "nomorluar": Phrase(
        N_("{number}: noted. Both numbers find it now."), NP_("sms", "{number}: noted. Both numbers find it.")
    ),
    "klasifikasi": Phrase(N_("{number}: set right."), NP_("sms", "{number}: set right.")),
}
#: those that say that the citizen was told
TELLING = tuple(DONE[name] for name in ("disposisi", "proses", "jawab", "setujui"))
#: what a coordinator wrote behind the agency
NOTED_ALONG = Phrase(N_("Your note for the agency: {words}"), NP_("sms", "Your note went along."))
DONE_UNTOLD = Phrase(
    N_("{number}: done. The citizen gets no news: they cannot be reached, or want none."),
    NP_("sms", "{number}: done. The citizen gets no news."),
)
REMINDER_SET = Phrase(
    N_("{number}: I remind you on {due}. Not any more: /ingatkan {digits} batal"),
    NP_("sms", "{number}: I remind you on {due}."),
)
REMINDER_OFF = Phrase(
    N_("{number}: I do not remind you any more."), NP_("sms", "{number}: I do not remind you any more.")
)
PROPOSED = Phrase(
    N_("{number}: your answer waits for approval."), NP_("sms", "{number}: your answer waits for approval.")
)
IDENTITY = Phrase(
    N_("{number}: {name}\n{lines}\n\nThis was recorded. Do not pass it on."),
    NP_("sms", "{number}: {name} {lines}"),
)
NO_NAME = N_("no name given")
IDENTITY_GONE = Phrase(
    N_("{number}: the reporter had name and addresses erased."),
    NP_("sms", "{number}: the reporter had name and addresses erased."),
)

# --- what goes wrong ---

NOT_YOURS = Phrase(
    N_("/{command} is not among your tasks. What is: /bantuan"),
    NP_("sms", "{command} is not among your tasks. Reply BANTUAN"),
)
NOT_NOW = Phrase(
    N_("{number}: not possible now. What is, stands below."),
    NP_("sms", "{number}: not possible now. Possible: {possible}"),
)
NOTHING = N_("nothing")
NO_SUCH = Phrase(
    N_("You have no report {shown}. Please compare the number."),
    NP_("sms", "You have no report {shown}. Please compare the number."),
)
PERHAPS = Phrase(
    N_("There is no report {shown} for you. Did you mean one of these?"),
    NP_("sms", "There is no report {shown} for you. Did you mean: {options}"),
)
STALE = Phrase(
    N_("Meanwhile {name} {deed}, {at}. It now stands so:"),
    NP_("sms", "{number}: meanwhile {name} {deed}."),
)
STALE_TEXT = Phrase(
    N_("Meanwhile {name} {deed}, {at}. Your text:\n{words}"),
    NP_("sms", "{number}: meanwhile {name} {deed}. Your text was not sent."),
)
PRESSED_BEFORE = Phrase(
    N_("This button has done its work. What you were in the middle of is over."),
    NP_("sms", "This is over."),
)
SUSPENDED = Phrase(
    N_("Your access was suspended. Please ask your coordinator."),
    NP_("sms", "Your access was suspended. Please ask your coordinator."),
)
EDITS_UNREAD = Phrase(
    N_("I do not read changes to a message. Please write it again, or press Change."),
    NP_("sms", "Please write it again."),
)
NO_ANSWER = Phrase(
    N_(
        '"{word}" is a command, so the citizen does not get it. Please write the answer in other words, or CANCEL.'
    ),
    NP_("sms", '"{word}" is a command, not what the citizen gets. Use other words, or CANCEL'),
)
ASTRAY = Phrase(
    N_(
        "Which report is that about? Reply to its card, or write /daftar. Reporting something yourself? Begin with REPORT."
    ),
    NP_(
        "sms",
        "Which report? Begin with ANSWER and its number, or LIST. Reporting something yourself? Begin with REPORT.",
    ),
)
#: what somebody did meanwhile
DEEDS = {
    EventKind.VERIFIED: N_("checked it"),
    EventKind.HELD: N_("asked the citizen"),
    EventKind.ASKED: N_("asked the citizen"),
    EventKind.REPLIED: N_("replied"),
    EventKind.DISPOSED: N_("passed it on"),
    EventKind.HANDED_BACK: N_("handed it back"),
    EventKind.FORWARDED: N_("passed it on outside"),
    EventKind.JOINED: N_("joined it with another"),
    EventKind.ARCHIVED: N_("archived it"),
    EventKind.WITHDRAWN: N_("took it back"),
    EventKind.STARTED: N_("sent news of the work"),
    EventKind.PROPOSED: N_("proposed an answer"),
    EventKind.DECLINED: N_("declined the answer"),
    EventKind.ANSWERED: N_("answered it"),
    EventKind.CONFIRMED: N_("confirmed that it is solved"),
    EventKind.REJECTED: N_("said that it is not solved"),
    EventKind.LAPSED: N_("closed it after the time to reply"),
    EventKind.REOPENED: N_("opened it again"),
    EventKind.APPEALED: N_("objected to the archiving"),
    EventKind.RESTORED: N_("heard the objection"),
    EventKind.EXTENDED: N_("moved the due date"),
    EventKind.TAKEN: N_("took it, or gave it to somebody"),
    EventKind.NUMBERED: N_("noted the number outside"),
    EventKind.CONSENTED: N_("agreed that the Ombudsman gets it"),
    EventKind.RECLASSIFIED: N_("set its type or category right"),
}
THE_CITIZEN, THE_CLOCK = N_("the citizen"), N_("the system")

# --- groups ---

IN_PRIVATE = Phrase(
    N_("{number}: I answer you in your private chat."), NP_("sms", "{number}: I answer you in private.")
)
GROUP_UNKNOWN = Phrase(
    N_("This group belongs to no agency yet. A liaison officer makes it theirs by /grup."),
    NP_("sms", "This group belongs to no agency yet."),
)
ONLY_PRIVATE = Phrase(
    N_("/{command} is for the private chat; I answer you there."), NP_("sms", "I answer you in private.")
)
