using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>Vouchers become credits.</summary>
public sealed partial class BankMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Pay(Redeem command, Change change)
    {
        if (command.Vouchers.Count + command.Releases.Count is 0 or > BankLimits.VouchersMax)
        {
            return Invalid($"a command redeems 1 to {BankLimits.VouchersMax} vouchers");
        }

        var answer = new Redeemed();
        foreach (var bytes in command.Vouchers)
        {
            var voucher = Voucher.Parse(bytes.Span);
            answer.Results.Add(ResultOf(voucher.Succeeded ? Redeem(voucher.Value, bytes.Memory, change) : voucher.Failure, change));
        }

        foreach (var release in command.Releases)
        {
            answer.Results.Add(ResultOf(LetGo(release, change), change));
        }

        return Answer(answer);
    }

    private static RedeemResult ResultOf(Outcome<(long Redeemed, long Paid)> outcome, Change change)
    {
        if (outcome.Succeeded)
        {
            return new RedeemResult { Redeemed = outcome.Value.Redeemed, Paid = outcome.Value.Paid };
        }

        change.Refusals.Add(RefusalOf(outcome.Failure));
        return new RedeemResult { Failure = (int)outcome.Failure.Kind + 1, Message = outcome.Failure.Message };
    }

    /// <summary>Pays what a voucher promises beyond what its lane has brought; one that is not higher changes nothing.</summary>
    private static Outcome<(long Redeemed, long Paid)> Redeem(Voucher voucher, ReadOnlyMemory<byte> bytes, Change change)
    {
        var id = new TransferId(voucher.Channel);
        if (change.Channels.Find(id) is not { } channel)
        {
            return new Failure(FailureKind.NotFound, $"there is no channel {id}");
        }

        if (change.Channels.Lane(id, voucher.Provider) is not { } lane)
        {
            return new Failure(FailureKind.NotFound, $"the channel {id} has no lane for {voucher.Provider}");
        }

        if (change.Rules.Unsigned(voucher, channel.VoucherKey.Span, change.Facts.Community) is { } unsigned)
        {
            return unsigned;
        }

        if (!change.Rules.IsWithin(voucher.Amount, lane.Cap))
        {
            return new Failure(FailureKind.Conflict,
                $"the voucher promises {Credits.Show(voucher.Amount)} credits; the lane brings {Credits.Show(lane.Cap)} at most");
        }

        var gain = change.Rules.Gain(voucher.Amount, lane.Redeemed);
        if (gain == 0)
        {
            return (lane.Redeemed, 0);
        }

        if (channel.State == ChannelState.Settled || (channel.State == ChannelState.Closing && channel.SettlesAt <= change.At))
        {
            return new Failure(FailureKind.Expired, $"the channel {id} is over; the voucher came too late");
        }

        var redeemed = lane.Redeemed + gain;
        var failure = Earn(channel, lane, redeemed, change.Keep(bytes), change);
        if (failure is not null)
        {
            return failure;
        }

        change.Channels.Put(lane with { Redeemed = redeemed });
        var after = channel with { Redeemed = channel.Redeemed + gain };
        change.Channels.Update(after);
        EndIfOver(after, change);
        return (redeemed, gain);
    }

    /// <summary>Splits what a lane brings: cumulative parts, so that many small vouchers split like one large one, to the last micro-credit.</summary>
    private static Failure? Earn(ChannelRow channel, LaneRow lane, long redeemed, Evidence evidence, Change change)
    {
        var author = lane.Author is null ? 0 : Difference(lane.Redeemed, redeemed, channel.AuthorPermille);
        var community = Difference(lane.Redeemed, redeemed, channel.CommunityPermille);
        var mark = change.Books.Mark;
        var from = LedgerAddress.Channel(channel.Id);
        var key = (byte[])[.. channel.Id.ToArray(), .. lane.Provider.ToArray()];
        ReadOnlySpan<Posting> parts =
        [
            Posting.From("earn", key, redeemed, TransferKind.Earn, from, lane.Payee, redeemed - lane.Redeemed - author - community),
            Posting.From("author", key, redeemed, TransferKind.Author, from, LedgerAddress.User(lane.Author ?? default), author),
            Posting.From("share", key, redeemed, TransferKind.Share, from, LedgerAddress.Treasury, community),
        ];
        foreach (var part in parts)
        {
            if (part.Amount == 0)
            {
                continue;
            }

            var entered = change.Books.Post(part with { Evidence = evidence, Subject = channel.Subject });
            if (!entered.Succeeded)
            {
                change.Books.TakeBack(mark);
                return entered.Failure;
            }
        }

        foreach (var account in new[] { lane.Payee.Kind == LedgerAccountKind.User ? lane.Payee.Account : (AccountId?)null, lane.Author }.OfType<AccountId>())
        {
            Sweep(account, change);
        }

        return null;
    }

    private static long Difference(long before, long after, int permille) => Credits.Part(after, permille) - Credits.Part(before, permille);

    private static Outcome<(long Redeemed, long Paid)> LetGo(Release release, Change change)
    {
        var statement = SignedByNode(release.Statement, release.PublicKey, ReleaseAct.Purpose, change);
        var act = statement.Succeeded ? ReleaseAct.Parse(statement.Value.Payload.Span) : statement.Failure;
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        if (!TransferId.TryParse(act.Value.Channel, out var id) || change.Channels.Lane(id, statement.Value.Device) is not { } lane)
        {
            return new Failure(FailureKind.NotFound,
                $"there is no lane of {statement.Value.Device} in the channel '{EntryName.Show(Short(act.Value.Channel))}'");
        }

        if (act.Value.Redeemed != lane.Redeemed)
        {
            return new Failure(FailureKind.Conflict, $"the lane has brought {Credits.Show(lane.Redeemed)} credits; redeem the last voucher first");
        }

        // Its cap becomes what it brought: the rest is free for other lanes. One that brought nothing keeps the least cap that there is.
        var channel = change.Channels.Find(id)!;
        if (channel.State != ChannelState.Settled && !lane.IsReleased)
        {
            change.Channels.Put(lane with { IsReleased = true, Cap = Math.Max(1, lane.Redeemed) });
            EndIfOver(channel, change);
        }

        return (lane.Redeemed, 0);
    }

    /// <summary>A channel that is closing is over when no provider can expect anything more.</summary>
    private static void EndIfOver(ChannelRow channel, Change change)
    {
        if (channel.State == ChannelState.Closing && change.Channels.Lanes(channel.Id).All(IsOver))
        {
            change.Due.Remove(channel.SettlesAt, DueKind.ChannelSettles, channel.Id.ToArray());
            Settle(channel, change);
        }
    }
}
