"""What the editors of articles, pages and newsletters share."""

from typing import Any

import js_asset
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from translated_fields import show_language_code

from news.editions import LANGUAGES
from news.models import Article, Page, complete


class EditorUnderContentPolicy:
    """Gives the editor's import map, an inline script, the nonce that the content policy wants."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = _with_nonce(context["media"], request)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        if "adminform" in context:
            media = self.media + context["adminform"].media  # type: ignore[attr-defined]
            context["media"] = _with_nonce(media, request)
        with show_language_code(True):
            return super().render_history_view(  # type: ignore[misc]
                request, template, context, **kwargs
            )


def _with_nonce(media: forms.Media, request: HttpRequest) -> js_asset.Media:
    return js_asset.Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]


class MissingLanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("missing language")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("sv", _("Swedish")), ("en", _("English"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        language = self.value()
        return queryset.exclude(complete(language)) if language in LANGUAGES else queryset


@admin.display(description=gettext_lazy("languages"))
def languages_column(_admin: Any, row: Article | Page) -> SafeString:
    """A red mark for each language that the text lacks."""
    return format_html_join(
        " ",
        '<span>{} <img src="{}" alt="{}"></span>',
        (_language_mark(language, row) for language in LANGUAGES),
    )


def _language_mark(language: str, row: Article | Page) -> tuple[str, str, str]:
    if language in row.languages:
        return language, static("admin/img/icon-yes.svg"), _("complete")
    return language, static("admin/img/icon-no.svg"), _("missing")
