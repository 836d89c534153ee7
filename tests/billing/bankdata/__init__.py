"""Bank files for the tests, written by our own hand: no bank's data is kept here."""
