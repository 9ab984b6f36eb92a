using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Bank;

/// <summary>One command on its way through the tables.</summary>
internal sealed class Change
{
    private long _evidence;

    public Change(Instant at, long index, Asker asker, ApplyContext context, LedgerRules rules)
    {
        (At, Index, Asker, Context, Rules) = (at, index, asker, context, rules);
        Cache = context.Sql.Derived<BankCache>();
        Cache.Trim();
        Books = new Books(this);
        Day = new DayRow(DayTable.DayOf(at));
    }

    /// <summary>The stamp.</summary>
    public Instant At { get; }

    /// <summary>Its place in the log.</summary>
    public long Index { get; }

    public Asker Asker { get; }

    public ApplyContext Context { get; }

    public LedgerRules Rules { get; }

    public SqlSession Sql => Context.Sql;

    public BankCache Cache { get; }

    public Books Books { get; }

    /// <summary>What it adds to the figures of its day.</summary>
    public DayRow Day { get; }

    /// <summary>Why parts of it were refused, though not all of it.</summary>
    public List<Refusal> Refusals { get; } = [];

    public ChannelTable Channels => new(Sql);

    public HolderTable Holders => new(Sql, Cache);

    public DueTable Due => new(Sql);

    public PendingTable Pendings => new(Sql);

    /// <summary>Whose bank it is, and by which policy; only once it was begun.</summary>
    public BankFacts Facts => Cache.Facts(Sql)!;

    /// <summary>Keeps the signed bytes that order something; what is written by them names them.</summary>
    public Evidence Keep(ReadOnlyMemory<byte> bytes)
    {
        // Several of one command: vouchers. A thousand is more than a command has.
        var number = (Index * 1024) + _evidence++;
        return new Evidence(number, Hash256.Of(bytes.Span), bytes);
    }

    /// <summary>Enters what was planned, and the figures of it.</summary>
    public void Write()
    {
        Books.Write();
        if (Context.Level >= BankSchema.DaysLevel)
        {
            new DayTable(Sql).Add(Day, Refusals, Cache);
        }
    }

    public void Emit(string type, IMessage body) => Context.Emit(type, body.ToByteArray());
}

/// <summary>Signed bytes that order something.</summary>
/// <param name="Number">Under which they are kept; 0 for none.</param>
/// <param name="Hash">Of them.</param>
/// <param name="Bytes">They.</param>
internal readonly record struct Evidence(long Number, Hash256 Hash, ReadOnlyMemory<byte> Bytes);
