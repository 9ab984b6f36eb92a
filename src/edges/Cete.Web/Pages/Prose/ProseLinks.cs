using System.Text;
using Cete.Api;
using Cete.Core;

namespace Cete.Web.Pages.Prose;

/// <summary>Which addresses of strangers' texts a page may lead to, and which pictures it may show.</summary>
internal static class ProseLinks
{
    private const int LengthMax = 2_000;

    /// <summary>
    /// An address as it is linked to; null where a page does not lead there: other schemes than http, https, mailto and cete, addresses with a name and
    /// password before the host, and everything that browsers read otherwise than people.
    /// </summary>
    public static string? Find(string? address)
    {
        if (address is not { Length: > 0 and <= LengthMax } || address.EnumerateRunes().Any(IsDeceiving))
        {
            return null;
        }

        var scheme = SchemeOf(address);
        return scheme switch
        {
            // The site's own pages: '//host' and '/\host' would be others.
            "" => address.StartsWith("//", StringComparison.Ordinal) ? null : Escape(address),
            "http" or "https" => Absolute(address),
            "mailto" => Escape(address),
            "cete" => Escape(address),
            _ => null,
        };
    }

    /// <summary>The host that an address leads to; null within the site.</summary>
    public static string? HostOf(string address) =>
        SchemeOf(address) is "http" or "https" && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.IdnHost : null;

    /// <summary>A picture that pages may show: a content of the community that is one. Those of other sites would tell them who looks.</summary>
    public static string? Picture(string? address)
    {
        if (address?.StartsWith(Routes.Content + "/", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var parts = address[(Routes.Content.Length + 1)..].Split('/');
        return parts is [var root, var name] && Hash256.TryParse(root, out _) && Uri.UnescapeDataString(name) is var plain
            && !plain.Contains('/', StringComparison.Ordinal) && FileKind.PreviewOf(plain, 1) == "image"
            ? Routes.ContentOf(root, plain)
            : null;
    }

    /// <summary>The scheme of an address, in small letters; empty where it has none.</summary>
    private static string SchemeOf(string address)
    {
        var end = address.AsSpan().IndexOfAny(":/?#");
        return end >= 0 && address[end] == ':' ? address[..end].ToLowerInvariant() : string.Empty;
    }

    private static string? Absolute(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            return null;
        }

        var port = uri.IsDefaultPort ? string.Empty : ":" + uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var rest = uri.GetComponents(UriComponents.PathAndQuery | UriComponents.Fragment | UriComponents.KeepDelimiter, UriFormat.UriEscaped);
        return $"{uri.Scheme}://{uri.IdnHost}{port}{rest}";
    }

    private static string Escape(string address)
    {
        StringBuilder text = new();
        foreach (var rune in address.EnumerateRunes())
        {
            var isPlain = rune.IsAscii && rune.Value is not ('"' or '<' or '>' or '`' or '{' or '}' or '^' or '|');
            text.Append(isPlain ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return text.ToString();
    }

    /// <summary>Blanks and controls, which browsers leave out; '\', which they take for '/'; and what cannot be seen.</summary>
    private static bool IsDeceiving(Rune rune) =>
        Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || rune.Value is '\\' or 0xFFFD || ProseText.IsHidden(rune)
        || rune.Value is (>= 0x200C and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
