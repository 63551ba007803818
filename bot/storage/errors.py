"""What can be wrong with the database, as an operator can act on it.

StorageError
├── DatabaseInUse        another process runs on it
├── DatabaseTooNew       a newer version of the bot wrote it
├── DatabaseUnreadable   it is not a database, or damaged
└── DatabaseUnavailable  it cannot be written just now: disk full, locked, read-only
    └── ServerUnavailable  nor its server be reached, perhaps; says itself what is to be done
"""


class StorageError(Exception):
    """Be the root of all that storage raises on purpose."""


class DatabaseInUse(StorageError):  # noqa: N818 - named for what it says, as all of the tree
    """Another process runs on this database; the message names it."""


class DatabaseTooNew(StorageError):  # noqa: N818
    """The database was written by a newer version of the bot."""


class DatabaseUnreadable(StorageError):  # noqa: N818
    """The file is not a database, or it is damaged."""


class DatabaseUnavailable(StorageError):  # noqa: N818
    """The database cannot be used at the moment; the same call may succeed later."""


class ServerUnavailable(DatabaseUnavailable):
    """The database's server cannot be used at the moment; the message says what may help."""
