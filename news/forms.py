from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from news import pictures, search
from news.editions import LANGUAGES
from news.models import Article


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search the news"),
        max_length=search.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )


class ArticleForm(forms.ModelForm):
    """The editor's form. Publishing has its own buttons and operations."""

    class Meta:
        model = Article
        fields = (
            *(
                f"{name}_{language}"
                for language in LANGUAGES
                for name in ("title", "slug", "lead", "body", "picture_alt")
            ),
            "author",
            "topics",
            "picture",
        )
        widgets = {
            f"lead_{language}": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
            for language in LANGUAGES
        }

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        return pictures.clean(picture) if isinstance(picture, UploadedFile) else picture
