using Cete.Core;
using Cete.Ports.Limits;

namespace Cete.Transfer.Limits;

/// <summary>What may be set, and what comes of a change.</summary>
public static class LimitChanges
{
    /// <summary>Below this a download of many sources would look as if nobody sent anything.</summary>
    public const long RateMin = 16 * 1024;

    /// <summary>More than any link has.</summary>
    public const long RateMax = 1L << 40;

    /// <summary>As many as there may be connections to it.</summary>
    public const int SlotsMax = 1_000;

    /// <summary>More than a week has use for.</summary>
    public const int RulesMax = 16;

    private const int ListenMax = 128;

    /// <summary>What is wrong with limits; null where they are sound.</summary>
    public static Failure? CheckAll(AgentLimits limits) =>
        CheckRate(limits.Up) ?? CheckRate(limits.Down)
        ?? (limits.Slots is < 1 or > SlotsMax ? Invalid($"slots are 1 to {SlotsMax:N0}") : null)
        ?? (limits.Listen is not { Length: > 0 and <= ListenMax } ? Invalid($"the address to listen at has 1 to {ListenMax} characters") : null)
        ?? (limits.Rules?.Count > RulesMax ? Invalid($"there are {RulesMax} rules at most; remove one first") : null)
        ?? (limits.Rules ?? []).Select(CheckRule).FirstOrDefault(failure => failure is not null);

    /// <summary>The limits as they are after a change.</summary>
    public static Outcome<AgentLimits> Apply(AgentLimits limits, LimitsChange change)
    {
        List<LimitRule> rules = change.ClearSchedule ? [] : [.. limits.Rules ?? []];
        if (change.Remove is { } number)
        {
            if (number < 1 || number > rules.Count)
            {
                return new Failure(FailureKind.NotFound, $"there is no rule {number}; 'cete agent limits' lists them");
            }

            rules.RemoveAt(number - 1);
        }

        var changed = limits with { Slots = change.Slots ?? limits.Slots, Share = change.Share ?? limits.Share, Listen = change.Listen ?? limits.Listen };
        if (change.At is not { } at)
        {
            changed = changed with { Up = change.Up ?? limits.Up, Down = change.Down ?? limits.Down };
        }
        else
        {
            var time = WeekTime.Parse(at);
            if (!time.Succeeded)
            {
                return time.Failure;
            }

            // The same time in other words is the same rule; it counts as the one that was added last.
            rules.RemoveAll(rule => rule.At == time.Value.ToString());
            rules.Add(new LimitRule(time.Value.ToString(), change.Up, change.Down));
        }

        changed = changed with { Rules = rules.Count == 0 ? null : rules };
        return CheckAll(changed) is { } failure ? failure : changed;
    }

    private static Failure? CheckRule(LimitRule? rule) =>
        rule?.At is null ? Invalid("a rule says 'at' what time it holds")
        : rule.Up is null && rule.Down is null ? Invalid($"for '{EntryName.Show(rule.At)}' nothing is said; add --up, --down or both")
        : WeekTime.Parse(rule.At).Failure ?? CheckRate(rule.Up ?? 0) ?? CheckRate(rule.Down ?? 0);

    private static Failure? CheckRate(long rate) => rate is 0 or (>= RateMin and <= RateMax)
        ? null
        : Invalid("a limit is 16 KiB a second at least and 1 TiB at most, or 'none': slower, and others would think that nobody is there");

    private static Failure Invalid(string message) => new(FailureKind.Invalid, message);
}
