using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>People with an account and a terminal of their own each.</summary>
/// <param name="folder">Where what they keep is.</param>
internal sealed class Users(TempFolder folder)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    /// <summary>What the program keeps of somebody.</summary>
    public string SettingsOf(string user) => folder.At("settings-" + user);

    /// <summary>Somebody runs the program.</summary>
    public Task<Ran> AsAsync(string user, TestNode node, params string[] arguments) =>
        CeteProcess.RunAsync([.. arguments, "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", SettingsOf(user)));

    public async Task RegisterAsync(TestNode node, string user)
    {
        var password = folder.WriteText(user + ".password", $"a long password of {user}\n");
        (await AsAsync(user, node, "register", user, "--password-file", password)).Ended(0);
    }

    /// <summary>Waits until somebody's balance is so.</summary>
    public Task HasAsync(string user, TestNode node, Func<JsonElement, bool> has, string what) => Eventually.TrueAsync(
        async () => await AsAsync(user, node, "bank", "balance", "--json") is { Code: 0 } told && has(told.Json), what, Bound);
}
