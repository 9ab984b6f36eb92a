using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>Random commands against the <see cref="Model"/>: every answer, every roster and every list of tokens must agree.</summary>
public sealed class ModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tracker_does_what_the_model_does()
    {
        Dictionary<string, int> answers = [];
        for (ulong seed = 1; seed <= 60; seed++)
        {
            await RunAsync(seed, answers);
        }

        // Worth something only when the steps come to all that can happen.
        string[] expected =
        [
            "Found Conflict", "MakeToken Conflict", "MakeToken Invalid", "Admit Forbidden", "Admit Conflict", "Record Invalid", "Record False",
            "Record Forbidden", "SetRoles Conflict", "Remove Conflict", "Remove False", "Readmit True", "AddIssuer Conflict", "RemoveIssuer Conflict",
            "Rename Conflict", "FoundGroup Forbidden", "FoundGroup NotFound", $"FoundGroup {Desk.Key(1)} 2 begun",
            $"FoundGroup {Desk.Key(1)} 2", "SetSelfService False", "OwnToken True", "OwnToken False", "OwnToken Conflict", "OwnToken Forbidden",
            "RevokeOwn True", "RevokeOwn Forbidden", $"Admit cache of {Desk.Account(0)}", $"Admit cache share of {Desk.Account(1)}",
        ];
        Assert.All(expected, answer => Assert.Contains(answer, answers));
        Assert.Contains(answers.Keys, answer => answer.StartsWith("Prune", StringComparison.Ordinal) && !answer.EndsWith(" 0", StringComparison.Ordinal));
    }

    private static async Task RunAsync(ulong seed, Dictionary<string, int> answers)
    {
        using var bench = Bench.Empty();
        var model = new Model();
        var steps = new RandomSteps(new Prng(seed), bench.Now);
        List<string> history = [];
        for (var i = 0; i < 300; i++)
        {
            bench.Wait(steps.Pause());
            var step = steps.Next();
            var actual = await RandomSteps.RunAsync(bench.Desk, step);
            history.Add($"{step} -> {actual}");
            var expected = model.Run(step, bench.Now);
            Assert.True(expected == actual, $"seed {seed}: model {expected}, tracker {actual}\n{string.Join('\n', history)}");
            var key = $"{step.GetType().Name} {actual}";
            answers[key] = answers.GetValueOrDefault(key) + 1;
            if ((await bench.Desk.Service.RosterAsync(Cancel)) is { Succeeded: true, Value: var roster })
            {
                Same(model.Roster(), Show(roster), seed, history);
                Same(Show(roster), Show(RosterCodec.Parse(RosterCodec.Encode(roster)).Value), seed, history);
            }

            var tokens = (await bench.Desk.TokensAsync()).Select(t => $"{t.Id} {t.State} {t.UsesLeft} {t.ExpiresAt}");
            Same(model.Tokens(bench.Now), string.Join('\n', tokens), seed, history);
        }
    }

    private static void Same(string expected, string actual, ulong seed, List<string> history) =>
        Assert.True(expected == actual, $"seed {seed}\n{expected}\n-----\n{actual}\nafter\n{string.Join('\n', history)}");

    private static string Show(Roster roster) => string.Join('\n',
    [
        $"{roster.Name} {roster.Version} {roster.ChangedAt}",
        .. roster.Issuers.Select(i => $"{i.Id} {i.Node} {(i.Certificate.Length == 1 ? i.Certificate.Span[0] : 0xFF):X2} {i.RemovedAt}"),
        .. roster.Nodes.Select(
            n => $"{n.Id} {n.Name} {n.Owner} [{string.Join(' ', n.Roles)}] {n.AdmittedAt} {n.RemovedAt} {n.Reason} {n.CertificateNotAfter}"),
    ]);
}
