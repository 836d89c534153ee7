"""What people ask of us about their data: taken in, answered in time, with proof of both."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from privacy.collection import guest, subject_of
from privacy.declarations import Subject
from privacy.letters import Letter, send
from privacy.models import Erasure, Protection, Request
from privacy.operations.copying import make_copy
from privacy.operations.erasing import erase
from privacy.purposes import Keep
from privacy.refusals import AskedAlready, IdentityUnknown, NotOpen, ReasonMissing

State, Kind = Request.State, Request.Kind
FIRST, LONGER = Keep(after="", months=1), Keep(after="", months=3)


def due_on(received: dt.date, *, is_extended: bool = False) -> dt.date:
    """The same day of the next month, or its last day (Art. 12.3 and Regulation 1182/71)."""
    start = timezone.make_aware(dt.datetime.combine(received, dt.time()))
    return timezone.localdate((LONGER if is_extended else FIRST).until(start))


@transaction.atomic
def receive(
    *,
    kind: str,
    now: dt.datetime,
    person: Any = None,
    name: str = "",
    email: str = "",
    language: str = "sv",
    message: str = "",
    identity: str = "",
) -> Request:
    """Take it in and confirm by letter. The same wish twice is one. Raises AskedAlready."""
    if person is not None:
        get_user_model()._default_manager.select_for_update().get(pk=person.pk)
        if Request.objects.open().filter(person=person, kind=kind).exists():
            raise AskedAlready
        name, email, language = person.name, person.email, person.language
    request = Request.objects.create(
        kind=kind,
        person=person,
        name=name,
        email=email.lower(),
        language=language,
        message=message,
        identity=identity,
        received_at=now,
        due_on=due_on(timezone.localdate(now)),
    )
    _write(request, "request_received")
    return request


@transaction.atomic
def note_identity(*, request: Request, how: str, by: Any) -> Request:
    """Write down how we know who asks."""
    request = _open(request, by)
    request.identity = how
    request.save(update_fields=["identity"])
    return request


@transaction.atomic
def extend(*, request: Request, because: str, by: Any) -> Request:
    """Two months more, once, with the reason told. Raises ReasonMissing."""
    request = _open(request, by)
    if not because.strip():
        raise ReasonMissing
    if not request.extended_because:
        request.extended_because = because.strip()
        request.due_on = due_on(timezone.localdate(request.received_at), is_extended=True)
        request.save(update_fields=["extended_because", "due_on"])
        _write(request, "request_extended")
    return request


@transaction.atomic
def refuse(*, request: Request, reason: str, by: Any, now: dt.datetime) -> Request:
    """Say no, why, and where to complain (Art. 12.4). Raises ReasonMissing."""
    request = _open(request, by)
    if not reason.strip():
        raise ReasonMissing
    return _answer(request, State.REFUSED, reason, by=by, now=now)


@transaction.atomic
def grant(*, request: Request, answer: str, by: Any, now: dt.datetime) -> Request:
    """Do what is asked, and say so. Erasing has a function of its own.

    A copy goes along when data are asked for; use is restricted when that is asked for.
    Raises IdentityUnknown.
    """
    request = _open(request, by)
    if not request.identity:
        raise IdentityUnknown
    context: dict[str, Any] = {}
    if request.kind in Request.WITH_COPY:
        copy, token = make_copy(by=by, now=now, person=request.person, email=request.email)
        context = {"copy": copy, "copy_url": _url("privacy:copy", token, request.language)}
    if request.kind == Kind.RESTRICTION:
        Protection.objects.get_or_create(
            person=request.person,
            email="" if request.person else request.email,
            kind=Protection.Kind.RESTRICTED,
            ended_at=None,
            defaults={"reason": "Art. 18", "decided_by": by},
        )
    return _answer(request, State.GRANTED, answer, by=by, now=now, **context)


@transaction.atomic
def grant_erasure(*, request: Request, by: Any, now: dt.datetime) -> Erasure:
    """Erase whoever asks. The receipt leaves by mail before the address is forgotten.

    Raises IdentityUnknown, OnHold, WorksHere.
    """
    request = _open(request, by)
    if not request.identity:
        raise IdentityUnknown
    to, language = request.email, request.language
    request.state, request.answered_at, request.answered_by = State.GRANTED, now, by
    request.save()
    done = erase(subject=subject_of_request(request), by=by, now=now)
    say_goodbye(done, to=to, language=language)
    return done


@transaction.atomic
def erase_own(*, person: Any, now: dt.datetime) -> Erasure:
    """Who has just shown once more who they are, goes at once. Raises OnHold, WorksHere."""
    to, language = person.email, person.language
    done = erase(subject=subject_of(person.pk), by=None, now=now)
    say_goodbye(done, to=to, language=language)
    return done


def say_goodbye(done: Erasure, *, to: str, language: str) -> None:
    """The receipt by mail. The letter itself goes the night after it has left."""
    context = {
        "erasure": done,
        "receipt_url": _url("privacy:receipt", done.pk, language),
    }
    send(Letter(f"erasure:{done.pk}", "privacy/email/erased", to, language, None, context))


def subject_of_request(request: Request) -> Subject:
    if request.person_id is not None:
        return subject_of(request.person_id)
    return guest(request.email)


def _open(request: Request, by: Any) -> Request:
    if not by.has_perm("privacy.change_request"):
        raise PermissionDenied
    locked = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not locked.is_open:
        raise NotOpen
    return locked


def _answer(
    request: Request, state: str, answer: str, *, by: Any, now: dt.datetime, **context: Any
) -> Request:
    request.state, request.answer = state, answer.strip()
    request.answered_at, request.answered_by = now, by
    request.save()
    _write(request, f"request_{state}", **context)
    return request


def _write(request: Request, template: str, **context: Any) -> None:
    if not request.email:
        return
    send(
        Letter(
            key=f"request:{request.pk}:{template}",
            template=f"privacy/email/{template}",
            to=request.email,
            language=request.language,
            person_id=request.person_id,
            context={
                "request": request,
                "my_data_url": _url("privacy:my-data", None, request.language),
                **context,
            },
        )
    )


def _url(view: str, argument: Any, language: str) -> str:
    with translation.override(language):
        return settings.SITE_URL + reverse(view, args=[argument] if argument else [])
