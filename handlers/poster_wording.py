"""What posters and cards say. As `wording.py`, for people who read little: few words, and none of an office."""

from handlers.i18n import N_

TITLE = N_("Poster and cards")
#: what is wrong; one line each
PROBLEMS = (N_("Road broken?"), N_("Lamp out?"), N_("Rubbish?"))
CALL = N_("Tell us with your phone.")
BY_TELEGRAM = N_("With Telegram")
SCAN = N_("Point your phone's camera at this square.")
OR_SEARCH = N_("Or search in Telegram for:")
BY_SMS = N_("By SMS")
SEND_TO = N_("From any phone, send to:")
LIKE_THIS = N_("Like this:")
EXAMPLE = N_("REPORT road broken at the school, {area}, for 2 weeks")
SMS_COSTS = N_("An SMS costs what it always does.")
#: what to do, and what that means
STEPS = (
    (N_("Write"), N_("What is wrong? Where? Since when?")),
    (N_("Keep the number"), N_("Want to know more? Write STATUS and that number.")),
    (N_("Wait for news"), N_("We tell you who handles it and what was done.")),
)
HIDDEN = N_("Your name and number stay hidden from the agencies.")
DANGER = N_("Danger now? Call:")
CARD_CALL = N_("Something wrong? Tell us.")
CARD_WHAT = N_("Write what is wrong, where, and since when.")
QR_LABEL = N_("Code that opens Telegram: {link}")
CUT = N_("Cut along the dashed lines.")
