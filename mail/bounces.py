"""Letters that come back: what the receiving mail server reports after it first took a letter.

Such a report (RFC 3464) is a mail of its own to the sender's address. It quotes the Message-ID of
the letter and names its receiver: both must be ours, or anybody could write such reports.
"""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default

from django.conf import settings

_OUR_LETTER = re.compile(r"<mail-(\d+)@([^>]+)>")
_LONGEST = 500


@dataclass(frozen=True)
class Bounce:
    """`mail_id` is None when the report is about no letter of ours."""

    mail_id: int | None
    receiver: str
    is_final: bool
    reason: str


def read(report: bytes) -> Bounce:
    message = email.message_from_bytes(report, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101  the policy says so
    about = _field(message, "message/delivery-status")
    status = about.get("Status", "")
    return Bounce(
        mail_id=_letter(report),
        receiver=about.get("Final-Recipient", "").rpartition(";")[2].strip(),
        is_final=about.get("Action", "").lower() == "failed" and status.startswith("5"),
        reason=about.get("Diagnostic-Code", status)[:_LONGEST],
    )


def _field(message: EmailMessage, kind: str) -> dict[str, str]:
    """The fields of the report on the receiver, in one line each."""
    found: dict[str, str] = {}
    for part in message.walk():
        if part.get_content_type() == kind:
            for block in part.get_payload():
                if isinstance(block, EmailMessage):
                    found |= {name: " ".join(str(value).split()) for name, value in block.items()}
    return found


def _letter(report: bytes) -> int | None:
    for number, host in _OUR_LETTER.findall(report.decode("utf-8", "replace")):
        if host == settings.SITE_HOST:
            return int(number)
    return None
