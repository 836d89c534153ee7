import pytest

from news.slugs import LONGEST, slug_of
from tests.factories.news import create_article, text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Å, ä och ö!", "a-a-och-o"),
        ("ÅRSMÖTE 2026", "arsmote-2026"),
        ("Är 2,5 miljoner kronor för mycket?", "ar-25-miljoner-kronor-for-mycket"),
        ("Søren Kierkegård & Æsops œuvre", "soren-kierkegard-aesops-oeuvre"),
        ("Straße nach Łódź", "strasse-nach-lodz"),
        ("Café – à la carte", "cafe-a-la-carte"),
        ("数据保护", "x"),
        ("!!!", "x"),
    ],
)
def test_letters(title, slug):
    assert slug_of(title) == slug


def test_a_long_title_is_cut_between_words():
    slug = slug_of("ansiktsigenkänning " * 10)

    assert slug == "ansiktsigenkanning-ansiktsigenkanning-ansiktsigenkanning-ansiktsigenkanning"
    assert len(slug) <= LONGEST


def test_a_word_longer_than_an_address_is_cut_within():
    assert slug_of("a" * 200) == "a" * LONGEST


def test_the_same_title_again_gets_a_number(db):
    slugs = [create_article(texts={"sv": text(title="Årsmöte")}).slug_sv for _ in range(3)]

    assert slugs == ["arsmote", "arsmote-2", "arsmote-3"]


def test_the_same_title_in_the_other_language_does_not(db):
    create_article(texts={"sv": text(title="AI")})

    assert create_article(texts={"en": text(title="AI")}).slug_en == "ai"
