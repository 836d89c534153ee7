from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mail import operations
from mail.models import Mail


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """The queue to read. Nobody edits a letter; it can be sent again."""

    list_display = ["subject", "to", "state", "created_at", "sent_at", "attempts"]
    list_filter = ["state", "language", "created_at"]
    search_fields = ["to", "subject", "key"]
    actions = ["send_again"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Mail._meta.fields]

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        for mail in queryset:
            operations.send_again(mail=mail, by=request.user)
        count = len(queryset)
        messages.info(
            request,
            ngettext("%d mail is on its way again.", "%d mails are on their way again.", count)
            % count,
        )
