using System.Collections.Concurrent;
using System.Text;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Net.Fabric.Proto;
using Cete.Net.Fabric.Tunnels;
using Cete.Ports;
using Cete.Testing;
using Google.Protobuf;

namespace Cete.Net.Tests.Fabric;

/// <summary>What members that mean harm, or are slow, may do with tunnels: it ends that tunnel or their connection, and nothing else.</summary>
public sealed class HostileTunnelTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TestCommunity _community = new();
    private readonly ManualClock _clock = new();
    private TestFabric _opener = null!;
    private TestFabric _relay = null!;
    private TestFabric _target = null!;
    private Raw _openerEnd = null!;
    private Raw _targetEnd = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public async Task Bytes_come_as_they_went_in_both_directions()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        var sent = new byte[3_000_000];
        new Prng(3).Fill(sent);
        await Task.WhenAll(WriteAsync(here, sent), WriteAsync(there, sent), ReadAsync(here, sent), ReadAsync(there, sent));
        await here.DisposeAsync();
        Assert.Equal(0, await there.ReadAsync(new byte[1], Cancel));
        await Eventually.TrueAsync(() => _relay.Fabric.RelayedTunnels == 0, "the relay forgot it");
    }

    [Fact]
    public async Task An_end_that_does_not_read_stops_its_sender_and_nobody_else()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        var (other, otherThere) = await OpenAsync();
        var sent = new byte[1_000_000];
        new Prng(9).Fill(sent);
        var writing = WriteAsync(here, sent);
        await WriteAsync(other, sent[..1_000]);
        await ReadAsync(otherThere, sent[..1_000]);
        Assert.True((await AskAsync(_relay, _target)).Succeeded);
        Assert.True((await AskAsync(_opener, _relay)).Succeeded);
        Assert.False(writing.IsCompleted);
        await ReadAsync(there, sent);
        await writing;
    }

    [Fact]
    public async Task More_than_the_credit_ends_the_tunnel_alone()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        var (other, otherThere) = await OpenAsync();
        var part = ByteString.CopyFrom(new byte[TunnelLimits.DataMax]);
        for (var i = 0; i <= TunnelLimits.Window(FabricLane.Control) / TunnelLimits.DataMax; i++)
        {
            Assert.True(TunnelFrames.TrySend(here.Leg, TunnelFrames.Data(here.Id, part)));
        }

        await EndsAsync(there, "did not keep to its rules");
        await CarriesAsync(other, otherThere);
    }

    [Fact]
    public async Task Many_small_frames_cost_credit_too()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        for (var i = 0; i <= TunnelLimits.Window(FabricLane.Control) / TunnelLimits.FrameCostMin; i++)
        {
            Assert.True(TunnelFrames.TrySend(here.Leg, TunnelFrames.Data(here.Id, ByteString.CopyFrom(1))));
        }

        // The end that reads gives credit back that the other one has not used by its own account: who of the three finds out first is chance.
        await EndsAsync(there, "did not keep to its rules", "more credit was given");
        await StandsAsync();
    }

    [Fact]
    public async Task Credit_that_nobody_used_ends_the_tunnel_alone()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        var (other, otherThere) = await OpenAsync();
        TunnelFrames.TrySend(here.Leg, TunnelFrames.Credit(here.Id, 1));
        await EndsAsync(there, "did not keep to its rules");
        await CarriesAsync(other, otherThere);
    }

    [Fact]
    public async Task A_relay_that_sends_more_than_the_credit_loses_the_tunnel()
    {
        await BeginAsync();
        var (_, there) = await OpenAsync();
        var leg = _relay.Direct(_target, FabricLane.Control)!;
        for (var i = 0; i <= TunnelLimits.Window(FabricLane.Control) / TunnelLimits.DataMax; i++)
        {
            TunnelFrames.TrySend(leg, TunnelFrames.Data(there.Id, ByteString.CopyFrom(new byte[TunnelLimits.DataMax])));
        }

        await EndsAsync(there, "more came through a tunnel", "did not keep to its rules");
        await StandsAsync();
    }

    [Fact]
    public async Task A_data_frame_that_is_too_large_ends_the_tunnel_alone()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        TunnelFrames.TrySend(here.Leg, TunnelFrames.Data(here.Id, ByteString.CopyFrom(new byte[TunnelLimits.DataMax + 1])));
        await EndsAsync(there, "did not keep to its rules");
        await StandsAsync();
    }

    [Fact]
    public async Task Bytes_for_a_tunnel_that_ended_are_answered_with_its_end()
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        await here.DisposeAsync();
        await EndsAsync(there);
        for (var i = 0; i < 1_000; i++)
        {
            TunnelFrames.TrySend(here.Leg, TunnelFrames.Data(here.Id, ByteString.CopyFrom(1, 2, 3)));
        }

        await StandsAsync();
        Assert.False(here.Leg.Closed.IsCompleted);
    }

    [Theory]
    [InlineData("never used")]
    [InlineData("used twice")]
    [InlineData("the other side's")]
    [InlineData("noise")]
    [InlineData("too large")]
    [InlineData("nobody")]
    public async Task What_breaks_the_rules_of_a_connection_ends_it(string what)
    {
        await BeginAsync();
        var (here, there) = await OpenAsync();
        var bystander = _community.Start();
        Assert.True((await AskAsync(bystander, _relay)).Succeeded);
        Assert.True(what switch
        {
            "never used" => TunnelFrames.TrySend(here.Leg, TunnelFrames.Data(here.Id + 1_000, ByteString.CopyFrom(1))),
            "used twice" => TunnelFrames.TrySend(here.Leg, TunnelFrames.Open(here.Id, _target.Id)),
            "the other side's" => TunnelFrames.TrySend(here.Leg, TunnelFrames.Open(here.Id + 1_001, _target.Id)),
            "nobody" => TunnelFrames.TrySend(here.Leg, new TunnelFrame { Kind = TunnelFrame.Types.Kind.Open, Id = here.Id + 2 }),
            "noise" => _opener.Fabric.Post(_relay.Id, FabricTopic.Tunnel, [0xFF, 0xFF, 0xFF]),
            _ => _opener.Fabric.Post(_relay.Id, FabricTopic.Tunnel, new byte[TunnelLimits.FrameMax + 1]),
        });
        await here.Leg.Closed;
        await EndsAsync(there, "lost its connection");
        Assert.True((await AskAsync(bystander, _relay)).Succeeded);
        Assert.DoesNotContain(_relay.Events, e => e.What == "disconnected" && e.Peer != _opener.Id);
        Assert.DoesNotContain(_target.Events, e => e.What == "disconnected");
    }

    [Fact]
    public async Task A_flood_of_opens_gets_what_one_may_have_and_leaves_room_for_others()
    {
        await BeginAsync();
        var leg = _opener.Direct(_relay, FabricLane.Control)!;
        var opened = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => _openerEnd.Hub.OpenAsync(leg, _target.Id, Cancel)));
        Assert.Equal(TunnelLimits.PerOpener(FabricLane.Control), opened.Count(tunnel => tunnel.Succeeded));
        Assert.All(opened.Where(tunnel => !tunnel.Succeeded), tunnel => Assert.Contains("as many tunnels", tunnel.Failure!.Message, StringComparison.Ordinal));
        Assert.Equal(TunnelLimits.PerOpener(FabricLane.Control), _relay.Fabric.RelayedTunnels);
        await StandsAsync();

        // Another one has room; and the flooder's own give way once nobody uses them.
        var other = _community.Start();
        Assert.True((await AskAsync(other, _relay)).Succeeded);
        var others = await other.Options.Router.Tunnels!.OpenAsync(other.Direct(_relay, FabricLane.Control)!, _target.Id, Cancel);
        Assert.True(others.Succeeded, others.Failure?.Message);
        _clock.Advance(TunnelLimits.YieldAfter);
        Assert.True((await _openerEnd.Hub.OpenAsync(leg, _target.Id, Cancel)).Succeeded);
        Assert.Equal(TunnelLimits.PerOpener(FabricLane.Control) + 1, _relay.Fabric.RelayedTunnels);
    }

    [Fact]
    public async Task Tunnels_that_nobody_takes_or_uses_end()
    {
        await BeginAsync();
        var (_, there) = await OpenAsync();
        _target.Router.Tunnels = null;
        var leg = _opener.Direct(_relay, FabricLane.Control)!;
        var refused = await _openerEnd.Hub.OpenAsync(leg, _target.Id, Cancel);
        Assert.Contains("did not open a tunnel", refused.Failure!.Message, StringComparison.Ordinal);

        // Their answers come after the tunnel's end, which one that knows of no tunnels lets pass.
        await StandsAsync();
        _target.Router.Tunnels = _targetEnd.Hub;
        var toItself = await _openerEnd.Hub.OpenAsync(leg, _opener.Id, Cancel);
        Assert.Contains("has no connection with node", toItself.Failure!.Message, StringComparison.Ordinal);
        Assert.True((await _openerEnd.Hub.OpenAsync(leg, _target.Id, Cancel)).Succeeded);
        await StandsAsync();
        _clock.Advance(TunnelLimits.IdleMax);
        _relay.Router.Tunnels!.Sweep();
        Assert.Equal(0, _relay.Fabric.RelayedTunnels);
        await EndsAsync(there);
    }

    [Fact]
    public async Task A_tunnel_carries_no_tunnels()
    {
        var relay = _community.Start();
        var asker = _community.Start();
        var hidden = await _community.StartHiddenAsync(null, relay);
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
        asker.Fabric.Post(hidden.Id, FabricTopic.Tunnel, TunnelFrames.Open(1, relay.Id).ToByteArray());
        await Eventually.TrueAsync(() => hidden.Events.Any(e => e.What == "disconnected" && e.Peer == asker.Id), "the connection ended");
        Assert.Contains(hidden.Events, e => e.Peer == asker.Id && e.Why?.Contains("direct connections alone", StringComparison.Ordinal) == true);
        Assert.True((await AskAsync(relay, hidden)).Succeeded);
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
    }

    [Fact]
    public async Task One_who_calls_through_a_tunnel_and_says_nothing_is_dropped()
    {
        var (asker, relay) = (_community.Start(), _community.Start());
        var hidden = _community.Start(with: options => options with { HandshakeMax = TimeSpan.FromMilliseconds(300) });
        hidden.Fabric.Keep([relay.Id]);
        await Eventually.TrueAsync(() => relay.HasDirect(hidden, FabricLane.Control), "it keeps its connection");
        Assert.True((await AskAsync(asker, relay)).Succeeded);
        var (hub, leg) = (asker.Options.Router.Tunnels!, asker.Direct(relay, FabricLane.Control)!);
        for (var i = 0; i < 2 * TunnelLimits.CallsMax; i++)
        {
            var tunnel = await hub.OpenAsync(leg, hidden.Id, Cancel);
            if (tunnel.Succeeded)
            {
                await tunnel.Value.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancel);
                await tunnel.Value.DisposeAsync();
            }
        }

        var silent = (await hub.OpenAsync(leg, hidden.Id, Cancel)).Value;
        await EndsAsync(silent);
        _community.Relays[hidden.Id] = [relay.Id];
        _community.Addresses[hidden.Id] = "127.0.0.1:1";
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
    }

    /// <summary>An opener, a relay and a target; both ends are in the test's hands, and the relay's clock too.</summary>
    private async Task BeginAsync()
    {
        (_opener, _relay, _target) = (_community.Start(), _community.Start(with: options => options with { Clock = _clock }), _community.Start());
        Assert.True((await AskAsync(_opener, _relay)).Succeeded);
        Assert.True((await AskAsync(_relay, _target)).Succeeded);
        (_openerEnd, _targetEnd) = (new Raw(_opener, _relay), new Raw(_target, _relay));
    }

    private async Task<(TunnelStream Here, TunnelStream There)> OpenAsync()
    {
        var here = await _openerEnd.Hub.OpenAsync(_opener.Direct(_relay, FabricLane.Control)!, _target.Id, Cancel);
        Assert.True(here.Succeeded, here.Failure?.Message);
        TunnelStream? there = null;
        await Eventually.TrueAsync(() => _targetEnd.Calls.TryDequeue(out there), "the call came");
        Assert.Equal(_opener.Id, there!.Far);
        return (here.Value, there);
    }

    /// <summary>Everybody still has an ear for everybody.</summary>
    private async Task StandsAsync()
    {
        Assert.True((await AskAsync(_opener, _relay)).Succeeded);
        Assert.True((await AskAsync(_relay, _target)).Succeeded);
        Assert.DoesNotContain(_relay.Events, e => e.What == "disconnected");
    }

    private async Task CarriesAsync(TunnelStream here, TunnelStream there)
    {
        var hello = Encoding.UTF8.GetBytes("still there?");
        await WriteAsync(here, hello);
        await ReadAsync(there, hello);
        await StandsAsync();
    }

    private static async Task EndsAsync(TunnelStream tunnel, params string[] says)
    {
        var buffer = new byte[100_000];
        try
        {
            while (await tunnel.ReadAsync(buffer, Cancel) > 0)
            {
                // What was under way.
            }

            Assert.Empty(says);
        }
        catch (IOException error)
        {
            Assert.Contains(says, words => error.Message.Contains(words, StringComparison.Ordinal));
        }
    }

    private static async Task WriteAsync(Stream stream, byte[] bytes)
    {
        var prng = new Prng((ulong)bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(bytes.Length - at, 1 + prng.Next(100_000));
            await stream.WriteAsync(bytes.AsMemory(at, count), Cancel);
            at += count;
        }
    }

    private static async Task ReadAsync(Stream stream, byte[] expected)
    {
        var read = new byte[expected.Length];
        await stream.ReadExactlyAsync(read, Cancel);
        Assert.True(read.AsSpan().SequenceEqual(expected), "the bytes came as they went");
    }

    private static Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(TestFabric from, TestFabric to) =>
        from.Fabric.AskAsync(to.Id, FabricTopic.Echo, "hello"u8.ToArray(), Deadline, Cancel);

    /// <summary>An end whose calls are not answered by a handshake.</summary>
    private sealed class Raw : ITunnelHost
    {
        public Raw(TestFabric node, TestFabric relay)
        {
            Hub = node.Router.Tunnels = new TunnelHub(node.Id, TimeProvider.System, this);
            Hub.Add(node.Direct(relay, FabricLane.Control)!);
        }

        public TunnelHub Hub { get; }

        public ConcurrentQueue<TunnelStream> Calls { get; } = new();

        public FabricConnection? Direct(KeyId node, FabricLane lane) => null;

        public void TakeCall(TunnelStream tunnel)
        {
            Calls.Enqueue(tunnel);
            Hub.EndCall();
        }
    }

    /// <summary>Time stands until it is moved; timers run all the same.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);
    }
}
