using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Real;

public sealed class LiveSettingsTests : IDisposable
{
    private readonly Workspace _folder = new();
    private volatile GroupSettings _settings = new() { CheckpointBytes = 1L << 40, AnswerDeadline = TimeSpan.FromMinutes(3) };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_changed_checkpoint_size_counts_from_the_next_batch_on()
    {
        FaultyStores? stores = null;
        await using var host = GroupHost.Open(
            _folder.Path, new HostParts { LiveSettings = () => _settings, Stores = real => stores = new FaultyStores(real) });
        await host.AddAsync("a 1");
        var before = stores!.Checkpoints;
        await host.AddAsync("a 2");
        Assert.Equal(before, stores.Checkpoints);
        _settings = _settings with { CheckpointBytes = 1 };
        await host.AddAsync("a 3");
        await Eventually.TrueAsync(() => stores.Checkpoints > before, "a checkpoint is made");
    }

    [Fact]
    public async Task A_changed_deadline_counts_from_the_next_question_on()
    {
        await using var host = GroupHost.Open(_folder.Path, new HostParts { LiveSettings = () => _settings });
        await host.AddAsync("a 1");
        _settings = _settings with { AnswerDeadline = TimeSpan.FromSeconds(1) };

        // A store without room answers nobody before there is some again.
        var failure = (await host.SendAsync("fill", string.Empty)).Failure;
        Assert.Equal(FailureKind.Unavailable, failure?.Kind);
        Assert.Contains("no answer in 1 s", failure?.Message, StringComparison.Ordinal);
    }
}
