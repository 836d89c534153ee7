"""Old articles in many shapes, and what the parser makes of them.

A shape is written as the lines of a file; what it becomes, as one line for each part:
`T` title, `L` lead, `#` heading, `##` lower heading, `P` paragraph, `*` bullets, `1` numbered list,
`>` quote, `S` source, `-` left out.
"""
# ruff: noqa: E501, W291 - lines of files are as long as they are

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news import rich_text
from news.article_import import Kind, NotAnArticle, ParsedArticle, Reason, parse

pytestmark = pytest.mark.usefixtures("english")

MARKS = {
    Kind.PARAGRAPH: "P",
    Kind.BULLETS: "*",
    Kind.NUMBERS: "1",
    Kind.QUOTE: ">",
}


def told(article: ParsedArticle) -> list[str]:
    rows = [f"T {article.title}"]
    if article.lead:
        rows.append(f"L {article.lead}")
    for block in article.blocks:
        mark = "#" * (block.level - 1) if block.kind == Kind.HEADING else MARKS[block.kind]
        rows.append(f"{mark} {' | '.join(block.parts)}")
    rows += [f"S {source.label} {source.url}".rstrip() for source in article.sources]
    rows += [f"- {item.text}" for item in article.left_out]
    return rows


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def read(text: str, **options: bool) -> list[str]:
    return told(parse(text.encode(), **options))


