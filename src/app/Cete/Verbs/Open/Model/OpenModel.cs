namespace Cete.App.Verbs.Open.Model;

/// <summary>All that an open service is at a moment: what is shown, and what is waited for. Immutable.</summary>
/// <param name="Scene">The service.</param>
/// <param name="Width">Columns of the terminal.</param>
/// <param name="Height">Its lines.</param>
internal sealed record OpenModel(Scene Scene, int Width, int Height)
{
    /// <summary>What is shown, the last one on top.</summary>
    public IReadOnlyList<Screen> Screens { get; init; } = [];

    /// <summary>What came of what was done last; empty for nothing.</summary>
    public string Notice { get; init; } = string.Empty;

    public bool IsFault { get; init; }

    /// <summary>Changes of others come in.</summary>
    public bool IsLive { get; init; }

    /// <summary>The last question's number.</summary>
    public long LastAsk { get; init; }

    /// <summary>Accounts whose names were asked for.</summary>
    public System.Collections.Immutable.ImmutableHashSet<string> AskedNames { get; init; } = [];

    /// <summary>What is shown now.</summary>
    public Screen Top => Screens[^1];

    /// <summary>Lines between the title and the keys.</summary>
    public int BodyHeight => Math.Max(1, Height - 3);
}
