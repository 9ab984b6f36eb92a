namespace Cete.Formats.Calendars;

/// <content>When it recurs. By the clock of the place: what zone that is in, others know.</content>
public sealed partial record RecurrenceRule
{
    /// <summary>
    /// Days and times that are looked at before it is given up: a rule that never comes true, or one of seconds with a bound far away, ends here.
    /// </summary>
    private const int LooksMax = 2_000_000;

    private const int YearMax = 9_999;

    /// <summary>Moments from one to another, both included, in order; at most so many.</summary>
    /// <param name="start">The first of all: DTSTART by the clock of the place.</param>
    /// <param name="from">The first that is wanted.</param>
    /// <param name="to">The last that is wanted.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="until">UNTIL by the clock of the place, where the rule has it in UTC.</param>
    public IReadOnlyList<DateTime> Between(DateTime start, DateTime from, DateTime to, int max, DateTime? until = null)
    {
        var last = until ?? (IsUntilDay ? Until?.AddDays(1).AddTicks(-1) : Until) ?? DateTime.MaxValue;
        last = last < to ? last : to;
        List<DateTime> found = [];
        var (count, looks) = (0, 0);
        var periods = new Periods(this, start);
        if (Count is null)
        {
            periods.SkipTo(from);
        }

        var set = new List<DateTime>();
        while (found.Count < max && looks < LooksMax && periods.Begin is { } begin && begin <= last)
        {
            set.Clear();
            looks += periods.Collect(set) + 1;
            foreach (var moment in Picked(set))
            {
                if (moment < start)
                {
                    continue;
                }

                if (moment > last || ++count > Count || found.Count == max)
                {
                    return found;
                }

                if (moment >= from)
                {
                    found.Add(moment);
                }
            }

            periods.Next();
        }

        return found;
    }

    private IEnumerable<DateTime> Picked(List<DateTime> set)
    {
        set.Sort();
        return BySetPos.Count == 0 ? set
            : BySetPos.Select(place => place > 0 ? place - 1 : set.Count + place).Where(place => place >= 0 && place < set.Count)
                .Distinct().Order().Select(place => set[place]);
    }

    /// <summary>The periods of a rule one by one: years, months, weeks, days, hours, minutes or seconds.</summary>
    private sealed class Periods
    {
        private readonly RecurrenceRule _rule;
        private readonly DateTime _start;
        private readonly IReadOnlyList<int> _months;
        private readonly IReadOnlyList<int> _monthDays;
        private readonly IReadOnlyList<WeekdayRule> _days;
        private DateTime? _begin;

        public Periods(RecurrenceRule rule, DateTime start)
        {
            (_rule, _start) = (rule, start);
            var isOpen = rule is { ByWeekNo.Count: 0, ByYearDay.Count: 0, ByMonthDay.Count: 0, ByDay.Count: 0 };
            _months = isOpen && rule.Frequency == Frequency.Yearly && rule.ByMonth.Count == 0 ? [start.Month] : rule.ByMonth;
            _monthDays = isOpen && rule.Frequency is Frequency.Yearly or Frequency.Monthly && isOpen ? [start.Day] : rule.ByMonthDay;
            _days = isOpen && rule.Frequency == Frequency.Weekly ? [new WeekdayRule(start.DayOfWeek, 0)] : rule.ByDay;
            _begin = rule.Frequency switch
            {
                Frequency.Yearly => new DateTime(start.Year, 1, 1),
                Frequency.Monthly => new DateTime(start.Year, start.Month, 1),
                Frequency.Weekly => WeekOf(start),
                Frequency.Daily => start.Date,
                Frequency.Hourly => start.Date.AddHours(start.Hour),
                Frequency.Minutely => start.Date.AddMinutes((int)start.TimeOfDay.TotalMinutes),
                _ => start.Date.AddSeconds((int)start.TimeOfDay.TotalSeconds),
            };
        }

        /// <summary>Where the period begins; null behind the last that the calendar has.</summary>
        public DateTime? Begin => _begin;

        public void Next() => Move(_rule.Interval);

        /// <summary>Goes to the last period that begins before a moment, without looking at those between.</summary>
        public void SkipTo(DateTime from)
        {
            if (_begin is not { } begin || from <= begin)
            {
                return;
            }

            var apart = from - begin;
            long periods = _rule.Frequency switch
            {
                Frequency.Yearly => from.Year - begin.Year,
                Frequency.Monthly => ((from.Year - begin.Year) * 12) + from.Month - begin.Month,
                Frequency.Weekly => apart.Days / 7,
                Frequency.Daily => apart.Days,
                Frequency.Hourly => (long)apart.TotalHours,
                Frequency.Minutely => (long)apart.TotalMinutes,
                _ => (long)apart.TotalSeconds,
            };
            Move(Math.Max(0, (periods / _rule.Interval) - 1) * _rule.Interval);
        }

