namespace Cete.Core;

/// <summary>
/// A sans-IO state machine: one input and the time go in, effects come out. It never blocks, and the effects are to be
/// carried out in the order in which they were added (persist, then send, then apply).
/// </summary>
public interface IMachine<TInput, TEffect>
{
    /// <summary>Takes one input to its end.</summary>
    void Step(in TInput input, Instant now, EffectSink<TEffect> effects);
}

/// <summary>Collects the effects of a step, in order. Its owner empties it after each step.</summary>
public sealed class EffectSink<TEffect>
{
    private readonly List<TEffect> _effects = [];

    /// <summary>The effects added since <see cref="Clear"/>, first one first.</summary>
    public IReadOnlyList<TEffect> Effects => _effects;

    public void Add(TEffect effect) => _effects.Add(effect);

    public void Clear() => _effects.Clear();
}
