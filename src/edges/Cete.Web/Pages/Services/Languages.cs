using Cete.Described;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cete.Web.Pages.Services;

/// <summary>The languages that a visitor reads, the best first.</summary>
/// <param name="Tags">By BCP 47, in small letters.</param>
public sealed record Languages(IReadOnlyList<string> Tags)
{
    /// <summary>Of what a browser sends, more is not looked at.</summary>
    private const int TagsMax = 8;

    /// <summary>As a browser says it.</summary>
    public static Languages Of(HttpRequest request)
    {
        var written = StringWithQualityHeaderValue.TryParseList([.. request.Headers.AcceptLanguage.OfType<string>().Take(TagsMax)], out var read) ? read : [];
        string[] tags =
        [
            .. written.Take(TagsMax).Where(one => one.Quality is not 0 && one.Value != "*").OrderByDescending(one => one.Quality ?? 1)
                .Select(one => one.Value.ToString().ToLowerInvariant()),
        ];
        return new Languages(tags.Length > 0 ? tags : ["en"]);
    }

    /// <summary>A text in the first of them that it has; as it comes where it has none.</summary>
    public string Say(Words words)
    {
        var tag = Tags.FirstOrDefault(each => words.Texts.ContainsKey(each) || words.Texts.ContainsKey(each.Split('-')[0])) ?? Tags[0];
        return Texts.Show(words.In(tag));
    }
}
