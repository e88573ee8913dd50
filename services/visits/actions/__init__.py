"""Acts about visits: book the one time, receive who comes, take over the centres."""

from services.visits.actions.attending import (
    DayNotCome,
    DayOver,
    NobodysFault,
    OnlyAtTheDesk,
    complete_visit,
    open_visit,
    open_walk_in,
    record_fault,
)
from services.visits.actions.booking import (
    AlreadyBooked,
    AppointmentOver,
    ElsewhereThen,
    NoSuchAppointment,
    NotMissedYet,
    SlotTaken,
    Visitor,
    book_appointment,
    cancel_appointment,
    leave_appointment,
    miss_appointment,
)
from services.visits.actions.centres import load_centres
from services.visits.actions.forgetting import forget
from services.visits.queries import NoSuchCentre

__all__ = [
    "AlreadyBooked",
    "AppointmentOver",
    "DayNotCome",
    "DayOver",
    "ElsewhereThen",
    "NoSuchAppointment",
    "NoSuchCentre",
    "NobodysFault",
    "NotMissedYet",
    "OnlyAtTheDesk",
    "SlotTaken",
    "Visitor",
    "book_appointment",
    "cancel_appointment",
    "complete_visit",
    "forget",
    "leave_appointment",
    "load_centres",
    "miss_appointment",
    "open_visit",
    "open_walk_in",
    "record_fault",
]
