using Cete.Described;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <summary>The languages that somebody reads, the best first.</summary>
public sealed class Languages
{
    private const int CountMax = 8;
    private const int TagLengthMax = 35;

    private readonly string[] _tags;

    private Languages(IEnumerable<string> tags) =>
        _tags = [.. tags.Where(tag => tag.Length is > 0 and <= TagLengthMax).Select(tag => tag.ToLowerInvariant()).Take(CountMax)];

    /// <summary>What the address says (<c>?lang=</c>), else what the browser does.</summary>
    public static Languages Of(HttpRequest request)
    {
        if (request.Query["lang"].ToString() is { Length: > 0 } said)
        {
            return new Languages([said]);
        }

        var fields = request.GetTypedHeaders().AcceptLanguage;
        return new Languages(fields.Take(CountMax).Where(field => field.Quality is null or > 0).OrderByDescending(field => field.Quality ?? 1)
            .Select(field => field.Value.ToString()));
    }

    /// <summary>A text in the first of them that there is.</summary>
    public string Of(Words words)
    {
        foreach (var tag in _tags)
        {
            var dash = tag.IndexOf('-', StringComparison.Ordinal);
            if (words.Texts.ContainsKey(tag) || (dash > 0 && words.Texts.ContainsKey(tag[..dash])))
            {
                return words.In(tag);
            }
        }

        return words.ToString();
    }
}
