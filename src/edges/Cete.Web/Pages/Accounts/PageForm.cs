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
    private const string MediaType = "application/x-www-form-urlencoded";

    private readonly IFormCollection _fields;

    private PageForm(IFormCollection fields) => _fields = fields;

    /// <summary>The value of a field; empty when it was not sent.</summary>
    public string this[string name] => _fields[name] is [{ } value, ..] ? value : string.Empty;

    /// <summary>Reads the body of a request.</summary>
    public static async Task<Outcome<PageForm>> ReadAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim();
        if (!MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(FailureKind.Invalid, "this address takes the form of its page and nothing else");
        }

        var bounds = new FormOptions { ValueCountLimit = FieldsMax, KeyLengthLimit = NameLengthMax, ValueLengthLimit = ValueLengthMax };
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
