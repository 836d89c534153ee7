"""What is sent instead of a picture, a bank file or the old register is refused or does nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from billing.models import BankFile, BankTransaction
from events.models import Event
from members import roles
from members.models import Membership, User
from news.models import Article
from privacy import pictures
from tests.events.test_admin import DAY, change
from tests.factories import events, members
from tests.news.test_admin import form
from tests.security.uploads import INERT, REFUSED, SECRET, Upload

pytestmark = pytest.mark.slow

ADD = reverse("admin:news_article_add")
BANK_FILE = reverse("admin:billing_bankfile_add")
OLD_REGISTER = reverse("admin:members_user_import")


# Refused for the name alone; of the others nothing of the name is kept.
NO_NAMES = {
    "a picture that says it is a program",
    "a name that is turned round",
    "a name that ends early",
    "a name without an end",
    "a hidden name",
}


def test_there_are_enough_of_them() -> None:
    assert (len(REFUSED), len(INERT)) == (31, 15)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def is_clean(path: Path) -> bool:
    """One WebP, and nothing of what came along."""
    with Image.open(path) as kept:
        content = path.read_bytes()
        return kept.format == "WEBP" and not kept.getexif() and SECRET not in content


# --- Pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused(what: str) -> None:
    with pytest.raises(ValidationError):
        pictures.clean(SimpleUploadedFile("a.jpg", REFUSED[what].content))


def send_raw(client: Client, field: str, upload: Upload, **fields: Any) -> Any:
    """As a program would: what it says of the file's name goes over the wire unchanged."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = f'name="{field}"; filename="{upload.name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts.append(head.encode() + upload.content)
    begins = b"--xxAaBb\r\nContent-Disposition: form-data; "
    body = b"".join(begins + part + b"\r\n" for part in parts) + b"--xxAaBb--\r\n"
    return client.post(ADD, body, content_type="multipart/form-data; boundary=xxAaBb")


@pytest.mark.django_db
@pytest.mark.parametrize("what", INERT)
def test_a_picture_of_an_article_is_kept_without_what_came_along(
    client: Client, settings: Any, tmp_path: Path, what: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(members.staff(roles.EDITOR))
    send_raw(client, "picture", INERT[what], **form(picture_alt_sv="En yta"))
    files = stored(tmp_path)
    assert (len(files), Article.objects.count()) == ((0, 0) if what in NO_NAMES else (1, 1))
    assert {(path.parent.name, path.suffix) for path in files} <= {("news", ".webp")}
    assert all(is_clean(path) for path in files)


@pytest.mark.django_db
def test_a_picture_of_an_event_goes_the_same_way(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(members.staff(roles.EVENT_MANAGER))
    now = timezone.now()
    event = events.event(starts_at=now + DAY, published_at=now - DAY, title_en="Seminar")
    for upload in (
        REFUSED["a drawing that says it is a picture"],
        REFUSED["a picture of 20,000 by 20,000"],
        INERT["a picture that tells where"],
    ):
        file = SimpleUploadedFile(upload.name, upload.content)
        change(client, event, picture=file, picture_alt_sv="En yta")
    [kept] = stored(tmp_path)
    assert is_clean(kept)
    assert Path(Event.objects.get(pk=event.pk).picture.path) == kept


# --- Files for the books and the register -------------------------------------------------------


def outcomes(client: Client, address: str) -> dict[str, int]:
    """Which of them is not answered by the form and a reason."""
    found = {}
    for what, upload in (REFUSED | INERT).items():
        answer = client.post(address, {"file": SimpleUploadedFile("a", upload.content)})
        if answer.status_code != 200 or not answer.context["form"].errors.get("file"):
            found[what] = answer.status_code
    return found


@pytest.mark.django_db
def test_none_of_them_is_a_bank_file(client: Client) -> None:
    client.force_login(members.staff(roles.TREASURER))
    assert outcomes(client, BANK_FILE) == {}
    assert (BankFile.objects.count(), BankTransaction.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_none_of_them_is_the_old_register(client: Client) -> None:
    client.force_login(members.staff(roles.MEMBERSHIP_SECRETARY))
    before = User.objects.count()
    assert outcomes(client, OLD_REGISTER) == {}
    assert (User.objects.count(), Membership.objects.count()) == (before, 0)
