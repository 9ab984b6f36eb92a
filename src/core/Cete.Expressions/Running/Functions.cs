using Cete.Expressions.Checking;

namespace Cete.Expressions.Running;

/// <summary>What functions give. Of null all but has() give null.</summary>
internal static class Functions
{
    public static Value Call(CallNode call, IReadOnlyList<Value> arguments)
    {
        var first = arguments[0];
        if (call.Function == Function.Has)
        {
            return Value.Of(!first.IsNull);
        }

        return arguments.Any(argument => argument.IsNull) ? Value.Null : call.Function switch
        {
            Function.SizeOfText => Value.Of(TextRules.Size(first.AsText)),
            Function.SizeOfList => Value.Of(first.AsList.Count),
            Function.Contains => Value.Of(first.AsText.Contains(arguments[1].AsText, StringComparison.Ordinal)),
            Function.StartsWith => Value.Of(first.AsText.StartsWith(arguments[1].AsText, StringComparison.Ordinal)),
            Function.EndsWith => Value.Of(first.AsText.EndsWith(arguments[1].AsText, StringComparison.Ordinal)),
            Function.Matches => Value.Of(call.Pattern!.IsMatch(first.AsText)),
            Function.LowerAscii => Value.Of(Mapped(first.AsText, char.IsAsciiLetterUpper, ' ')),
            Function.UpperAscii => Value.Of(Mapped(first.AsText, char.IsAsciiLetterLower, ' ')),
            Function.Trim => Value.Of(first.AsText.Trim(' ', '\t', '\n', '\v', '\f', '\r')),
            Function.ToInt => Conversions.ToInt(first),
            Function.ToDecimal => Conversions.ToDecimal(first),
            Function.ToText => Value.Of(Conversions.ToText(first)),
            Function.Min => first.CompareTo(arguments[1]) <= 0 ? first : arguments[1],
            Function.Max => first.CompareTo(arguments[1]) >= 0 ? first : arguments[1],
            Function.Abs => first.Number < 0 ? Arithmetic.Negate(first) : first,
            Function.Round => Arithmetic.Round(first),
            _ => OfTime(call.Function, first),
        };
    }

    private static Value OfTime(Function function, Value at)
    {
        var isDate = at.Kind == ValueKind.Date;
        var day = isDate ? at.Number : Days.FloorDivide(at.Number, Days.Microseconds);
        var minutes = isDate ? 0 : Days.WithinDay(at.Number) / 60_000_000;
        var calendar = Days.ToCalendar(day);
        var number = function switch
        {
            Function.Year => calendar?.Year,
            Function.Month => calendar?.Month - 1,
            Function.DayOfMonth => calendar?.Day - 1,
            Function.DayOfWeek => Days.DayOfWeek(day),
            Function.Hours => minutes / 60,
            _ => minutes % 60,
        };
        return function == Function.DayOf ? Value.OfDate(day) : number is { } known ? Value.Of(known) : Value.Null;
    }

    /// <summary>Letters that differ from their other case in one bit alone: those of ASCII.</summary>
    private static string Mapped(string text, Func<char, bool> isMapped, char bit) =>
        text.Any(isMapped) ? string.Concat(text.Select(letter => isMapped(letter) ? (char)(letter ^ bit) : letter)) : text;
}
