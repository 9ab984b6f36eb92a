using Cete.Core;
using Cete.Testing;

namespace Cete.Accounts.Tests;

/// <summary>Random steps against the <see cref="Model"/>: every answer, every standing, session, invitation and device must agree.</summary>
public sealed class ModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_do_what_the_model_does()
    {
        Dictionary<string, int> answers = [];
        for (ulong seed = 1; seed <= 12; seed++)
        {
            await RunAsync(seed, answers);
        }

        // Worth something only when the steps come to all that can happen.
        string[] expected =
        [
            "Register member", "Register Conflict", "Register Forbidden", "LogIn Unauthenticated", "LogOut Unauthenticated", "LogOut True", "Token Conflict",
            "Password Forbidden", "SetRoles True", "SetRoles False", "SetRoles Forbidden", "SetRoles Conflict", "SetRoles NotFound", "Suspend True",
            "Suspend Conflict", "Suspend Forbidden", "Resume True", "Define Forbidden", "RemoveRole True", "RemoveRole Conflict", "RemoveRole Forbidden",
            "Expel True", "Close True", "Close Conflict", "Invite Forbidden", "Invite True", "Revoke True", "Revoke False", "Revoke NotFound",
            "AddDevice Conflict", "RemoveDevice Conflict", "RemoveDevice NotFound", "Recover True", "Recover Forbidden",
        ];
        Assert.All(expected, answer => Assert.Contains(answer, answers));
        for (var part = 0; part < 3; part++)
        {
            Assert.Contains(answers.Keys, answer => answer.StartsWith("Prune ", StringComparison.Ordinal) && answer.Split(' ')[1 + part] != "0");
        }
    }

    private static async Task RunAsync(ulong seed, Dictionary<string, int> answers)
    {
        using var group = new DirectGroup(AccountsService.Name, new AccountsMachine());
        using var crew = new Crew(group, group);
        await crew.BeginAsync();
        var (model, steps) = (new Model(), new RandomSteps(new Prng(seed)));
        List<string> history = [];
        for (var i = 0; i < 300; i++)
        {
            group.Now += steps.Pause();
            var step = steps.Next();
            var actual = await crew.RunAsync(step);
            history.Add($"{step} -> {actual}");
            var expected = model.Run(step, group.Now);
            Assert.True(expected == actual, $"seed {seed}: model {expected}, accounts {actual}\n{string.Join('\n', history)}");
            var key = $"{step.GetType().Name} {actual}";
            answers[key] = answers.GetValueOrDefault(key) + 1;
            var (said, seen) = (model.Show(group.Now), await ShowAsync(crew));
            Assert.True(said == seen, $"seed {seed}\n{said}\n-----\n{seen}\nafter\n{string.Join('\n', history)}");
        }
    }

    private static async Task<string> ShowAsync(Crew crew)
    {
        List<string> lines = [];
        var standings = (await crew.Service.StandingsAsync(0, Cancel)).Value.Items;
        var known = crew.People.Select((person, i) => (Who: i, Standing: standings.SingleOrDefault(s => s.Account == person.Id)))
            .Where(pair => pair.Standing is not null).ToList();
        foreach (var (who, standing) in known)
        {
            var grants = standing!.Grants.Select(grant => grant.Text).Order(StringComparer.Ordinal);
            lines.Add($"{who} [{string.Join(' ', standing.Roles)}] {standing.IsSuspended} {standing.IsClosed} {string.Join(' ', grants)}");
        }

        for (var i = 0; i < Crew.Sessions; i++)
        {
            lines.Add($"session {i} {(await crew.Service.SessionAsync(crew.Secrets[i] ?? string.Empty, Cancel)).Succeeded}");
        }

        var invitations = (await crew.Service.InvitationsAsync(null, null, Limits.PageItemsMax, Cancel)).Value.Items;
        for (var i = 0; i < Crew.Invitations; i++)
        {
            var id = crew.Invited[i] is { } text ? Convert.ToHexStringLower(text.Id.Span) : string.Empty;
            var listed = invitations.SingleOrDefault(invitation => invitation.Id == id);
            lines.Add(listed is null ? $"invitation {i}" : $"invitation {i} {listed.UsesLeft} {listed.RevokedAt is not null}");
        }

        foreach (var (who, _) in known)
        {
            var devices = (await crew.Service.DevicesAsync(crew.People[who].Id, Cancel)).Value;
            lines.Add($"phones {who} {devices.Count(d => d.RemovedAt is null && (d.Id == crew.PhoneOf(who, 0) || d.Id == crew.PhoneOf(who, 1)))}");
        }

        return string.Join('\n', lines);
    }
}