SHAPES = {
    "one line a paragraph, blank lines between": (
        """
Nytt om kakor

Det här är ingressen.

Vad är nytt?

Det första stycket är här. Det har två meningar.

Så gör du

Det andra stycket är här.
""",
        """
T Nytt om kakor
L Det här är ingressen.
# Vad är nytt?
P Det första stycket är här. Det har två meningar.
# Så gör du
P Det andra stycket är här.
""",
    ),
    "no blank lines at all": (
        """
Nytt om kakor
Det här är ingressen och den är en hel mening som är ganska lång, så att raden inte är bruten.
Vad är nytt?
Det första stycket är här. Det har två meningar, och de är skrivna på en enda lång rad i filen.
- ett
- två
Så gör du
Det andra stycket är här.
""",
        """
T Nytt om kakor
L Det här är ingressen och den är en hel mening som är ganska lång, så att raden inte är bruten.
# Vad är nytt?
P Det första stycket är här. Det har två meningar, och de är skrivna på en enda lång rad i filen.
* ett | två
# Så gör du
P Det andra stycket är här.
""",
    ),
    "lines broken at a width": (
        """
Nytt om kakor

Integritetsskyddsmyndigheten har skrivit en
vägledning om kakor. Den riktar sig till
Sveriges föreningar och företag.

Vad gäller?
Den som vill sätta en kaka ska fråga
först. Frågan ska gå att svara nej på.

1. Fråga
2. Vänta på svaret, som kan komma
   på nästa rad
3. Minns svaret
""",
        """
T Nytt om kakor
L Integritetsskyddsmyndigheten har skrivit en vägledning om kakor. Den riktar sig till Sveriges föreningar och företag.
# Vad gäller?
P Den som vill sätta en kaka ska fråga först. Frågan ska gå att svara nej på.
1 Fråga | Vänta på svaret, som kan komma på nästa rad | Minns svaret
""",
    ),
    "bullets of every kind": (
        """
Titel på sidan

Ingress här.

Det gäller:

 • ett
 • två

Det gäller också:
* tre
* fyra

Och:
– fem
– sex

Samt:
- sju

Slut på listorna.
""",
        """
T Titel på sidan
L Ingress här.
P Det gäller:
* ett | två
P Det gäller också:
* tre | fyra
P Och:
* fem | sex
P Samt:
* sju
P Slut på listorna.
""",
    ),
    "short lines are kept apart": (
        """
Så söker du

Det här är en ingress som är längre än raderna i listan nedan.

Du behöver:
ett namn
en adress
ett telefonnummer

Sedan är du klar.
""",
        """
T Så söker du
L Det här är en ingress som är längre än raderna i listan nedan.
P Du behöver:
P ett namn
P en adress
P ett telefonnummer
P Sedan är du klar.
""",
    ),
    "a dash may be speech": (
        """
Nytt ansikte i styrelsen

Hon är vald.

– Det är roligt, säger hon.

– Vi är glada.

Så slutar det.
""",
        """
T Nytt ansikte i styrelsen
L Hon är vald.
P – Det är roligt, säger hon.
P – Vi är glada.
P Så slutar det.
""",
    ),
    "numbered headings are not a list": (
        """
Guide i två steg

Så här gör du.

1. Börja

Börja med att läsa.

2. Sluta

Sluta sedan att läsa.
""",
        """
T Guide i två steg
L Så här gör du.
# 1. Börja
P Börja med att läsa.
# 2. Sluta
P Sluta sedan att läsa.
""",
    ),
    "a list that begins at three keeps its numbers": (
        """
Fortsättning följer

Ingress.

Vi fortsätter:
3. tre
4. fyra
""",
        """
T Fortsättning följer
L Ingress.
P Vi fortsätter:
1 tre | fyra
""",
    ),
    "what ends a text is no heading": (
        """
Årsmötet är slut

Tack till alla som kom.

Vi ses igen nästa år.

Styrelsen
""",
        """
T Årsmötet är slut
L Tack till alla som kom.
P Vi ses igen nästa år.
P Styrelsen
""",
    ),
    "time and place are no headings": (
        """
Kallelse till årsmöte

Välkommen till årsmötet.

Tid: 12 maj kl. 17
Plats: Stockholm
Anmälan senast 1 maj
Mötet är öppet för alla medlemmar.
""",
        """
T Kallelse till årsmöte
L Välkommen till årsmötet.
P Tid: 12 maj kl. 17
P Plats: Stockholm
P Anmälan senast 1 maj
P Mötet är öppet för alla medlemmar.
""",
    ),
    "a title in capitals and very long headings": (
        """
GDPR FYLLER ÅR

En ingress.

Det här är en mycket lång rubrik som fortsätter ett bra tag till, för så skrev man då för tiden, utan punkt på slutet

Stycke.

Det här är däremot inte en rubrik fastän den saknar punkt på slutet, för den är så lång att ingen skulle läsa den som en rubrik, och den innehåller dessutom flera led, som det här ledet

Stycke två.
""",
        """
T GDPR FYLLER ÅR
L En ingress.
# Det här är en mycket lång rubrik som fortsätter ett bra tag till, för så skrev man då för tiden, utan punkt på slutet
P Stycke.
P Det här är däremot inte en rubrik fastän den saknar punkt på slutet, för den är så lång att ingen skulle läsa den som en rubrik, och den innehåller dessutom flera led, som det här ledet
P Stycke två.
""",
    ),
    "sources with addresses in every form": (
        """
Titel

Ingress.

Text.

Läs mer här:
- IMY: Vägledning: https://www.imy.se/vagledning/.
[EDPB](https://edpb.europa.eu/a_(b))
Domen (https://curia.europa.eu/x?a=1&b=2)
[Protokoll (2021)](https://example.org/p)
www.riksdagen.se/lag
Artikel utan länk
Intranätet: https://intranet/sida
[Kansliet](mailto:info@example.org)
ICO:s beslut
https://ico.org.uk/
""",
        """
T Titel
L Ingress.
P Text.
S IMY: Vägledning https://www.imy.se/vagledning/
S EDPB https://edpb.europa.eu/a_(b)
S Domen https://curia.europa.eu/x?a=1&b=2
S Protokoll (2021) https://example.org/p
S riksdagen.se/lag https://www.riksdagen.se/lag
S Artikel utan länk
S Intranätet (https://intranet/sida)
S Kansliet (info@example.org)
S ICO:s beslut https://ico.org.uk/
""",
    ),
    "English, with text after the sources": (
        """
A fine for cookies

The lead is here.

What happened?

A fine was imposed.

Read more

The decision

About the author

She is a lawyer and writes about the law.
""",
        """
T A fine for cookies
L The lead is here.
# What happened?
P A fine was imposed.
# About the author
P She is a lawyer and writes about the law.
S The decision
""",
    ),
    "a source on one closing line": (
        """
Titel

Ingress.

Text.

Källa: IMY, https://www.imy.se/
""",
        """
T Titel
L Ingress.
P Text.
S IMY https://www.imy.se/
""",
    ),
    "more information that is a section, not a list": (
        """
Titel

Ingress.

Mer information

Mer information finns hos styrelsen, som svarar på frågor.
""",
        """
T Titel
L Ingress.
# Mer information
P Mer information finns hos styrelsen, som svarar på frågor.
""",
    ),
    "no sources, and a text of one paragraph": (
        """
Kansliet har stängt

Vi är tillbaka på måndag.
""",
        """
T Kansliet har stängt
P Vi är tillbaka på måndag.
""",
    ),
    "the page in front of the article": (
        """
Hoppa till innehåll
Forum för Dataskydd
för ett tryggt informationssamhälle
Hem
Om oss
Nyheter
Logga in | Bli medlem | Varukorg (0)
Hem > Nyheter > Seminarium
Seminarium om AI

Så gick det på seminariet.

Här är texten.
Dela på Facebook
Skriv ut
""",
        """
T Seminarium om AI
L Så gick det på seminariet.
P Här är texten.
- Hoppa till innehåll
- Forum för Dataskydd
- för ett tryggt informationssamhälle
- Hem
- Om oss
- Nyheter
- Logga in | Bli medlem | Varukorg (0)
- Hem > Nyheter > Seminarium
- Dela på Facebook
- Skriv ut
""",
    ),
    "the page behind the article, in English, in words of its own": (
        """
Seminar on AI

How it went.

The text is here. It is longer than what the page says below it, as articles are.

Log in
Not a member? Sign up
Reset password
A paragraph about the association that nobody foresaw.
By submitting this form I consent to everything.
This site is protected by reCAPTCHA and the Google Privacy Policy applies.
Add to cart
""",
        """
T Seminar on AI
L How it went.
P The text is here. It is longer than what the page says below it, as articles are.
- Log in
- Not a member? Sign up
- Reset password
- A paragraph about the association that nobody foresaw.
- By submitting this form I consent to everything.
- This site is protected by reCAPTCHA and the Google Privacy Policy applies.
- Add to cart
""",
    ),
    "a short article above a footer": (
        """
Kansliet har stängt

Vi är tillbaka på måndag.

Logga in
Bli medlem
Kontakt
info@example.org
© 2021 Forum för Dataskydd
""",
        """
T Kansliet har stängt
P Vi är tillbaka på måndag.
- Logga in
- Bli medlem
- Kontakt
- info@example.org
- © 2021 Forum för Dataskydd
""",
    ),
    "account links in the middle take nothing with them": (
        """
Så blir du medlem

En ingress om medlemskap.

Logga in
Registrera dig

Bli medlem

Fyll i formuläret på sidan och skicka in det till oss.

Den här webbplatsen använder kakor

Därför skrev vi den här texten om kakor.
""",
        """
T Så blir du medlem
L En ingress om medlemskap.
P Fyll i formuläret på sidan och skicka in det till oss.
# Den här webbplatsen använder kakor
P Därför skrev vi den här texten om kakor.
- Logga in
- Registrera dig
- Bli medlem
""",
    ),
    "date and byline under the title": (
        """
Titel på artikeln
Publicerad 3 december 2021
Av Anna Andersson

Ingressen är här.

Texten är här.
""",
        """
T Titel på artikeln
L Ingressen är här.
P Av Anna Andersson
P Texten är här.
- Publicerad 3 december 2021
""",
    ),
    "dividing lines and pictures": (
        """
Titel
=====

Ingress.
***
Text ett. ![Bild](https://x.example/a.png)
----------
Text två.
""",
        """
T Titel
L Ingress.
P Text ett.
P Text två.
- =====
- ***
- ![Bild](https://x.example/a.png)
- ----------
""",
    ),
    "links and signs within the text": (
        """
Titel & co

Ingress med <tecken> & länk till [IMY](https://imy.se/).

Se https://example.org/a_(b), <https://example.org/x> eller [ett <b>](https://example.org/?a=1&b=2). Skriv till a@example.org.
""",
        """
T Titel & co
L Ingress med <tecken> & länk till IMY.
P Se <a href="https://example.org/a_(b)">https://example.org/a_(b)</a>, <a href="https://example.org/x">https://example.org/x</a> eller <a href="https://example.org/?a=1&amp;b=2">ett &lt;b&gt;</a>. Skriv till a@example.org.
S IMY https://imy.se/
""",
    ),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES)
