from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from events.views import afterwards, bookings, carts, changes, door, feeds, programme, room

app_name = "events"

_event = [
    path("", programme.event, name="event"),
    path(_("calendar.ics"), programme.calendar, name="calendar"),
    path(_("book/<str:mode>/"), programme.book, name="book"),
    path(_("put-into-cart/<str:mode>/"), carts.hold, name="hold"),
    path(_("colleagues/<str:mode>/"), carts.colleagues, name="colleagues"),
    path(_("waiting-list/<str:mode>/"), programme.wait, name="wait"),
]

_cart = [
    path("", carts.cart, name="cart"),
    path(_("more-time/"), carts.extend, name="extend"),
    path(_("membership/"), carts.join_too, name="join-too"),
    path(_("seats/<slug:slug>/<str:mode>/"), carts.seats, name="seats"),
    path(_("take-out/<uuid:public_id>/"), carts.take_out, name="take-out"),
    path(_("hold-again/<uuid:public_id>/"), carts.hold_again, name="hold-again"),
    path(_("for-whom/<uuid:public_id>/"), carts.assign, name="assign"),
]

_booking = [
    path("", bookings.booking, name="booking"),
    path(_("cancel/"), bookings.cancel, name="cancel"),
    path(_("calendar.ics"), bookings.calendar, name="booking-calendar"),
    path(_("accept/"), bookings.accept, name="accept"),
    path(_("decline/"), bookings.decline, name="decline"),
    path(_("somebody-else/"), changes.swap, name="swap"),
    path(_("another-date/"), changes.move, name="move"),
    path(_("pay-the-difference/"), changes.pay_difference, name="pay-difference"),
    path(_("needs/"), bookings.needs, name="needs"),
    path(_("badge/"), bookings.badge, name="badge"),
    path(_("certificate.pdf"), afterwards.certificate_file, name="certificate-file"),
    path(_("show-name/"), afterwards.show_name, name="show-name"),
    path(_("survey/"), afterwards.survey, name="survey"),
]

_room = [
    path("", room.room, name="room"),
    path(_("attendees/"), door.attendees, name="attendees"),
    path(_("attendees.csv"), room.export, name="export"),
    path(_("badges.pdf"), door.badges, name="badges"),
    path(_("register/"), room.register, name="register"),
    path(_("series/"), room.series, name="series"),
    path(_("attendance/"), room.note_attendance, name="note-attendance"),
    path(_("messages/"), room.message, name="message-new"),
    path(_("messages/<int:pk>/"), room.message, name="message"),
    path(_("messages/<int:pk>/test/"), room.message_test, name="message-test"),
    path(_("messages/<int:pk>/send/"), room.message_send, name="message-send"),
    path(_("door/"), door.door, name="door"),
    path(_("door/sync/"), door.sync, name="door-sync"),
    path(_("door/walk-in/"), door.walk_in, name="walk-in"),
    path(_("door/<str:number>/"), door.check, name="check"),
]

urlpatterns = [
    path(_("events/"), programme.event_list, name="list"),
    path(_("booking-terms/"), programme.terms, name="terms"),
    path(_("past-events/"), programme.archive, name="archive"),
    path(_("events.ics"), programme.feed, name="feed"),
    path(_("events/month/"), programme.this_month, name="this-month"),
    path(_("events/month/<int:year>/<int:month>/"), programme.month, name="month"),
    path(_("my-calendar/<uuid:key>.ics"), feeds.own, name="own-feed"),
    path(_("my-pages/calendar/"), feeds.renew, name="renew-feed"),
    path(_("events/<slug:slug>/"), include(_event)),
    path(_("cart/"), include(_cart)),
    path(_("checkout/"), carts.checkout, name="checkout"),
    path(_("checkout/done/<str:token>/"), carts.done, name="done"),
    path(_("bookings/<str:token>/"), include(_booking)),
    path(_("event-rooms/<slug:slug>/"), include(_room)),
    path(_("certificates/"), afterwards.verify, name="verify"),
    path(_("certificates/<str:code>/"), afterwards.certificate, name="certificate"),
    path(_("my-pages/hours/<int:year>.pdf"), afterwards.transcript, name="transcript"),
]
