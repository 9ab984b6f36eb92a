using System.Security.Cryptography;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Testing;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Bank.Tests;

/// <summary>
/// The bank of a community over tables in memory, with short forms of what tests say often. After each command the whole ledger is looked at.
/// </summary>
internal sealed class Bench : IDisposable
{
    public const long Credit = Credits.Micro;

    public static readonly KeyId Community = KeyId.Of("community"u8);
    public static readonly Asker Node = new(KeyId.Of("node"u8).ToString(), [BankMachine.BankRole]);
    public static readonly Grant Govern = Grant.Of(Actions.BankGovern);

    private readonly List<Person> _people = [];
    private readonly LedgerAudit _audit = new();

    private Bench()
    {
    }

    public DirectGroup Group { get; } = new(GroupId.Of("bank"), new ImportingBank(new BankMachine()));

    public Instant Now => Group.Now;

    public LedgerAudit Audit => _audit;

    /// <summary>The last entry of the journal.</summary>
    public JournalEntry LastEntry => Read(sql => JournalTable.Behind(sql, 0, int.MaxValue)[^1].Entry);

    public static Bench Empty() => new();

    /// <summary>A bank that was begun; newcomers are given 5000 credits if nothing else is said.</summary>
    public static Bench Begun(BankPolicy? policy = null)
    {
        var bench = new Bench();
        Assert.True(bench.Submit(Begin(policy), Node).Changed<Done>(done => done.Changed));
        return bench;
    }

    public static Begin Begin(BankPolicy? policy = null, KeyId? community = null) => new()
    {
        Community = ByteString.CopyFrom((community ?? Community).ToArray()),
        Policy = System.Text.Encoding.UTF8.GetString((policy ?? BankPolicy.First).ToPayload()),
    };

    public static TransferId Id(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)).AsSpan(0, TransferId.Size));

    public T Read<T>(Func<SqlSession, T> query) => Group.ReadAsync(query).GetAwaiter().GetResult().Value;

    public long BalanceOf(LedgerAddress address) => Read(sql => sql.Scalar<long>(
        "SELECT balance FROM ledger_accounts WHERE kind = @p1 AND owner = @p2", (long)address.Kind, address.Key.ToArray()));

    /// <summary>Hands in a command.</summary>
    public Outcome<ReadOnlyMemory<byte>> Submit(IMessage command, Asker? asker = null) =>
        Submit(new ClientCommand(command.Descriptor.Name, command.ToByteArray(), asker ?? Asker.Local));

    public Outcome<ReadOnlyMemory<byte>> Submit(ClientCommand command)
    {
        var result = Group.SubmitAsync(command).GetAwaiter().GetResult().Value.Result;
        var wrong = Read(_audit.Follow);
        Assert.True(wrong is null, $"{command.Type}: {wrong}");
        return result;
    }

    public Failure? Import((string Type, byte[] Body) told) => Submit(ImportingBank.Import(told)).Failure;

    /// <summary>Time goes on, and what is due is done.</summary>
    public Ticked Wait(TimeSpan time)
    {
        Group.Now += time;
        return Tick();
    }

    public Ticked Tick() => Ticked.Parser.ParseFrom(Submit(new Tick(), Node).Value.Span);

    /// <summary>An account that was imported with a device.</summary>
    public Person Register(string name)
    {
        var person = Stranger(name);
        Assert.Null(Import(AccountsTell.Account("registered", person.Id)));
        Assert.Null(Import(AccountsTell.DeviceAdded(person.Id, person.PublicKey, AccountsTell.Registration)));
        return person;
    }

    /// <summary>Somebody without an account.</summary>
    public Person Stranger(string name)
    {
        var person = new Person(this, name);
        _people.Add(person);
        return person;
    }

    /// <summary>Somebody with so many credits of his own.</summary>
    public Person Rich(string name, long amount, int number)
    {
        var person = Register(name);
        var donor = Register($"donor of {name}");

        // Credits are earned: a donor pays them by a channel.
        var lane = donor.Open(Id(number), amount, person.Lane(amount));
        Assert.Equal(amount, lane.Redeem(person, amount).Paid);
        Assert.True(lane.Close().Succeeded);
        return person;
    }

    public void Dispose()
    {
        _people.ForEach(person => person.Dispose());
        Group.Dispose();
    }
}

