"""What is said of files that did not arrive or could not be kept: of an unfinished report's, and of a filed one's.

As `wording.py`, which has what the conversation says.
"""

from handlers.i18n import N_, NP_, Phrase

TYPE_REFUSED = Phrase(
    N_("We cannot take this kind of file. We take photos, videos, voice notes and PDF."),
    NP_("sms", "We cannot take this kind of file. We take photos, videos, voice notes and PDF."),
)
FILE_LOST = Phrase(
    N_(
        "File {position} of your report {number} did not reach us. The report is kept. Please send the file again."
    ),
    NP_("sms", "File {position} of report {number} did not reach us. The report is kept."),
)
DRAFT_FILE_LOST = Phrase(
    N_("File {position} did not reach us. Please send it again; your report goes on without it otherwise."),
    NP_("sms", "File {position} did not reach us."),
)
DRAFT_FILE_REFUSED = Phrase(
    N_(
        "We could not take file {position}. We take photos, videos, voice notes and PDF. Your report goes on without it."
    ),
    NP_("sms", "We could not take file {position}. We take photos, videos, voice notes and PDF."),
)
FILE_REFUSED = Phrase(
    N_(
        "We could not take file {position} of your report {number}. We take photos, videos, voice notes and PDF. The report is kept."
    ),
    NP_(
        "sms",
        "We could not take file {position} of report {number}. We take photos, videos, voice notes and PDF. The report is kept.",
    ),
)
DRAFT_FILE_TOO_LARGE = Phrase(
    N_(
        "File {position} is too big: we take up to {limit} MB. Please send a smaller one; your report goes on without it otherwise."
    ),
    NP_("sms", "File {position} is too big: we take up to {limit} MB."),
)
FILE_TOO_LARGE = Phrase(
    N_(
        "File {position} of your report {number} is too big: we take up to {limit} MB. The report is kept. Please send a smaller file."
    ),
    NP_(
        "sms", "File {position} of report {number} is too big: we take up to {limit} MB. The report is kept."
    ),
)
DRAFT_FILE_TOO_FINE = Phrase(
    N_(
        "The picture in file {position} is too large: we take up to {limit} megapixels. Please send it as a photo, not as a file."
    ),
    NP_("sms", "The picture in file {position} is too large: we take up to {limit} megapixels."),
)
FILE_TOO_FINE = Phrase(
    N_(
        "The picture in file {position} of your report {number} is too large: we take up to {limit} megapixels. The report is kept. Please send it as a photo, not as a file."
    ),
    NP_(
        "sms",
        "The picture in file {position} of report {number} is too large: we take up to {limit} megapixels. The report is kept.",
    ),
)
