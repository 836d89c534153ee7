from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin

from members import operations, search
from members.actors import actor
from members.admin import duplicates, importing, registering
from members.admin.in_brief import in_brief
from members.duplicates import MERGING
from members.models import BillingDetails, Consent, FeeExemption, Membership, User
from members.standing import standing_of, standings_of
from privacy.access import staff
from privacy.asked_once import AskedOnce
from privacy.read_only import ReadOnly

_OF_SUPERUSERS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("member", _("ordinary members")),
            ("student", _("student members")),
            ("overdue", _("members whose fee is overdue")),
            ("former", _("former members")),
            ("never", _("never members")),
            ("no-payer", _("members without payer")),
            ("bounced", _("address bounces")),
            ("imported", _("taken over and not here yet")),
            ("staff", _("staff")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        wanted = _in_standing(timezone.localdate()).get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted)


def _in_standing(today: date) -> dict[str, Q]:
    current = Membership.objects.current(today)
    is_member = Q(pk__in=current.values("user"))
    was_member = Q(pk__in=Membership.objects.values("user"))
    return {
        "member": Q(pk__in=current.filter(kind__is_for_students=False).values("user")),
        "student": Q(pk__in=current.filter(kind__is_for_students=True).values("user")),
        "overdue": Q(pk__in=current.fee_overdue(today).values("user")),
        "former": was_member & ~is_member,
        "never": ~was_member,
        "no-payer": is_member & Q(billing_details__isnull=True),
        "bounced": Q(email_bounced_at__isnull=False),
        "imported": Q(imported_on__isnull=False, last_login__isnull=True),
        "staff": Q(is_staff=True),
    }


class PeopleList(AskedOnce):
    """Fetches the standing of everybody on the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        people = list(self.result_list)
        standings = standings_of([person.pk for person in people], timezone.localdate())
        for person in people:
            person.standing_today = standings[person.pk]
        self.result_list = people


class BillingDetailsInline(admin.StackedInline):
    model = BillingDetails
    extra = 0
    classes = ["collapse"]


class FeeExemptionInline(admin.TabularInline):
    model = FeeExemption
    fk_name = "user"
    extra = 0
    fields = ["reason", "starts_on", "ends_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeeExemption]:
        return super().get_queryset(request).select_related("user")


class MembershipInline(ReadOnly, admin.TabularInline):
    model = Membership
    extra = 0
    fields = ["kind", "starts_on", "ends_on", "ended_on", "ended_why", "invoice", "exempt_reason"]
    ordering = ["-starts_on"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "kind", "invoice")


class ConsentInline(ReadOnly, admin.TabularInline):
    model = Consent
    extra = 0
    fields = ["text", "action", "at", "channel"]
    ordering = ["-at"]
    classes = ["collapse"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("user", "text")


class PersonForm(forms.ModelForm):
    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(SimpleHistoryAdmin):
    form = PersonForm
    change_form_template = "members/admin/person.html"
    list_display = ["name", "email", "employer", "phone", "standing"]
    list_filter = [StandingFilter, "language"]
    search_fields = ["name"]  # shows the box; what it finds is `members.search`'s
    search_help_text = gettext_lazy(
        "Name or e-mail, also earlier ones, phone, employer, title, school, payer with its number "
        "and references, invoice number or OCR."
    )
    ordering = ["name", "pk"]
    list_per_page = 50
    # To count what each standing would find reads every membership, once for each.
    show_facets = admin.ShowFacets.NEVER
    actions = ["invite"]
    change_list_template = "members/admin/people.html"
    show_full_result_count = False
    inlines = [BillingDetailsInline, MembershipInline, FeeExemptionInline, ConsentInline]
    fieldsets = [
        (None, {"fields": ["standing", "name", "email", "phone", "employer", "title", "language"]}),
        (
            gettext_lazy("Account"),
            {
                "classes": ["collapse"],
                "fields": [
                    *_OF_SUPERUSERS,
                    "last_login",
                    "created_at",
                    "details_confirmed_on",
                    "email_bounced_at",
                ],
            },
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "phone", "employer", "title", "language"]})
    ]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = [
        "standing",
        "last_login",
        "created_at",
        "details_confirmed_on",
        "email_bounced_at",
    ]

    # --- Who may change whom ----------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who works here and with which rights is for superusers to decide."""
        ours = [] if request.user.is_superuser else list(_OF_SUPERUSERS)
        return [*self.readonly_fields, *ours]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A new address for a colleague would be a way into the colleague's account."""
        if obj is not None and obj.is_staff and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are erased by the register's rules, not deleted."""
        return False

    # --- The list ---------------------------------------------------------------------------

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return search.people(queryset, search_term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PeopleList

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, person: User) -> str:
        found = getattr(person, "standing_today", None)
        return in_brief(found or standing_of(person, timezone.localdate()))

    # --- One person -------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A permission's name begins with what it is for: hundreds of them, each in its table."""
        if db_field.name == "user_permissions":
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, person: User, form: Any, change: bool) -> None:
        if not change:
            person.set_unusable_password()
        super().save_model(request, person, form, change)
        if not change:
            EmailAddress.objects.create(user=person, email=person.email, primary=True)
        elif "email" in form.changed_data:
            operations.replace_address(person=person, email=person.email, by=actor(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is FeeExemption:
            for inline in formset.forms:
                inline.instance.decided_by = actor(request)
        super().save_formset(request, form, formset, change)

    # --- Registering by hand ----------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        adding = ("members.add_user", "members.add_membership")
        registers = ("members.change_user", "members.add_membership")
        own: list[tuple[str, Callable[..., HttpResponse], str, tuple[str, ...]]] = [
            ("import/", self.import_register, "import", adding),
            ("duplicates/", self.duplicates, "duplicates", MERGING),
            ("<int:pk>/merge/", self.merge_with, "merge_with", MERGING),
            ("<int:pk>/merge/<int:gone_pk>/", self.merge, "merge", MERGING),
            ("<int:pk>/register/", self.register, "register", registers),
            ("<int:pk>/register-student/", self.register_student, "register_student", registers),
        ]
        wrap = self.admin_site.admin_view
        return [
            *(
                path(at, wrap(staff(*rights)(view)), name=f"members_user_{name}")
                for at, view, name, rights in own
            ),
            *super().get_urls(),
        ]

    def duplicates(self, request: HttpRequest) -> HttpResponse:
        return duplicates.list_page(request, self)

    def merge_with(self, request: HttpRequest, pk: int) -> HttpResponse:
        return duplicates.choose_page(request, self, pk)

    def merge(self, request: HttpRequest, pk: int, gone_pk: int) -> HttpResponse:
        return duplicates.merge_page(request, self, pk, gone_pk)

    def import_register(self, request: HttpRequest) -> HttpResponse:
        return importing.page_for(request, self)

    @admin.action(
        description=gettext_lazy("Mail an invitation to those taken over"), permissions=["add"]
    )
    def invite(self, request: HttpRequest, people: QuerySet[User]) -> None:
        count = sum(operations.invite(user=person, by=actor(request)) for person in people)
        told = ngettext("%d person is invited.", "%d people are invited.", count)
        messages.success(request, told % count)

    def register(self, request: HttpRequest, pk: int) -> HttpResponse:
        return registering.ordinary_page(request, self, pk)

    def register_student(self, request: HttpRequest, pk: int) -> HttpResponse:
        return registering.student_page(request, self, pk)
