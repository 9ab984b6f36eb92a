using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>Whose bank it is.</summary>
/// <param name="Community">The community.</param>
/// <param name="Ledger">Which ledger of it.</param>
/// <param name="BegunAt">Since when.</param>
/// <param name="Policy">What was decided last.</param>
internal sealed record BankFacts(KeyId Community, TransferId Ledger, Instant BegunAt, BankPolicy Policy)
{
    /// <summary>As the tables have them; null before the bank was begun.</summary>
    public static BankFacts? Read(SqlSession sql) => sql.First(
        "SELECT community, ledger, begun_at, policy FROM bank_rules WHERE one = 1",
        row => new BankFacts(
            new KeyId(row.GetFieldValue<byte[]>(0)), new TransferId(row.GetFieldValue<byte[]>(1)), new Instant(row.GetInt64(2)),
            BankPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(row.GetString(3))).Value));
}

/// <summary>An account of the ledger, as of the last entry that was planned.</summary>
internal sealed class LedgerAccount(LedgerAddress address, long balance, long last)
{
    /// <summary>In the table; 0 before it is there.</summary>
    public long Number { get; set; }

    public LedgerAddress Address { get; } = address;

    public long Balance { get; set; } = balance;

    /// <summary>The last entry that touched it.</summary>
    public long Last { get; set; } = last;

    /// <summary>It is not in the table yet.</summary>
    public bool IsNew { get; set; }
}

/// <summary>What the session that writes remembers of the tables: they are asked for the same few rows again and again.</summary>
internal sealed class BankCache
{
    /// <summary>Accounts that are remembered: some megabytes.</summary>
    private const int AccountsMax = 50_000;

    private readonly Dictionary<LedgerAddress, LedgerAccount> _accounts = [];
    private BankFacts? _facts;
    private (long Number, Hash256 Hash)? _last;
    private long _accountNumber;

    /// <summary>Accounts of the community that were looked at; only <see cref="HolderTable"/> changes them.</summary>
    public Dictionary<AccountId, HolderRow> Holders { get; } = [];

    /// <summary>Their keys, likewise.</summary>
    public Dictionary<KeyId, KeyRow> Keys { get; } = [];

    /// <summary>Makes room, before a command.</summary>
    public void Trim()
    {
        if (Holders.Count > AccountsMax || Keys.Count > AccountsMax)
        {
            ForgetHolders();
        }

        if (_accounts.Count > AccountsMax)
        {
            _accounts.Clear();
        }
    }

    /// <summary>The last day that figures were added to; days that are too old were forgotten when it began.</summary>
    public long Day { get; set; } = -1;

    /// <summary>Something that may have changed them was rolled back.</summary>
    public void ForgetHolders()
    {
        Holders.Clear();
        Keys.Clear();
    }

    public BankFacts? Facts(SqlSession sql) => _facts ??= BankFacts.Read(sql);

    public void ForgetFacts() => _facts = null;

    /// <summary>The last entry of the journal; 0 and zero for none.</summary>
    public (long Number, Hash256 Hash) Last(SqlSession sql) => _last ??= sql.First(
        "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1", row => (row.GetInt64(0), new Hash256(row.GetFieldValue<byte[]>(1))));

    public void SetLast(long number, Hash256 hash) => _last = (number, hash);

    public LedgerAccount? Find(LedgerAddress address, SqlSession sql)
    {
        if (_accounts.TryGetValue(address, out var known))
        {
            return known;
        }

        var found = sql.First(
            "SELECT number, balance, last FROM ledger_accounts WHERE kind = @p1 AND owner = @p2",
            row => new LedgerAccount(address, row.GetInt64(1), row.GetInt64(2)) { Number = row.GetInt64(0) }, (long)address.Kind, address.Key.ToArray());
        if (found is not null)
        {
            _accounts.Add(address, found);
        }

        return found;
    }

    /// <summary>An account that is not in the table yet.</summary>
    public LedgerAccount Make(LedgerAddress address)
    {
        var made = new LedgerAccount(address, 0, 0) { IsNew = true };
        _accounts.Add(address, made);
        return made;
    }

    /// <summary>
    /// Gives it its number, if it has none: only when it is written for certain, so that all replicas count alike, whatever they remember.
    /// </summary>
    public void Number(LedgerAccount account, SqlSession sql)
    {
        if (account.Number > 0)
        {
            return;
        }

        if (_accountNumber == 0)
        {
            _accountNumber = sql.Scalar<long>("SELECT coalesce(max(number), 0) FROM ledger_accounts");
        }

        account.Number = ++_accountNumber;
    }
}
