"""What a report's reporter hears of it without asking (docs/rules.md, Messages: M5 to M14, M17, M18).

As `wording.py`. {words} are an officer's, and go in whole; {agency} is the full name in a chat, the short one in an SMS.
"""

from handlers.i18n import N_, NP_, Phrase

#: before the addresses of pictures in an SMS
FILES_LABEL = N_("Photo")

HELD = Phrase(
    N_(
        "To go on with your report {number} we need to know:\n{words}\n\nPlease reply to this message by {due}. Without an answer we archive the report."
    ),
    NP_("sms", "{number}: {words} Please reply by {due}. Without a reply we archive the report."),
)  # M5
ASKED = Phrase(
    N_("{agency} asks about your report {number}:\n{words}\n\nPlease reply to this message."),
    NP_("sms", "{number}, {agency} asks: {words} Please reply here."),
)
REPLY_TAKEN = Phrase(
    N_("Thank you. We go on with your report {number} and check it by {due}."),
    NP_("sms", "Thank you. We go on with {number} and check it by {due}."),
)
REPLY_PASSED = Phrase(
    N_("Thank you. We pass your answer about report {number} on to {agency}."),
    NP_("sms", "Thank you. We pass your answer about {number} on to {agency}."),
)
DISPOSED = Phrase(
    N_("Your report {number} was passed on to {agency}. You get a first answer by {due}."),
    NP_("sms", "{number} was passed on to {agency}. First answer by {due}. We tell you when there is news."),
)  # M6
DISPOSED_SECRET = Phrase(
    N_(
        "Your report {number} is handled by {agency} and is secret. The examination takes {days} working days at most, until {due}. We do not disclose who you are."
    ),
    NP_(
        "sms",
        "{number} is handled by {agency} and is secret. Examined by {due} at the latest. We do not disclose who you are.",
    ),
)  # M18
RETURNED = Phrase(
    N_("{agency} is not the right office for your report {number}. We find the right one by {due}."),
    NP_("sms", "{agency} is not the right office for {number}. We find the right one by {due}."),
)
RETURNED_LATE = Phrase(
    N_(
        "{agency} is not the right office for your report {number}. We are looking for the right one and tell you."
    ),
    NP_("sms", "{agency} is not the right office for {number}. We look for the right one and tell you."),
)
FORWARDED = Phrase(
    N_(
        "Your report {number} is not ours to handle, so we passed it on to {agency}.\n{words}\n\nWe go on following it and tell you what comes of it."
    ),
    NP_(
        "sms",
        "{number} is not ours to handle. {words} We passed it on to {agency}. You still get news from us.",
    ),
)  # M12
FORWARDED_BARE = Phrase(
    N_(
        "Your report {number} is not ours to handle, so we passed it on to {agency}. We go on following it and tell you what comes of it."
    ),
    NP_("sms", "{number} is not ours to handle. We passed it on to {agency}. You still get news from us."),
)  # M12
NUMBERED = Phrase(
    N_("{agency} has given your report {number} the number {outside}. STATUS works with either."),
    NP_("sms", "{number} has the number {outside} at {agency}. STATUS works with either."),
)
JOINED = Phrase(
    N_(
        "Somebody else has reported this as well. We joined your report {number} with theirs, and you still get all news."
    ),
    NP_(
        "sms",
        "Somebody else has reported this as well. We joined your report {number} with theirs; you still get all news.",
    ),
)  # M14
JOINED_HANDLED = Phrase(
    N_(
        "Somebody else has reported this as well, and {agency} is handling it until {due}. We joined your report {number} with theirs, and you still get all news."
    ),
    NP_(
        "sms",
        "Reported by others too, {agency} handles it until {due}. We joined your report {number} with theirs; you still get news.",
    ),
)  # M14
ARCHIVED = Phrase(
    N_(
        "We cannot handle your report {number}: {why}.\n{words}\n\nAre we wrong? Write APPEAL {number} and why, by {due}."
    ),
    NP_(
        "sms",
        "{number} cannot be handled: {why}. {words} Are we wrong? Reply APPEAL {number} and why, by {due}",
    ),
)  # M13
ARCHIVED_AGAIN = Phrase(
    N_(
        "We looked at your report {number} once more. We still cannot handle it: {why}.\n{words}\n\nThis decision is final."
    ),
    NP_(
        "sms",
        "We looked at {number} once more. It still cannot be handled: {why}. {words} This decision is final.",
    ),
)
ARCHIVED_JOINED = Phrase(
    N_(
        "We cannot handle the report that yours ({number}) was joined with: {why}.\n{words}\n\nIs yours about something else? Just write it as a new report."
    ),
    NP_(
        "sms",
        "{number} cannot be handled: {why}. {words} Is yours about something else? Write it as a new report.",
    ),
)
APPEALED = Phrase(
    N_(
        "Thank you. We have noted that you do not agree about report {number}. A coordinator looks at it again and tells you."
    ),
    NP_(
        "sms",
        "Thank you. Noted that you do not agree about {number}. A coordinator looks at it again and tells you.",
    ),
)
RESTORED = Phrase(
    N_("You were right to ask: we check your report {number} anew, by {due}."),
    NP_("sms", "We check your report {number} anew, by {due}."),
)
RELEASED = Phrase(
    N_("The report that yours ({number}) was joined with was taken back. We check yours by {due}."),
    NP_("sms", "The report that {number} was joined with was taken back. We check yours by {due}."),
)
SEPARATED = Phrase(
    N_("Your report {number} is handled by itself from now on. We check it by {due}."),
    NP_("sms", "Report {number} is handled by itself from now on. We check it by {due}."),
)
PROGRESS = Phrase(
    N_("{agency} is working on your report {number}:\n{words}\n\nTo be settled by {due}."),
    NP_("sms", "{number} is in progress at {agency}: {words} To be settled by {due}"),
)  # M7
PROGRESS_LATE = Phrase(
    N_(
        "{agency} is working on your report {number}:\n{words}\n\nIt was to be settled by {due}. We are sorry for the delay."
    ),
    NP_("sms", "{number} is in progress at {agency}: {words} It was to be settled by {due}, sorry."),
)
ANSWERED = Phrase(
    N_(
        "{agency} answers your report {number}:\n{words}\n\nIs it solved? Without a reply by {due} we close it."
    ),
    NP_(
        "sms",
        "{number} answered by {agency}: {words} Solved? Reply YES, or NOT YET and why. Without a reply by {due} we close it",
    ),
)  # M8
ANSWERED_JOINED = Phrase(
    N_("{agency} answers the report that yours ({number}) was joined with:\n{words}"),
    NP_("sms", "{number} answered by {agency}: {words}"),
)
# an officer's answer in one piece: what was found, what was done, when
SOLUTION = Phrase(N_("{finding}\n{action} ({day})."), NP_("sms", "{finding} {action} ({day})."))
SETTLED = Phrase(
    N_(
        "Your report {number} is solved. How do you rate our service, from 1 (bad) to 5 (good)?\n\nIs the problem back? Write REOPEN {number} and why."
    ),
    NP_(
        "sms",
        "{number} is solved. Rate our service: reply 1 (bad) to 5 (good). Problem back? Reply REOPEN {number}",
    ),
)  # M10
LAPSED = Phrase(
    N_(
        "We heard nothing from you, so your report {number} is closed. How do you rate our service, from 1 (bad) to 5 (good)?\n\nNot solved? Write REOPEN {number} and why."
    ),
    NP_(
        "sms",
        "{number} is closed, as we heard nothing. Rate our service: 1 (bad) to 5 (good). Not solved? Reply REOPEN {number}",
    ),
)  # M10
SETTLED_JOINED = Phrase(
    N_("The problem of your report {number} counts as solved. Not so? Just write it as a new report."),
    NP_("sms", "The problem of {number} counts as solved. Not so? Write it as a new report."),
)
REOPENED = Phrase(
    N_("Your report {number} is open again. {agency} answers by {due}."),
    NP_("sms", "{number} is open again. {agency} answers by {due}."),
)
REOPENED_ASK = Phrase(
    N_(
        "Your report {number} is open again. {agency} answers by {due}.\n\nWhat is not solved yet? Please write it here."
    ),
    NP_(
        "sms",
        "{number} is open again. {agency} answers by {due}. What is not solved yet? Please reply with it.",
    ),
)
EXTENDED = Phrase(
    N_("Your report {number} takes longer, until {due}. The reason:\n{words}"),
    NP_("sms", "{number} takes longer, until {due}. The reason: {words}"),
)
RECLASSIFIED = Phrase(
    N_(
        "Having looked at your report {number}, we handle it as another kind of report. It is to be settled by {due}."
    ),
    NP_("sms", "We handle {number} as another kind of report now. To be settled by {due}."),
)
RATED = Phrase(
    N_("Thank you. We noted your rating of report {number}."),
    NP_("sms", "Thank you. Rating of {number} noted."),
)

# labels of buttons
SOLVED = N_("Yes, it is")
NOT_SOLVED = N_("Not yet")
WORST = N_("1 (bad)")
BEST = N_("5 (good)")
REOPEN = N_("Reopen it")
