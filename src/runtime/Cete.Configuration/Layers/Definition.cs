using System.Buffers;
using System.Net;
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

    /// <summary>A text at a path of the program's own, whatever the text holds.</summary>
    public static Definition OfText(string path, string text, string source) => Parse(HoconPath.Parse(path), HoconValue.Of(text).ToString(), source);

    /// <summary>
    /// A value at a path. What begins with <c>{</c>, <c>[</c>, <c>"</c> or <c>${</c> is HOCON and has to be right; any other text is a value as it stands,
    /// so that an address or a file name needs no quotes, which a shell would take away. An address may begin with <c>[</c> too.
    /// </summary>
    public static Outcome<Definition> Make(string path, string value, string source)
    {
        var written = value.Trim();
        try
        {
            var keys = HoconPath.Parse(path.Trim());
            var isHocon = written.StartsWith('{') || written.StartsWith('"') || written.StartsWith("${", StringComparison.Ordinal) || IsArray(written);
            var isPlain = written.Length > 0 && !written.AsSpan().ContainsAny(NotPlain) && !written.StartsWith("include", StringComparison.Ordinal);
            return isHocon || isPlain ? Parse(keys, written, source) : Parse(keys, HoconValue.Of(written).ToString(), source);
        }
        catch (HoconException error)
        {
            return new Failure(FailureKind.Invalid, $"{source} {Shorten(path)}: {error.Errors[0].Message}");
        }
    }

    private static Definition Parse(HoconPath path, string written, string source) => new(path, HoconDocument.Parse($"{path} = {written}", source), source);

    /// <summary>An array, or at least nothing that is an address: <c>[::1]:80</c>.</summary>
    private static bool IsArray(string value) => value.StartsWith('[') && !IPEndPoint.TryParse(value, out _);

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
