"""English as Europeans read it: day before month, 24 hours."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%d %b %Y"]
FIRST_DAY_OF_WEEK = 1
