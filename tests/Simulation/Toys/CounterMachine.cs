using Cete.Core;

namespace Cete.Simulation.Toys;

/// <summary>What a counter is told.</summary>
internal abstract record CounterInput
{
    /// <summary>It begins, with what its disk holds.</summary>
    public sealed record Began(long Value) : CounterInput;

    /// <summary>A client wants the counter to be at least so much.</summary>
    public sealed record Raise(int Client, long Value) : CounterInput;

    /// <summary>The primary says where it stands.</summary>
    public sealed record Update(int Primary, long Value) : CounterInput;

    /// <summary>A backup has so much on its disk.</summary>
    public sealed record Stored(int Backup, long Value) : CounterInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : CounterInput;
}

/// <summary>What a counter wants done.</summary>
internal abstract record CounterEffect
{
    public sealed record Persist(long Value) : CounterEffect;

    public sealed record Reply(int Client, long Value) : CounterEffect;

    public sealed record Replicate(int Backup, long Value) : CounterEffect;

    public sealed record Confirm(int Primary, long Value) : CounterEffect;
}

/// <summary>
/// A counter that only grows, kept by a primary and its backups: the smallest thing that can be replicated wrongly. A bug can be
/// planted: the primary then sends each value once and does not care whether it was stored.
/// </summary>
internal sealed class CounterMachine(IReadOnlyList<int> backups, bool isAcknowledged) : IMachine<CounterInput, CounterEffect>
{
    private readonly SortedDictionary<int, long> _stored = new(backups.ToDictionary(backup => backup, _ => -1L));

    public long Value { get; private set; }

    public void Step(in CounterInput input, Instant now, EffectSink<CounterEffect> effects)
    {
        switch (input)
        {
            case CounterInput.Began began:
                Value = began.Value;
                break;
            case CounterInput.Raise raise:
                var isNew = Take(raise.Value, effects);
                effects.Add(new CounterEffect.Reply(raise.Client, Value));
                if (isNew)
                {
                    Replicate(effects);
                }

                break;
            case CounterInput.Update update:
                Take(update.Value, effects);
                effects.Add(new CounterEffect.Confirm(update.Primary, Value));
                break;
            case CounterInput.Stored stored:
                _stored[stored.Backup] = Math.Max(_stored[stored.Backup], stored.Value);
                break;
            default:
                if (isAcknowledged)
                {
                    Replicate(effects);
                }

                break;
        }
    }

    private bool Take(long value, EffectSink<CounterEffect> effects)
    {
        if (value <= Value)
        {
            return false;
        }

        Value = value;
        effects.Add(new CounterEffect.Persist(value));
        return true;
    }

    private void Replicate(EffectSink<CounterEffect> effects)
    {
        foreach (var (backup, stored) in _stored)
        {
            if (stored < Value)
            {
                effects.Add(new CounterEffect.Replicate(backup, Value));
            }
        }
    }
}
