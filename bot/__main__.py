"""`kanal`, and `python -m bot`."""

import os

from bot.cli.app import main

# What we write is for this user alone: database, attachments, keys.
os.umask(0o077)

if __name__ == "__main__":
    main()
