using System.Threading.Channels;
using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Transfer.Shares;

/// <summary>One that is kept up, or paused.</summary>
internal sealed class ShareRun(Share share)
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile Share _now = share;

    public Share Now
    {
        get => _now;
        set => _now = value;
    }

    /// <summary>Why it does not go on.</summary>
    public Failure? Trouble { get; set; }

    /// <summary>As its user is to see it.</summary>
    public Share Shown => Trouble is { } trouble ? _now with { Problem = trouble.Message } : _now;

    public CancellationTokenSource Stop { get; } = new();

    public Task Working { get; set; } = Task.CompletedTask;

    public void Wake() => _changes.Writer.TryWrite(true);

    /// <summary>Waits for a change of the disk, and a little more for those that come with it.</summary>
    public async Task WaitAsync((TimeSpan Longest, TimeSpan Shortest) pause, TimeProvider clock)
    {
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(Stop.Token);
        await Task.WhenAny(_changes.Reader.WaitToReadAsync(waited.Token).AsTask(), Task.Delay(pause.Longest, clock, waited.Token));
        await waited.CancelAsync();
        await Task.WhenAny(Task.Delay(pause.Shortest, clock, Stop.Token));
        _changes.Reader.TryRead(out _);
    }

    public async Task EndAsync()
    {
        await Stop.CancelAsync();
        await Working;
    }
}
