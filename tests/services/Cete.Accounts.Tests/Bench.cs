using System.Security.Cryptography;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Accounts.Tests;

/// <summary>The accounts of a community over tables in memory, with short forms of what tests say often.</summary>
internal sealed class Bench : IDisposable
{
    public const string Password = "correct horse battery";

    public static readonly KeyId Community = KeyId.Of("community"u8);
    public static readonly Asker Node = new(KeyId.Of("node"u8).ToString(), [AccountsMachine.AccountsRole]);

    private readonly List<Person> _people = [];

    private Bench() => Service = new AccountsService(Group, Hasher, Group, Community);

    public DirectGroup Group { get; } = new(AccountsService.Name, new AccountsMachine());

    public PasswordHasher Hasher { get; } = new(iterations: 10);

    public AccountsService Service { get; }

    /// <summary>The first administrator.</summary>
    public Person Ada => _people[0];

    public Instant Now => Group.Now;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Bench Empty() => new();

    /// <summary>Accounts that were begun, with Ada as their administrator.</summary>
    public static async Task<Bench> BegunAsync(Registration registration = Registration.Open)
    {
        var bench = new Bench();
        var ada = bench.NewPerson("ada");
        ada.Id = Ids.Account(1);
        Assert.True((await bench.Service.BeginAsync(Beginning(ada, registration), Asker.Local, Cancel)).Value);
        return bench;
    }

    public static Beginning Beginning(Person person, Registration registration = Registration.Open) =>
        new(person.Id, person.Name, person.NewDevice(), registration) { Password = Password, RecoveryKeys = person.RecoveryKeys() };

    /// <summary>Somebody without an account.</summary>
    public Person NewPerson(string name)
    {
        var person = new Person(() => Service, name);
        _people.Add(person);
        return person;
    }

    public void Wait(TimeSpan time) => Group.Now += time;

    /// <summary>An account with a device and recovery codes.</summary>
    public async Task<Person> RegisterAsync(string name, params string[] roles)
    {
        var person = NewPerson(name);
        var record = await person.RegisterAsync();
        Assert.True(record.Succeeded, record.Failure?.Message);
        if (roles.Length > 0)
        {
            var given = await Ada.GovernAsync(new GovernAct.SetRoles(person.Id.ToString(), roles));
            Assert.True(given.Succeeded, given.Failure?.Message);
        }

        return person;
    }

    public async Task<AccountStanding> StandingAsync(Person person) =>
        (await Service.StandingsAsync(0, Cancel)).Value.Items.Single(item => item.Account == person.Id);

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync() => (await Service.AuditAsync(null, Limits.PageItemsMax, Cancel)).Value.Items;

    /// <summary>Hands a command to the machine as it is, past the service.</summary>
    public async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(Google.Protobuf.IMessage command, Asker asker) => (await Group.SubmitAsync(
        new ClientCommand(command.Descriptor.Name, Google.Protobuf.MessageExtensions.ToByteArray(command), asker), Cancel)).Value.Result;

    public void Dispose()
    {
        _people.ForEach(person => person.Dispose());
        Hasher.Dispose();
        Group.Dispose();
    }
}

/// <summary>Ids by small numbers.</summary>
internal static class Ids
{
    public static AccountId Account(int number) => new(SHA256.HashData([(byte)number, (byte)(number >> 8)]).AsSpan(0, AccountId.Size));
}

/// <summary>Somebody with a device and recovery codes.</summary>
internal sealed class Person(Func<AccountsService> accounts, string name) : IDisposable
{
    private long _counter;

    public string Name => name;

    public AccountId Id { get; set; }

    public ECDsa Key { get; private set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public IReadOnlyList<RecoveryCode> Codes { get; } = [RecoveryCode.Create(), RecoveryCode.Create()];

    public KeyId Device => KeyId.Of(Key.ExportSubjectPublicKeyInfo());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static NewDevice DeviceOf(ECDsa key, string label = "laptop")
    {
        using var exchange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var exchangeKey = exchange.ExportSubjectPublicKeyInfo();
        return new NewDevice(key.ExportSubjectPublicKeyInfo(), exchangeKey, DeviceCertificate.Make(key, Bench.Community, exchangeKey), label);
    }

    public NewDevice NewDevice() => DeviceOf(Key);

    public IReadOnlyList<ReadOnlyMemory<byte>> RecoveryKeys() => [.. Codes.Select(code => (ReadOnlyMemory<byte>)code.PublicKey())];

    public NewAccount NewAccount(string? invitation = null, string password = Bench.Password) =>
        new(name, password, NewDevice(), RecoveryKeys(), invitation, $"The {name}");

    public async Task<Outcome<AccountRecord>> RegisterAsync(string? invitation = null, RequestId? request = null)
    {
        var made = await accounts().RegisterAsync(NewAccount(invitation), request, Cancel);
        Id = made.Succeeded ? made.Value.Id : Id;
        return made;
    }

    public SignedStatement Sign(string purpose, byte[] payload, long? counter = null) =>
        SignedStatement.Sign(Key, Bench.Community, purpose, Id, counter ?? ++_counter, payload);

    public Task<Outcome<bool>> GovernAsync(GovernAct act) => accounts().SubmitGovernAsync(Sign(GovernAct.Purpose, act.ToPayload()).ToArray(), null, Cancel);

    /// <summary>Closes the account, with the device's signature.</summary>
    public Task<Outcome<bool>> CloseAsync(string password) => accounts().CloseAsync(
        Id, password, Sign(CloseAct.Purpose, new CloseAct(Id.ToString()).ToPayload()).ToArray(), Cancel);

    public LogIn LogIn(string password = Bench.Password, string? code = null, SessionKind kind = SessionKind.Browser, double days = 30) =>
        new(name, password, code, kind, "a browser", TimeSpan.FromDays(days), null, "192.0.2.1");

    public Task<Outcome<OpenedSession>> LogInAsync(
        string password = Bench.Password, string? code = null, SessionKind kind = SessionKind.Browser, double days = 30) =>
        accounts().LogInAsync(LogIn(password, code, kind, days), Bench.Node, Cancel);

    /// <summary>Signs with another key from now on.</summary>
    public void Take(ECDsa key)
    {
        Key.Dispose();
        Key = key;
    }

    public void Dispose() => Key.Dispose();
}

/// <summary>Short forms of what tests say often.</summary>
internal static class Outcomes
{
    /// <summary>It failed so, with a text that holds this.</summary>
    public static void Refused<T>(this Outcome<T> outcome, FailureKind kind, string text)
    {
        Assert.True(!outcome.Succeeded, "it succeeded");
        Assert.Contains(text, outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(kind, outcome.Failure.Kind);
    }
}
