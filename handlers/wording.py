"""Everything the bot says to citizens: a chat wording and an SMS wording each.

English here; Indonesian in `locales/id/LC_MESSAGES/kanal.po`. Ids such as M4 are those of docs/rules.md,
Messages. SMS wordings are GSM-7 and never hold what the person wrote: phones are shared.
"""

from handlers.i18n import N_, NP_, Phrase

WELCOME = Phrase(
    N_(
        "Welcome to the {service}. Tell us in one message what is wrong, where, and since when.\n"
        "Example: damaged road in front of SDN 1, Desa Mungguk, since 1 August.\n\n"
        "Your name and number stay hidden from the agencies. We use your data only to handle your report.\n"
        "Bahasa Indonesia: ketik BAHASA"
    ),
    NP_(
        "sms",
        "{service}. Write what is wrong, village/district, and since when. "
        "Example: bad road at SDN 1 Ds Mungguk since 1 Aug",
    ),
)  # M1
POSTER_HERE = Phrase(
    N_("If you do not say where, we note {area}."), NP_("sms", "Without a place we note {area}.")
)
GREETING = Phrase(
    N_("Hello. What would you like to report? Write what is wrong, where, and since when."),
    NP_("sms", "Hello. Write what is wrong, village/district, and since when."),
)
THANKS = Phrase(N_("You are welcome."), NP_("sms", "You are welcome."))
RUDE = Phrase(
    N_(
        "We understand that you are annoyed. What is the problem? Tell us what happened and where, and we pass it on."
    ),
    NP_("sms", "We see you are annoyed. What is the problem? Write what happened and where, we pass it on."),
)
NO_WORDS = Phrase(
    N_(
        "Please write in words what is wrong and where. Example: street light out in front of the market, Desa Tanjung."
    ),
    NP_(
        "sms",
        "Please write in words what is wrong and where. Example: street light out at the market, Ds Tanjung",
    ),
)
UNSUPPORTED = Phrase(
    N_("Sorry, we cannot read this kind of message. Please write in words, or send a photo or a location."),
    NP_("sms", "Sorry, we cannot read this message. Please write in words."),
)
HELP = Phrase(
    N_(
        "Write your report in your own words, at any time.\n"
        "STATUS – news of your reports\n"
        "ADD – add something to a report you sent\n"
        "REOPEN – when it is not solved after all\n"
        "WITHDRAW – take a report back\n"
        "BAHASA – switch to Bahasa Indonesia\n"
        "PRIVACY – your data and your rights\n"
        "STOP – no more news, START – news again\n\n"
        "Rather talk to a person? Please {contact}."
    ),
    NP_(
        "sms",
        "Write what is wrong, at any time. STATUS: news. DISCARD: throw away. STOP: no news. A person: {contact}",
    ),
)
HUMAN = Phrase(
    N_(
        "Sorry, we still do not understand. Please answer what stands below. Rather talk to a person? Write PERSON, or "
        "{contact}."
    ),
    NP_("sms", "Sorry, that was not understood. Reply PERSON to talk to a person, or answer this."),
)
HUMAN_CALLED = Phrase(
    N_("We noted that you would rather talk to a person. If it is urgent, please {contact}."),
    NP_("sms", "We noted that you would rather talk to a person. Urgent? Please {contact}"),
)
UNFIT = Phrase(
    N_("Sorry, we did not understand that answer. Choose one of these, or write its number."),
    NP_("sms", "Sorry, that answer was not understood."),
)
UNFIT_PRIVACY = Phrase(
    N_("Sorry, we did not understand that answer. Choose one of these, or write HIDDEN, ANONYMOUS or OPEN."),
    NP_("sms", "Sorry, that answer was not understood."),
)
NOTED = Phrase(N_("We noted: {facts}."), NP_("sms", "Noted."))
ONE_EACH = Phrase(
    N_("Please report that by itself, after this one: {others}."),
    NP_("sms", "One problem per report, please."),
)
NOTED_AND_NOTICE = Phrase(
    N_(
        "We noted: {facts}.\n"
        "Your name and number stay hidden from the agencies. We use your data only to handle your report."
    ),
    NP_("sms", "Noted. Your name and number stay hidden."),
)
HIDDEN_NOTICE = Phrase(
    N_("Your name and number stay hidden from the agencies. We use your data only to handle your report."),
    NP_("sms", "Your name and number stay hidden."),
)
EMERGENCY = Phrase(
    N_(
        "Is someone in danger now? Call at once: {numbers}. This channel does not send help.\n"
        "We still take down your report."
    ),
    NP_("sms", "In danger? Call now: {numbers}. This channel does not send help. We still take your report."),
)  # M15
SHIELDED = Phrase(
    N_("This report is kept secret: only {agency} and our coordinator see it, not the office concerned."),
    NP_("sms", "Kept secret: only {agency} and our coordinator see it."),
)  # M18

