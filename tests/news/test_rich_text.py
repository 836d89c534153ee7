import pytest

from news import rich_text

KEPT = [
    "<p>Ett stycke med <strong>fet</strong> och <em>kursiv</em> text.</p>",
    "<h2>Rubrik</h2><h3>Mindre</h3>",
    "<ul><li>ett</li></ul><ol><li>två</li></ol>",
    '<ol start="3"><li>tre</li></ol>',
    "<blockquote><p>Ett citat.</p></blockquote>",
    "<p>rad<br>bryts</p>",
    '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener">länk</a></p>',
    '<p><a href="mailto:info@example.org" rel="noopener">post</a></p>',
    '<p><a href="/nyheter/2026/x/" rel="noopener">egen sida</a></p>',
]

# The attack, and what is left of it.
ATTACKS = [
    ("<script>alert(1)</script>", ""),
    ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
    ("<p>a<style>*{display:none}</style></p>", "<p>a</p>"),
    ("<p onclick=alert(1)>a</p>", "<p>a</p>"),
    ('<p style="position:fixed">a</p>', "<p>a</p>"),
    ('<p class="x" id="main">a</p>', "<p>a</p>"),
    ("<img src=x onerror=alert(1)>a", "a"),
    ('<img src="https://evil.example/pixel.gif">a', "a"),
    ('<img src="/media/a.png">a', "a"),
    ("<svg onload=alert(1)>a</svg>", "a"),
    ("<svg><script>alert(1)</script>a</svg>", "a"),
    ("<math><mtext><script>alert(1)</script></mtext></math>a", "a"),
    ("<iframe src=https://evil.example></iframe>a", "a"),
    ('<iframe srcdoc="<script>alert(1)</script>"></iframe>a', "a"),
    ("<object data=x></object><embed src=x>a", "a"),
    ('<form action="https://evil.example"><input name=a><button>a</button></form>', "a"),
    ('<base href="https://evil.example/">a', "a"),
    ('<meta http-equiv=refresh content="0;url=//evil.example">a', "a"),
    ('<link rel=stylesheet href="//evil.example">a', "a"),
    ("<video src=x onerror=alert(1)></video>a", "a"),
    ("<details open ontoggle=alert(1)>a</details>", "a"),
    ("<template><script>alert(1)</script></template>a", "a"),
    ("<noscript><p title='</noscript><script>alert(1)</script>'>a</noscript>", None),
    ("<!-- <script>alert(1)</script> -->a", "a"),
    ("<![CDATA[<script>alert(1)</script>]]>a", None),
    ("<a href='javascript:alert(1)'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href=' javascript:alert(1)'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='java\tscript:alert(1)'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='&#106;avascript:alert(1)'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='JaVaScRiPt:alert(1)'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='vbscript:x'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='data:text/html,<script>alert(1)</script>'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='file:///etc/passwd'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='//evil.example'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='/\\evil.example'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='/\t/evil.example'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='\\\\evil.example'>a</a>", '<a rel="noopener">a</a>'),
    ("<a href='x.html'>a</a>", '<a rel="noopener">a</a>'),
    (
        "<a href='https://example.org' target=_blank ping=//evil.example download>a</a>",
        '<a href="https://example.org" rel="noopener">a</a>',
    ),
    ("<h1>a</h1>", "a"),
    (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    ),
    ("<p>a<p>b", "<p>a</p><p>b</p>"),
    ("<ul><li>a", "<ul><li>a</li></ul>"),
    ("<<script>alert(1)//<</script>", None),
    ('<p title="><script>alert(1)</script>">a</p>', "<p>a</p>"),
    ("<xss autofocus tabindex=1 onfocus=alert(1)>a</xss>", "a"),
]


@pytest.mark.parametrize("html", KEPT)
def test_what_an_article_is_made_of_stays(html):
    assert rich_text.clean(html) == html


@pytest.mark.parametrize(("html", "left"), ATTACKS)
def test_everything_else_goes(html, left):
    cleaned = rich_text.clean(html)

    if left is not None:
        assert cleaned == left
    assert rich_text.clean(cleaned) == cleaned
    assert "<script" not in cleaned


@pytest.mark.parametrize(
    "html", ["", " \n", "<p></p>", "<p>&nbsp;</p>", "<p><br></p>", "<ul><li></li></ul>"]
)
def test_html_without_words_is_empty(html):
    assert rich_text.clean(html) == ""


def test_words_of_a_text():
    html = "<h2>Å</h2><p>ä &amp; ö<br>x</p><ul><li>1</li><li>2</li></ul>"

    assert rich_text.as_text(html) == "Å ä & ö x 1 2"