/// <summary>Somebody with a device, who is a provider too.</summary>
internal sealed class Person : IDisposable
{
    private readonly Bench _bench;
    private long _counter;

    public Person(Bench bench, string name)
    {
        _bench = bench;
        Id = new AccountId(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, AccountId.Size));
    }

    public AccountId Id { get; }

    public Bench Bench => _bench;

    /// <summary>Of the device; the provider's and the node's too.</summary>
    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] PublicKey => Key.ExportSubjectPublicKeyInfo();

    public KeyId KeyId => KeyId.Of(PublicKey);

    public LedgerAddress User => LedgerAddress.User(Id);

    public LedgerAddress Grant => LedgerAddress.Grant(Id);

    public long Balance => _bench.BalanceOf(User);

    public long Granted => _bench.BalanceOf(Grant);

    public byte[] Sign(string purpose, byte[] payload, AccountId? account = null, KeyId? community = null, ECDsa? key = null) =>
        SignedStatement.Sign(key ?? Key, community ?? Bench.Community, purpose, account ?? Id, ++_counter, payload).ToArray();

    public Transfer Signed(params TransferOrder[] orders) => new() { Statement = Bytes(Sign(TransferAct.Purpose, new TransferAct(orders).ToPayload())) };

    public Outcome<Transferred> Order(params TransferOrder[] orders) => _bench.Submit(Signed(orders)).Then(bytes => Transferred.Parser.ParseFrom(bytes.Span));

    public TransferResult Do(TransferOrder order) => Order(order).Value.Results.Single();

    public TransferResult Send(int id, Person to, long amount, string note = "") => Do(Sending(id, to, amount, note));

    public static TransferOrder Sending(int id, Person to, long amount, string note = "", bool linked = false) =>
        new(Bench.Id(id).ToString(), TransferOrder.Send, to.User.ToString(), amount, Linked: linked, Note: note);

    public TransferOrder Pending(int id, Person to, long amount, TimeSpan? life = null, bool linked = false) => new(
        Bench.Id(id).ToString(), TransferOrder.Pend, to.User.ToString(), amount, ExpiresAt: (_bench.Now + (life ?? TimeSpan.FromHours(1))).Microseconds,
            Linked: linked);

    public static TransferOrder Posting(int id, int pending, long amount, bool linked = false) =>
        new(Bench.Id(id).ToString(), TransferOrder.Post, Amount: amount, Pending: Bench.Id(pending).ToString(), Linked: linked);

    public static TransferOrder Voiding(int id, int pending) => new(Bench.Id(id).ToString(), TransferOrder.Void, Pending: Bench.Id(pending).ToString());

    public LaneOrder Lane(long cap, Person? author = null) => new(KeyId.ToString(), User.ToString(), cap, author?.Id.ToString() ?? string.Empty);

    public Outcome<Done> Channel(ChannelAct act, Asker? asker = null, ECDsa? key = null) => _bench
        .Submit(new ChangeChannel { Statement = Bytes(Sign(ChannelAct.Purpose, act.ToPayload(), key: key)) }, asker).Then(bytes =>
            Done.Parser.ParseFrom(bytes.Span));

    public ChannelAct.Open Opening(TransferId id, long reserve, params LaneOrder[] lanes) =>
        new(id.ToString(), PublicKey, reserve, string.Empty, (_bench.Now + TimeSpan.FromHours(10)).Microseconds, lanes);

    /// <summary>A channel that pays with the key of the device.</summary>
    public Opened Open(TransferId id, long reserve, params LaneOrder[] lanes)
    {
        var opened = Channel(Opening(id, reserve, lanes));
        Assert.True(opened.Succeeded, opened.Failure?.Message);
        return new Opened(_bench, this, id);
    }

    public Outcome<Done> Decide(BankPolicy policy, Asker? asker = null) => _bench
        .Submit(new SetPolicy { Statement = Bytes(Sign(BankPolicy.Purpose, policy.ToPayload())) }, asker ?? Governing)
        .Then(bytes => Done.Parser.ParseFrom(bytes.Span));

    public Asker Governing => new(Id.ToString(), []) { Grants = [Bench.Govern] };

    public Outcome<Moved> Claim(Person owner, long? counter = null)
    {
        var act = new ClaimAct(owner.Id.ToString()).ToPayload();
        var statement = SignedStatement.Sign(Key, Bench.Community, ClaimAct.Purpose, default, counter ?? ++_counter, act);
        return _bench.Submit(new Claim { Statement = Bytes(statement.ToArray()), PublicKey = Bytes(PublicKey) }).Then(bytes =>
            Moved.Parser.ParseFrom(bytes.Span));
    }

    public void Dispose() => Key.Dispose();

    public static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}

