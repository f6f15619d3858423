"""What is said to a reporter who answers, contests or adds to a filed report. As `wording.py`."""

from handlers.i18n import N_, NP_, Phrase

ASK_ADDITION_HERE = Phrase(
    N_("What do you want to add to report {number}? Write it here, or send a photo."),
    NP_("sms", "What do you want to add to report {number}? Write it here."),
)
#: of what accuses somebody in office
KEPT_APART = Phrase(
    N_(
        "What you say about officials is a secret report of its own, {number}. Only {agency} and the coordinator see it, not the office it is about."
    ),
    NP_(
        "sms",
        "What you say about officials is secret report {number}: only {agency} and the coordinator see it.",
    ),
)
#: after as many additions in an hour as are answered
ADDED_MUCH = Phrase(
    N_(
        "We keep all you add to report {number}. Officers hear of it once an hour, and we do not answer each message."
    ),
    NP_(
        "sms", "We keep all you add to {number}. Officers hear of it once an hour; we do not answer each SMS."
    ),
)
STILL_ASKED = Phrase(
    N_("What the officer asked about report {number} is still to be answered."),
    NP_("sms", "What was asked about {number} is still to be answered."),
)
ASK_WHY_REOPEN = Phrase(
    N_("What is not solved yet about report {number}? Please write it here."),
    NP_("sms", "What is not solved yet about {number}? Please reply with it."),
)
ASK_WHY_APPEAL = Phrase(
    N_("Why should report {number} be handled after all? Please write it here."),
    NP_("sms", "Why should {number} be handled after all? Please reply with it."),
)
ASK_SOLVED = Phrase(
    N_("Is it solved?"),
    NP_("sms", "Solved? Reply YES, or NOT YET and why."),
)
ASK_WHICH = Phrase(
    N_("Thank you, we have it. Which report is it about?\n{reports}"),
    NP_("sms", "Which report is that about? Reply {options}"),
)
WORDS_KEPT_HERE = Phrase(
    N_("What you wrote is kept with that report."), NP_("sms", "What you wrote is kept with it.")
)
ASK_STARS = Phrase(
    N_("How did we do with report {number}? Please answer from 1 (poor) to 5 (good)."),
    NP_("sms", "How did we do with {number}? Please reply 1 (poor) to 5 (good)"),
)
ADD_OR_NEW = Phrase(
    N_("Thank you. Is that an addition to report {number}, or a new report?"),
    NP_("sms", "Is that an addition to {number}, or a new report? Reply {options}"),
)
WHICH_OR_NEW = Phrase(
    N_("Thank you. Which report is that an addition to, or is it a new one?\n{reports}"),
    NP_("sms", "An addition to which report, or a new one? Reply {options}"),
)
#: goes before the question which report it is about, when that is asked again
STILL_KEPT = Phrase(
    N_("Your message has not gone to the officers yet: we do not know which report it is about."),
    NP_("sms", "Your message is not sent yet."),
)
#: of many messages that wait for that question's answer
NO_MORE_KEPT = Phrase(
    N_("We keep no more until we know which report it is about."),
    NP_("sms", "We keep no more before you answer."),
)
KEPT_EXPIRED = Phrase(
    N_(
        "We did not hear which report your message was about, so we deleted it. You can write it again at any time."
    ),
    NP_("sms", "We deleted your message. You can write it again at any time."),
)
APPEAL_OR_NEW = Phrase(
    N_("We archived report {number}. Do you not agree and APPEAL, or is that a new report?"),
    NP_(
        "sms",
        "We archived {number}. Do you APPEAL with these words, or is that a new report? Reply {options}",
    ),
)
SENT_OR_DRAFT = Phrase(
    N_("Is that about report {number}, or about the report you are writing now?"),
    NP_("sms", "Is that about {number}, or about the report you are writing? Reply {options}"),
)
ASK_REOPEN = Phrase(
    N_("To open a report again, write REOPEN, its number and why. Example: REOPEN {example} it leaks again"),
    NP_(
        "sms",
        "To open a report again, reply REOPEN, its number and why. Example: REOPEN {example} it leaks again",
    ),
)
ASK_APPEAL = Phrase(
    N_(
        "If we archived a report and you do not agree, write APPEAL, its number and why. Example: APPEAL {example} it is a public road"
    ),
    NP_(
        "sms",
        "If you do not agree, reply APPEAL, the number and why. Example: APPEAL {example} it is a public road",
    ),
)
NOT_REOPENED = Phrase(
    N_("Report {number} cannot be opened again as it stands: {state}."),
    NP_("sms", "Report {number} cannot be opened again as it stands: {state}."),
)
REOPEN_TOO_LATE = Phrase(
    N_(
        "Report {number} was closed more than {days} days ago. Is the problem there again? Just write it as a new report."
    ),
    NP_(
        "sms", "{number} was closed more than {days} days ago. Problem there again? Write it as a new report."
    ),
)
REOPEN_TOO_OFTEN = Phrase(
    N_(
        "Report {number} was opened again {count} times already. Now a coordinator has to do it: write PERSON, or {contact}"
    ),
    NP_("sms", "{number} was opened again {count} times already. Now a coordinator has to: reply PERSON"),
)
NOT_APPEALED = Phrase(
    N_("Report {number} is not archived by us: {state}. There is nothing to contest."),
    NP_("sms", "Report {number} is not archived by us: {state}. There is nothing to contest."),
)
APPEAL_TOO_LATE = Phrase(
    N_(
        "Report {number} could be contested for {days} working days; they are over. A new report is always possible."
    ),
    NP_(
        "sms",
        "{number} could be contested for {days} working days; they are over. You can send a new report.",
    ),
)
APPEAL_TOO_OFTEN = Phrase(
    N_(
        "You have contested that report {number} was archived, and we looked at it again. That decision is final."
    ),
    NP_("sms", "You have contested {number} before and we looked at it again. That decision is final."),
)
ASK_SURE_WITHDRAW = Phrase(
    N_("Take report {number} back? It is archived and not handled any more. This cannot be undone."),
    NP_("sms", "Take {number} back? It is archived and not handled any more. Reply YES or NO"),
)
ASK_WHY_WITHDRAW = Phrase(
    N_(
        "Why do you take report {number} back? Please write it here. "
        "This cannot be undone; you can file a new report at any time."
    ),
    NP_("sms", "Why take {number} back? Please reply with it. This cannot be undone."),
)
WITHDRAWN_BEFORE = Phrase(
    N_(
        "You took report {number} back yourself. If the problem comes up again, just write it as a new report."
    ),
    NP_("sms", "You took {number} back yourself. Problem there again? Write it as a new report."),
)
ADD_OR_REPORT = Phrase(
    N_("Something to add? Write ADD {number} and what. Another problem? Write REPORT and what is wrong."),
    NP_("sms", "To add: ADD. Another problem: REPORT and what is wrong"),
)
NOTHING_AWAITED = Phrase(N_("All right, nothing is changed."), NP_("sms", "All right, nothing is changed."))
ERASE_OFFICER = Phrase(
    N_(
        "This account works reports as an officer, so its data cannot be erased. Ask a coordinator to end your post first, then write DELETE MY DATA again."
    ),
    NP_(
        "sms",
        "You are an officer here, so your data stays. Ask a coordinator to end your post first, then DELETE MY DATA.",
    ),
)

# labels of buttons, and what stands for words where there are none
ADD = N_("Add something")
ADDITION = N_("Addition")
APPEAL = N_("Appeal")
NEW_REPORT = N_("New report")
BEING_WRITTEN = N_("The one I am writing")
FILES_SENT = N_("(file sent)")
