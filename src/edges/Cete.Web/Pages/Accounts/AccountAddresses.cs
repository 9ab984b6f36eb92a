using Cete.Accounts;

namespace Cete.Web.Pages.Accounts;

/// <summary>The addresses of the pages for accounts.</summary>
internal static class AccountAddresses
{
    public const string Accounts = "/accounts";
    public const string Audit = "/accounts/audit";
    public const string Roles = "/accounts/roles";

    /// <summary>Devices on the page of one's own account: by its query another address than where forms are answered, so that the page is asked for.</summary>
    public const string Devices = "/account?see=devices#devices";

    public const string LogIn = "/login";
    public const string PasskeyLogIn = "/login/passkey";
    public const string LogOut = "/logout";
    public const string Register = "/register";
    public const string Recover = "/recover";
    public const string Account = "/account";
    public const string Export = "/account/export";

    /// <summary>What of the site is theirs.</summary>
    public static IReadOnlyList<string> All { get; } = [LogIn, LogOut, Register, Recover, Account, Accounts];

    private const int LengthMax = 2_000;

    /// <summary>The page for logging in, which leads on to another one.</summary>
    public static string LogInFor(string next) => WithNext(LogIn, next);

    /// <summary>A page with where it leads on to.</summary>
    public static string WithNext(string page, string next) => Next(next) is "/" ? page : $"{page}?next={Uri.EscapeDataString(next)}";

    /// <summary>Where somebody goes on who has logged in: an address of this node, whoever wrote it into the link.</summary>
    public static string Next(string? text) =>
        text is { Length: > 1 and <= LengthMax } && text[0] == '/' && text[1] is not ('/' or '\\') && text.All(c => c is > ' ' and <= '~') && !IsOfLogin(text)
            ? text
            : "/";

    /// <summary>The page of an account for others. One that is called as a page beside it is named by its id.</summary>
    public static string Of(AccountRecord account) =>
        Of($"{Accounts}/{account.Name}".ToLowerInvariant() is Audit or Roles || account.Name.Length == 0 ? account.Id.ToString() : account.Name);

    /// <summary>The page of an account by its name or id.</summary>
    public static string Of(string name) => $"{Accounts}/{Uri.EscapeDataString(name)}";

    private static bool IsOfLogin(string text) =>
        ((string[])[LogIn, PasskeyLogIn, LogOut, Register, Recover]).Any(page => text.Split('?', '#')[0].Equals(page, StringComparison.OrdinalIgnoreCase));
}
