using System.CommandLine;
using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.App.Verbs.Subscribe;

/// <summary>Times, sizes and commands as people type them.</summary>
internal static class Texts
{
    private static readonly (string Unit, double Bytes)[] Sizes =
    [
        ("", 1), ("b", 1), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12), ("k", 1L << 10), ("kib", 1L << 10), ("m", 1L << 20), ("mib", 1L << 20),
        ("g", 1L << 30), ("gib", 1L << 30), ("t", 1L << 40), ("tib", 1L << 40),
    ];

    private static readonly (string Unit, double Days)[] Spans = [("min", 1 / 1440.0), ("h", 1 / 24.0), ("d", 1), ("w", 7), ("mo", 30), ("y", 365)];

    /// <summary><c>now</c> as null, <c>all</c> as the beginning of time, a span before now, or a date.</summary>
    public static Outcome<DateTimeOffset?> Moment(string text, DateTimeOffset now)
    {
        if (text is "now" or "all")
        {
            return text == "now" ? (DateTimeOffset?)null : DateTimeOffset.UnixEpoch;
        }

        if (DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out var date))
        {
            return (DateTimeOffset?)date;
        }

        var (number, unit) = Split(text);
        return Spans.FirstOrDefault(span => span.Unit == unit).Days is > 0 and var days && number * days is >= 0 and <= 36_500 and { } back
            ? (DateTimeOffset?)now.AddDays(-back)
            : new Failure(FailureKind.Invalid, $"'{EntryName.Show(text)}' is no time; it looks like now, all, 12h, 7d, 3mo, 1y or 2026-01-31");
    }

    /// <summary>Bytes.</summary>
    public static Outcome<long> Size(string text)
    {
        var (number, unit) = Split(text);
        var factor = Sizes.FirstOrDefault(size => size.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase)).Bytes;
        return number * factor is >= 0 and < 9e18 and { } bytes && factor > 0
            ? (long)bytes
            : new Failure(FailureKind.Invalid, $"'{EntryName.Show(text)}' is no size; it looks like 500kB, 10MB or 1.5GiB");
    }

    /// <summary>A program and its arguments: split at blanks, but within quotes of either kind.</summary>
    public static Outcome<IReadOnlyList<string>> Command(string text)
    {
        List<string> words = [];
        var (word, quote, isWord) = (new StringBuilder(), '\0', false);
        foreach (var c in text)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                (quote, isWord) = (quote == '\0' ? c : '\0', true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                }

                (word, isWord) = (word.Clear(), false);
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            return new Failure(FailureKind.Invalid, $"a quote {quote} is not closed");
        }

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return words.Count > 0 && words.TrueForAll(found => found.Length > 0)
            ? words
            : new Failure(FailureKind.Invalid, "a program and its arguments, none of them empty, such as: mpv --fs {}");
    }

    /// <summary>Refuses what cannot be read.</summary>
    public static void MustBe<T>(Option<string> option, Func<string, Outcome<T>> read) => option.Validators.Add(result =>
    {
        if (result.Tokens.Select(token => read(token.Value).Failure).OfType<Failure>().FirstOrDefault() is { } failure)
        {
            result.AddError($"{option.Name}: {failure.Message}");
        }
    });

    private static (double? Number, string Unit) Split(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var isNumber = double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        return (isNumber ? number : null, text[digits..].Trim());
    }
}
