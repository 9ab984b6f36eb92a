using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>What a bank does, said as plainly as can be: dictionaries of balances, of what is held and of lanes. It knows no signatures and no
/// tables.</summary>
internal sealed class Model
{
    public const int Grant = 200;
    public const int Earned = 150;

    private readonly Dictionary<int, (string Said, long Ends)> _orders = [];
    private readonly Dictionary<int, Hold> _held = [];
    private readonly Dictionary<int, Lanes> _channels = [];

    /// <summary>What each has of his own, and was given.</summary>
    public long[] Own { get; } = [.. Enumerable.Repeat((long)Earned, Steps.People)];

    public long[] Given { get; } = [.. Enumerable.Repeat((long)Grant, Steps.People)];

    public long Treasury { get; private set; }

    public IEnumerable<(int Id, long Held)> Channels => _channels.Select(channel => (channel.Key, channel.Value.IsOver ? 0 : channel.Value.Left));

    public string Run(Step step, long now) => step switch
    {
        Step.Send { Amount: <= 0 } or Step.Pend { Amount: <= 0 } or Step.Post { Amount: <= 0 } => "Invalid",
        Step.Send s => Once(s.Id, $"send {s.By} {s.To} {s.Amount}", 0, () => Send(s)),
        Step.Pend s => Once(s.Id, $"pend {s.By} {s.To} {s.Amount}", now + s.Life, () => Pend(s, now)),
        Step.Post s => Once(s.Id, $"post {s.By} {s.Pending} {s.Amount}", 0, () => End(s.By, s.Pending, s.Amount, now)),
        Step.Void s => Once(s.Id, $"void {s.By} {s.Pending}", 0, () => End(s.By, s.Pending, 0, now)),
        Step.Open s => Open(s, now),
        Step.Redeem s => Redeem(s, now),
        Step.Close s => Close(s, now),
        _ => Tick(now),
    };

    private string Once(int id, string said, long ends, Func<string> run)
    {
        if (_orders.TryGetValue(id, out var known))
        {
            return known == (said, ends) ? "known" : "Conflict";
        }

        var answer = run();
        if (answer == "done")
        {
            _orders.Add(id, (said, ends));
        }

        return answer;
    }

    private string Send(Step.Send s)
    {
        if (s.By == s.To)
        {
            return "Invalid";
        }

        if (Own[s.By] < s.Amount)
        {
            return "Conflict";
        }

        Own[s.By] -= s.Amount;
        Own[s.To] += s.Amount;
        return "done";
    }

    private string Pend(Step.Pend s, long now)
    {
        if (s.By == s.To || s.Life <= 0)
        {
            return "Invalid";
        }

        if (Own[s.By] < s.Amount)
        {
            return "Conflict";
        }

        Own[s.By] -= s.Amount;
        _held[s.Id] = new Hold(s.By, s.To, s.Amount, now + s.Life);
        return "done";
    }

    /// <summary>Takes so much; nothing is to leave it.</summary>
    private string End(int by, int pending, long amount, long now)
    {
        if (!_held.TryGetValue(pending, out var hold))
        {
            return "NotFound";
        }

        if (hold.To != by)
        {
            return "Forbidden";
        }

        if (hold.IsOver)
        {
            return "Conflict";
        }

        if (hold.Ends <= now)
        {
            return "Expired";
        }

        if (amount > hold.Amount)
        {
            return "Conflict";
        }

        _held[pending] = hold with { IsOver = true };
        Own[hold.To] += amount;
        Own[hold.By] += hold.Amount - amount;
        return "done";
    }

    private string Open(Step.Open s, long now)
    {
        if (_channels.TryGetValue(s.Id, out var known))
        {
            return (known.By, known.Reserve, known.Cap, known.Ends) == (s.By, s.Reserve, s.Cap, now + Steps.ChannelLife) ? "known" : "Conflict";
        }

        if (s.Reserve <= 0)
        {
            return "Invalid";
        }

        if (Own[s.By] + Given[s.By] < s.Reserve)
        {
            return "Conflict";
        }

        if (s.Cap <= 0)
        {
            return "Invalid";
        }

        if (2 * s.Cap > s.Reserve)
        {
            return "Conflict";
        }

        var given = Math.Min(Given[s.By], s.Reserve);
        Given[s.By] -= given;
        Own[s.By] -= s.Reserve - given;
        _channels[s.Id] = new Lanes(s.By, s.Cap, now + Steps.ChannelLife) { Reserve = s.Reserve, Given = given };
        return "done";
    }

    private string Redeem(Step.Redeem s, long now)
    {
        if (s.Amount <= 0)
        {
            return "Invalid";
        }

        if (!_channels.TryGetValue(s.Channel, out var channel) || Steps.LaneOf(s.Channel, s.Provider) is not { } lane)
        {
            return "NotFound";
        }

        if (s.IsForged)
        {
            return "Forbidden";
        }

        if (s.Amount > channel.Cap)
        {
            return "Conflict";
        }

        var gain = Math.Max(0, s.Amount - channel.Redeemed[lane]);
        if (gain == 0)
        {
            return "0";
        }

        if (channel.IsOver || (channel.ClosesAt is { } closes && closes <= now))
        {
            return "Expired";
        }

        var share = Credits.Part(s.Amount, Steps.CommunityPermille) - Credits.Part(channel.Redeemed[lane], Steps.CommunityPermille);
        channel.Redeemed[lane] = s.Amount;
        Treasury += share;
        Own[s.Provider] += gain - share;
        SettleIfDone(channel);
        return $"{gain}";
    }