ASK_DESCRIPTION = Phrase(
    N_("What is wrong? Tell us in one message: what, where, since when."),
    NP_("sms", "What is wrong? Write what, village/district, and since when."),
)
ASK_DESCRIPTION_AGAIN = Phrase(
    N_(
        "We need a few more words about the problem. Example: no water from the tap for 3 days in Desa Mungguk."
    ),
    NP_("sms", "We need a few more words. Example: no tap water for 3 days in Ds Mungguk."),
)
ASK_DESCRIPTION_ANEW = Phrase(
    N_("This is your text:\n{text}\n\nWrite it anew, or keep it."),
    NP_("sms", "Write the problem anew, or SKIP to keep your text."),
)
TOO_LONG = Phrase(
    N_(
        "Your message has {length} characters; we can take {limit}. Please send a shorter one with what matters most."
    ),
    NP_("sms", "Your text has {length} characters; we can take {limit}. Please send a shorter one."),
)
PHOTO_FIRST = Phrase(
    N_("We are checking your file. What is wrong there? Write it in a few words, and where it is."),
    NP_("sms", "We are checking your file. What is wrong, and where is it?"),
)
ASK_CONSENT = Phrase(
    N_(
        "You report for somebody else. Does that person agree? If not, go on, but leave out their name and anything by "
        "which they would be known."
    ),
    NP_("sms", "Does the person you report for agree? YES or NO. If not, leave out who they are."),
)
ASK_DETAIL = Phrase(
    N_("Could you say a little more? What exactly is broken or happening, and who suffers from it? Or SKIP."),
    NP_("sms", "Please say a little more: what exactly happens, who suffers from it? Or SKIP"),
)
ASK_PLACE = Phrase(
    N_("Where is it? Name the village, the district and the nearest landmark, or send the location."),
    NP_(
        "sms",
        "Where is it? Village, district and nearest landmark. Example: Ds Sungai Ringin, Sekadau Hilir, by the village office",
    ),
)  # M2
ASK_PLACE_AGAIN = Phrase(
    N_("We do not know that place in {regency}. In which district is it?"),
    NP_("sms", "Place not known. Which district? {options}"),
)
ASK_DISTRICT = Phrase(
    N_("We need to know the district at least. Which one is it?"),
    NP_("sms", "We need the district at least. Which one? {options}"),
)
OUTSIDE = Phrase(
    N_("That seems to be outside {regency}, where we can do nothing. If it is inside, in which district?"),
    NP_("sms", "That seems to be outside {regency}. If it is inside, which district? {options}"),
)
POINT_OUTSIDE = Phrase(
    N_("That point is outside {regency}. Send another one, or name the village and district."),
    NP_("sms", "That point is outside {regency}. Name the village and district."),
)
ASK_WHICH_AREA = Phrase(
    N_("Several places have that name. Which one do you mean?"),
    NP_("sms", "Several places have that name. Which one? {options}"),
)
ASK_WHICH_OF_PLACES = Phrase(
    N_(
        "You name several places. Which one is this report about? Something is wrong in each? Send a report for each."
    ),
    NP_("sms", "You name several places. Which one is it about? {options}"),
)
ASK_POINT = Phrase(
    N_("Your point lies in {area}. Is that right?"),
    NP_("sms", "Your point lies in {area}. Right? YES or NO"),
)
ASK_LANDMARK = Phrase(
    N_("Where exactly in {area}? A landmark nearby helps the officer to find it. Or SKIP."),
    NP_("sms", "Where exactly in {area}? Nearest landmark, or SKIP"),
)
ASK_VILLAGE = Phrase(
    N_("Which village in {area}, and near what? Write it, or SKIP if you do not know."),
    NP_("sms", "Which village in {area}, near what? Or SKIP"),
)
ASK_PHOTOS = Phrase(
    N_("Do you have a photo? Send it now. No photo: SKIP."),
    NP_("sms", "No photo needed. SKIP"),
)
SEND_PHOTOS = Phrase(
    N_("Good. Please send the photo here now. If not after all: SKIP."),
    NP_("sms", "Please send the photo now. If not: SKIP"),
)
PHOTO_KEPT = Phrase(
    N_("We have your photos or files ({count}). More? Just send them; if that is all, write GO ON."),
    NP_("sms", "We have {count} file(s)."),
)
RECEIVED = Phrase(N_("We are checking your file."), NP_("sms", "We are checking your file."))
POINT_RECEIVED = Phrase(
    N_("Thank you, we have your location: {area}."), NP_("sms", "We have your location: {area}.")
)
TOO_MANY_FILES = Phrase(
    N_("We can take {limit} files for one report; this one was not kept."),
    NP_("sms", "We can take {limit} files; this one was not kept."),
)
FILE_NOT_TAKEN = Phrase(N_("The file with it was not kept."), NP_("sms", "The file with it was not kept."))
FILE_TOO_BIG = Phrase(
    N_("This file is too big; we can take {limit} MB. Please send a smaller one or a photo."),
    NP_("sms", "This file is too big; we can take {limit} MB."),
)
ASK_PRIVACY = Phrase(
    N_(
        "Who may know of this report?\n"
        "Hidden: your name and text are seen only by those who handle it.\n"
        "Anonymous: the text may be shown, your name never.\n"
        "Open: the agency may know your name."
    ),
    NP_("sms", "Who may know? 1 hidden 2 anonymous 3 open"),
)
ASK_NAME = Phrase(
    N_("Which name may the agency know? Write it, or SKIP."),
    NP_("sms", "Which name may the agency know? Or SKIP"),
)
ASK_WHEN = Phrase(
    N_("When did it happen, or since when? Example: yesterday, since 1 August, for 2 weeks."),
    NP_("sms", "Since when? Example: yesterday, 1 Aug, 2 weeks"),
)
ASK_WHEN_AGAIN = Phrase(
    N_('We could not read a date in that. Write it like 15/8, or "3 days ago".'),
    NP_("sms", "We could not read the date. Write like 15/8 or 3 days ago"),
)
ASK_CATEGORY = Phrase(
    N_("What is it about? Choose, or write a word such as road, water, electricity."),
    NP_("sms", "What is it about? Write one word: road, water, electricity, health, school..."),
)
ASK_EDIT = Phrase(
    N_("What do you want to change?"),
    NP_("sms", "Change what? {options}"),
)
SUMMARY = Phrase(
    N_("Your report:\n{facts}\n\nSend it?"),
    NP_(
        "sms",
        "Noted: {brief}. Name and number stay hidden. Reply YES to send, EDIT to change, DISCARD to delete",
    ),
)  # M3
SUMMARY_OPEN = Phrase(
    SUMMARY.chat,
    NP_(
        "sms",
        "Noted: {brief}. The agency may know your name. Reply YES to send, EDIT to change, DISCARD to delete",
    ),
)  # M3 for who chose to be named
SUMMARY_SHIELDED = Phrase(
    SUMMARY.chat,
    NP_(
        "sms",
        "Your name and number stay hidden. Send this report? Reply YES to send, EDIT to change, DISCARD to throw away",
    ),
)  # M3 where others who hold the phone may not read what it is about
SUMMARY_SENT = Phrase(N_("Your report:\n{facts}"), NP_("sms", "Report sent."))
SUMMARY_AGAIN = Phrase(
    N_("Your report is not sent yet. YES sends it, EDIT changes it, DISCARD deletes it."),
    NP_("sms", "Your report is not sent yet. Reply YES to send, EDIT to change, DISCARD to throw away"),
)
ASK_DISCARD = Phrase(
    N_("Your report is not sent yet. Delete it?"),
    NP_("sms", "Your report is not sent yet. Delete it? YES or NO"),
)
DISCARDED = Phrase(
    N_("The unfinished report is deleted. You can write a new one at any time."),
    NP_("sms", "The unfinished report is deleted. You can write a new one at any time."),
)
NOTHING_TO_DISCARD = Phrase(
    N_("There is no unfinished report. News of a report you sent: STATUS. To take it back: WITHDRAW."),
    NP_("sms", "There is no unfinished report. News of a sent report: STATUS, to take it back: WITHDRAW"),
)
ASK_RESUME = Phrase(
    N_("You have an unfinished report ({about}). Go on with it, or start a new one and throw that one away?"),
    NP_("sms", "You have an unfinished report. Reply 1 to go on, 2 to start a new one"),
)
WORDS_KEPT = Phrase(
    N_("We keep what you just wrote. Please decide about the unfinished report first."),
    NP_("sms", "We keep your message."),
)
OTHER_WAITS = Phrase(
    N_(
        "We keep what you wrote about the other problem. It has its turn as soon as this report is done. "
        "Does it belong to this one? Write ADD."
    ),
    NP_("sms", "Your other problem is kept for later. Part of this one? ADD."),
)
NOW_THE_OTHER = Phrase(N_("Now your other report."), NP_("sms", "Now your other report."))
EDITED = Phrase(N_("We took over your change."), NP_("sms", "We took over your change."))
CORRECTED = Phrase(N_("We changed that: {facts}."), NP_("sms", "Changed."))
NOTED_TOO = Phrase(N_("We noted that as well: {facts}."), NP_("sms", "Thank you."))
KEPT_SECRET = Phrase(N_("We keep it secret."), NP_("sms", "We keep it secret."))
VOICE_NOTE = N_("(voice message)")
VOICE_KEPT = Phrase(N_("Thank you, we have your voice message."), NP_("sms", "We have your voice message."))
FAQ_HOW_LONG = Phrase(
    N_("We check each report within {days} working days and then tell you who handles it and by when."),
    NP_("sms", "We check each report within {days} working days, then tell you who handles it."),
)
FAQ_WHO = Phrase(
    N_(
        "Only those who handle the report read it. Agencies see neither your name nor your number, "
        "unless you choose so."
    ),
    NP_("sms", "Only those who handle it read it. Agencies see neither your name nor your number."),
)
FAQ_COST = Phrase(
    N_("Reporting costs nothing. Your operator's usual charges for data and SMS apply."),
    NP_("sms", "Reporting costs nothing. Your operator's usual charges for SMS apply."),
)
FAQ_WHO_ARE_YOU = Phrase(
    N_(
        "This is {service}, a service of the local government. A machine takes the reports down; officers read and "
        "answer them."
    ),
    NP_("sms", "This is {service} of the local government. Officers read and answer the reports."),
)
FAQ_HERE = Phrase(
    N_("You can report right here: just write what is wrong. We do not read WhatsApp or e-mail."),
    NP_("sms", "Report right here: write what is wrong. We do not read WhatsApp or e-mail."),
)
ADDED_TO_DRAFT = Phrase(N_("We added that to your report."), NP_("sms", "Added."))
STALE = Phrase(
    N_("That button belongs to an earlier question."),
    NP_("sms", "That belongs to an earlier question."),
)
NOTHING_OPEN = Phrase(
    N_("No report is being written. Do you want to report something? Just write what is wrong."),
    NP_("sms", "No report is being written. To report, just write what is wrong."),
)
NOTHING_TO_CHANGE = Phrase(
    N_(
        "No report is being written. One that is sent stays as it is, but you can add to it: "
        "write ADD, its number and what to add."
    ),
    NP_("sms", "No report is being written. To add to one that is sent: ADD, its number and what to add."),
)

