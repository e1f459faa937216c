"""The lunar calendar from 1900 to 2100, from a table that is loaded when somebody types a lunar birthday."""

from __future__ import annotations

from datetime import date


class TableCalendar:
    """Fills the `LunarCalendar` protocol."""

    def month_days(self, year: int, month: int, *, leap: bool) -> int:
        """29 or 30; 0 if that year has no such month, or lies outside the table."""
        from borax.calendars.lunardate import LCalendars

        if not 1900 <= year <= 2100:
            return 0
        for found, days, is_leap in LCalendars.iter_year_month(year):
            if (found, bool(is_leap)) == (month, leap):
                return int(days)
        return 0

    def solar(self, year: int, month: int, day: int, *, leap: bool) -> date:
        """The solar date of a lunar day. Raises ValueError if there is no such day."""
        from borax.calendars.lunardate import LunarDate

        if not 1 <= day <= self.month_days(year, month, leap=leap):
            raise ValueError("no such day")
        solar: date = LunarDate(year, month, day, leap).to_solar_date()
        return solar
