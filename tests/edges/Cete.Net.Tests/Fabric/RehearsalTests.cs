using Cete.Net.Fabric;

namespace Cete.Net.Tests.Fabric;

public sealed class RehearsalTests
{
    [Fact]
    public async Task A_process_meets_itself_before_it_meets_others() => Assert.True(await Rehearsal.RunAsync(TimeProvider.System));
}
