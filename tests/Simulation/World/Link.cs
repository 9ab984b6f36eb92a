using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>The state of one direction between two hosts, for those that differ from the defaults or have to remember something.</summary>
internal sealed class Link(LinkSettings settings)
{
    private LinkSettings _settings = settings;

    public LinkSettings Settings
    {
        get => _settings;
        set
        {
            _settings = value;
            Shaper.BytesPerSecond = value.BytesPerSecond;
        }
    }

    public Shaper Shaper { get; } = new() { BytesPerSecond = settings.BytesPerSecond };

    /// <summary>Until when it takes but does not deliver.</summary>
    public Instant ClogUntil { get; set; }
}
