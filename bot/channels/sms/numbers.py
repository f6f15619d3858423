"""Phone numbers as the rest of the program knows them: E.164."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult


def normalise(raw: str, region: str) -> str | None:
    """Return the number in E.164, read as somebody in `region` (ISO code) would dial it.

    None for what cannot be answered: names in place of numbers (TELKOMSEL), short codes, what is no number.
    """
    if any(char.isalpha() for char in raw):  # the library would read letters as keys
        return None
    try:
        number = phonenumbers.parse(raw, region)
    except NumberParseException:
        return None
    if not _is_reachable(number, is_international=raw.strip().startswith("+")):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_reachable(number: PhoneNumber, *, is_international: bool) -> bool:
    """Whether it can be a person's number.

    In full form its length will do: carriers open new prefixes faster than the library learns of them.
    """
    if is_international:
        return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return phonenumbers.is_valid_number(number)