/// <summary>A channel with its payer.</summary>
internal sealed record Opened(Bench Bench, Person Payer, TransferId Id)
{
    public ChannelRow Row => Bench.Read(sql => new ChannelTable(sql).Find(Id)!);

    public long Held => Bench.BalanceOf(LedgerAddress.Channel(Id));

    public byte[] Voucher(Person provider, long amount, KeyId? community = null, ECDsa? key = null, TransferId? channel = null) =>
        Trust.Voucher.Sign(key ?? Payer.Key, community ?? Bench.Community, (channel ?? Id).Bits, provider.KeyId, amount).ToArray();

    public RedeemResult Redeem(Person provider, long amount) => Redeem(Voucher(provider, amount))[0];

    public IReadOnlyList<RedeemResult> Redeem(params byte[][] vouchers) =>
        Redeemed.Parser.ParseFrom(Bench.Submit(new Redeem { Vouchers = { vouchers.Select(Person.Bytes) } }).Value.Span).Results;

    public RedeemResult Release(Person provider, long redeemed, Person? signer = null)
    {
        var act = new ReleaseAct(Id.ToString(), redeemed).ToPayload();
        var key = (signer ?? provider).Key;
        var release = new Release
        {
            Statement = Person.Bytes(SignedStatement.Sign(key, Bench.Community, ReleaseAct.Purpose, default, 1, act).ToArray()),
            PublicKey = Person.Bytes(provider.PublicKey),
        };
        return Redeemed.Parser.ParseFrom(Bench.Submit(new Redeem { Releases = { release } }).Value.Span).Results[0];
    }

    public Outcome<Done> Widen(long revision, long reserve, params LaneOrder[] lanes) =>
        Payer.Channel(new ChannelAct.Change(Id.ToString(), revision, reserve, lanes));

    public Outcome<Done> Close(params byte[][] vouchers) => Payer.Channel(new ChannelAct.Close(Id.ToString(), vouchers));
}

/// <summary>Short forms of what tests say often.</summary>
internal static class Outcomes
{
    /// <summary>It failed so, with a text that holds this.</summary>
    public static void Refused<T>(this Outcome<T> outcome, FailureKind kind, string text)
    {
        Assert.True(!outcome.Succeeded, "it succeeded");
        outcome.Failure.Refused(kind, text);
    }

    public static void Refused(this Failure? failure, FailureKind kind, string text)
    {
        Assert.Contains(text, Assert.IsType<Failure>(failure).Message, StringComparison.Ordinal);
        Assert.Equal(kind, failure.Kind);
    }

    public static void Refused(this TransferResult result, FailureKind kind, string text) => Of(result.Failure, result.Message).Refused(kind, text);

    public static void Refused(this RedeemResult result, FailureKind kind, string text) => Of(result.Failure, result.Message).Refused(kind, text);

    /// <summary>What an answer says.</summary>
    public static bool Changed<T>(this Outcome<ReadOnlyMemory<byte>> outcome, Func<T, bool> says)
        where T : IMessage<T>, new() => says(new MessageParser<T>(() => new T()).ParseFrom(outcome.Value.Span));

    private static Failure? Of(int failure, string message) => failure == 0 ? null : new Failure((FailureKind)(failure - 1), message);
}
