using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Metrics and traces reach a collector, and the log is what the settings want.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_collector_gets_metrics_and_traces_of_what_the_node_does()
    {
        using var collector = new Collector();
        await using var node = await TestNode.CreateAsync(
            _folder.At("node"), "--fabric", "127.0.0.1:0", "-D", $"cete.telemetry.otlp={collector.Address}", "-D", "cete.telemetry.interval=1s");
        _folder.Write("in/file", 100_000, 1);
        (await node.CeteAsync("put", _folder.At("in"))).Ended(0);
        (await node.CeteAsync("get", "/in", "--to", _folder.At("out"))).Ended(0);
        foreach (var name in new[]
        {
            "cete.group.command.duration", "cete.log.sync.duration", "cete.log.io", "cete.content.served", "cete.members.count", "cete.actors.messages",
            "http.server.request.duration", "service.instance.id",
        })
        {
            await collector.SawAsync("/v1/metrics", name);
        }

        foreach (var name in new[] { "cete.group.submit", "cete.log.sync", "cete.group.apply" })
        {
            await collector.SawAsync("/v1/traces", name);
        }

        Assert.True(HasLoaded(node, "OpenTelemetry"));
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
    }

    [Fact]
    public async Task A_node_without_a_collector_loads_nothing_of_it()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"), "--fabric", "127.0.0.1:0");
        Assert.True(HasLoaded(node, "Cete.Cluster"));
        Assert.False(HasLoaded(node, "OpenTelemetry"));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_does_no_harm()
    {
        await using var node = await TestNode.CreateAsync(
            _folder.At("node"), "--fabric", "127.0.0.1:0", "-D", "cete.telemetry.otlp=http://127.0.0.1:1", "-D", "cete.telemetry.interval=1s");
        _folder.Write("in/file", 1_000, 1);
        (await node.CeteAsync("put", _folder.At("in"))).Ended(0);
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
        var refused = await CeteProcess.RunAsync(["config", "check", "--data", _folder.At("none"), "-D", "cete.telemetry.otlp=collector:4318"]);
        Assert.Contains("cete.telemetry.otlp is http://HOST:PORT", refused.Ended(2).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_has_numbered_events_as_text_or_as_JSON_from_a_level_on()
    {
        await using var text = await TestNode.CreateAsync(_folder.At("text"), "--fabric", "127.0.0.1:0");
        var plain = (await text.EndAsync(CeteProcess.Terminate)).Ended(0).Error;
        Assert.Matches(@"(?m)^cete: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ information 1001 node \w+ of community 'cooks' is ready at http", plain);
        Assert.Matches("(?m) information 1002 the node stops$", plain);

        await using var json = await TestNode.CreateAsync(_folder.At("json"), "--fabric", "127.0.0.1:0", "-D", "cete.log.format=json");
        var lines = (await json.EndAsync(CeteProcess.Terminate)).Ended(0).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ready = lines.Select(line => JsonDocument.Parse(line).RootElement).Single(line => line.GetProperty("event").GetInt32() == 1001);
        Assert.Equal(("information", "Ready"), (ready.GetProperty("level").GetString(), ready.GetProperty("name").GetString()));
        Assert.Contains("is ready", ready.GetProperty("text").GetString(), StringComparison.Ordinal);

        await using var quiet = await TestNode.CreateAsync(_folder.At("quiet"), "--fabric", "127.0.0.1:0", "-D", "cete.log.level=warning");
        Assert.Equal(string.Empty, (await quiet.EndAsync(CeteProcess.Terminate)).Ended(0).Error);
    }

    private static bool HasLoaded(TestNode node, string assembly)
    {
        var maps = string.Create(CultureInfo.InvariantCulture, $"/proc/{node.Process.Id}/maps");
        Assert.SkipUnless(File.Exists(maps), $"what a process has loaded is told by Linux alone ({maps})");
        return File.ReadLines(maps).Any(line => Path.GetFileName(line).StartsWith(assembly, StringComparison.Ordinal));
    }

    /// <summary>Takes what is sent by OTLP over HTTP. Texts stand in its messages as they are.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<(string Path, string Body)> _got = new();

        public Collector()
        {
            // The listener takes no port 0, so a free one is looked for.
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
            }

            _listener.Prefixes.Add(Address + "/");
            _listener.Start();
            _ = TakeAsync();
        }

        public string Address { get; }

        public Task SawAsync(string path, string name) => Eventually.TrueAsync(
            () => _got.Any(got => got.Path == path && got.Body.Contains(name, StringComparison.Ordinal)), $"{name} is sent to {path}");

        public void Dispose() => ((IDisposable)_listener).Dispose();

        private async Task TakeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    Assert.Equal("application/x-protobuf", context.Request.ContentType);
                    _got.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
