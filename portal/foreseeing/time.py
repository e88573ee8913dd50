"""Time as it is foreseen: minutes since the first midnight, the days and the working hours they fall into."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from services.core.appointments import minute_of
from services.core.clocks import WorkCalendar

DAY = 1440


@dataclass
class Time:
    """The days since the first one; a year whose calendar is not published has ordinary weeks here."""

    first_day: date
    calendar: WorkCalendar
    _worked: list[int] = field(default_factory=lambda: [0])

    def day(self, now: float) -> date:
        """Return the day of the moment."""
        return self.first_day + timedelta(days=int(now // DAY))

    def moment(self, now: float) -> datetime:
        """Return the moment as a date and a time of day; there is one zone here."""
        return datetime.combine(self.first_day, time.min, tzinfo=UTC) + timedelta(minutes=now)

    def midnight(self, day: date) -> int:
        """Return the moment at which the day begins."""
        return (day - self.first_day).days * DAY

    def is_working(self, number: int) -> bool:
        """Return whether the offices work on the day of this number."""
        return self.worked(number + 1) > self.worked(number)

    def worked(self, number: int) -> int:
        """Return how many days are worked before the day of this number."""
        while len(self._worked) <= number:
            day = self.first_day + timedelta(days=len(self._worked) - 1)
            self._worked.append(self._worked[-1] + self.calendar.is_working(day))
        return self._worked[number]

    def working_days(self, start: float, end: float) -> int:
        """Return how many working days lie after the day of one moment, up to and with that of the other (R13.4)."""
        return self.worked(int(end // DAY) + 1) - self.worked(int(start // DAY) + 1)


@dataclass(frozen=True)
class Hours:
    """When an office works: its hours on working days, of which a share is spent on cases."""

    time: Time
    opens: int
    closes: int
    share: float = 1.0

    @classmethod
    def of(cls, of: Time, opens: str, closes: str, share: float = 1.0) -> "Hours":
        """Return the hours between two times of day."""
        first, last = (minute_of(time.fromisoformat(one)) for one in (opens, closes))
        return cls(of, first, last, share)

    def after(self, now: float, minutes: float) -> float:
        """Return the moment at which so many minutes of work are done, if they begin now or at the next opening."""
        number, at = divmod(now, DAY)
        day = int(number)
        left = minutes / self.share
        while True:
            if self.time.is_working(day):
                begins = max(at, self.opens)
                if begins + left <= self.closes:
                    return day * DAY + begins + left
                left -= max(0, self.closes - begins)
            day, at = day + 1, 0

    def worked(self, until: float) -> float:
        """Return the minutes that somebody has for cases before the moment."""
        number, at = divmod(until, DAY)
        today = max(0.0, min(at, self.closes) - self.opens) * self.time.is_working(int(number))
        return (self.time.worked(int(number)) * (self.closes - self.opens) + today) * self.share
