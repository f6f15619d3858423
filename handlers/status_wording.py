"""How a report stands, in the words of STATUS (docs/rules.md, Messages, M17). As `wording.py`."""

from handlers.i18n import N_, NP_, Phrase

STATUS = Phrase(
    N_("{number}: {state}. Filed {filed}.\n{next}"),
    NP_("sms", "{number}: {state}. Filed {filed}. {next}"),
)  # M17
STATUS_OWN = Phrase(
    N_("{number}: {state}. Filed {filed}.\nAbout: {about}\n{next}"),
    NP_("sms", "{number}: {state}. Filed {filed}. {next}"),
)
NEXT_CHECK = Phrase(N_("We check it by {due}."), NP_("sms", "We check it by {due}."))
NEXT_NOTHING = Phrase(N_("It is closed."), NP_("sms", "It is closed."))
NEXT_WITHDRAWN = Phrase(N_("The reporter took it back."), NP_("sms", "The reporter took it back."))
NEXT_CHECK_LATE = Phrase(
    N_("The check was due by {due} and is late. We are sorry."),
    NP_("sms", "The check was due by {due} and is late, sorry."),
)
# {agency}: the full name in a chat, the short one in an SMS
NEXT_DATA = Phrase(
    N_("We wait for your answer until {due}."), NP_("sms", "We wait for your answer until {due}.")
)
NEXT_FIRST = Phrase(
    N_("{agency} answers by {due}. Today is working day {day} of {days}."),
    NP_("sms", "{agency} answers by {due}, working day {day} of {days}."),
)
NEXT_SETTLE = Phrase(
    N_("{agency} works on it until {due}. Today is working day {day} of {days}."),
    NP_("sms", "{agency}, working day {day} of {days}, until {due}."),
)  # M17
NEXT_LATE = Phrase(
    N_("{agency} was to answer by {due} and is late. We are sorry."),
    NP_("sms", "{agency} is late, it was due {due}, sorry."),
)
NEXT_REPLY = Phrase(
    N_("Is it solved? Reply YES, or NOT YET and why, by {due}."),
    NP_("sms", "Solved? Reply YES or NOT YET by {due}."),
)
NEXT_STILL = Phrase(N_("We still wait for your answer."), NP_("sms", "We still wait for your answer."))
NEXT_OUTSIDE = Phrase(
    N_("{agency} handles it. We ask after it by {due}."),
    NP_("sms", "{agency} handles it. We ask after it by {due}."),
)
NEXT_JOINED = Phrase(
    N_("You get all news of the report it was joined with."), NP_("sms", "You get all its news.")
)
NEXT_APPEAL = Phrase(
    N_("A coordinator is looking at your objection."), NP_("sms", "A coordinator looks at your objection.")
)
LAST_NEWS = Phrase(N_("Last news {at}: {news}"), NP_("sms", "Last news {at}: {news}"))
# what was last heard, where no officer's words say it
TOLD_CHECKED = N_("it was checked")
TOLD_REPLIED = N_("we have your answer")
TOLD_DISPOSED = N_("passed on to {agency}")
TOLD_RETURNED = N_("handed back by {agency}")
TOLD_OPEN = N_("opened again")
TOLD_ANEW = N_("checked anew")
TOLD_CONFIRMED = N_("you said that it is solved")
TOLD_LAPSED = N_("closed without a reply")

# whose turn it is, in a list of reports
WAITS_FOR_YOU = N_("waits for you")
WAITS_FOR = N_("waits for {agency}")
