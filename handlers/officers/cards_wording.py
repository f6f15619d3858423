"""What stands on an officer's card, a line each.

As `handlers/wording.py`. On an SMS a card is one line, and how to answer it (M20).
"""

from handlers.i18n import N_, NP_, Phrase

DUE = Phrase(
    N_("{number} · {left} working days left, until {due}"),
    NP_("sms", "{number} {category}, {area}. {left} working days left, until {due}."),
)
DUE_TODAY = Phrase(
    N_("{number} · due TODAY"),
    NP_("sms", "{number} {category}, {area}. Due TODAY."),
)
LATE = Phrase(
    N_("{number} · LATE by {late} working days, was due {due}"),
    NP_("sms", "{number} {category}, {area}. LATE by {late} working days, was due {due}."),
)
WAITING = Phrase(
    N_("{number} · the citizen has until {due}"),
    NP_("sms", "{number} {category}, {area}. The citizen has until {due}."),
)
#: in a queue, behind the number
LEFT_SHORT = N_("{left} days left")
TODAY_SHORT = N_("TODAY")
LATE_SHORT = N_("LATE {late} days")
WAITING_SHORT = N_("citizen until {due}")

HOW_ANSWER = NP_("sms", "Reply ANSWER {digits} text")
HOW_NEW = NP_("sms", "Reply ANSWER {digits} text, or RETURN {digits} reason")
HOW_OTHERS = NP_("sms", "Reply SHOW {digits}")

SAID_SHORT = NP_("sms", "They say: {words}")

CHECKED = N_("Checked, not passed on yet")
ABOUT = N_("{state} · {about}")
ABOUT_TYPE = N_("{state} · {type} · {about}")
EMERGENCY = N_("DANGER TO LIFE")
#: in a queue, in the place of the days left alone
EMERGENCY_SHORT = N_("DANGER TO LIFE, {due}")
PLACE = N_("Place: {place}")
SINCE = N_("Since {day}, it goes on")
#: of a report that is over
BEGAN = N_("Since {day}")
ON = N_("Happened {day}")
NO_DAY = N_("When is not clear; reported {day}")
SAID = N_('"{text}"')
ADDED = N_('Added {day}: "{text}"')
HIDDEN = N_("Names and numbers are hidden where recognised; with a reason you see them: /lengkap {digits}")
HIDDEN_FROM_YOU = N_("Names and numbers are hidden. If you need them, ask the coordinator: /lengkap {digits}")
OPENED = N_("What stands in [[ ]] is hidden from everybody else. This was recorded. Do not pass it on.")
NOTHING_HIDDEN = N_("Nothing in this report is hidden, so nothing was recorded.")
FILES = N_("Files: {count}")
NEWS = N_("Last news to the citizen, {day}: {text}")
NEWS_LOST = N_("Recorded {day}, but it has not reached the citizen: {text}")
NOTE = N_("Note of {name}, {day}: {text}")
HOLDER = N_("Taken by {name}")
AT_AGENCY = N_("With {agency}")
OUTSIDE = N_("With {agency}, number there: {outside}")
JOINED = N_("Follows {parent}")
#: an accusation
BESIDES = N_("Told in addition to report {parent}, which whoever has it was not told of")
RETURNED = N_('Handed back {count} times: "{text}"')
OBJECTS = N_('The citizen objects to the archiving: "{text}"')
CONSENTED = N_("The citizen agreed on {day} that it goes to {ombudsman}.")
OWN_REMINDER = N_("I remind you of it on {day}.")
STOPPED = N_("The citizen wants no news (STOP).")
UNREACHABLE = N_("This reporter cannot be reached by SMS or Telegram.")
PROPOSED = N_("Proposed answer, by {name}:\n{text}")
IN_PRIVATE = N_("The rest only in your private chat with me.")
OPEN_IN_PRIVATE = N_("Open in private chat")
SOMEBODY = N_("an officer")

# --- what became of the last news; reports by SMS and Telegram differ: only an SMS is known to have arrived ---

NEWS_ARRIVED = Phrase(N_("Our last news reached the citizen: {at}."), NP_("sms", "Last news: arrived {at}."))
NEWS_LEFT = Phrase(N_("Our last news was sent to the citizen: {at}."), NP_("sms", "Last news: sent {at}."))
NEWS_WAITS = Phrase(
    N_("Our last news waits; the citizen gets it: {at}."), NP_("sms", "Last news: waits until {at}.")
)
NEWS_LEAVES = Phrase(N_("Our last news is on its way to the citizen."), NP_("sms", "Last news: on its way."))
NEWS_AGAIN = Phrase(
    N_("Our last news has not reached the citizen yet; we try again: {at}."),
    NP_("sms", "Last news: not arrived yet, we try again."),
)
NEWS_REFUSED = Phrase(
    N_("NOT DELIVERED: our last news was refused. There is no such number or account, or it blocks us."),
    NP_("sms", "Last news NOT DELIVERED: wrong number, or we are blocked."),
)
NEWS_FAILED = Phrase(
    N_("NOT DELIVERED: the provider could not bring our last news to the citizen."),
    NP_("sms", "Last news NOT DELIVERED."),
)
NEWS_DOUBTED = Phrase(
    N_("Our last news was first reported as delivered, then as failed: perhaps the citizen did not read it."),
    NP_("sms", "Last news: perhaps not arrived."),
)
NEWS_UNWANTED = Phrase(
    N_("Our last news was not sent, as the citizen wants none."), NP_("sms", "Last news: not sent (STOP).")
)
