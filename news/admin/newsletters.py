"""Composing a newsletter, looking at it, sending it, and seeing how far it has come."""

from collections import defaultdict
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from mail import showing
from mail.models import Mail
from news import emails, operations
from news.admin.editing import EditorUnderContentPolicy
from news.forms import NewsletterForm
from news.models import Newsletter, Subscriber
from news.operations.newsletters import readers

SHOWN_REFUSALS = 20


class NewsletterList(ChangeList):
    """Counts the letters of all that are on the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown: list[Any] = list(self.result_list)
        counted = _letters([newsletter for newsletter in shown if newsletter.sent_at])
        for newsletter in shown:
            newsletter.letters = counted[newsletter.pk]
        self.result_list = shown


def _letters(newsletters: list[Newsletter]) -> dict[int, dict[str, int]]:
    """How many letters of each are in which state, by its number."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if not newsletters:
        return found
    keys = {newsletter.pk: emails.key_of(newsletter) for newsletter in newsletters}
    of = Case(*(When(key__startswith=key, then=number) for number, key in keys.items()))
    letters = Mail.objects.filter(reduce(or_, (Q(key__startswith=key) for key in keys.values())))
    counts = letters.order_by().annotate(of=of).values("of", "state").annotate(n=Count("pk"))
    for number, state, count in counts.values_list("of", "state", "n"):
        found[number][state] = count
    return found


@admin.register(Newsletter)
class NewsletterAdmin(EditorUnderContentPolicy, TranslatedFieldAdmin, SimpleHistoryAdmin):
    form = NewsletterForm
    change_form_template = "news/admin/newsletter_change_form.html"
    list_display = ["__str__", "state", "sent_at", "sent_by", "progress"]
    list_select_related = ["sent_by"]
    search_fields = ["subject_sv", "subject_en"]
    list_per_page = 20
    autocomplete_fields = ["articles"]
    fieldsets = [
        (gettext_lazy("Swedish"), {"fields": ["subject_sv", "intro_sv"]}),
        (gettext_lazy("English"), {"fields": ["subject_en", "intro_en"]}),
        (gettext_lazy("What stands in it"), {"fields": ["articles", "event_keys"]}),
        (
            gettext_lazy("Sending"),
            {"fields": ["state", "sent_at", "sent_by", "progress", "refusals"]},
        ),
    ]

    class Media:
        css = {"all": ["news/editor.css"]}
        js = ["news/editor.js"]

    def get_readonly_fields(self, request: HttpRequest, obj: Newsletter | None = None) -> list[str]:
        return ["state", "sent_at", "sent_by", "progress", "refusals"]

    def has_change_permission(self, request: HttpRequest, obj: Newsletter | None = None) -> bool:
        """What has been sent stays as it was."""
        is_open = obj is None or obj.state == Newsletter.State.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Newsletter | None = None) -> bool:
        is_open = obj is None or obj.state == Newsletter.State.DRAFT
        return is_open and super().has_delete_permission(request, obj)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewsletterList

    # --- Columns ----------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("state"))
    def state(self, newsletter: Newsletter) -> Any:
        return newsletter.state.label

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, newsletter: Any) -> str:
        """How many letters are in which state, of those that are written so far."""
        if newsletter.sent_at is None:
            return "–"
        counted = getattr(newsletter, "letters", None)
        found = _letters([newsletter])[newsletter.pk] if counted is None else counted
        return ", ".join(
            f"{Mail.State(state).label}: {found[state]}"
            for state in Mail.State.values
            if state in found
        )

    @admin.display(description=gettext_lazy("refused"))
    def refusals(self, newsletter: Newsletter) -> SafeString | str:
        if newsletter.sent_at is None:
            return "–"
        failed = Mail.objects.filter(
            key__startswith=emails.key_of(newsletter), state=Mail.State.FAILED
        ).order_by("to")
        rows = failed.values_list("to", "problem")[:SHOWN_REFUSALS]
        return format_html_join("", "<div>{}: {}</div>", rows) or "–"

    # --- Buttons ----------------------------------------------------------------------------

    def response_change(self, request: HttpRequest, obj: Newsletter) -> HttpResponse:
        return self._next_page(request, obj) or super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Newsletter, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._next_page(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def _next_page(self, request: HttpRequest, newsletter: Newsletter) -> HttpResponse | None:
        if "_test" in request.POST:
            letters = operations.send_test(
                newsletter=newsletter, by=request.user, now=timezone.now()
            )
            told = ngettext(
                "%(n)d letter is on its way to %(to)s.",
                "%(n)d letters are on their way to %(to)s.",
                len(letters),
            )
            messages.success(request, told % {"n": len(letters), "to": letters[0].to})
            return redirect("admin:news_newsletter_change", newsletter.pk)
        if "_send" in request.POST:
            return redirect("admin:news_newsletter_send", newsletter.pk)
        return None

    # --- Pages ------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/preview/<str:language>/",
                wrap(self.preview),
                name="news_newsletter_preview",
            ),
            path("<int:pk>/send/", wrap(self.send), name="news_newsletter_send"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """The letter as it looks to its readers."""
        newsletter = get_object_or_404(Newsletter, pk=pk)
        if not self.has_view_permission(request, newsletter):
            raise PermissionDenied
        language = newsletter.language_for(language)
        with translation.override(language):
            html = render_to_string(
                "news/email/newsletter_message.html",
                emails.contents(newsletter, language, timezone.now()),
            )
        response = HttpResponse(html)
        response["Content-Security-Policy"] = showing.policy(
            html, "frame-ancestors 'none'", "sandbox allow-top-navigation-by-user-activation"
        )
        return response

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says to how many it goes; one press sends it off."""
        newsletter = get_object_or_404(Newsletter, pk=pk)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":  # a second press finds it on its way, which is no fault
            return self._send_off(request, newsletter)
        if newsletter.state != Newsletter.State.DRAFT:
            return redirect("admin:news_newsletter_change", newsletter.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": newsletter,
            "title": _("Send the newsletter"),
            "count": len(readers()),
            "previews": _previews(newsletter),
            "back_url": reverse("admin:news_newsletter_change", args=[newsletter.pk]),
        }
        return TemplateResponse(request, "news/admin/newsletter_send.html", context)

    def _send_off(self, request: HttpRequest, newsletter: Newsletter) -> HttpResponse:
        try:
            operations.send_newsletter(newsletter=newsletter, by=request.user, now=timezone.now())
        except operations.Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("The newsletter is on its way. Here you see how far it is.")
            )
        return redirect("admin:news_newsletter_change", newsletter.pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        newsletter = self.get_object(request, object_id)
        context = {**(extra_context or {}), "previews": _previews(newsletter) if newsletter else []}
        return super().change_view(request, object_id, form_url, context)


def _previews(newsletter: Newsletter) -> list[tuple[str, str]]:
    return [
        (language, reverse("admin:news_newsletter_preview", args=[newsletter.pk, language]))
        for language in newsletter.languages
    ]


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin):
    """To read. People begin and end it themselves."""

    list_display = ["email", "language", "asked_at", "confirmed_at", "ended_at", "refused"]
    list_filter = ["language", ("ended_at", admin.EmptyFieldListFilter)]
    search_fields = ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return Subscriber.objects.with_refusals()

    @admin.display(description=gettext_lazy("refused letters"), ordering="refusals")
    def refused(self, subscriber: Any) -> int:
        return subscriber.refusals
