using Cete.Accounts;

namespace Cete.Web.Pages.Accounts;

/// <summary>What pages say of passwords.</summary>
internal static class Passwords
{
    /// <summary>What there is to know before one is chosen.</summary>
    public static string Hint { get; } =
        $"{PasswordText.LengthMin} to {PasswordText.LengthMax} characters of any kind. A few words that do not belong together are good, and a password manager is better.";
}
