using System.Security.Cryptography;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts.Tests;

/// <summary>One of the things that people do, in small numbers, so that they meet often.</summary>
internal abstract record Step
{
    public sealed record Register(int Who, int Invitation) : Step;

    public sealed record LogIn(int Who, int Session) : Step;

    public sealed record LogOut(int Session) : Step;

    public sealed record Token(int Who, int Session) : Step;

    public sealed record Password(int Who) : Step;

    public sealed record SetRoles(int By, int Who, string Roles) : Step;

    public sealed record Suspend(int By, int Who) : Step;

    public sealed record Resume(int By, int Who) : Step;

    public sealed record Define(int By, string Grant) : Step;

    public sealed record RemoveRole(int By) : Step;

    public sealed record SetRegistration(int By, string Registration) : Step;

    public sealed record Expel(int By, int Who) : Step;

    public sealed record Close(int Who) : Step;

    public sealed record Invite(int Who, int Invitation, int Uses, int Days) : Step;

    public sealed record Revoke(int Who, int Invitation) : Step;

    public sealed record AddDevice(int Who, int Device) : Step;

    public sealed record RemoveDevice(int Who, int Device) : Step;

    public sealed record Recover(int Who, int Code) : Step;

    public sealed record Prune : Step;
}

/// <summary>Five people, of whom the first is the administrator, and what they have in their hands.</summary>
internal sealed class Crew : IDisposable
{
    public const int Size = 5;
    public const int Sessions = 6;
    public const int Invitations = 4;
    public const string Nothing = "nothing";

    /// <summary>Simple enough for a model: a right is another's, or it is all.</summary>
    public static readonly IReadOnlyList<RoleDefinition> Roles =
    [
        Role(RoleDefinition.Guest, Actions.IndexRead), Role(RoleDefinition.Member, Actions.IndexFile),
        Role(RoleDefinition.Moderator, Actions.IndexRead, Actions.IndexFile, Actions.AccountsSuspend, Actions.AccountsInvite),
        Role("governor", Actions.IndexRead, Actions.IndexFile, Actions.AccountsGovern), Role(RoleDefinition.Administrator, "*"),
    ];

    private readonly IGroup _group;
    private readonly TimeProvider _clock;
    private readonly PasswordHasher _hasher = new(iterations: 10);
    private readonly List<ECDsa> _phones = [];

