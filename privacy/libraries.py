"""What the tables of the libraries hold. Nobody owns them, so they are declared here, by name."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from privacy.basic_purposes import ACCOUNT, ACCOUNTABILITY, SECURITY
from privacy.purposes import Category, Keep
from privacy.register import (
    DELETE,
    Data,
    Subject,
    by_function,
    declare,
    no_person,
    not_exported,
    technical,
)

SECRET = not_exported(_("A secret of the log-in: a copy of it would weaken your account."))


def session_of(subject: Subject) -> Q:
    """A session carries no column for its person; the list of log-ins knows whose it is."""
    from allauth.usersessions.models import UserSession  # noqa: PLC0415 - models are loaded later

    keys = UserSession.objects.filter(user_id=subject.pk).values("session_key")
    return Q(session_key__in=keys) if subject.pk else Q(pk__in=[])


def log_about(subject: Subject) -> Q:
    """What the admin's log says of any row of the person: it repeats names."""
    from privacy.collection import rows_of, tables  # noqa: PLC0415 - it imports the register too

    found = Q(pk__in=[])
    for declared, model in tables():
        if admin.site.is_registered(model):
            rows = rows_of(declared, model, subject).order_by()
            found |= Q(
                content_type__app_label=model._meta.app_label,
                content_type__model=model._meta.model_name,
                object_id__in=rows.annotate(as_text=Cast("pk", TextField())).values("as_text"),
            )
    return found


def mask_log(rows: QuerySet[Any]) -> int:
    """That something was done stays; the name of the row it was done to goes."""
    return rows.update(object_repr="█", change_message="")


no_person(
    "contenttypes.ContentType", fields="app_label model", reason=_("Names of tables of the site.")
)
no_person(
    "auth.Permission",
    fields="name content_type codename",
    reason=_("Names of rights; who holds them stands with the person."),
)
no_person("auth.Group", fields="name permissions", reason=_("Names of roles and their rights."))

declare(
    "account.EmailAddress",
    person="user",
    purpose=ACCOUNT,
    kept_with="user",
    fields={"email": Data(Category.CONTACT), "verified primary": technical()},
    title=_("e-mail addresses of the account"),
)
declare(
    "account.EmailConfirmation",
    person="email_address__user",
    purpose=ACCOUNT,
    keep=Keep(days=3, after=_("the link was sent")),
    kept_from="created",
    fields={
        "created sent": Data(Category.SECURITY, provided=False),
        "key": Data(Category.SECURITY, provided=False, exported=SECRET),
    },
    title=_("confirmations of e-mail addresses"),
    labels={"created": _("link made"), "sent": _("link sent"), "key": _("key of the link")},
)
declare(
    "mfa.Authenticator",
    person="user",
    purpose=ACCOUNT,
    kept_with="user",
    fields={
        "type created_at last_used_at": Data(Category.SECURITY, provided=False),
        "data": Data(Category.SECURITY, exported=SECRET),
    },
    title=_("second steps of the log-in"),
    labels={
        "type": _("kind of second step"),
        "created_at": _("added"),
        "last_used_at": _("last used"),
        "data": _("secret of the second step"),
    },
)
declare(
    "usersessions.UserSession",
    person="user",
    purpose=SECURITY,
    keep=Keep(days=14, after=_("you last used it")),
    kept_from="last_seen_at",
    fields={
        "ip user_agent created_at last_seen_at": Data(Category.SECURITY, provided=False),
        "session_key": Data(Category.SECURITY, provided=False, exported=SECRET),
        "data": technical(),
    },
    title=_("where you are logged in"),
    labels={
        "ip": _("network address"),
        "user_agent": _("browser"),
        "created_at": _("logged in"),
        "last_seen_at": _("last seen"),
        "session_key": _("key of the session"),
    },
)
declare(
    "sessions.Session",
    found_by=session_of,
    purpose=ACCOUNT,
    keep=Keep(after=_("it expires, 14 days after you last used it")),
    kept_from="expire_date",
    fields={
        "session_key session_data": Data(Category.SECURITY, provided=False, exported=SECRET),
        "expire_date": technical(),
    },
    title=_("sessions"),
    labels={"session_key": _("key of the session"), "session_data": _("steps of forms, cart")},
)
declare(
    "admin.LogEntry",
    person="user",
    found_by=log_about,
    purpose=ACCOUNTABILITY,
    kept_from="action_time",
    on_erasure=by_function(mask_log, reason=_("That something was done stays, without the name.")),
    at_end=DELETE,
    fields={
        "action_time action_flag object_repr change_message": Data(
            Category.ACTIVITY, provided=False
        ),
        "content_type object_id": technical(),
    },
    title=_("log of the administration"),
    labels={
        "action_time": _("when"),
        "action_flag": _("kind of change"),
        "object_repr": _("what was changed"),
        "change_message": _("which fields"),
    },
)
