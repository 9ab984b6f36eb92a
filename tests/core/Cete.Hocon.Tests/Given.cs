using Cete.Core;

namespace Cete.Hocon.Tests;

/// <summary>Short ways to load and to compare.</summary>
internal static class Given
{
    public static HoconObject Load(string text) => HoconDocument.Load(text, "test.conf");

    public static string Json(string text) => HoconDocument.Parse(text, "test.conf").ResolveValue().ToString();

    public static string Json(string text, Func<string, string?> environment)
        => HoconDocument.Load(text, "test.conf", new HoconResolveOptions { Environment = environment }).ToString();

    public static string Json(string text, params (string Name, string Text)[] files)
        => HoconDocument.Load(text, "test.conf", new HoconResolveOptions { Includes = new Files(files) }).ToString();

    /// <summary>That the text has this one error.</summary>
    public static void Refused(string message, string text, params (string Name, string Text)[] files)
        => Mentions(message, Assert.Single(Errors(text, files)).Message);

    public static void Mentions(string part, string message) => Assert.Contains(part, message, StringComparison.Ordinal);

    public static IReadOnlyList<HoconError> Errors(string text, params (string Name, string Text)[] files)
        => Assert.Throws<HoconException>(() => Json(text, files)).Errors;

    /// <summary>Equality as values define it; xunit would compare them as collections, in order.</summary>
    public static void Equal(HoconValue expected, HoconValue actual)
        => Assert.True(expected.Equals(actual) && expected.GetHashCode() == actual.GetHashCode(), $"expected {expected}\nbut got {actual}");

    /// <summary>That both texts resolve to the same values in the same order.</summary>
    public static void Same(string expected, string actual) => Assert.Equal(Json(expected), Json(actual));
}

/// <summary>Included texts by name.</summary>
internal sealed class Files((string Name, string Text)[] files) : IIncludeSource
{
    public List<IncludeRequest> Requests { get; } = [];

    public Outcome<IncludedText> Open(IncludeRequest request)
    {
        Requests.Add(request);
        foreach (var (name, text) in files)
        {
            if (name == request.Name)
            {
                return text == "<denied>" ? new Failure(FailureKind.Forbidden, "no right to read it") : new IncludedText(text, name);
            }
        }

        return new Failure(FailureKind.NotFound, "none");
    }
}
