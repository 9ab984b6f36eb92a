using System.Security.Cryptography;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Cete.Trust;

namespace Cete.Transfer.Payments;

/// <summary>What a service asks for something.</summary>
/// <param name="Amount">Micro-credits, 1 or more.</param>
/// <param name="Payee">Who is to be paid.</param>
/// <param name="Due">What was charged so far of each lane of this account that pays him, in micro-credits.</param>
public sealed record ServiceBill(long Amount, LedgerAddress Payee, IReadOnlyDictionary<TransferId, long> Due);

/// <summary>
/// Pays for what described services do: one channel for each payee, which reserves what is promised and no more, so nothing is held back for long. What a
/// service says was charged is believed as far as this side promised it. For several callers at once.
/// </summary>
/// <param name="bank">Where credits are set aside.</param>
/// <param name="book">Where channels are kept, with their keys.</param>
/// <param name="community">Where it is.</param>
public sealed class ServicePayer(IPayerBank bank, IPayerBook book, KeyId community)
{
    private const string Purpose = "service:";

    private readonly Turns _turns = new();

    /// <summary>Whether a channel that is kept is one that pays for services.</summary>
    public static bool IsOwn(KeptChannel kept) => kept.Purpose.StartsWith(Purpose, StringComparison.Ordinal);

    /// <summary>A voucher that pays a bill; what it promises is reserved by then.</summary>
    /// <returns>The voucher, to be sent along; <see cref="FailureKind.Unpaid"/> where there are too few credits.</returns>
    public async Task<Outcome<Voucher>> PayAsync(ServiceBill bill, CancellationToken cancellation)
    {
        Check.That(Credits.IsAmount(bill.Amount));
        using var turn = await _turns.EnterAsync(cancellation);
        foreach (var kept in book.All().Where(kept => !kept.IsClosing && kept.Purpose == PurposeOf(bill.Payee) && kept.Community == community.ToString()))
        {
            var paid = await PayAsync(bill, kept, cancellation);
            if (paid.Succeeded || paid.Failure.Kind is not (FailureKind.NotFound or FailureKind.Conflict or FailureKind.Expired))
            {
                return paid;
            }

            // The bank has it no longer, or does not widen it: another one takes its place.
            Forget(kept);
        }

        return await OpenAsync(bill, cancellation);
    }

    /// <summary>A voucher was refused: its channel pays for nothing any more.</summary>
    public void GiveUp(TransferId channel) => book.Forget(channel);

    private async Task<Outcome<Voucher>> PayAsync(ServiceBill bill, KeptChannel kept, CancellationToken cancellation)
    {
        if (!TransferId.TryParse(kept.Channel, out var id) || kept.Lanes is not [var lane] || Read(kept.Key) is not { } key)
        {
            return new Failure(FailureKind.NotFound, "what was kept of a channel cannot be read");
        }

        using (key)
        {
            // What was promised and not charged for pays for this one. More than was promised nobody can charge for.
            var due = Math.Min(bill.Due.GetValueOrDefault(id), lane.Promised);
            var promise = Math.Max(lane.Promised, due + bill.Amount);
            if (promise > lane.Cap)
            {
                var widened = await bank.WidenAsync(
                    id, promise, [new LaneOrder(ServiceLane.ProviderOf(bill.Payee), bill.Payee, promise)], cancellation);
                if (!widened.Succeeded)
                {
                    return widened.Failure;
                }
            }

            var cap = Math.Max(lane.Cap, promise);
            return book.Keep(kept with { Reserve = Math.Max(kept.Reserve, promise), Lanes = [lane with { Cap = cap, Promised = promise }] }) is { } unkept
                ? unkept
                : Voucher.Sign(key, community, id.Bits, ServiceLane.ProviderOf(bill.Payee), promise);
        }
    }

    private async Task<Outcome<Voucher>> OpenAsync(ServiceBill bill, CancellationToken cancellation)
    {
        var (id, provider) = (new TransferId(RandomNumberGenerator.GetBytes(TransferId.Size)), ServiceLane.ProviderOf(bill.Payee));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // The key is kept before there is anything that it can spend, and the promise before it is made.
        var kept = new KeptChannel(
            id.ToString(), PurposeOf(bill.Payee), community.ToString(), 1, bill.Amount, key.ExportPkcs8PrivateKeyPem(), false,
            [new KeptPayerLane(provider.ToString(), bill.Payee.ToString(), 1, bill.Amount, bill.Amount, 0)]);
        if (book.Keep(kept) is { } unkept)
        {
            return unkept;
        }

        var order = new ChannelOrder(id, default, key.ExportSubjectPublicKeyInfo(), bill.Amount, [new LaneOrder(provider, bill.Payee, bill.Amount)]);
        var opened = await bank.OpenAsync(order, cancellation);
        if (opened.Failure is { Kind: FailureKind.Unavailable })
        {
            opened = await bank.OpenAsync(order, cancellation);
        }

        if (!opened.Succeeded)
        {
            Forget(kept);
            return opened.Failure;
        }

        return Voucher.Sign(key, community, id.Bits, provider, bill.Amount);
    }

    private void Forget(KeptChannel kept)
    {
        if (TransferId.TryParse(kept.Channel, out var id))
        {
            book.Forget(id);
        }
    }

    private static ECDsa? Read(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static string PurposeOf(LedgerAddress payee) => $"{Purpose}{payee}";
}