        /// <summary>All moments of the period; answers how many days and times were looked at.</summary>
        public int Collect(List<DateTime> set)
        {
            var begin = _begin!.Value;
            if (_rule.Frequency < Frequency.Daily)
            {
                if (IsDay(begin.Date) && (_rule.ByHour.Count == 0 || _rule.ByHour.Contains(begin.Hour))
                    && (_rule.Frequency == Frequency.Hourly || _rule.ByMinute.Count == 0 || _rule.ByMinute.Contains(begin.Minute))
                    && (_rule.Frequency != Frequency.Secondly || _rule.BySecond.Count == 0 || _rule.BySecond.Contains(begin.Second)))
                {
                    AddTimes(begin.Date, set);
                }

                return 1;
            }

            var end = _rule.Frequency switch
            {
                Frequency.Yearly => Days(begin, new DateTime(begin.Year, 12, 31)),
                Frequency.Monthly => DateTime.DaysInMonth(begin.Year, begin.Month),
                Frequency.Weekly => Days(begin, (DateTime.MaxValue.Date - begin).Days >= 6 ? begin.AddDays(6) : DateTime.MaxValue.Date),
                _ => 1,
            };
            for (var i = 0; i < end; i++)
            {
                if (begin.AddDays(i) is var day && IsDay(day))
                {
                    AddTimes(day, set);
                }
            }

            return end + set.Count;
        }

        private static int Days(DateTime first, DateTime last) => (last - first).Days + 1;

        private void AddTimes(DateTime day, List<DateTime> set)
        {
            var frequency = _rule.Frequency;
            var begin = _begin!.Value;
            IReadOnlyList<int> hours = frequency < Frequency.Daily ? [begin.Hour] : _rule.ByHour.Count > 0 ? _rule.ByHour : [_start.Hour];
            IReadOnlyList<int> minutes = frequency < Frequency.Hourly ? [begin.Minute] : _rule.ByMinute.Count > 0 ? _rule.ByMinute : [_start.Minute];
            IReadOnlyList<int> seconds = frequency < Frequency.Minutely ? [begin.Second] : _rule.BySecond.Count > 0 ? _rule.BySecond : [_start.Second];
            foreach (var hour in hours)
            {
                foreach (var minute in minutes)
                {
                    foreach (var second in seconds)
                    {
                        // A day has 86,400 seconds: a rule that names them all has named enough.
                        if (set.Count < LooksMax / 10)
                        {
                            set.Add(day.AddSeconds((hour * 3_600) + (minute * 60) + second));
                        }
                    }
                }
            }
        }

        private bool IsDay(DateTime day) =>
            (_months.Count == 0 || _months.Contains(day.Month))
            && (_monthDays.Count == 0 || _monthDays.Contains(day.Day) || _monthDays.Contains(day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1))
            && (_rule.ByYearDay.Count == 0 || _rule.ByYearDay.Contains(day.DayOfYear) || _rule.ByYearDay.Contains(day.DayOfYear - DaysOf(day.Year) - 1))
            && (_rule.ByWeekNo.Count == 0 || IsWeek(day))
            && (_days.Count == 0 || _days.Any(rule => rule.Day == day.DayOfWeek && (rule.Ordinal == 0 || IsOrdinal(day, rule.Ordinal))));

        /// <summary>The first, second, last... of its weekdays: in the month, or in the year where the rule names no months.</summary>
        private bool IsOrdinal(DateTime day, int ordinal)
        {
            var isMonth = _rule.Frequency == Frequency.Monthly || _rule.ByMonth.Count > 0;
            var (place, length) = isMonth ? (day.Day, DateTime.DaysInMonth(day.Year, day.Month)) : (day.DayOfYear, DaysOf(day.Year));
            return ordinal > 0 ? ((place - 1) / 7) + 1 == ordinal : ((length - place) / 7) + 1 == -ordinal;
        }

        private bool IsWeek(DateTime day)
        {
            // A week belongs to the year in which most of its days are.
            var toStart = ((int)day.DayOfWeek - (int)_rule.WeekStart + 7) % 7;
            var middle = day.DayOfYear - toStart + 3;
            var year = middle < 1 ? day.Year - 1 : middle > DaysOf(day.Year) ? day.Year + 1 : day.Year;
            var place = middle < 1 ? middle + DaysOf(year) : year > day.Year ? middle - DaysOf(day.Year) : middle;
            var number = ((place - 1) / 7) + 1;
            var weeks = ((DaysOf(year) - place) / 7) + number;
            return _rule.ByWeekNo.Contains(number) || _rule.ByWeekNo.Contains(number - weeks - 1);
        }

        private static int DaysOf(int year) => year is >= 1 and <= YearMax && DateTime.IsLeapYear(year) ? 366 : 365;

        private DateTime WeekOf(DateTime moment)
        {
            var back = ((int)moment.DayOfWeek - (int)_rule.WeekStart + 7) % 7;
            return (moment.Date - DateTime.MinValue).Days < back ? moment.Date : moment.Date.AddDays(-back);
        }

        private void Move(long periods)
        {
            if (_begin is not { } begin)
            {
                return;
            }

            if (_rule.Frequency is Frequency.Yearly or Frequency.Monthly)
            {
                var months = (begin.Year * 12L) + begin.Month - 1 + (periods * (_rule.Frequency == Frequency.Yearly ? 12 : 1));
                _begin = months / 12 <= YearMax ? new DateTime((int)(months / 12), (int)(months % 12) + 1, 1) : null;
                return;
            }

            var unit = _rule.Frequency switch
            {
                Frequency.Weekly => TimeSpan.TicksPerDay * 7,
                Frequency.Daily => TimeSpan.TicksPerDay,
                Frequency.Hourly => TimeSpan.TicksPerHour,
                Frequency.Minutely => TimeSpan.TicksPerMinute,
                _ => TimeSpan.TicksPerSecond,
            };
            _begin = periods > (DateTime.MaxValue.Ticks - begin.Ticks) / unit ? null : begin.AddTicks(periods * unit);
        }
    }
}