def test_plain_text(text, expected):
    assert read(text) == lines(expected)


MARKDOWN = {
    "the usual": (
        """
# Studiecirkel om **AI**

Vi börjar i höst.

## Upplägg

- Första *träffen*
- Andra
  - inne i andra

3. tre
4. fyra

### Läs mer

* [IMY](https://imy.se)
* EDPB – https://edpb.europa.eu
""",
        """
T Studiecirkel om AI
L Vi börjar i höst.
# Upplägg
* Första <em>träffen</em> | Andra | inne i andra
1 tre | fyra
S IMY https://imy.se
S EDPB https://edpb.europa.eu
""",
    ),
    "quotes, line breaks, code and raw HTML": (
        """
# Titel

Ingress.

> Ett **citat**.
>
> Två stycken.

Rad ett  
rad två med `kod` och <script>alert(1)</script>

    indraget är ett stycke

~~~
kod
~~~
""",
        """
T Titel
L Ingress.
> Ett <strong>citat</strong>. | Två stycken.
P Rad ett<br>rad två med kod och &lt;script&gt;alert(1)&lt;/script&gt;
P indraget är ett stycke
P kod
""",
    ),
    "links that lead nowhere good": (
        """
# Titel

Ingress.

[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) [d](mailto:a@example.org)
""",
        """
T Titel
L Ingress.
P [a](javascript:alert(1)) [b](data:text/html,x) c <a href="mailto:a@example.org">d</a>
""",
    ),
    "page links among lists and pasted bullets": (
        """
## Titel

Ingress.

• ett
• två

[Logga in](/login)
* [Bli medlem](/join)
""",
        """
T Titel
L Ingress.
* ett | två
- [Logga in](/login)
- * [Bli medlem](/join)
""",
    ),
    "headings below each other": (
        """
# Titel

Ingress.

# Först

### Sedan

Text.
""",
        """
T Titel
L Ingress.
# Först
## Sedan
P Text.
""",
    ),
    "the title is the first-level heading": (
        """
2021-12-03

# Titel

Ingress.

Text.
""",
        """
T Titel
L Ingress.
P Text.
- 2021-12-03
""",
    ),
}


