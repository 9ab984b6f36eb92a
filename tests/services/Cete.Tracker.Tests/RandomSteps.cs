using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>One of the commands that users give, in small numbers, so that they meet often.</summary>
internal abstract record Step
{
    public sealed record Found(int Variant) : Step;

    public sealed record MakeToken(int Token, Instant ExpiresAt, int Uses) : Step;

    public sealed record Revoke(int Token) : Step;

    public sealed record Admit(int Token, int Node, bool KnowsSecret) : Step;

    public sealed record Record(int Node, int Serial, int Issuer, Instant NotAfter) : Step;

    public sealed record SetRoles(int Node, string Roles) : Step;

    public sealed record Rename(int Node, string Name) : Step;

    public sealed record Remove(int Node, string Reason) : Step;

    public sealed record Readmit(int Node) : Step;

    public sealed record AddIssuer(int Issuer, int Node, byte Certificate) : Step;

    public sealed record RemoveIssuer(int Issuer) : Step;

    public sealed record Prune : Step;

    public sealed record FoundGroup(string Group, int Node, int Lineage, bool HasBegun) : Step;

    public sealed record SetSelfService(string Roles, int PerAccount) : Step;

    public sealed record OwnToken(int Who, int Token, string Roles, Instant ExpiresAt, int Uses) : Step;

    public sealed record RevokeOwn(int Who, int Token) : Step;
}

/// <summary>Steps from a seed, of an apply level. Moments lie on a coarse grid from where it began: so the same one comes again.</summary>
internal sealed class RandomSteps(Prng chance, Instant start, int level = 3)
{
    private static readonly string[] Roles = ["", "cache", "tracker", "cache tracker"];
    private static readonly string[] Taken = ["cache", "cache", "cache share", "share"];

    /// <summary>How long nothing happens: mostly hours, now and then so long that things end.</summary>
    public TimeSpan Pause() => chance.Chance(1, 40) ? TimeSpan.FromDays(45) : TimeSpan.FromHours(chance.Next(12));

    public Step Next() => level >= 3 && chance.Chance(1, 4) ? NextOfLevel3() : level >= 2 && chance.Chance(1, 5)
        ? new Step.FoundGroup(chance.Chance(1, 2) ? "cache" : "index", chance.Next(5), 1 + chance.Next(4), chance.Chance(1, 20))
        : NextOfLevel1();

    private Step NextOfLevel3() => chance.Next(8) switch
    {
        0 => new Step.SetSelfService(Taken[chance.Next(Taken.Length)], chance.Next(4)),
        1 or 2 or 3 => OwnToken(4 + chance.Next(4)),
        4 => new Step.RevokeOwn(chance.Next(3), chance.Next(8)),
        _ => new Step.Admit(4 + chance.Next(4), chance.Next(5), true),
    };

    private Step.OwnToken OwnToken(int token) => new(chance.Next(3), token, Taken[chance.Next(Taken.Length)], Moment(8), 1 + (token % 2));

    private Step NextOfLevel1() => chance.Next(24) switch
    {
        0 => new Step.Found(chance.Chance(4, 5) ? 0 : 1),
        1 or 2 or 3 => new Step.MakeToken(chance.Next(4), Moment(12), 1 + chance.Next(2)),
        4 => new Step.Revoke(chance.Next(4)),
        5 or 6 or 7 or 8 or 9 => new Step.Admit(chance.Next(4), chance.Next(5), chance.Chance(7, 8)),
        10 or 11 or 12 => new Step.Record(chance.Next(5), chance.Next(3), chance.Next(6), Moment(20)),
        13 or 14 => new Step.SetRoles(chance.Next(5), Roles[chance.Next(Roles.Length)]),
        15 => new Step.Rename(chance.Next(5), $"n{chance.Next(2)}"),
        16 or 17 => new Step.Remove(chance.Next(5), $"r{chance.Next(2)}"),
        18 => new Step.Readmit(chance.Next(5)),
        19 or 20 => new Step.AddIssuer(chance.Next(6), chance.Next(5), (byte)chance.Next(2)),
        21 => new Step.RemoveIssuer(chance.Next(6)),
        _ => new Step.Prune(),
    };

    /// <summary>Carries out a step; what came of it, as text.</summary>
    public static async Task<string> RunAsync(Desk desk, Step step) => step switch
    {
        Step.Found s => Show(await desk.FoundAsync(Desk.Founding($"c{s.Variant}"))),
        Step.MakeToken s => Show(await desk.MakeTokenAsync(
            new NewToken(Desk.Token(s.Token), Desk.Secret("secret"), ["cache"], $"o{s.Token}", s.ExpiresAt, s.Uses))),
        Step.Revoke s => Show(await desk.RevokeAsync(s.Token)),
        Step.Admit s => Show((await desk.AdmitAsync(s.Token, s.Node, s.KnowsSecret ? "secret" : "guess")).Then(
            admission => $"{string.Join(' ', admission.Roles)} of {admission.Owner}")),
        Step.Record s => Show(await desk.RecordAsync(s.Node, s.Serial, s.NotAfter, s.Issuer)),
        Step.SetRoles s => Show(await desk.SetRolesAsync(s.Node, s.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        Step.Rename s => Show(await desk.RenameAsync(s.Node, s.Name)),
        Step.Remove s => Show(await desk.RemoveAsync(s.Node, s.Reason)),
        Step.Readmit s => Show(await desk.ReadmitAsync(s.Node)),
        Step.AddIssuer s => Show(await desk.AddIssuerAsync(s.Issuer, s.Node, s.Certificate)),
        Step.FoundGroup s => Show((await desk.FoundGroupAsync(s.Group, s.Node, s.Lineage, s.HasBegun)).Then(
            group => $"{group.Node} {group.Lineage.Low}{(group.HasBegun ? " begun" : string.Empty)}")),
        Step.SetSelfService s => Show(await desk.SetSelfServiceAsync(s.PerAccount, s.Roles.Split(' '))),
        Step.OwnToken s => Show(await desk.MakeOwnTokenAsync(
            s.Who, new NewToken(Desk.Token(s.Token), Desk.Secret("secret"), s.Roles.Split(' '), $"{Desk.Account(s.Who)}", s.ExpiresAt, s.Uses))),
        Step.RevokeOwn s => Show(await desk.RevokeOwnAsync(s.Who, s.Token)),
        Step.RemoveIssuer s => Show(await desk.RemoveIssuerAsync(s.Issuer)),
        _ => Show((await desk.PruneAsync()).Then(forgotten => $"{forgotten.Tokens} {forgotten.Nodes}")),
    };

    private static string Show<T>(Outcome<T> outcome) => outcome.Succeeded ? $"{outcome.Value}" : $"{outcome.Failure.Kind}";

    private Instant Moment(int steps) => start + TimeSpan.FromDays(45 * chance.Next(steps));
}
