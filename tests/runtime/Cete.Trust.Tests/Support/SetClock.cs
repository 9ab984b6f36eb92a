using Cete.Core;

namespace Cete.Trust.Tests.Support;

/// <summary>A clock that shows what it was set to.</summary>
internal sealed class SetClock(Instant now) : TimeProvider
{
    public Instant Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
}
