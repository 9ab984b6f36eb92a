using Cete.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cete.Web.Pages.Accounts;

/// <summary>What a form of a page sent.</summary>
internal sealed class PageForm
{
    private const int FieldsMax = 32;
    private const int NameLengthMax = 64;
    private const int ValueLengthMax = 8_192;

    /// <summary>Of forms that a description makes: every choice that is ticked is one.</summary>
    private const int LongFieldsMax = 1_024;

    /// <summary>As of descriptions, whose texts may be escaped whole: what is longer is said by the field, as long as it comes so far.</summary>
    private const int LongValueMax = 1_000_000;

    private const string MediaType = "application/x-www-form-urlencoded";

    private readonly IFormCollection _fields;

    private PageForm(IFormCollection fields) => _fields = fields;

    /// <summary>The value of a field; empty when it was not sent.</summary>
    public string this[string name] => _fields[name] is [{ } value, ..] ? value : string.Empty;

    /// <summary>All values of a field.</summary>
    public IReadOnlyList<string> Values(string name) => [.. _fields[name].OfType<string>()];

    /// <summary>Everything, by name.</summary>
    public IEnumerable<(string Name, string Value)> All() => _fields.OrderBy(field => field.Key, StringComparer.Ordinal)
        .SelectMany(field => field.Value.Select(value => (field.Key, value ?? string.Empty)));

    /// <summary>Reads the body of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isLong">It may have as many fields, and as long ones, as a description asks for.</param>
    public static async Task<Outcome<PageForm>> ReadAsync(HttpContext context, bool isLong = false)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim();
        if (!MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.Invalid, "this address takes the form of its page and nothing else");
        }

        var bounds = new FormOptions
        {
            ValueCountLimit = isLong ? LongFieldsMax : FieldsMax,
            KeyLengthLimit = NameLengthMax,
            ValueLengthLimit = isLong ? LongValueMax : ValueLengthMax,
        };
        try
        {
            return new PageForm(await new FormFeature(context.Request, bounds).ReadFormAsync(context.RequestAborted));
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            return new Failure(FailureKind.TooLarge, "the form is too long, or was cut off; open the page again");
        }
    }
}