@pytest.mark.parametrize(("text", "expected"), MARKDOWN.values(), ids=MARKDOWN)
def test_markdown(text, expected):
    assert read(text, markdown=True) == lines(expected)


def test_headings_of_markdown_are_seen_in_a_text_file():
    assert read("# Titel\n\nIngress.\n\n## Rubrik\nText.") == [
        "T Titel",
        "L Ingress.",
        "# Rubrik",
        "P Text.",
    ]


SAMPLE = "Från 2021 – ”å, ä, ö”\n\nDet var så här.\n\n • ett\n • två\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(SAMPLE.encode("utf-8"), id="utf-8"),
        pytest.param(SAMPLE.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(SAMPLE.encode("cp1252"), id="windows-1252"),
        pytest.param(SAMPLE.encode("utf-16"), id="utf-16"),
        pytest.param(SAMPLE.replace("\n", "\r\n").encode(), id="windows line ends"),
        pytest.param(SAMPLE.replace("\n", "\r").encode(), id="old mac line ends"),
        pytest.param(SAMPLE.replace("\n", "\u2028").encode(), id="unicode line ends"),
        pytest.param(SAMPLE.replace(" •", "\u00a0•\u00a0").encode(), id="no-break spaces"),
        pytest.param(SAMPLE.replace("å", "a\u030a").encode(), id="decomposed letters"),
        pytest.param(SAMPLE.replace("•", "\u200b•").encode(), id="zero-width spaces"),
    ],
)
def test_encodings_and_spaces_make_no_difference(content):
    assert parse(content).content_hash == parse(SAMPLE.encode()).content_hash


