"""What the pages for browsers say. As `wording.py`; a page has room, so there is no short wording."""

from handlers.i18n import N_

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
