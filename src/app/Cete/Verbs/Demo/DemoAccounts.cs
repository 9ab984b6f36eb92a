using Cete.Core;

namespace Cete.App.Verbs.Demo;

/// <summary>The demo's step with accounts: two users register, and one of them is refused what only the other may do.</summary>
internal sealed class DemoAccounts(DemoNodes nodes, string folder)
{
    private const string Anna = "anna";
    private const string Ben = "ben";

    /// <summary>Null when each may do what is right.</summary>
    public async Task<Failure?> RunAsync(CancellationToken stop)
    {
        DemoScript.Say($"users    two of them register; what {Anna} puts in, {Ben} may fetch, but not replace");
        var (poem, other) = (await WriteAsync("poem.txt", "By Anna.\n", stop), await WriteAsync(Path.Combine("other", "poem.txt"), "By Ben.\n", stop));
        foreach (var user in (string[])[Anna, Ben])
        {
            var password = await WriteAsync($"{user}.password", Passphrase(), stop);
            if (await AsAsync(user, stop, "register", user, "--password-file", password) is { Succeeded: false, Failure: var unregistered })
            {
                return unregistered;
            }
        }

        var put = await AsAsync(Anna, stop, "put", poem, "--to", "/poems");
        if (!put.Succeeded)
        {
            return put.Failure;
        }

        var refused = await AsAsync(Ben, stop, "put", other, "--to", "/poems");
        var replaced = await AsAsync(Anna, stop, "put", await WriteAsync("poem.txt", "By Anna, again.\n", stop), "--to", "/poems");
        return DemoScript.Check(
            refused.Failure?.Message.Contains("no right", StringComparison.Ordinal) == true && replaced.Succeeded,
            $"{Ben} was not refused what only {Anna} may do, or {Anna} was",
            $"{Ben} was refused; {Anna} may replace what is hers: 'cete whoami' tells what an account may do");
    }

    private static string Passphrase() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)) + "\n";

    private Task<Outcome<string>> AsAsync(string user, CancellationToken stop, params string[] arguments) =>
        OwnProgram.CallAsync([.. arguments, "--node", nodes.Address.AbsoluteUri], stop, Path.Combine(folder, "settings-" + user));

    private async Task<string> WriteAsync(string name, string text, CancellationToken stop)
    {
        var path = Path.Combine(folder, "accounts", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, stop);
        return path;
    }
}
