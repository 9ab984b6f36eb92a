using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;
using Cete.Groups;
using Cete.Ledger;
using Cete.Ports.Payments;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Described;

/// <summary>What something costs somebody, and by which of his lanes he may pay.</summary>
/// <param name="Price">What it costs.</param>
/// <param name="FreeLeft">How often it costs him nothing today, this time counted.</param>
/// <param name="Lanes">Lanes of his that pay the same payee, the one that ends last first.</param>
public sealed record Offer(Quote Price, long FreeLeft, IReadOnlyList<OfferedLane> Lanes)
{
    /// <summary>Micro-credits that he is asked for now.</summary>
    public long Amount => FreeLeft > 0 ? 0 : Price.Amount;
}

/// <summary>A lane by which somebody pays, in micro-credits.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Due">What was charged of it: the next voucher promises that, and what is to be paid.</param>
/// <param name="Paid">What its highest voucher promises.</param>
/// <param name="Cap">What it can bring, as far as is known here.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record OfferedLane(TransferId Channel, long Due, long Paid, long Cap, Instant ExpiresAt);

/// <content>What costs something.</content>
public sealed partial class DescribedService
{
    private const int LanesTold = 8;
    /// <summary>Payments that are told at once.</summary>
    public const int PaymentsMax = 200;

