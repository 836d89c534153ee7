import re
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mail import operations
from mail.models import Mail

# A letter's links open what is the receiver's alone, and its codes log in as the receiver.
OUR_LINK = re.compile(rf"{re.escape(settings.SITE_URL)}/\S+")
WITHHELD = "█"


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """The queue to read, without what only the receiver may use. Nobody edits a letter."""

    list_display = ["subject", "to", "state", "created_at", "sent_at", "attempts"]
    list_filter = ["state", "language", "created_at"]
    search_fields = ["to", "subject", "key"]
    actions = ["send_again"]
    show_full_result_count = False
    fields = readonly_fields = (
        "subject",
        "to",
        "cc",
        "language",
        "shown_text",
        "state",
        "problem",
        "created_at",
        "not_before",
        "sent_at",
        "attempts",
        "person",
        "key",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("text"))
    def shown_text(self, mail: Mail) -> str:
        if mail.is_secret:
            return gettext("Not shown: the receiver can log in with it.")
        return OUR_LINK.sub(f"{settings.SITE_URL}/{WITHHELD}", operations.write(mail).text)

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        letters = [mail for mail in queryset if not mail.is_secret]
        for mail in letters:
            operations.send_again(mail=mail, by=request.user)
        if len(letters) < len(queryset):
            messages.warning(request, _("Codes are not sent again: they are old by now."))
        count = len(letters)
        messages.info(
            request,
            ngettext("%d mail is on its way again.", "%d mails are on their way again.", count)
            % count,
        )
