"""The picture of an event: taken in cleaned, described, shown and told to those who share it."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from events import integrity
from events.models import Event
from members import roles
from tests.events.test_admin import DAY, change
from tests.factories import events as factory
from tests.factories import members
from tests.news.test_pictures import picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(members.staff(roles.EVENT_MANAGER))
    return client


@pytest.fixture
def event() -> Event:
    now = timezone.now()
    return factory.event(starts_at=now + DAY, published_at=now - DAY, title_en="Seminar")


def with_camera() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    return picture(exif=exif.tobytes())


def test_a_picture_is_cleaned_described_and_shown(office: Client, event: Event) -> None:
    saved = change(office, event, picture=upload(with_camera()), picture_alt_sv="En full sal")
    assert saved.status_code == 302
    event.refresh_from_db()
    with default_storage.open(event.picture.name) as file:
        assert b"Camera of Anna" not in file.read()
    assert event.picture.name.startswith("events/")
    assert (event.picture_width, event.picture_height) == (
        event.picture.width,
        event.picture.height,
    )
    page = office.get(reverse("events:event", args=[event.slug])).content.decode()
    assert f'src="{event.picture.url}" alt="En full sal"' in page
    # Also for those who share the page, and for search engines.
    assert page.count(f"http://localhost:8000{event.picture.url}") == 2
    served = Client().get(event.picture.url)
    assert (served.status_code, served["Content-Type"]) == (200, "image/webp")
    assert list(integrity.findings(timezone.now())) == []


def test_undescribed_it_is_refused_and_so_is_what_is_no_picture(
    office: Client, event: Event
) -> None:
    for typed in (
        {"picture": upload(picture())},
        {"picture": upload(b"GIF89a"), "picture_alt_sv": "En sal"},
    ):
        assert change(office, event, **typed).status_code == 200
    event.refresh_from_db()
    assert not event.picture


def test_a_picture_that_is_gone_is_found(office: Client, event: Event) -> None:
    Event.objects.update(picture="events/gone.webp", picture_alt_sv="En sal")
    assert list(integrity.findings(timezone.now())) == [
        f"event {event.slug}: its picture events/gone.webp is not there"
    ]
    assert Client().get("/media/events/gone.webp").status_code == 404


def test_the_editor_is_told_of_a_description_in_one_language(office: Client, event: Event) -> None:
    Event.objects.update(picture="events/x.webp", picture_alt_sv="En sal", title_en="Seminar")
    page = office.get(reverse("admin:events_event_changelist")).content.decode()
    assert '<td class="field-languages">en</td>' in page


def test_the_event_has_one_canonical_address(client: Client, event: Event) -> None:
    page = client.get(reverse("events:event", args=[event.slug])).content.decode()
    assert page.count('rel="canonical"') == 1
