using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Cete.Ledger;
using Cete.Net.Payments;
using Cete.Ports.Payments;
using Cete.Transfer.Payments;
using Cete.Trust;

namespace Cete.Fuzzing.Targets;

/// <summary>What those send who pay, and those who want to be paid.</summary>
internal static class PaymentTargets
{
    private const string Channel = "000102030405060708090a0b0c0d0e0f";
    private const long Cap = 1_000_000;

    private static readonly KeyId Community = KeyId.Of("community"u8);
    private static readonly KeyId Provider = KeyId.Of("provider"u8);
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("voucher", Vouchers), ("voucher-text", VoucherTexts), ("payment-fields", Fields), ("bill", Bills), ("credits", Amounts), ("ledger-address", Addresses),
    ];

    private static FuzzTarget Vouchers() => new(
        "voucher",
        input => Oracle.Again(
            bytes => Voucher.Parse(bytes),
            voucher =>
            {
                // Whatever was signed or not: it is told, and nothing thrown.
                _ = voucher.Verify(Key.ExportSubjectPublicKeyInfo(), Community);
                return voucher.ToArray();
            },
            input),
        () => [Sign(5).ToArray(), Sign(long.MaxValue).ToArray()]);

    private static FuzzTarget VoucherTexts() => FuzzTarget.OfText(
        "voucher-text", text => Oracle.Again(line => VoucherText.Read(line), VoucherText.Write, text), [VoucherText.Write(Sign(5))], "=", "-", "_", "+");

    /// <summary>The field of the channel, and behind a line end that of the voucher, as a till judges them.</summary>
    private static FuzzTarget Fields() => FuzzTarget.OfText(
        "payment-fields",
        text =>
        {
            var lines = text.Split('\n', 2);
            var (bank, book) = (new OneChannel(), new NoBook());
            var till = new Till(bank, book, new TillOptions(Community, Provider) { RedeemEvery = TimeSpan.FromHours(1) }, TimeProvider.System);
            var pending = till.AdmitAsync(
                new PaidRequest(lines[0], lines.Length > 1 ? lines[1] : null, Hash256.Of("content"u8), 16 * 1024, 1_000), CancellationToken.None);
            var admission = pending.AsTask().GetAwaiter().GetResult();
            Oracle.That(admission.Failure is not null || admission.Unsent is not null, "it is let in, and nobody counts");
            Oracle.That((admission.Failure?.Kind == FailureKind.Unpaid) == admission.Bill is not null, "who is to pay is told what");
            admission.Unsent?.Invoke(1_000);
            till.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Oracle.That(book.Highest <= Cap, "more was taken than the lane can bring");
            return Oracle.Of(admission.Failure);
        },
        [Channel, $"{Channel}\n{VoucherText.Write(Sign(5))}", $"{Channel}\n{VoucherText.Write(Sign(Cap + 1))}"],
        "\n", Channel[..8], VoucherText.Write(Sign(6))) with
    {
        AllocatedMax = null,
        TestRuns = 100,
    };

    private static FuzzTarget Bills() => new(
        "bill",
        input => Oracle.Of(BillReader.Read(input), read => Oracle.That(read.Bill is { Price: > 0, Window: > 0, Sent: >= 0 }, "a bill that cannot be")),
        () =>
        [
            JsonSerializer.SerializeToUtf8Bytes(
                new PaymentProblem(
                    "urn:x", "x", 402, "pay", "unpaid", 5, LedgerAddress.Node(Provider).ToString(), Provider.ToString(), 262_144, 0, 1, 2, 3,
                    VoucherText.Write(Sign(5))),
                ApiJson.Default.PaymentProblem),
        ])
    {
        Dictionary = [.. ((string[])["\"price\":", "\"sent\":", "-1", "null", "9223372036854775807", "1e400"]).Select(Encoding.UTF8.GetBytes)],
    };

    private static FuzzTarget Amounts() => FuzzTarget.OfText(
        "credits", text => Oracle.Again(line => Credits.Parse(line), Credits.Show, text), ["0", "12.5", "9007199254.740991"], ".", "000000", "-", "\u0661");

    private static FuzzTarget Addresses() => FuzzTarget.OfText(
        "ledger-address",
        text =>
        {
            if (!LedgerAddress.TryParse(text, out var address))
            {
                return "refused";
            }

            Oracle.That(LedgerAddress.TryParse(address.ToString(), out var again) && again == address, "it is read in another way the second time");
            return FuzzTarget.Taken;
        },
        ["mint", "treasury", LedgerAddress.Node(Provider).ToString(), $"channel:{Channel}"], "user:", "grant:", "pending:", ":");

    private static Voucher Sign(long amount) => Voucher.Sign(Key, Community, new TransferId(Convert.FromHexString(Channel)).Bits, Provider, amount);

    private sealed class OneChannel : IProviderBank
    {
        public long PricePerMebibyte => 1_000_000;

        public bool ServesUnpaid => true;

        public LedgerAddress Payee => LedgerAddress.Node(Provider);

        public Task<Outcome<ChannelFacts>> FindChannelAsync(TransferId channel, CancellationToken cancellation) =>
            Task.FromResult<Outcome<ChannelFacts>>(channel.ToString() == Channel
                ? new ChannelFacts(Key.ExportSubjectPublicKeyInfo(), default, Payee, Cap, new Instant(long.MaxValue), true)
                : new Failure(FailureKind.NotFound, "there is no such channel"));

        public Task<Outcome<IReadOnlyList<Failure?>>> RedeemAsync(IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation) =>
            Task.FromResult<Outcome<IReadOnlyList<Failure?>>>(new Failure(FailureKind.Unavailable, "away"));
    }

    private sealed class NoBook : ILaneBook
    {
        public long Highest { get; private set; }

        public Outcome<KeptLane?> Find(TransferId channel) => Outcome.Of<KeptLane?>(null);

        public Outcome<IReadOnlyList<KeptLane>> Unredeemed(int max) => Outcome.Of<IReadOnlyList<KeptLane>>([]);

        public Failure? Keep(IReadOnlyList<KeptLane> lanes)
        {
            Highest = Math.Max(Highest, lanes.Count == 0 ? 0 : lanes.Max(lane => lane.Amount));
            return null;
        }

        public Failure? Redeem(IReadOnlyList<(TransferId Channel, long Amount)> lanes) => null;

        public Failure? Forget(Instant before) => null;
    }
}
