namespace Cete.Configuration;

/// <summary>When a node takes up a change of a setting.</summary>
public enum TakenUp
{
    /// <summary>At its next start.</summary>
    Restart,

    /// <summary>As soon as its files are read again.</summary>
    Live,
}

/// <summary>What is known of one setting. The line of a settings record that reads it is the only place that states it.</summary>
/// <param name="Path">Its whole path.</param>
/// <param name="Range">What it may be, as people write it: <c>1s to 10m</c>. <c>hocon/reference.conf</c> says the same.</param>
/// <param name="TakenUp">When a change counts.</param>
public sealed record Setting(string Path, string Range, TakenUp TakenUp)
{
    /// <summary>The variable of the environment that sets it: <c>CETE_HTTP_LISTEN</c> for <c>cete.http.listen</c>.</summary>
    public string Variable { get; } = Path.ToUpperInvariant().Replace('.', '_').Replace('-', '_');

    /// <summary>Whether a change counts without a restart.</summary>
    public bool IsLive => TakenUp == TakenUp.Live;
}

/// <summary>A setting and what it is on a node.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Text">Its value as HOCON.</param>
/// <param name="Origin">Where that stands: <c>file:line:column</c>, <c>-D</c>, <c>environment NAME</c>.</param>
/// <param name="Next">What it will be after a restart; null when that changes nothing.</param>
public sealed record SettingValue(Setting Setting, string Text, string Origin, SettingValue? Next)
{
    /// <summary>The value as its record has it.</summary>
    public required object Value { get; init; }
}