    /// <summary>What an action would cost somebody now.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="action">Its name.</param>
    /// <param name="record">To which record; 0 for none.</param>
    /// <param name="input">What its form asks; what is left out counts as empty.</param>
    /// <param name="asker">Who would do it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<Offer>> OfferAsync(
        string service, string action, long record, IEnumerable<KeyValuePair<string, InputValue>> input, Standing asker, CancellationToken cancellation) =>
        Flatten(await group.ReadAsync(
            sql =>
            {
                var found = Find(sql, service, action);
                var read = found.Succeeded ? InputReading.Read(found.Value.Action.Input, input, $"forms of '{action}'") : found.Failure;
                if (!read.Succeeded || found.Value.Action.Price is not { } price)
                {
                    return read.Succeeded ? new Offer(Quote.Free, 0, []) : read.Failure;
                }

                var values = read.Value.ToDictionary(
                    each => each.Name, each => Wire.FromMessage(found.Value.Action.Input.First(field => field.Name == each.Name), each.Value));
                var scope = new RuleScope(sql, found.Value.Service, asker, Now).With("input", field => values.GetValueOrDefault(field));
                return found.Value.Action.On is not { } on ? OfferOf(sql, price, action, scope)
                    : Visible(sql, found.Value.Service.Of(on), record, scope) is { } row ? OfferOf(sql, price, action, scope.With("record", row))
                    : RecordWriter.Missing(found.Value.Service.Of(on), record);
            },
            ReadLevel.Linearizable, cancellation));

    /// <summary>What it would cost somebody now to make a record.</summary>
    public async Task<Outcome<Offer>> OfferAsync(
        string service, string kind, IEnumerable<KeyValuePair<string, InputValue>> values, Asker asker, CancellationToken cancellation) =>
        Flatten(await group.ReadAsync(
            sql =>
            {
                var known = _catalogue.Find(sql, service) is { } found ? KindOf(found, kind) : NoService(service);
                var read = known.Succeeded ? InputReading.Read(known.Value.Kind.Fields, values, kind) : known.Failure;
                if (!read.Succeeded || known.Value.Kind.Price is not { } price)
                {
                    return read.Succeeded ? new Offer(Quote.Free, 0, []) : read.Failure;
                }

                var given = read.Value.ToDictionary(
                    each => each.Name, each => Wire.FromMessage(known.Value.Fields[RecordWriter.PlaceOf(known.Value, each.Name)], each.Value));
                var scope = new RuleScope(sql, _catalogue.Find(sql, service)!, asker.Standing, Now);
                return OfferOf(
                    sql, price, $"create {kind}",
                    scope.With("record", field => field == "owner" ? Value.Of(asker.Account) : given.GetValueOrDefault(field)));
            },
            ReadLevel.Linearizable, cancellation));

    /// <summary>What an account paid for, the newest first.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="before">Only what was paid before that number; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<List<ServicePayment>>> PaymentsAsync(AccountId account, long? before, CancellationToken cancellation) => group.ReadAsync(
        sql => new PaymentTable(sql).Of(account.ToString(), before ?? long.MaxValue, PaymentsMax), ReadLevel.Linearizable, cancellation);

    /// <summary>Vouchers that the bank does not have yet.</summary>
    internal Task<Outcome<List<SignedVoucher>>> UnredeemedAsync(CancellationToken cancellation) => group.ReadAsync(
        sql => new PurseTable(sql).Unredeemed(IProviderBank.RedeemMax)
            .ConvertAll(purse => new SignedVoucher(purse.Channel, purse.Provider, purse.Paid, purse.Voucher)),
        ReadLevel.Local, cancellation);

    /// <summary>The bank was handed in vouchers: null for those that it took, else why it never will.</summary>
    internal async Task<Failure?> NoteRedeemedAsync(
        IReadOnlyList<SignedVoucher> vouchers, IReadOnlyList<Failure?> failures, Asker asker, CancellationToken cancellation)
    {
        var noted = new NoteRedeemed();
        noted.Purses.AddRange(vouchers.Zip(failures, (voucher, failure) => new RedeemedPurse
        {
            Channel = ByteString.CopyFrom(voucher.Channel.ToArray()),
            Provider = ByteString.CopyFrom(voucher.Provider.ToArray()),
            Amount = voucher.Amount,
            Failure = failure?.Message ?? string.Empty,
        }));
        return (await SubmitAsync(noted, asker, null, cancellation)).Failure;
    }

    /// <summary>Whoever may not look at a record is not told what it would cost.</summary>
    private static Row? Visible(SqlSession sql, StoredKind kind, long id, RuleScope scope) =>
        sql.First($"{kind.Select} WHERE id = @p1", found => Row.Read(kind, found), id) is { IsAlive: true } row
            && scope.With("record", row).Allows(kind.Kind.Rules.View) ? row : null;

    private static Offer OfferOf(SqlSession sql, Quote quote, long freeLeft, Standing asker, Instant now) => new(
        quote, freeLeft,
        new PurseTable(sql).Of(asker.Account, quote.Provider, now + Charging.EndsEarly, LanesTold)
            .ConvertAll(purse => new OfferedLane(purse.Channel, purse.Due, purse.Paid, purse.Cap, purse.ExpiresAt)));

    private Outcome<Offer> OfferOf(SqlSession sql, PriceDescriptor price, string what, RuleScope scope)
    {
        var used = price.FreeADay == 0 ? 0 : new PaymentTable(sql).Used(scope.Asker.Account, scope.Service.Number, what, Now);
        return Quote.Of(price, scope).Then(quote => OfferOf(sql, quote, Math.Max(0, price.FreeADay - used), scope.Asker, Now));
    }

    private Outcome<(StoredService Service, ActionDescriptor Action)> Find(SqlSession sql, string service, string action)
    {
        var known = _catalogue.Find(sql, service) ?? (Outcome<StoredService>)NoService(service);
        return !known.Succeeded ? known.Failure
            : ActionOf(known.Value, action) is { Succeeded: true, Value: var found } ? (known.Value, found) : ActionOf(known.Value, action).Failure!;
    }

    private static Outcome<ActionDescriptor> ActionOf(StoredService service, string action) => service.Descriptor.Action(action) is { } found
        ? found
        : new Failure(
            FailureKind.NotFound,
            $"{service.Name} knows no action '{Section.Show(action)}'; {Nearest.Hint(action, [.. service.Descriptor.Actions.Select(each => each.Name)])}");

    /// <summary>What goes into a command of a voucher: what the bank knows of its lane.</summary>
    private async Task<Outcome<Payment?>> PaymentOfAsync(ReadOnlyMemory<byte> voucher, CancellationToken cancellation)
    {
        if (voucher.IsEmpty)
        {
            return (Payment?)null;
        }

        var read = Voucher.Parse(voucher.Span);
        if (!read.Succeeded || Bank is null || read.Value.Community != Bank.Community)
        {
            return !read.Succeeded ? read.Failure
                : new Failure(FailureKind.Unpaid, Bank is null ? "this community has no bank" : $"the voucher is of another community, {read.Value.Community}");
        }

        var lane = await Bank.FindLaneAsync(new TransferId(read.Value.Channel), read.Value.Provider, cancellation);
        return !lane.Succeeded ? (lane.Failure.Kind == FailureKind.NotFound ? new Failure(FailureKind.Unpaid, lane.Failure.Message) : lane.Failure)
            : !lane.Value.IsOpen ? new Failure(FailureKind.Unpaid, "the channel is closed; open another one")
            : Cete.Ledger.Channels.ServiceLane.ProviderOf(lane.Value.Payee) != read.Value.Provider
                ? new Failure(FailureKind.Unpaid, "the lane pays somebody else than it is named by")
            : new Payment
            {
                Voucher = ByteString.CopyFrom(voucher.Span),
                Account = lane.Value.Account.ToString(),
                VoucherKey = ByteString.CopyFrom(lane.Value.PublicKey.Span),
                Cap = lane.Value.Cap,
                ExpiresAt = lane.Value.ExpiresAt.Microseconds,
            };
    }
}
