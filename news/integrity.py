"""Proof that every picture that an article shows is there (`manage.py check_ledger`)."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from news.models import Article


def findings() -> Iterator[str]:
    shown = Article.objects.exclude(picture="").order_by("pk").values_list("pk", "picture")
    for number, name in shown.iterator():
        if not default_storage.exists(name):
            yield f"article {number}: its picture {name} is not there"