# labels of buttons and lines
YES = N_("Yes")
NO = N_("No")
SKIP = N_("Skip")
GO_ON = N_("Go on")
START_NEW = N_("Start a new one")
SEND = N_("Send")
CHANGE = N_("Change")
DISCARD = N_("Discard")
THROW_AWAY = N_("Delete")
KEEP = N_("Do not delete")
KEEP_TEXT = N_("Keep the text")
BACK = N_("Back")
DO_NOT_KNOW = N_("I do not know")
HIDDEN = N_("Hidden (advised)")
ANONYMOUS = N_("Anonymous")
OPEN = N_("Open")
SEND_LOCATION = N_("Send my location")
FIELD_DESCRIPTION = N_("Problem")
FIELD_PLACE = N_("Place")
FIELD_WHEN = N_("When")
FIELD_CATEGORY = N_("About")
FIELD_PHOTOS = N_("Files")
FIELD_PRIVACY = N_("Who may know")
FIELD_FOR = N_("For")
FOR_ANOTHER = N_("somebody else, who was not asked or does not agree")
FOR_ANOTHER_AGREED = N_("somebody else, who agrees")
SINCE = N_("since {day}")
NO_DAY = N_("not clear")
IMPOSSIBLE_DAY = N_('not clear ("{words}" is in no calendar)')
# of a day, in a text for SMS
SINCE_SHORT = NP_("sms", "since {day}")
NO_FILES = N_("none")
# what a recall says is missing, within a sentence
MISSING_DESCRIPTION = N_("what is wrong")
MISSING_CONSENT = N_("whether the person you report for agrees")
MISSING_DETAIL = N_("a little more about the problem")
MISSING_PLACE = N_("the place")
MISSING_EXACT_PLACE = N_("where exactly it is")
MISSING_PHOTOS = N_("a photo, if there is one")
MISSING_PRIVACY = N_("who may know of it")
MISSING_NAME = N_("a name, if you want to give one")
MISSING_WHEN = N_("since when")
MISSING_CATEGORY = N_("what it is about")
PRIVACY_HIDDEN = N_("hidden, only those who handle it")
PRIVACY_ANONYMOUS = N_("anonymous, your name is never shown")
PRIVACY_OPEN = N_("open")
PRIVACY_OPEN_NAMED = N_("open, in the name of {name}")
PLACE_UNKNOWN = N_("not named")
AREA_VILLAGE = N_("Desa {name}")
AREA_DISTRICT = N_("Kec. {name}")