    private string Close(Step.Close s, long now)
    {
        if (!_channels.TryGetValue(s.Channel, out var channel) || channel.By != s.By)
        {
            return "NotFound";
        }

        if (channel.IsOver)
        {
            return "known";
        }

        channel.ClosesAt ??= now + Steps.Delay;
        SettleIfDone(channel);
        return "done";
    }

    private string Tick(long now)
    {
        var due = 0;
        foreach (var id in _held.Keys.Order().ToList())
        {
            if (_held[id] is { IsOver: false } hold && hold.Ends <= now)
            {
                due++;
                Own[hold.By] += hold.Amount;
                _held[id] = hold with { IsOver = true };
            }
        }

        foreach (var channel in _channels.OrderBy(channel => channel.Key).Select(channel => channel.Value).Where(channel => !channel.IsOver))
        {
            if (channel.ClosesAt is { } closes && closes <= now)
            {
                due++;
                Settle(channel);
            }
            else if (channel.ClosesAt is null && channel.Ends <= now)
            {
                due++;
                channel.ClosesAt = now + Steps.Delay;
                SettleIfDone(channel);
            }
        }

        return $"{due}";
    }

    private void SettleIfDone(Lanes channel)
    {
        if (channel.ClosesAt is not null && channel.Redeemed.All(redeemed => redeemed == channel.Cap))
        {
            Settle(channel);
        }
    }

    private void Settle(Lanes channel)
    {
        // What was given is spent first: it comes back as far as the rest holds it.
        var given = Math.Max(0, channel.Given - channel.Redeemed.Sum());
        Given[channel.By] += given;
        Own[channel.By] += channel.Left - given;
        channel.IsOver = true;
    }

    private sealed record Hold(int By, int To, long Amount, long Ends, bool IsOver = false);

    private sealed record Lanes(int By, long Cap, long Ends)
    {
        public required long Reserve { get; init; }

        public required long Given { get; init; }

        public long[] Redeemed { get; } = new long[2];

        public long? ClosesAt { get; set; }

        public bool IsOver { get; set; }

        public long Left => Reserve - Redeemed.Sum();
    }
}

/// <summary>Something that is tried.</summary>
internal abstract record Step
{
    public sealed record Send(int Id, int By, int To, long Amount) : Step;

    public sealed record Pend(int Id, int By, int To, long Amount, long Life) : Step;

    public sealed record Post(int Id, int By, int Pending, long Amount) : Step;

    public sealed record Void(int Id, int By, int Pending) : Step;

    public sealed record Open(int Id, int By, long Reserve, long Cap) : Step;

    public sealed record Redeem(int Channel, int Provider, long Amount, bool IsForged) : Step;

    public sealed record Close(int Channel, int By) : Step;

    public sealed record Tick : Step;
}

/// <summary>Steps from a seed: few ids, amounts and people, so that they meet.</summary>
internal sealed class Steps(Prng chance)
{
    public const int People = 4;
    public const int CommunityPermille = 137;
    public const long Second = 1_000_000;
    public const long ChannelLife = 3_000 * Second;
    public const long Delay = 500 * Second;
    private const int Ids = 6;
    private const int ChannelIds = 12;

    private Step _last = new Step.Tick();
    private int _turn;

    /// <summary>Which lane of a channel is a provider's: the two beside who opens it by its number.</summary>
    public static int? LaneOf(int channel, int provider) => provider == (channel + 1) % People ? 0 : provider == (channel + 2) % People ? 1 : null;

    public long Pause() => chance.Chance(1, 80) ? chance.Next(100_000) * Second : chance.Next(60) * Second;

    /// <summary>Now and then what was tried before is tried again.</summary>
    public Step Next() => chance.Chance(1, 12) ? _last : _last = Draw();

    private Step Draw() => chance.Next(16) switch
    {
        < 3 => new Step.Send(Id(), Who(), Who(), Amount(7)),
        < 5 => new Step.Pend(Id(), Who(), Who(), Amount(7), chance.Chance(1, 10) ? 0 : (1 + chance.Next(chance.Chance(1, 3) ? 100 : 4_000)) * Second),
        < 7 => new Step.Post(New(), Who(), Id(), Amount(7)),
        7 => new Step.Void(New(), Who(), Id()),
        8 => new Step.Open(Channel(), Who(), Amount(150), Amount(60)),
        < 14 => new Step.Redeem(Channel(), Who(), Amount(70), chance.Chance(1, 12)),
        14 => new Step.Close(Channel(), Who()),
        _ => new Step.Tick(),
    };

    /// <summary>One of those in use now.</summary>
    private int Id() => (++_turn / 12) + chance.Next(Ids);

    private int New() => chance.Chance(1, 4) ? Id() : 100_000 + ++_turn;

    private int Who() => chance.Next(People);

    private int Channel() => chance.Next(ChannelIds);

    private long Amount(int most) => chance.Chance(1, 25) ? -chance.Next(3) : 1 + chance.Next(most);
}
