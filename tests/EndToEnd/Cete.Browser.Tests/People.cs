using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>What people with accounts do in a browser, in the tests of several things.</summary>
internal static class People
{
    public const string Password = "correct horse battery";

    private static int _count;

    /// <summary>A name that no other test has.</summary>
    public static string NewName(string like = "eve") => $"{like}{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    /// <summary>Makes an account; its recovery codes are shown.</summary>
    /// <param name="visit">Where.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="isDevice">Whether the browser becomes a device of the account, where it can.</param>
    public static async Task<IReadOnlyList<string>> RegisterAsync(Visit visit, string name, bool isDevice = true)
    {
        await visit.GoAsync("/register");
        await visit.Page.Locator("#name").FillAsync(name);
        await visit.Page.Locator("#password").FillAsync(Password);
        await visit.Page.Locator("#again").FillAsync(Password);
        if (!isDevice)
        {
            await visit.Page.GetByLabel("Make this browser a device of the account").UncheckAsync();
        }

        await PressAsync(visit, "Make the account");
        await Expect(visit.Page.Locator("#codes")).ToBeVisibleAsync();
        return await visit.TextsAsync("#codes code");
    }

    public static async Task LogInAsync(Visit visit, string name, string password)
    {
        await visit.Page.Locator("#name").FillAsync(name);
        await visit.Page.Locator("#password").FillAsync(password);
        await PressAsync(visit, "Log in");
    }

    public static Task PressAsync(Visit visit, string button) =>
        visit.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Presses a button whose act is signed; tells in which words it was asked for.</summary>
    public static async Task<string> SignAsync(Visit visit, string button)
    {
        await PressAsync(visit, button);
        var dialog = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Sign this?" });
        var words = await dialog.Locator("#sign-words").InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign", Exact = true }).ClickAsync();
        return words;
    }

    /// <summary>Waits until the page says of a form that it did this.</summary>
    public static Task SaysAsync(Visit visit, string text) => Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync(text);
}