    public Crew(IGroup group, TimeProvider clock)
    {
        (_group, _clock) = (group, clock);
        for (var i = 0; i < Size; i++)
        {
            People.Add(new Person(() => Service, $"person{(char)('a' + i)}"));
            _phones.Add(ECDsa.Create(ECCurve.NamedCurves.nistP256));
            _phones.Add(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        }

        People[0].Id = Ids.Account(1);
    }

    /// <summary>A new one each time: its throttle remembers nothing, since it is not what is tried here.</summary>
    public AccountsService Service => new(_group, _hasher, _clock, Bench.Community);

    public List<Person> People { get; } = [];

    public string?[] Secrets { get; } = new string?[Sessions];

    public InvitationText?[] Invited { get; } = new InvitationText?[Invitations];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task BeginAsync() => Assert.True((await Service.BeginAsync(
        Bench.Beginning(People[0], Registration.Invited) with { Roles = Roles }, Asker.Local, Cancel)).Succeeded);

    public KeyId PhoneOf(int who, int device) => KeyId.Of(_phones[(2 * who) + device].ExportSubjectPublicKeyInfo());

    /// <summary>Carries out a step; what came of it, as text.</summary>
    public async Task<string> RunAsync(Step step) => step switch
    {
        Step.Register s => Show((await People[s.Who].RegisterAsync(Invited[s.Invitation]?.Text)).Then(record => string.Join(' ', record.Roles))),
        Step.LogIn s => Show((await People[s.Who].LogInAsync()).Then(opened => Keep(s.Session, opened.Secret))),
        Step.LogOut s => Secrets[s.Session] is { } secret ? Show(await Service.LogOutAsync(secret, Cancel)) : Nothing,
        Step.Token s => Show((await Service.CreateTokenAsync(People[s.Who].Id, "t", [], TimeSpan.FromDays(200), Cancel)).Then(
            secret => Keep(s.Session, secret))),
        Step.Password s => Show(await Service.ChangePasswordAsync(People[s.Who].Id, Bench.Password, Bench.Password, null, Cancel)),
        Step.SetRoles s => await GovernAsync(s.By, new GovernAct.SetRoles(Id(s.Who), s.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        Step.Suspend s => await GovernAsync(s.By, new GovernAct.Suspend(Id(s.Who), "noise")),
        Step.Resume s => await GovernAsync(s.By, new GovernAct.Resume(Id(s.Who))),
        Step.Define s => await GovernAsync(s.By, new GovernAct.DefineRole("crew", [s.Grant])),
        Step.RemoveRole s => await GovernAsync(s.By, new GovernAct.RemoveRole("crew")),
        Step.SetRegistration s => await GovernAsync(s.By, new GovernAct.SetRegistration(s.Registration)),
        Step.Expel s => await GovernAsync(s.By, new GovernAct.CloseAccount(Id(s.Who), "gone")),
        Step.Close s => Show(await People[s.Who].CloseAsync(Bench.Password)),
        Step.Invite s => Show((await Service.CreateInvitationAsync(People[s.Who].Id, s.Uses, TimeSpan.FromDays(s.Days), "", Cancel)).Then(
            made => $"{(Invited[s.Invitation] = made) is not null}")),
        Step.Revoke s => Invited[s.Invitation] is { } invitation
            ? Show(await Service.RevokeInvitationAsync(People[s.Who].Id, Convert.ToHexStringLower(invitation.Id.Span), Cancel))
            : Nothing,
        Step.AddDevice s => Show(await Service.AddDeviceAsync(Device(s.Who, new DeviceAct.Add(PhoneFor(s))), null, Cancel)),
        Step.RemoveDevice s => Show(await Service.RemoveDeviceAsync(Device(s.Who, new DeviceAct.Remove(PhoneOf(s.Who, s.Device).ToString())), null, Cancel)),
        Step.Recover s => Show((await Service.RecoverAsync(People[s.Who].Name, People[s.Who].Codes[s.Code], Bench.Password, "a", Cancel)).Then(_ => true)),
        _ => Show((await Service.PruneAsync(Bench.Node, Cancel)).Then(gone => $"{gone.Sessions} {gone.Invitations} {gone.Devices} {gone.Acts}")),
    };

    public void Dispose()
    {
        People.ForEach(person => person.Dispose());
        _phones.ForEach(phone => phone.Dispose());
        _hasher.Dispose();
    }

    private static RoleDefinition Role(string name, params IEnumerable<string> grants) => new(name, [.. grants.Select(Grant.Of)]);

    private static string Show<T>(Outcome<T> outcome) => outcome.Succeeded ? $"{outcome.Value}" : $"{outcome.Failure.Kind}";

    private NewDevice PhoneFor(Step.AddDevice step) => Person.DeviceOf(_phones[(2 * step.Who) + step.Device]);

    private string Id(int who) => People[who].Id.ToString();

    private byte[] Device(int who, DeviceAct act) => People[who].Sign(DeviceAct.Purpose, act.ToPayload()).ToArray();

    private async Task<string> GovernAsync(int by, GovernAct act) => Show(await People[by].GovernAsync(act));

    private bool Keep(int session, string secret)
    {
        Secrets[session] = secret;
        return true;
    }
}

/// <summary>Steps from a seed.</summary>
internal sealed class RandomSteps(Prng chance)
{
    private static readonly string[] RoleSets = ["", "moderator", "governor", "administrator", "crew", "crew moderator", "moderator governor"];
    private static readonly string[] Rights = [Actions.IndexRead, Actions.AccountsInvite, Actions.AccountsGovern, Actions.TrackerGovern, "*"];
    private static readonly string[] Registrations = ["open", "open", "invited", "closed"];

    private int Who => chance.Next(Crew.Size);

    /// <summary>Mostly the administrator and whoever he gave rights to.</summary>
    private int By => chance.Chance(1, 2) ? 0 : Who;

    /// <summary>The accounts are begun and live through some steps.</summary>
    public static async Task RunAsync(Bench bench, ulong seed, int count)
    {
        using var crew = new Crew(bench.Group, bench.Group);
        crew.People[0].Dispose();
        crew.People[0] = bench.Ada;
        var steps = new RandomSteps(new Prng(seed));
        for (var i = 0; i < count; i++)
        {
            bench.Wait(steps.Pause());
            await crew.RunAsync(steps.Next());
        }
    }

    /// <summary>How long nothing happens: mostly hours, now and then so long that things end.</summary>
    public TimeSpan Pause() => chance.Chance(1, 30) ? TimeSpan.FromDays(40) : TimeSpan.FromHours(chance.Next(12));

    public Step Next() => chance.Next(40) switch
    {
        <= 4 => new Step.Register(Who, chance.Next(Crew.Invitations)),
        <= 8 => new Step.LogIn(Who, chance.Next(Crew.Sessions)),
        <= 10 => new Step.LogOut(chance.Next(Crew.Sessions)),
        11 => new Step.Token(Who, chance.Next(Crew.Sessions)),
        12 => new Step.Password(Who),
        <= 17 => new Step.SetRoles(By, Who, RoleSets[chance.Next(RoleSets.Length)]),
        <= 19 => new Step.Suspend(By, Who),
        <= 21 => new Step.Resume(By, Who),
        <= 23 => new Step.Define(By, Rights[chance.Next(Rights.Length)]),
        24 => new Step.RemoveRole(By),
        <= 26 => new Step.SetRegistration(By, Registrations[chance.Next(Registrations.Length)]),
        27 => chance.Chance(1, 3) ? new Step.Expel(By, Who) : new Step.Prune(),
        28 => chance.Chance(1, 6) ? new Step.Close(Who) : new Step.Prune(),
        <= 31 => new Step.Invite(By, chance.Next(Crew.Invitations), 1 + chance.Next(2), 1 + chance.Next(80)),
        32 => new Step.Revoke(By, chance.Next(Crew.Invitations)),
        <= 34 => new Step.AddDevice(Who, chance.Next(2)),
        <= 36 => new Step.RemoveDevice(Who, chance.Next(2)),
        38 => new Step.Revoke(By, chance.Next(Crew.Invitations)),
        37 => new Step.Recover(Who, chance.Next(2)),
        _ => new Step.Prune(),
    };
}
