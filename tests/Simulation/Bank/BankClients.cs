using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Cete.Testing;
using Google.Protobuf;

namespace Cete.Simulation.Bank;

/// <summary>Payers and providers, honest ones and cheats: what they do next, and what they know of their downloads.</summary>
internal sealed partial class BankClients : IDisposable
{
    public const long Price = 3_000_000;

    private const int OrdersMost = 250;
    private readonly Prng _chance;
    private readonly BankWitness _witness;
    private readonly List<Download> _downloads = [];
    private readonly List<byte[]> _vouchers = [];
    private readonly List<TransferOrder> _sent = [];
    private readonly List<(SimMember To, TransferOrder Order)> _pending = [];
    private readonly Func<Instant> _now;

    public BankClients(Prng chance, BankWitness witness, Func<Instant> now)
    {
        (_chance, _witness, _now) = (chance, witness, now);
        Members = [.. new[] { "ada", "bob", "carol", "mallory", "crook", "victim" }.Select(name => new SimMember(name, chance.Split(), witness))];
        (witness.Victim, witness.Governor) = (Victim, Governor);
    }

    public IReadOnlyList<SimMember> Members { get; }

    public SimMember Mallory => Members[3];

    public SimMember Victim => Members[5];

    public IReadOnlyList<Download> Downloads => _downloads;

    /// <summary>How often each cheat was tried.</summary>
    public SortedDictionary<Cheat, int> Cheated { get; } = [];

    /// <summary>What the bank is told before all else.</summary>
    public IEnumerable<ClientCommand> Beginning()
    {
        yield return Command(
            new Begin { Community = Bytes(SimPerson.Community.ToArray()), Policy = System.Text.Encoding.UTF8.GetString(_policy.ToPayload()) }, Node);
        foreach (var member in Members)
        {
            yield return ImportingBank.Import(AccountsTell.Account("registered", member.Id));
            yield return ImportingBank.Import(AccountsTell.DeviceAdded(member.Id, member.PublicKey, AccountsTell.Registration));
        }
    }

    /// <summary>Something that somebody wants of the bank, and what to do once it is done.</summary>
    public (string What, ClientCommand Command, Action Done) Next() => _chance.Next(23) switch
    {
        < 6 => Transfers(Who()),
        < 9 => Opening(Who()),
        < 14 => Redeeming(),
        14 => Closing(),
        15 => ("tick", Command(new Tick(), Node), () => { }),
        16 => Widening(),
        17 => Deciding(),
        18 or 19 => Claiming(),
        20 => Releasing(),
        21 => Delegating(),
        _ => PayingOut(),
    };

    /// <summary>Downloads go on, whether the bank is there or not.</summary>
    public void Exchange()
    {
        var going = _downloads.Where(one => !one.HasEnded).ToList();
        if (going.Count == 0)
        {
            return;
        }

        var download = going[_chance.Next(going.Count)];
        var cheat = download.Payer == Mallory && _chance.Chance(1, 2) ? (Cheat)_chance.Next(Enum.GetValues<Cheat>().Length) : Cheat.None;
        Cheated[cheat] = Cheated.GetValueOrDefault(cheat) + 1;
        download.Exchange(cheat, !IsHonest(download.Provider) && _chance.Chance(1, 3), voucher => _vouchers.Add(voucher));
    }

    /// <summary>All that providers have, for the end of a run.</summary>
    public IEnumerable<ClientCommand> LastVouchers() => _downloads.Select(download => download.Best).OfType<byte[]>().Chunk(50)
        .Select(vouchers => Command(new Redeem { Vouchers = { vouchers.Select(Bytes) } }));

    public static ClientCommand Tick() => Command(new Tick(), Node);

    /// <summary>Who lost more than a window; null for nobody.</summary>
    public string? Losses(SqlSession sql) => _downloads
        .Select(download => download.Loss(
            new ChannelTable(sql).Lane(download.Channel, download.Provider.KeyId)!.Redeemed, IsHonest(download.Payer), IsHonest(download.Provider)))
        .FirstOrDefault(loss => loss is not null);

    public void Dispose()
    {
        foreach (var member in Members)
        {
            member.Dispose();
        }
    }

    private static Asker Node => new(KeyId.Of("node-0"u8).ToString(), [BankMachine.BankRole]);

    private static bool IsHonest(SimMember member) => member.Name is "ada" or "bob" or "carol";

    private SimMember Who() => Members[_chance.Next(5)];

    private TransferId NewId()
    {
        Span<byte> id = stackalloc byte[TransferId.Size];
        _chance.Fill(id);
        return new TransferId(id);
    }

    private (string What, ClientCommand Command, Action Done) Transfers(SimMember by)
    {
        var orders = Enumerable.Range(0, 1 + _chance.Next(OrdersMost)).Select(_ => Order(by)).ToList();
        orders[^1] = orders[^1] with { Linked = false };
        var statement = by.Sign(TransferAct.Purpose, new TransferAct(orders).ToPayload(), DelegateOf(by));
        _sent.AddRange(orders.Where(order => order.Kind == TransferOrder.Send).Take(3));
        return ($"{by.Name} sends {orders.Count}", Command(new Transfer { Statement = Bytes(statement) }), () =>
        {
            foreach (var order in orders.Where(order => order.Kind == TransferOrder.Pend))
            {
                _pending.Add((Members.First(member => member.User.ToString() == order.To), order));
            }
        }
        );
    }