def test_a_no_break_space_stays_where_it_has_a_reason_and_nowhere_else():
    text = "Den brittiska\u00a0myndigheten krävde 2,5\u00a0miljoner, t\u00a0ex enligt art.\u00a083."

    assert parse(f"Titel\n\n{text}".encode()).body == (
        "<p>Den brittiska myndigheten krävde 2,5\u00a0miljoner, t\u00a0ex enligt art.\u00a083.</p>"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n\t", "The file is empty."),
        (b"%PDF-1.7\n\x00\x01", "The file is not text. Save it as plain text or Markdown first."),
        (
            b"\x81\x8d\xff",
            "The characters of the file cannot be read. Save it with the encoding UTF-8.",
        ),
        (b"<!DOCTYPE html><p>x", "This is a web page in HTML. Save it as plain text first."),
        (b"Logga in\nBli medlem", "There is no article among the links and notices of the page."),
        (b"Bara en titel", "There is a title but no text under it."),
        (
            b"x" * 301 + b"\n\nText.",
            "The first line is not a title. Put the title on a line of its own.",
        ),
        (
            b"- ett\n- tv\xe5\n\nText.",
            "The first line is not a title. Put the title on a line of its own.",
        ),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(content, message):
    with pytest.raises(NotAnArticle) as refusal:
        parse(content)

    assert str(refusal.value.message) == message


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2021-12-03", dt.date(2021, 12, 3)),
        ("Publicerad: 2021-12-03", dt.date(2021, 12, 3)),
        ("Publicerat den 3 dec 2021", dt.date(2021, 12, 3)),
        ("3 maj 2021", dt.date(2021, 5, 3)),
        ("Published on 3 October 2021.", dt.date(2021, 10, 3)),
        ("31 februari 2021", None),
        ("3 brumaire 2021", None),
        ("Det var 3 maj 2021", None),
    ],
)
def test_day_of_publication(line, day):
    assert parse(f"Titel\n\n{line}\n\nIngress.\n\nText.".encode()).published_on == day


def test_lines_keep_their_numbers():
    article = parse(b"Logga in\n\nTitel\n\nIngress.\n\nRubrik\nStycke ett.\n\nKassan\n\nVarukorg\n")

    assert [(block.kind, block.line) for block in article.blocks] == [
        (Kind.HEADING, 7),
        (Kind.PARAGRAPH, 8),
        (Kind.PARAGRAPH, 10),
    ]
    assert [(item.line, item.reason) for item in article.left_out] == [
        (1, Reason.PAGE_LINK),
        (12, Reason.PAGE_LINK),
    ]


TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("\n\n\t -*•#1.:?![]()<>&aÅå\u00a0"), st.characters()),
    max_size=300,
)


@given(
    st.one_of(TEXTS.map(lambda text: text.encode(errors="replace")), st.binary(max_size=200)),
    st.booleans(),
)
def test_whatever_the_file_holds_the_article_is_clean_or_refused(content, markdown):
    try:
        article = parse(content, markdown=markdown)
    except NotAnArticle:
        return

    assert article.title.strip()
    assert rich_text.as_text(rich_text.clean(article.body)) == rich_text.as_text(article.body)
