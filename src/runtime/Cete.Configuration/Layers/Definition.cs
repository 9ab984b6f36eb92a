using System.Buffers;
using Cete.Core;
using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>One value set from outside the files: by <c>-D key=value</c>, by an option of its own, or by the environment.</summary>
/// <param name="Path">What it sets.</param>
/// <param name="Document">The value at its path, parsed.</param>
/// <param name="Source">Who says so, as messages name it.</param>
public sealed record Definition(HoconPath Path, HoconDocument Document, string Source)
{
    /// <summary>How messages name what <c>-D</c> sets.</summary>
    public const string OptionSource = "-D";

    // What cannot stand in an unquoted string of HOCON, and what begins a comment in one.
    private static readonly SearchValues<char> NotPlain = SearchValues.Create("$\"{}[]:=,+#`^?!@*&\\\r\n/");

    /// <summary>Reads <c>key=value</c>; the failure says what is wrong with it.</summary>
    public static Outcome<Definition> Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? Make(text[..equals], text[(equals + 1)..], OptionSource)
            : new Failure(FailureKind.Invalid, $"-D '{Shorten(text)}' is not KEY=VALUE, such as -D {HttpSettings.ListenPath}=127.0.0.1:0");
    }

    /// <summary>
    /// A value at a path. What begins with <c>{</c>, <c>[</c>, <c>"</c> or <c>${</c> is HOCON and has to be right; any other text is a value as it stands,
    /// so that an address or a file name needs no quotes, which a shell would take away.
    /// </summary>
    public static Outcome<Definition> Make(string path, string value, string source)
    {
        try
        {
            var keys = HoconPath.Parse(path.Trim());
            return new Definition(keys, HoconDocument.Parse($"{keys} = {Written(value.Trim())}", source), source);
        }
        catch (HoconException error)
        {
            return new Failure(FailureKind.Invalid, $"{source} {Shorten(path)}: {error.Errors[0].Message}");
        }
    }

    private static string Written(string value)
    {
        var isHocon = value.StartsWith('{') || value.StartsWith('[') || value.StartsWith('"') || value.StartsWith("${", StringComparison.Ordinal);
        var isPlain = value.Length > 0 && !value.AsSpan().ContainsAny(NotPlain) && !value.StartsWith("include", StringComparison.Ordinal);
        return isHocon || isPlain ? value : HoconValue.Of(value).ToString();
    }

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
