"""Which lines of a pasted page are the page and not the article.

A line that is nothing but an account or cart link goes wherever it stands. Menu words, share
buttons, terms and notices go only where they stand beside other page furniture or at the edge of
the file: the same words may be a heading or a sentence of an article.

Two account links or more in a row mark the edge of the page: in front of the article the short
lines above them go too, behind it everything that follows, provided that the terms or the notices
of the page are among it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from news.article_import.blocks import LeftOut, Reason, closes_a_sentence
from news.article_import.reading import Line


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.replace("\n", "|").split("|")) - {""}


_ACCOUNT_AND_CART = _phrases(
    """
    logga in|logga ut|log in|login|log out|logout|sign in|sign out|mina sidor|my pages|my account
    ej medlem? registrera dig|inte medlem? registrera dig|inte medlem än? registrera dig
    registrera dig|sign up|skapa konto|create account|create an account
    not a member? register|not a member? sign up|not a member yet? sign up|not a member? join
    återställ lösenord|glömt lösenord|glömt lösenordet|glömt ditt lösenord|reset password
    forgot password|forgot your password|lost your password|lost password
    go to cart|add to cart|view cart|cart|shopping cart|checkout|go to checkout|buy|buy now|basket
    gå till varukorgen|till varukorgen|visa varukorg|varukorg|varukorgen|kundvagn|kundvagnen
    lägg i varukorg|lägg i varukorgen|lägg till i varukorg|till kassan|gå till kassan|köp|köp nu
    """
)

_MENU = _phrases(
    """
    bli medlem|become a member|register|join|join us|join now|ansök om medlemskap|medlemskap
    membership|hem|home|start|startsida|meny|menu|huvudmeny|main menu|stäng|close|sök|search|om oss
    about|about us|kontakt|kontakta oss|contact|contact us|nyheter|news|evenemang|events|event
    seminarier|seminars|kalender|calendar|aktuellt|svenska|english|in english|på svenska
    hoppa till innehåll|hoppa till innehållet|skip to content|skip to main content|till toppen
    back to top|tillbaka|back|tillbaka till nyheter|back to news|föregående|nästa|previous|next
    dela|dela artikeln|dela sidan|dela detta|share|share this|share this article|skriv ut|print
    tipsa en vän|facebook|twitter|x|linkedin|instagram|youtube|e-post|email|e-mail|kopiera länk
    dela på facebook|dela på twitter|dela på linkedin|share on facebook|share on twitter
    share on linkedin|tweet|rss|integritetspolicy|privacy policy|terms of service|cookies|kakor
    acceptera alla cookies|acceptera alla|accept all cookies|accept all|accept|avvisa|reject
    cookieinställningar|cookie settings|prenumerera på nyhetsbrev|subscribe to our newsletter
    """
)

_PAGE_TEXT = re.compile(
    r"""
    ^(©|\(c\)\s|copyright\b) | \balla\ rättigheter\ förbehållna | \ball\ rights\ reserved
    | \b(site|webbplats|webbplatsen|sidan)\b.{0,30}\b(protected|skydda[ds])\b.{0,20}\bre?captcha
    | \b(this\ site|this\ website|webbplatsen|vår\ webbplats)\ (uses|använder)\ (cookies|kakor)
    | \bgenom\ att\ (fylla\ i|skicka\ in|skicka)\b.{0,40}\b(godkänner|samtycker)
    | \bby\ (filling\ in|submitting|sending)\b.{0,40}\b(i|you)\ (consent|agree|accept)
    | ^(ordinarie|vanligt|ordinary)\s(medlemskap|medlem|membership|member)\s*:\s*\d
    | ^student(medlemskap|medlem|\smembership|\smember)?\s*:\s*(gratis|free|\d)
    | ^studentmedlemskap(et)?\ upphör | \bstudent\ membership\ ends\ automatically
    | \b(ange|uppge)\b.{0,20}\bmecenat | \bmeddela(r)?\ oss\ om\ du\ byter\b
    | \b(tell|notify|inform)\ us\ (if|when)\ you\ change\b
    | \bmedlemmar\ (går|deltar)\ gratis\ på\ våra | \bmembers\ attend\ our\b.{0,60}\bfree
    """,
    re.IGNORECASE | re.VERBOSE,
)

_BREADCRUMB = re.compile(r"^(hem|home|start|startsida|startsidan)\s*[>›»/]\s*\S", re.IGNORECASE)
_DECORATION = re.compile(r"^[\s\-*•·–—+#>›»«‹←→↑<|]+|[\s:.!←→↑›»>|]+$")
_COUNT = re.compile(r"\s*\(\d+\)$")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_BETWEEN_LINKS = re.compile(r"\s*[|·•]\s*|\s+/\s+|\t+|(?<=\))\s+(?=\[)")

_MOST_WORDS_OF_A_HEADER = 25
_LINKS_THAT_MARK_AN_EDGE = 2


def without_furniture(lines: list[Line]) -> tuple[list[Line], list[LeftOut]]:
    """The lines with those left out made blank, and what was left out with its reason."""
    reasons: dict[int, Reason] = {
        line.number: Reason.PAGE_LINK for line in lines if _is_account_link(line.bare)
    }
    _spread(lines, reasons)
    _cut_header(lines, reasons)
    _cut_footer(lines, reasons)
    _spread(lines, reasons)
    kept = [replace(line, text="") if line.number in reasons else line for line in lines]
    left_out = [
        LeftOut(line.number, line.bare, reasons[line.number])
        for line in lines
        if line.number in reasons
    ]
    return kept, left_out


def without_pictures(lines: list[Line]) -> tuple[list[Line], list[LeftOut]]:
    """A picture of an old page lies on another server, which a reader of ours must not meet."""
    kept = [replace(line, text=_PICTURE.sub("", line.text)) for line in lines]
    left_out = [
        LeftOut(line.number, picture[0], Reason.PICTURE)
        for line in lines
        for picture in _PICTURE.finditer(line.text)
    ]
    return kept, left_out


def _labels(text: str) -> list[str]:
    plain = [_MARKDOWN_LINK.sub(r"\1", part) for part in _BETWEEN_LINKS.split(text)]
    tidied = [_COUNT.sub("", _DECORATION.sub("", part)).casefold() for part in plain]
    return [label.replace("\u00a0", " ").rstrip("?") for label in tidied if label]


def _all_among(text: str, known: frozenset[str]) -> bool:
    labels = _labels(text)
    return bool(labels) and all(label in known for label in labels)


def _is_account_link(text: str) -> bool:
    labels = _labels(text)
    known = _ACCOUNT_AND_CART | _MENU
    return _all_among(text, known) and any(label in _ACCOUNT_AND_CART for label in labels)


def _weak_reason(text: str) -> Reason | None:
    """What this line is if its neighbour is page furniture too."""
    if _all_among(text, _MENU | _ACCOUNT_AND_CART) or _BREADCRUMB.match(text):
        return Reason.PAGE_LINK
    if _PAGE_TEXT.search(text):
        return Reason.PAGE_TEXT
    return None


def _spread(lines: list[Line], reasons: dict[int, Reason]) -> None:
    """From each edge of the file and from each line left out, on to its weak neighbours."""
    written = [line for line in lines if line.bare]
    for ordered in (written, written[::-1]):
        beside_furniture = True
        for line in ordered:
            if line.number not in reasons and beside_furniture:
                reason = _weak_reason(line.bare)
                if reason:
                    reasons[line.number] = reason
            beside_furniture = line.number in reasons


def _edges(lines: list[Line], reasons: dict[int, Reason]) -> Iterator[tuple[int, int]]:
    """Runs of page links that hold an account link and are long enough to be the page's own."""
    written = [line for line in lines if line.bare]
    run: list[Line] = []
    for line in [*written, Line(0, "")]:
        if reasons.get(line.number) == Reason.PAGE_LINK:
            run.append(line)
            continue
        links = sum(len(_labels(linked.bare)) for linked in run)
        if links >= _LINKS_THAT_MARK_AN_EDGE and any(_is_account_link(ln.bare) for ln in run):
            yield run[0].number, run[-1].number
        run = []


