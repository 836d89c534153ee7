import datetime as dt
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from news import operations, previews, slugs
from news.article_import import Kind, NotAnArticle, ParsedArticle, Reason, parse
from news.models import Article, State
from news.operations import Imported, Outcome

MARKDOWN = {".md", ".markdown"}

KINDS = {
    Kind.HEADING: pgettext_lazy("part of an article", "heading"),
    Kind.PARAGRAPH: pgettext_lazy("part of an article", "paragraph"),
    Kind.BULLETS: pgettext_lazy("part of an article", "list"),
    Kind.NUMBERS: pgettext_lazy("part of an article", "numbered list"),
    Kind.QUOTE: pgettext_lazy("part of an article", "quote"),
}
REASONS = {
    Reason.PAGE_LINK: gettext_lazy("link of the page"),
    Reason.PAGE_TEXT: gettext_lazy("terms or notice of the page"),
    Reason.HEADER: gettext_lazy("above the page's account links"),
    Reason.FOOTER: gettext_lazy("below the page's account links"),
    Reason.DIVIDER: gettext_lazy("dividing line"),
    Reason.PICTURE: gettext_lazy("picture on another server"),
    Reason.DATE: gettext_lazy("kept as the date of publication"),
}
UNREADABLE = {
    FileNotFoundError: gettext_lazy("There is no such file."),
    IsADirectoryError: gettext_lazy("This is a folder. Name the files in it."),
    PermissionError: gettext_lazy("The file may not be read."),
}
OUTCOMES = {
    Outcome.CREATED: gettext_lazy("New article"),
    Outcome.UPDATED: gettext_lazy("Changed article"),
    Outcome.UNCHANGED: gettext_lazy("Already here, unchanged"),
}


class Command(BaseCommand):
    help = "Brings old articles over from plain text or Markdown. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--lang", choices=dict(settings.LANGUAGES), default="sv")
        parser.add_argument(
            "--publish", action="store_true", help="Without it the articles are drafts."
        )
        parser.add_argument(
            "--published-on",
            metavar="YYYY-MM-DD",
            type=dt.date.fromisoformat,
            help="Day of publication; else the one the file names, else today.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Show what would become of each line."
        )

    def handle(self, *, files: list[Path], **options: Any) -> None:
        if options["dry_run"]:
            self.stdout.write(_("A dry run: nothing is written."))
        self.titles: dict[str, Path] = {}
        failed = 0
        for path in files:
            try:
                self._import(path, **options)
            except (OSError, NotAnArticle, ValidationError, operations.Refused) as error:
                failed += 1
                self.stderr.write(f"{path}: {_reason(error)}")
        if failed:
            raise CommandError(
                ngettext(
                    "%(failed)d of %(all)d file was not imported.",
                    "%(failed)d of %(all)d files were not imported.",
                    len(files),
                )
                % {"failed": failed, "all": len(files)}
            )

    def _import(self, path: Path, **options: Any) -> None:
        parsed = parse(path.read_bytes(), markdown=path.suffix.lower() in MARKDOWN)
        if options["published_on"]:
            parsed = replace(parsed, published_on=options["published_on"])
        self._refuse_same_title(path, parsed)
        with transaction.atomic():
            imported = operations.import_article(
                parsed=parsed,
                language=options["lang"],
                file_name=path.name,
                publish_it=options["publish"],
                now=timezone.now(),
            )
            transaction.set_rollback(options["dry_run"])
        self.stdout.write(f"{path}: {_summary(imported, parsed)}")
        if not options["dry_run"]:
            self.stdout.write(f"  {_address(imported.article, options['lang'])}")
        if options["dry_run"] or options["verbosity"] > 1:
            self._report(parsed)

    def _refuse_same_title(self, path: Path, parsed: ParsedArticle) -> None:
        """Two files of one run may not fight over one article."""
        slug = slugs.slug_of(parsed.title)
        first = self.titles.setdefault(slug, path)
        if first != path:
            raise operations.AddressTaken(_("It has the same title as %(file)s.") % {"file": first})

    def _report(self, parsed: ParsedArticle) -> None:
        self._row("", _("title"), parsed.title)
        self._row("", _("lead"), parsed.lead)
        for block in parsed.blocks:
            for part in block.texts:
                self._row(block.line, KINDS[block.kind], part)
        for source in parsed.sources:
            address = source.url or _("(no link)")
            self._row("", _("source"), f"{source.label}  {address}")
        for item in parsed.left_out:
            what = _("left out: %(reason)s") % {"reason": REASONS[item.reason]}
            self._row(item.line, what, item.text)

    def _row(self, line: int | str, what: object, text: str) -> None:
        self.stdout.write(f"  {line:>4}  {what!s:<44}  {Truncator(text).chars(70)}")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return str(UNREADABLE.get(type(error), error))
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error.args[0])


def _summary(imported: Imported, parsed: ParsedArticle) -> str:
    is_draft = imported.article.state(timezone.now()) == State.DRAFT
    left_out = ngettext("%d line left out", "%d lines left out", len(parsed.left_out))
    return "{outcome} ({state}): {title} – {left_out}".format(
        outcome=OUTCOMES[imported.outcome],
        state=_("draft") if is_draft else _("published"),
        title=Truncator(parsed.title).chars(70),
        left_out=left_out % len(parsed.left_out),
    )


def _address(article: Article, language: str) -> str:
    """Where to look at it: its own address, or the preview link of a draft."""
    if article.state(timezone.now()) == State.PUBLISHED:
        return article.edition(language).canonical_url
    return previews.link(article, language=language)
