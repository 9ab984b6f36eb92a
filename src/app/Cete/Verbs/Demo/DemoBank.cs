using System.Security.Cryptography;
using System.Text.Json;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Ledger;

namespace Cete.App.Verbs.Demo;

/// <summary>The demo's step with credits: a download is paid, to the last micro-credit, and the whole journal is looked at.</summary>
internal sealed class DemoBank(DemoNodes nodes, string folder)
{
    private const string Payer = "ben";
    private const int FilmBytes = 3 * 1024 * 1024;
    private const int TriesMax = 20;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Null when nothing was made or lost.</summary>
    public async Task<Failure?> RunAsync(CancellationToken stop)
    {
        DemoScript.Say($"credits  the community asks 10 credits a mebibyte; {Payer} downloads and pays, the nodes earn");
        var film = Path.Combine(folder, "own", "film.bin");
        Directory.CreateDirectory(Path.GetDirectoryName(film)!);
        await File.WriteAllBytesAsync(film, RandomNumberGenerator.GetBytes(FilmBytes), stop);
        var before = await BalanceAsync(stop);
        var failure = before.Failure ?? (await AsAsync(null, stop, "put", film, "--to", "/films")).Failure
            ?? (await AsAsync(null, stop, "bank", "policy", "--price", "10", "--close-delay", "1")).Failure;
        if (failure is not null)
        {
            return failure;
        }

        var paid = await DownloadAsync(stop);
        if (!paid.Succeeded)
        {
            return paid.Failure;
        }

        var after = await SettledAsync(stop);
        var audit = after.Succeeded ? await AsAsync(null, stop, "bank", "audit", "--json") : after.Failure;
        if (!audit.Succeeded)
        {
            return audit.Failure;
        }

        var report = JsonSerializer.Deserialize(audit.Value, ApiJson.Default.AuditAnswer)!;
        var isExact = Total(before.Value) - Total(after.Value) == paid.Value && report.Sum == 0;
        return DemoScript.Check(
                isExact, "what was paid is not what is missing",
                $"{Payer} had {Credits.Counted(Total(before.Value))}, paid {Credits.Show(paid.Value)} and has {Credits.Show(Total(after.Value))}; "
                + $"{report.Entries} entries, all balances together are {Credits.Show(report.Sum)}: 'cete bank audit'")
            ?? (await AsAsync(null, stop, "bank", "policy", "--price", "0")).Failure;
    }

    private static long Total(BalanceInfo balance) => balance.Own + balance.Granted + balance.Reserved + balance.Pending;

    /// <summary>Nodes hear of a new price within seconds; what is fetched before costs nothing.</summary>
    private async Task<Outcome<long>> DownloadAsync(CancellationToken stop)
    {
        for (var i = 0; i < TriesMax; i++)
        {
            var got = await AsAsync(Payer, stop, "get", "/films/film.bin", "--to", Path.Combine(folder, "paid", $"{i}"), "--yes", "--json");
            if (!got.Succeeded)
            {
                return got.Failure;
            }

            var summary = JsonSerializer.Deserialize(got.Value, OutputJson.Default.GetSummary)!;
            if (summary.Paid > 0)
            {
                return summary.Paid;
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }

        return new Failure(FailureKind.Unavailable, "no node asked for what the community decided");
    }

    /// <summary>What is left once the channel has ended, and what it did not use came back.</summary>
    private async Task<Outcome<BalanceInfo>> SettledAsync(CancellationToken stop)
    {
        for (var i = 0; i < 3 * TriesMax; i++)
        {
            var balance = await BalanceAsync(stop);
            if (!balance.Succeeded || balance.Value.Reserved == 0)
            {
                return balance;
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }

        return new Failure(FailureKind.Unavailable, "the channel of the download did not end");
    }

    private async Task<Outcome<BalanceInfo>> BalanceAsync(CancellationToken stop)
    {
        // The bank hears of a new account a moment after it was made.
        for (var i = 0; ; i++)
        {
            var told = await AsAsync(Payer, stop, "bank", "balance", "--json");
            var balance = told.Then(text => JsonSerializer.Deserialize(text, ApiJson.Default.BalanceInfo)!);
            if (i == TriesMax || balance is { Succeeded: true, Value.Granted: > 0 })
            {
                return balance;
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }
    }

    private Task<Outcome<string>> AsAsync(string? user, CancellationToken stop, params string[] arguments) => OwnProgram.CallAsync(
        [.. arguments, "--node", nodes.Address.AbsoluteUri], stop, user is null ? null : Path.Combine(folder, "settings-" + user));
}
