using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Testing;
using Google.Protobuf;

namespace Cete.Benchmarks.Bank;

/// <summary>A bank's community: those who pay, each with credits and a device, and those who are paid.</summary>
internal sealed class LedgerWorld : IDisposable
{
    /// <summary>Accounts that are paid.</summary>
    public const int Payees = 10_000;

    private const long Each = 100 * Credits.Micro;
    private const int AtOnce = 64;
    private readonly List<Payer> _donors = [];

    /// <param name="payers">How many pay.</param>
    public LedgerWorld(int payers) =>
        Payers = [.. Enumerable.Range(0, payers).Select(i => new Payer(Community, Payer.Account(Payees + i)))];

    public static KeyId Community { get; } = KeyId.Of("bench"u8);

    public IReadOnlyList<Payer> Payers { get; }

    /// <summary>Begins the bank, and brings everybody in: donors pay their first credits to the payers, by channels.</summary>
    /// <param name="submit">Has a command carried out.</param>
    public async Task FoundAsync(Func<string, byte[], Task<Outcome<ReadOnlyMemory<byte>>>> submit)
    {
        await DoAsync(submit, nameof(Begin), new Begin
        {
            Community = ByteString.CopyFrom(Community.ToArray()),
            Policy = System.Text.Encoding.UTF8.GetString(BankPolicy.First.ToPayload()),
        }.ToByteArray());
        var groups = Payers.Chunk(BankLimits.LanesMax).ToList();
        _donors.AddRange(groups.Select((_, i) => new Payer(Community, Payer.Account(Payees + Payers.Count + i))));
        await EachAsync([.. Enumerable.Range(0, Payees)], i => ImportAsync(submit, AccountsTell.Account("registered", Payer.Account(i))));
        await EachAsync([.. Payers, .. _donors], async payer =>
        {
            await ImportAsync(submit, AccountsTell.Account("registered", payer.Id));
            await ImportAsync(submit, AccountsTell.DeviceAdded(payer.Id, payer.PublicKey, AccountsTell.Registration));
        });
        var until = Instant.From(TimeProvider.System.GetUtcNow()) + TimeSpan.FromHours(10);
        await EachAsync(groups.Zip(_donors).ToList(), async pair =>
        {
            var channel = TransferId.Of("channel", pair.Second.Id.ToArray());
            await DoAsync(submit, nameof(ChangeChannel), pair.Second.Open(channel, pair.First, Each, until));
            await DoAsync(submit, nameof(Redeem), pair.Second.Redeem(channel, pair.First, Each));
        });
    }

    /// <summary>Accounts to pay, some of them.</summary>
    public static IEnumerable<AccountId> Draw(int count) => Enumerable.Range(0, count).Select(_ => Payer.Account(Random.Shared.Next(Payees)));

    /// <summary>Throws where a transfer was refused.</summary>
    public static void CheckDone(ReadOnlyMemory<byte> answer)
    {
        if (Transferred.Parser.ParseFrom(answer.Span).Results.FirstOrDefault(result => result.Failure != 0) is { } refused)
        {
            throw new InvalidOperationException(refused.Message);
        }
    }

    public void Dispose()
    {
        foreach (var payer in Payers.Concat(_donors))
        {
            payer.Dispose();
        }
    }

    private static Task ImportAsync(Func<string, byte[], Task<Outcome<ReadOnlyMemory<byte>>>> submit, (string Type, byte[] Body) told)
    {
        var command = ImportingBank.Import(told);
        return DoAsync(submit, command.Type, command.Body.ToArray());
    }

    private static async Task DoAsync(Func<string, byte[], Task<Outcome<ReadOnlyMemory<byte>>>> submit, string type, byte[] body)
    {
        if ((await submit(type, body)).Failure is { } failure)
        {
            throw new InvalidOperationException($"{type}: {failure.Message}");
        }
    }

    private static async Task EachAsync<T>(IReadOnlyList<T> all, Func<T, Task> act) =>
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => await act(one));
}