    private TransferOrder Order(SimMember by)
    {
        var (to, amount) = (Members[_chance.Next(Members.Count)], 1 + _chance.Next(150_000));
        var send = new TransferOrder(NewId().ToString(), TransferOrder.Send, to.User.ToString(), amount, Linked: _chance.Chance(1, 10));
        return _chance.Next(20) switch
        {
            0 when _sent.Count > 0 => _sent[_chance.Next(_sent.Count)],
            1 when _sent.Count > 0 => _sent[_chance.Next(_sent.Count)] with { Amount = amount },
            2 => send with { Amount = _chance.Chance(1, 2) ? -amount : Credits.Max },
            3 or 4 => send with { Kind = TransferOrder.Pend, ExpiresAt = (_now() + TimeSpan.FromSeconds(1 + _chance.Next(2_000))).Microseconds },
            < 9 when Held(by) is { } held => new TransferOrder(
                NewId().ToString(), TransferOrder.Post, Amount: Math.Max(1, held.Amount - _chance.Next(3)), Pending: held.Id, Linked: send.Linked),
            9 when Held(by) is { } held => new TransferOrder(NewId().ToString(), TransferOrder.Void, Pending: held.Id),
            _ => send,
        };
    }

    private TransferOrder? Held(SimMember by)
    {
        var mine = _pending.Where(pending => pending.To == by).TakeLast(8).ToList();
        return mine.Count == 0 ? null : mine[_chance.Next(mine.Count)].Order;
    }

    private (string What, ClientCommand Command, Action Done) Opening(SimMember by)
    {
        var providers = Members.Take(5).Where(member => member != by && _chance.Chance(1, 2)).ToList();
        var (id, cap) = (NewId(), 1_000_000 * (1 + _chance.Next(100)));
        var reserve = Math.Max(1, cap * providers.Count) * (by == Mallory && _chance.Chance(1, 3) ? 1 : 2);

        // Who cheats promises caps beyond its reserve.
        var shown = by == Mallory && _chance.Chance(1, 3) ? cap * 4 : cap;
        var act = new ChannelAct.Open(
            id.ToString(), by.PublicKey, reserve, string.Empty, (_now() + TimeSpan.FromSeconds(600 + _chance.Next(3_000))).Microseconds,
            [.. providers.Select(provider => provider.Lane(shown, _chance.Chance(1, 3), _chance.Chance(1, 2) ? Who() : null))]);
        _witness.Payers[id] = by;
        var statement = by.Sign(ChannelAct.Purpose, act.ToPayload(), DelegateOf(by));
        return ($"{by.Name} opens {providers.Count} lanes", Command(new ChangeChannel { Statement = Bytes(statement) }), () =>
            _downloads.AddRange(providers.Select(provider => new Download(id, by, provider, Price, shown, _chance.Split()))));
    }

    private (string What, ClientCommand Command, Action Done) Widening()
    {
        if (_downloads.Count == 0)
        {
            return ("tick", Tick(), () => { });
        }

        var download = _downloads[_chance.Next(_downloads.Count)];
        var lanes = new[] { download.Provider.Lane(1_000_000 * (1 + _chance.Next(300))) };
        var act = new ChannelAct.Change(download.Channel.ToString(), 1 + _chance.Next(3), _chance.Next(300) * 1_000_000L, lanes);
        var statement = download.Payer.Sign(ChannelAct.Purpose, act.ToPayload());
        return ($"{download.Payer.Name} widens", Command(new ChangeChannel { Statement = Bytes(statement) }), () => { });
    }

    /// <summary>Providers hand in what they have; a crook what it finds, twice.</summary>
    private (string What, ClientCommand Command, Action Done) Redeeming()
    {
        List<byte[]> vouchers = _chance.Chance(1, 2)
            ? [.. _downloads.Where(download => _chance.Chance(1, 2)).Select(download => download.Best).OfType<byte[]>().Take(40)]
            : _vouchers.Count == 0 ? [] : [.. Enumerable.Range(0, 1 + _chance.Next(20)).Select(_ => _vouchers[_chance.Next(_vouchers.Count)])];
        if (vouchers.Count > 0 && _chance.Chance(1, 3))
        {
            vouchers.Add(vouchers[0]);
        }

        return vouchers.Count == 0 ? ("tick", Tick(), () => { }
        )
            : ($"{vouchers.Count} vouchers", Command(new Redeem { Vouchers = { vouchers.Select(Bytes) } }), () => { }
        );
    }

    /// <summary>Whoever pays closes; a cheat right after it was sent something, an honest one with what it promised.</summary>
    private (string What, ClientCommand Command, Action Done) Closing()
    {
        if (_downloads.Count == 0)
        {
            return ("tick", Tick(), () => { });
        }

        var download = _downloads[_chance.Next(_downloads.Count)];
        var last = IsHonest(download.Payer) && _chance.Chance(1, 2)
            ? _downloads.Where(other => other.Channel == download.Channel).Select(other => other.Best).OfType<byte[]>().ToArray() : [];
        var act = new ChannelAct.Close(download.Channel.ToString(), last);

        // A crook tries to close what others pay.
        var by = _chance.Chance(1, 5) ? Members[4] : download.Payer;
        var statement = by.Sign(ChannelAct.Purpose, act.ToPayload());
        if (by == download.Payer)
        {
            // Providers are told that it closes, and send nothing more.
            _downloads.Where(other => other.Channel == download.Channel).ToList().ForEach(other => other.HasEnded = true);
        }

        return ($"{by.Name} closes", Command(new ChangeChannel { Statement = Bytes(statement) }), () => { });
    }

    private static ClientCommand Command(IMessage message, Asker? asker = null) => new(message.Descriptor.Name, message.ToByteArray(), asker ?? Asker.Local);

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
