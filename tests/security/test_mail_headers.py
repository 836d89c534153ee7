"""Whatever somebody is called, no mail of the site gets a header or a receiver from it."""

import copy
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.mail import EmailMessage

from mail import operations
from tests.factories.mail import create_mail

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FOLDER = Path(site_settings.BASE_DIR, "templates")
SUBJECTS = sorted(
    str(file.relative_to(FOLDER)).removesuffix("_subject.txt")
    for file in FOLDER.rglob("*_subject.txt")
)
EVIL = "evil@evil.example"
PAYLOADS = [
    f"Anna\nBcc: {EVIL}",
    f"Anna\r\nBcc: {EVIL}",
    f"Anna\rBcc: {EVIL}",
    f"Anna\n\tCc: {EVIL}",
    f"Anna\r\n\r\nTo: {EVIL}",
    f"Anna\x0bBcc: {EVIL}",
    f"Anna\x0cBcc: {EVIL}",
    f"Anna\x85Bcc: {EVIL}",
    f"Anna\u2028Bcc: {EVIL}",
    f"=?utf-8?q?Anna=0ABcc:_{EVIL}?=",
]
HEADERS = {
    *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
    *("Content-Type", "Content-Transfer-Encoding"),
}


@pytest.fixture
def everything_is_called(settings: Any) -> Any:
    """Each variable of each template says the same."""

    def so(payload: str) -> None:
        templates = copy.deepcopy(site_settings.TEMPLATES)
        templates[0]["OPTIONS"]["string_if_invalid"] = payload
        settings.TEMPLATES = templates

    return so


def test_there_are_many_kinds() -> None:
    assert len(SUBJECTS) > 50


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_kind_of_mail_gets_a_header_from_a_name(
    payload: str, everything_is_called: Any, mailoutbox: list[EmailMessage]
) -> None:
    everything_is_called(payload)
    for template in SUBJECTS:
        # The texts are no headers; some ask for whole rows.
        subject = operations._subject(template, "sv", {"nothing": ""})
        mail = create_mail(key=template, subject=subject)
        assert operations.send_one(mail_id=mail.pk), template
    assert len(mailoutbox) == len(SUBJECTS)
    for sent in mailoutbox:
        read = message_from_bytes(sent.message().as_bytes(), policy=default)
        assert (sent.recipients(), read["To"]) == (["anna@example.org"], "anna@example.org")
        assert set(read.keys()) <= HEADERS, sent.subject
    # And it did stand in some of them.
    assert any("evil.example" in sent.subject for sent in mailoutbox)