def _cut_header(lines: list[Line], reasons: dict[int, Reason]) -> None:
    """Above the first account links: the name of the site and its menu, if an article follows."""
    first, last = next(_edges(lines, reasons), (0, 0))
    above = [ln for ln in lines if ln.bare and ln.number < first and ln.number not in reasons]
    below = [ln for ln in lines if ln.number > last and _is_unknown(ln, reasons)]
    if not below or closes_a_sentence(below[0].bare):
        return
    if _words(above) <= min(_MOST_WORDS_OF_A_HEADER, _words(below)):
        reasons.update((line.number, Reason.HEADER) for line in above)


def _cut_footer(lines: list[Line], reasons: dict[int, Reason]) -> None:
    """Behind account links: the terms and notices of the page, if the article stands in front."""
    for first, last in _edges(lines, reasons):
        article = [ln for ln in lines if ln.number < first and ln.number not in reasons]
        rest = [ln for ln in lines if ln.bare and ln.number > last]
        has_notices = any(_PAGE_TEXT.search(line.bare) for line in rest)
        unknown = [line for line in rest if _is_unknown(line, {})]
        if has_notices and _words(article) > _words(unknown):
            for line in rest:
                reasons.setdefault(line.number, Reason.FOOTER)
            return


def _is_unknown(line: Line, reasons: dict[int, Reason]) -> bool:
    """Neither left out nor anything that a page says of itself."""
    return bool(line.bare) and line.number not in reasons and _weak_reason(line.bare) is None


def _words(lines: list[Line]) -> int:
    return sum(len(line.bare.split()) for line in lines)
