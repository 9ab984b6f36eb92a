using Cete.Core;

namespace Cete.Web.Pages.Payments;

/// <summary>The addresses of pages by which credits are spent.</summary>
internal static class PaymentAddresses
{
    public const string Send = "/bank/send";
    public const string Paid = "/bank/paid";

    /// <summary>Where nodes are let pay, on the page of one's own account: by its query another address than where forms are answered.</summary>
    public const string Leaves = "/account?see=delegates#delegates";

    /// <summary>The field of a content's address that names who pays for it.</summary>
    public const string Pass = "paid";

    /// <summary>What a content costs, and the way to pay for it.</summary>
    public static string PaidFor(Hash256 content, string? name) =>
        $"{Paid}?content={content}{(name is null ? string.Empty : "&name=" + Uri.EscapeDataString(name))}";

    /// <summary>What came of a transfer.</summary>
    public static string Sent(string transfer) => $"{Send}?done={transfer}";
}
