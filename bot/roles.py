"""What a process of several does."""

from enum import StrEnum


class Role(StrEnum):
    """A process without a role has all of them."""

    #: takes what is posted to us, shows pages; any number of processes
    WEB = "web"
    #: holds the providers' accounts: sends, fetches files, polls, registers webhooks and menus; one at a time
    DELIVERY = "delivery"
    #: runs the clock's jobs; one at a time
    SCHEDULER = "scheduler"
