"""Everything that happens to articles, newsletters and their subscribers."""

from news.operations.articles import (
    AddressTaken,
    Imported,
    NothingToWithdraw,
    Outcome,
    SourceEntry,
    Text,
    TimeHasPassed,
    import_article,
    publish,
    restore,
    schedule,
    withdraw,
    write_article,
)
from news.operations.newsletters import (
    NobodyToSendTo,
    NothingWritten,
    NotPublished,
    deliver,
    deliver_unfinished,
    send_newsletter,
    send_test,
)
from news.operations.refusals import Refused
from news.operations.subscribing import confirm, stop_mail, subscribe

__all__ = [
    "AddressTaken",
    "Imported",
    "NobodyToSendTo",
    "NotPublished",
    "NothingToWithdraw",
    "NothingWritten",
    "Outcome",
    "Refused",
    "SourceEntry",
    "Text",
    "TimeHasPassed",
    "confirm",
    "deliver",
    "deliver_unfinished",
    "import_article",
    "publish",
    "restore",
    "schedule",
    "send_newsletter",
    "send_test",
    "stop_mail",
    "subscribe",
    "withdraw",
    "write_article",
]
