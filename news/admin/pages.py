from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from news.admin.editing import EditorUnderContentPolicy, MissingLanguageFilter, languages_column
from news.editions import LANGUAGES
from news.forms import PageForm
from news.models import Page


@admin.register(Page)
class PageAdmin(EditorUnderContentPolicy, TranslatedFieldAdmin, SimpleHistoryAdmin):
    form = PageForm
    list_display = ["__str__", "place", "position", "is_shown", "languages", "updated_at"]
    list_filter = ["place", "is_shown", MissingLanguageFilter]
    search_fields = ["title_sv", "title_en", "body_sv", "body_en"]
    readonly_fields = ["updated_at"]
    fieldsets = [
        (gettext_lazy("Swedish"), {"fields": ["title_sv", "slug_sv", "lead_sv", "body_sv"]}),
        (gettext_lazy("English"), {"fields": ["title_en", "slug_en", "lead_en", "body_en"]}),
        (
            gettext_lazy("Both languages"),
            {"fields": ["is_shown", "place", "position", "updated_at"]},
        ),
    ]

    class Media:
        css = {"all": ["news/editor.css"]}
        js = ["news/editor.js"]

    languages = languages_column

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """The site itself links to those with a code; they can be hidden."""
        return super().has_delete_permission(request, obj) and not (obj and obj.code)

    def view_on_site(self, page: Page) -> str | None:
        """A form sent back may have no title in any language."""
        if not page.languages:
            return None
        return page.edition(get_language() or LANGUAGES[0]).url

    def history_view_title(self, request: HttpRequest, obj: Model) -> str:
        return _("Earlier versions of “%(article)s”") % {"article": obj}

    def history_form_view_title(self, request: HttpRequest, obj: Model) -> str:
        return _("An earlier version of “%(article)s”") % {"article": obj}
