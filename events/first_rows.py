"""The row that events cannot start without. Staff write newer ones."""

from datetime import date
from typing import Any

_SV = """Bokningen gäller när vi har bekräftat den med e-post. Ligger en plats i varukorgen \
är den din tills klockan har gått ut, men den är inte bokad ännu.

Priset är det som gällde för dig när du bokade. Medlemspriset gäller den som är inloggad och \
har ett löpande medlemskap vars avgift är betald eller ännu inte förfallen. Kollegor som du \
bokar åt betalar priset för alla; är de medlemmar bokar de själva.

Kostar bokningen något får betalaren en faktura med e-post. Den kan betalas med kort direkt \
eller till bankgirot senast på förfallodagen.

Du kan avboka utan kostnad till och med den tidpunkt som står på evenemangets sida. Då \
krediteras hela priset, och det som har betalats betalas tillbaka. Efter det betalas priset \
inte tillbaka, men hör av dig till oss om en kollega ska gå i stället.

Ställer vi in evenemanget krediteras hela priset. Fler kostnader, som resa och logi, ersätter \
vi inte.

Bokar du åt andra har du sagt till dem att vi får deras namn och e-postadress. De får ett mejl \
med bekräftelsen och vem som bokade."""

_EN = """The booking holds once we have confirmed it by e-mail. A seat in the cart is yours \
until its time is up, but it is not booked yet.

The price is the one that was yours when you booked. The members' price is for whoever is \
logged in and has a running membership whose fee is paid or not yet due. Colleagues that you \
book for pay the price for everyone; those who are members book for themselves.

If the booking costs something, the payer gets an invoice by e-mail. It can be paid by card at \
once, or to our bankgiro by its due date.

You can cancel free of charge until the time that stands on the page of the event. The whole \
price is then credited, and what has been paid is paid back. After that the price is not paid \
back, but write to us if a colleague is to come instead.

If we call the event off, the whole price is credited. We do not refund other costs, such as \
travel and lodging.

If you book for others, you have told them that we get their names and e-mail addresses. They \
get a mail with the confirmation and with who booked."""


def create(apps: Any) -> None:
    """Called by a migration with its historical models."""
    terms = apps.get_model("events", "BookingTerms")
    if not terms.objects.exists():
        terms.objects.create(valid_from=date(2020, 1, 1), body_sv=_SV, body_en=_EN)
