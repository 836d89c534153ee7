"""The command: `manage.py import_article FILE… [--lang sv] [--publish] [--dry-run]`."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from news.models import Article, State
from tests.factories.news import NOW, create_article, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CANNOT_BE_READ = "The characters of the file cannot be read. Save it with the encoding UTF-8."
OLD_PAGE = Path(__file__).parent / "old_page.txt"


@pytest.fixture
def run(capsys):
    """Runs the command and gives what it wrote, line by line: (output, errors, closing error)."""

    def run(*args: object, **options: object) -> tuple[list[str], list[str], str]:
        failure = ""
        try:
            call_command("import_article", *map(str, args), **options)
        except CommandError as error:
            failure = str(error)
        written = capsys.readouterr()
        return written.out.splitlines(), written.err.splitlines(), failure

    return run


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: str | bytes = "Titel\n\nIngress.\n\nText.\n") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_a_page_of_the_old_site_comes_out_as_an_article(run):
    _out, errors, failure = run(OLD_PAGE, publish=True)

    assert (errors, failure) == ([], "")
    article = Article.objects.get()
    assert article.title_sv == "Så sorterar du gamla medlemslistor"
    assert article.lead_sv == (
        "Gamla listor blir fler med åren. Den 2 mars bestämde styrelsen hur de ska gallras."
    )
    assert article.body_sv == (
        "<h2>Vad är en lista och vem äger den?</h2>\n"
        "<p>En lista är allt som går att söka i. Den som bestämmer varför listan finns äger den – "
        "exempelvis den som kallar till möten.</p>\n"
        "<h2>Styrelsen och dess listor</h2>\n"
        "<p>Styrelsen har 12 listor. Fyra av dem är äldre än föreningen.</p>\n"
        "<p>Även kansliet har listor, vilket ledde till att styrelsen räknade dem.</p>\n"
        "<h2>Kansliets förslag till hur listorna ska gallras</h2>\n"
        "<p>Kansliet föreslår bland annat att:</p>\n"
        "<ul><li>Inte spara dubbletter</li><li>Inte spara mer än två år</li></ul>\n"
        "<h2>Beslutet om gallring är än så länge ett förslag</h2>\n"
        "<p>Medlemmarna kan säga sin mening till den 1 maj.</p>"
    )
    assert list(article.sources.values_list("label_sv", "url")) == [
        ("Kansliets promemoria", ""),
        ("Styrelsens protokoll", ""),
    ]


def test_without_publish_it_is_a_draft(run, write, client):
    out, _errors, _failure = run(write("a.txt"))

    assert Article.objects.get().state(NOW) == State.DRAFT
    assert out[0].endswith("a.txt: New article (draft): Titel – 0 lines left out")
    [link] = out[1:]
    assert client.get(link.strip()).status_code == 200


def test_twice_makes_one_article(run, write):
    path = write("a.txt")
    run(path, publish=True)

    out, _errors, failure = run(path, publish=True)

    assert failure == ""
    assert out[0].endswith("Already here, unchanged (published): Titel – 0 lines left out")
    assert Article.objects.count() == 1


def test_in_english_and_in_markdown(run, write):
    run(write("a.md", "# Title\n\nLead.\n\nText *here*."), lang="en")

    article = Article.objects.get()
    assert (article.title_en, article.body_en) == ("Title", "<p>Text <em>here</em>.</p>")
    assert article.languages == ["en"]


def test_published_on(run, write):
    run("--published-on", "2021-12-01", write("a.txt"), publish=True)

    assert Article.objects.get().published_at == dt.datetime(2021, 12, 1, 11, tzinfo=dt.UTC)


def test_a_dry_run_tells_of_every_line_and_writes_nothing(run):
    out, _errors, _failure = run(OLD_PAGE, dry_run=True)

    assert Article.objects.count() == 0
    assert out[0] == "A dry run: nothing is written."
    rows = [" ".join(line.split()) for line in out[2:]]
    assert rows[0] == "title Så sorterar du gamla medlemslistor"
    assert "5 heading Vad är en lista och vem äger den?" in rows
    assert "19 list Inte spara dubbletter" in rows
    assert "source Kansliets promemoria (no link)" in rows
    assert "33 left out: link of the page Logga in" in rows
    written = [n for n, line in enumerate(OLD_PAGE.read_text().splitlines(), 1) if line.strip()]
    numbered = {int(row.split()[0]) for row in rows if row.split()[0].isdigit()}
    title_lead_sources_and_second_item = {1, 3, 20, 26, 28, 30}
    assert set(written) == numbered | title_lead_sources_and_second_item


def test_what_cannot_be_imported_is_told_and_the_rest_is_imported(run, write, tmp_path):
    good = write("good.txt")
    empty = write("empty.txt", "")
    binary = write("binary.txt", b"%PDF-1.7\x00\x01")
    unreadable = write("unreadable.txt", b"\x81\x8d")
    furniture = write("furniture.txt", "Logga in\nVarukorg")
    missing = tmp_path / "missing.txt"

    _out, errors, failure = run(missing, empty, tmp_path, good, binary, unreadable, furniture)

    assert [article.title_sv for article in Article.objects.all()] == ["Titel"]
    assert failure == "6 of 7 files were not imported."
    assert errors == [
        f"{missing}: There is no such file.",
        f"{empty}: The file is empty.",
        f"{tmp_path}: This is a folder. Name the files in it.",
        f"{binary}: The file is not text. Save it as plain text or Markdown first.",
        f"{unreadable}: {CANNOT_BE_READ}",
        f"{furniture}: There is no article among the links and notices of the page.",
    ]


def test_two_files_of_one_run_may_not_fight_over_one_article(run, write, tmp_path):
    first = write("a.txt")
    (tmp_path / "b").mkdir()
    second = write("b/a.txt", "Titel\n\nIngress.\n\nAnnan text.\n")

    _out, errors, _failure = run(first, second)

    assert errors == [f"{second}: It has the same title as {first}."]
    assert Article.objects.get().body_sv == "<p>Text.</p>"


def test_an_article_written_by_hand_is_left_alone(run, write):
    create_article(texts={"sv": text(title="Titel")})

    _out, errors, failure = run(write("a.txt"))

    assert failure == "1 of 1 file was not imported."
    assert errors[0].endswith(
        "There is an article with the title “Titel” already, and it did not come from a file of "
        "this name. Change the title in the file."
    )
