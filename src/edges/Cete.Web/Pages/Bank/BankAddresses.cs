namespace Cete.Web.Pages.Bank;

/// <summary>The addresses of the bank's pages.</summary>
internal static class BankAddresses
{
    public const string Own = "/bank";
    public const string Channels = "/bank/channels";
    public const string Community = "/bank/community";

    /// <summary>What of the site is its.</summary>
    public static IReadOnlyList<string> All { get; } = [Own];
}
