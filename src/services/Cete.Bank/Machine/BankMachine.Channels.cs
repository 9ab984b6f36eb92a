using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>Channels: what is set aside for downloads, and for whom.</summary>
public sealed partial class BankMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Alter(ChangeChannel command, Change change)
    {
        var signed = Signed(command.Statement, ChannelAct.Purpose, change);
        var act = signed.Succeeded ? ChannelAct.Parse(signed.Value.Statement.Payload.Span) : signed.Failure;
        return !act.Succeeded ? act.Failure : act.Value switch
        {
            ChannelAct.Open open => Open(open, signed.Value, change),
            ChannelAct.Change more => Widen(more, signed.Value, change),
            ChannelAct.Close close => Close(close, signed.Value, change),
            _ => Invalid("the payload of the statement is no change of a channel"),
        };
    }

    private static Outcome<ReadOnlyMemory<byte>> Open(ChannelAct.Open act, SignedBy signed, Change change)
    {
        if (!TransferId.TryParse(act.Channel, out var id))
        {
            return Invalid("the id of a channel is 32 hexadecimal digits, drawn at random");
        }

        if (change.Channels.Find(id) is { } known)
        {
            return known.Account == signed.Account && known.OpenedBy == signed.Said
                ? Answer(new Done { Changed = false })
                : new Failure(FailureKind.Conflict, $"the id {id} is that of another channel; draw a new one");
        }

        var (subject, ends) = (default(Hash256), new Instant(act.ExpiresAt));
        var wrong = !SignedStatement.IsPublicKey(act.Key) ? Invalid("the key of a channel is on P-256, given as SubjectPublicKeyInfo in DER of 91 bytes")
            : act.Subject.Length > 0 && !Hash256.TryParse(act.Subject, out subject) ? Invalid("what is downloaded is named by 64 hexadecimal digits, or not")
            : ends <= change.At || ends > change.At + BankLimits.ChannelLifeMax
                ? Invalid($"a channel ends in the next {BankLimits.ChannelLifeMax.TotalDays:0} days; say when by expiresAt")
            : change.Channels.CountOpen(signed.Account) >= BankLimits.ChannelsMax
                ? new Failure(FailureKind.TooLarge, $"{BankLimits.ChannelsMax} channels of the account are open, which is the most; close one")
            : null;
        if (wrong is not null)
        {
            return wrong;
        }

        var policy = change.Facts.Policy;
        Allow(signed.Account, policy, change);
        var granted = Reserve(id, 0, act.Reserve, signed, subject, change);
        if (!granted.Succeeded)
        {
            return granted.Failure;
        }

        var channel = new ChannelRow(id, signed.Account, act.Key, subject)
        {
            Reserve = act.Reserve,
            Granted = granted.Value,
            Redeemed = 0,
            AuthorPermille = policy.AuthorPermille,
            CommunityPermille = policy.CommunityPermille,
            Revision = 0,
            State = ChannelState.Open,
            OpenedAt = change.At,
            ExpiresAt = ends,
            SettlesAt = default,
            OpenedBy = signed.Said,
            ChangedBy = default,
        };
        if (Put(act.Lanes, channel, change) is { } unlaned)
        {
            return unlaned;
        }

        change.Channels.Add(channel);
        change.Due.Add(ends, DueKind.ChannelExpires, id.ToArray(), 0);
        change.Emit("channel-opened", EventOf(channel));
        return Answer(new Done { Changed = true });
    }

    private static Outcome<ReadOnlyMemory<byte>> Widen(ChannelAct.Change act, SignedBy signed, Change change)
    {
        var found = Own(act.Channel, signed, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var channel = found.Value;
        if (act.Revision == channel.Revision && channel.ChangedBy == signed.Said)
        {
            return Answer(new Done { Changed = false });
        }

        if (channel.State != ChannelState.Open)
        {
            return new Failure(FailureKind.Conflict, $"the channel {channel.Id} is closing; open another one");
        }

        if (act.Revision != channel.Revision + 1)
        {
            return new Failure(FailureKind.Conflict, $"the channel {channel.Id} was changed meanwhile: it is at revision {channel.Revision}");
        }

        if (act.Reserve > 0)
        {
            var granted = Reserve(channel.Id, act.Revision, act.Reserve, signed, channel.Subject, change);
            if (!granted.Succeeded)
            {
                return granted.Failure;
            }

            // What was spent of the first reserve was its grant money first, and stays so: new grant money comes behind.
            channel = channel with
            {
                Granted = granted.Value == 0 ? channel.Granted : Math.Max(channel.Granted, channel.Redeemed) + granted.Value,
                Reserve = channel.Reserve + act.Reserve,
            };
        }
        else if (act.Reserve < 0)
        {
            return Invalid("what is reserved becomes more, or stays");
        }

        channel = channel with { Revision = act.Revision, ChangedBy = signed.Said };
        if (Put(act.Lanes, channel, change) is { } unlaned)
        {
            return unlaned;
        }

        change.Channels.Update(channel);
        return Answer(new Done { Changed = true });
    }

    private static Outcome<ReadOnlyMemory<byte>> Close(ChannelAct.Close act, SignedBy signed, Change change)
    {
        var found = Own(act.Channel, signed, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        if (act.Vouchers.Count > BankLimits.LanesMax)
        {
            return Invalid($"{act.Vouchers.Count} vouchers; a channel has {BankLimits.LanesMax} lanes at most");
        }

        var channel = found.Value;
        if (channel.State == ChannelState.Settled)
        {
            return Answer(new Done { Changed = false });
        }

        // What the payer hands in of his own accord is paid, also to who never redeems; one that does not count does not keep the channel open.
        foreach (var bytes in act.Vouchers.OfType<byte[]>())
        {
            var voucher = Voucher.Parse(bytes);
            if (voucher.Succeeded && new TransferId(voucher.Value.Channel) == channel.Id)
            {
                _ = Redeem(voucher.Value, bytes, change);
            }
        }

        channel = change.Channels.Find(channel.Id)!;
        if (channel.State == ChannelState.Open)
        {
            BeginClosing(channel, change);
        }

        return Answer(new Done { Changed = true });
    }

    /// <summary>From now on a channel is closing.</summary>
    private static void BeginClosing(ChannelRow channel, Change change)
    {
        var settles = change.At + change.Rules.DelayOf(change.Facts.Policy.CloseDelay);
        channel = channel with { State = ChannelState.Closing, SettlesAt = settles };
        change.Channels.Update(channel);
        change.Due.Remove(channel.ExpiresAt, DueKind.ChannelExpires, channel.Id.ToArray());
        change.Emit("channel-closing", EventOf(channel));
        if (change.Channels.Lanes(channel.Id).All(IsOver))
        {
            Settle(channel, change);
        }
        else
        {
            change.Due.Add(settles, DueKind.ChannelSettles, channel.Id.ToArray(), 0);
        }
    }

    /// <summary>Ends a channel: what it did not use goes back where it came from.</summary>
    private static void Settle(ChannelRow channel, Change change)
    {
        var address = LedgerAddress.Channel(channel.Id);
        var (left, granted) = (channel.Reserve - channel.Redeemed, Math.Min(channel.GrantLeft, channel.Reserve - channel.Redeemed));
        Give(change, Posting.From(
            "return-grant", channel.Id.ToArray(), 0, TransferKind.Return, address, LedgerAddress.Grant(channel.Account), granted));
        Give(change, Posting.From(
            "return", channel.Id.ToArray(), 0, TransferKind.Return, address, LedgerAddress.User(channel.Account), left - granted));
        channel = channel with { State = ChannelState.Settled };
        change.Channels.Update(channel);
        change.Emit("channel-settled", EventOf(channel));
        Sweep(channel.Account, change);
    }

    /// <summary>A transfer that follows from the rules: that it is refused would be a mistake of theirs.</summary>
    private static void Give(Change change, Posting posting)
    {
        if (posting.Amount > 0)
        {
            var entered = change.Books.Post(posting);
            Check.That(entered.Succeeded, entered.Failure?.Message ?? string.Empty);
        }
    }

    /// <summary>Sets credits aside, of those that were given first.</summary>
    /// <returns>How many of those.</returns>
    private static Outcome<long> Reserve(TransferId channel, long revision, long amount, SignedBy signed, Hash256 subject, Change change)
    {
        if (!Credits.IsAmount(amount))
        {
            return Invalid($"an amount is 1 to {Credits.Max} micro-credits");
        }

        var (given, own) = (LedgerAddress.Grant(signed.Account), LedgerAddress.User(signed.Account));
        var (givenBalance, ownBalance) = (change.Books.BalanceOf(given), change.Books.BalanceOf(own));
        if (givenBalance + ownBalance < amount && !change.Rules.Covers(givenBalance + ownBalance, amount))
        {
            return Shortage.Of(givenBalance + ownBalance, amount);
        }

        if (Spend(signed, amount, change) is { } failure)
        {
            return failure;
        }

        var ofGrant = Math.Min(givenBalance, amount);
        var address = LedgerAddress.Channel(channel);
        var posting = Posting.From("reserve-grant", channel.ToArray(), revision, TransferKind.Reserve, given, address, ofGrant) with
        {
            Evidence = signed.Evidence,
            Subject = subject,
        };
        var first = ofGrant == 0 ? 0 : change.Books.Post(posting);
        var second = !first.Succeeded || amount == ofGrant ? first : change.Books.Post(posting with
        {
            Id = TransferId.Of("reserve", channel.ToArray(), revision),
            Debit = own,
            Amount = amount - ofGrant,
        });
        return second.Succeeded ? ofGrant : second.Failure;
    }

    /// <summary>Fills up what an account was given to the day's allowance, once a day.</summary>
    private static void Allow(AccountId account, BankPolicy policy, Change change)
    {
        var day = DayTable.DayOf(change.At);
        var address = LedgerAddress.Grant(account);
        var missing = policy.DailyAllowance - change.Books.BalanceOf(address);
        if (missing <= 0 || change.Holders.Find(account) is not { } holder || holder.AllowanceDay >= day)
        {
            return;
        }

        change.Holders.SetAllowanceDay(account, day);

        // When there are as many credits as there can be, nobody is given any more.
        _ = change.Books.Post(Posting.From(
            "allowance", account.ToArray(), day, TransferKind.Allowance, PayerOfGrants(missing, change), address, missing));
    }

    /// <summary>The treasury pays before the mint makes any.</summary>
    private static LedgerAddress PayerOfGrants(long amount, Change change) =>
        change.Books.BalanceOf(LedgerAddress.Treasury) >= amount ? LedgerAddress.Treasury : LedgerAddress.Mint;

    private static Failure? Put(IReadOnlyList<LaneOrder> orders, ChannelRow channel, Change change)
    {
        if (orders.Count > BankLimits.LanesMax)
        {
            return TooMany(orders.Count);
        }

        var lanes = change.Channels.Lanes(channel.Id).ToDictionary(lane => lane.Provider);
        foreach (var order in orders)
        {
            if (!KeyId.TryParse(order.Provider, out var provider))
            {
                return Invalid($"'{EntryName.Show(Short(order.Provider))}' is no name of a provider's key");
            }

            var payee = Payee(order.Payee, change);
            var (known, author) = (lanes.GetValueOrDefault(provider), default(AccountId));
            var isOfService = change.Context.Level >= BankSchema.ServiceLanesLevel && payee.Succeeded && provider == ServiceLane.ProviderOf(payee.Value);
            var wrong = !payee.Succeeded ? payee.Failure
                : payee.Value.Kind == LedgerAccountKind.Treasury && !isOfService ? Invalid("a lane pays an account or a node")
                : isOfService && order.Author.Length > 0 ? Invalid("a lane of a service has no author: whom it pays is all that there is to it")
                : !Credits.IsAmount(order.Cap) ? Invalid($"the cap of a lane is 1 to {Credits.Max} micro-credits")
                : order.Author.Length > 0 && !AccountId.TryParse(order.Author, out author) ? Invalid("an author is an account")
                : order.Author.Length > 0 && Payee($"user:{order.Author}", change) is { Failure: { } unknown } ? unknown
                : known is not null ? Narrower(known, order, payee.Value, author)
                : null;
            if (wrong is not null)
            {
                return wrong;
            }

            var lane = known ?? new LaneRow(channel.Id, provider, payee.Value, order.Author.Length > 0 ? author : null, 0, 0, false);
            lanes[provider] = lane with { Cap = order.Cap };
        }

        if (lanes.Count > BankLimits.LanesMax)
        {
            return TooMany(lanes.Count);
        }

        var caps = lanes.Values.Aggregate((Int128)0, (sum, lane) => sum + lane.Cap);
        if (!change.Rules.IsCovered((long)Int128.Min(caps, long.MaxValue), channel.Reserve))
        {
            return new Failure(FailureKind.Conflict, $"the caps of all lanes are more than the {Credits.Show(channel.Reserve)} credits that are reserved");
        }

        foreach (var lane in lanes.Values.OrderBy(lane => lane.Provider))
        {
            change.Channels.Put(lane);
        }

        return null;
    }

    private static Failure TooMany(int lanes) => new(FailureKind.TooLarge, $"{lanes} lanes; a channel has {BankLimits.LanesMax} at most");

    /// <summary>Whoever was promised something keeps it.</summary>
    private static Failure? Narrower(LaneRow known, LaneOrder order, LedgerAddress payee, AccountId author) =>
        known.IsReleased
            // Who released it said so once for all: else whoever kept that could hand it in again, and vouchers that came since would be worth nothing.
            ? new Failure(FailureKind.Conflict, $"the provider {known.Provider} let its lane go; open another channel for it")
        : known.Payee != payee || (known.Author ?? default) != author
            ? new Failure(FailureKind.Conflict, $"the lane of {known.Provider} pays {known.Payee}; that stays")
        : order.Cap < known.Cap
            ? new Failure(FailureKind.Conflict, $"the cap of the lane of {known.Provider} is {Credits.Show(known.Cap)} credits; it becomes more, or stays")
        : null;

    private static Outcome<ChannelRow> Own(string text, SignedBy signed, Change change) =>
        !TransferId.TryParse(text, out var id) || change.Channels.Find(id) is not { } channel || channel.Account != signed.Account
            ? new Failure(FailureKind.NotFound, $"the account has no channel '{EntryName.Show(Short(text))}'")
            : channel;

    private static bool IsOver(LaneRow lane) => lane.IsReleased || lane.Redeemed == lane.Cap;

    private static ChannelEvent EventOf(ChannelRow channel) => new()
    {
        Channel = Google.Protobuf.ByteString.CopyFrom(channel.Id.ToArray()),
        Account = Google.Protobuf.ByteString.CopyFrom(channel.Account.ToArray()),
    };
}
