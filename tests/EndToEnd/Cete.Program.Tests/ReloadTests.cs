using System.Net.Sockets;
using System.Text;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Settings of a node that runs.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AChangedFileIsTakenUpByTheRunningNode()
    {
        // With these a client that sends nothing more would be waited for longer than any test runs.
        Write("my.conf", "header-timeout = 10m, rate-min = 0");
        await using var node = await TestNode.CreateAsync(_folder.At("node"), "--config", _folder.At("my.conf"));
        Write("my.conf", "header-timeout = 1s, rate-min = 1MiB, connections-max = 50");
        await SaysAsync(node, "cete.http.header-timeout is now 1s (");
        await SaysAsync(node, "cete.http.rate-min is now 1MiB (");
        await SaysAsync(node, "cete.http.connections-max will be 50 (");
        Assert.Contains("after a restart; until then it is 2000", node.Process.ErrorSoFar, StringComparison.Ordinal);

        var header = EndOfAsync(node, "GET / HTTP/1.1\r\nHost: localhost\r\n");
        var body = EndOfAsync(node, "POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        Assert.Contains(" 408 ", await header, StringComparison.Ordinal);
        await body;
        (await node.CeteAsync("ls")).Ended(0);
    }

    [Fact]
    public async Task GarbageChangesNothingAndIsSaidWithItsPlace()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        Write("node/cete.conf", "rate-min = 2KiB");
        await SaysAsync(node, "cete.http.rate-min is now 2KiB (");
        Write("node/cete.conf", "rate-min = }{ \u0001 garbage");
        await SaysAsync(node, "cete.conf:1:");
        await SaysAsync(node, "settings: nothing is changed");
        (await node.CeteAsync("ls")).Ended(0);
        Write("node/cete.conf", "rate-min = 3KiB");
        await SaysAsync(node, "cete.http.rate-min is now 3KiB (");
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
    }

    [Fact]
    public async Task AHangUpHasTheFilesReadAtOnceAndEndsNothing()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        node.Process.Signal(CeteProcess.HangUp);
        await SaysAsync(node, "settings: read again, nothing has changed");
        Write("node/cete.conf", "lisen = x, rate-min = 4KiB");
        node.Process.Signal(CeteProcess.HangUp);
        await SaysAsync(node, "cete.conf:1:21: cete.http.lisen is not a setting; did you mean cete.http.listen?");
        await SaysAsync(node, "cete.http.rate-min is now 4KiB (");
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
    }

    [Fact]
    public async Task TheCommandLineSetsWhatItSays()
    {
        string[] arguments = ["node", "--create", "cooks", "--data", _folder.At("node"), "--json", "-D", "cete.http.listen=127.0.0.1:0"];
        await using (var run = CeteProcess.Start([.. arguments, "-D", "cete.groups.readers=1", "-D", "cete.log.level=warning"]))
        {
            Assert.Contains("\"address\":\"http://127.0.0.1:", await run.FirstLine, StringComparison.Ordinal);
            run.Signal(CeteProcess.Terminate);
            Assert.Empty((await run.EndAsync()).Ended(0).Error);
        }

        var ran = await CeteProcess.RunAsync(["node", "--data", _folder.At("node"), "-D", "cete.http.header-timeout=0s"]);
        Assert.Contains("cete: -D: cete.http.header-timeout is a duration from 1s to 10m; it is 0s", ran.Ended(2).Error, StringComparison.Ordinal);
    }

    /// <summary>Writes a file as editors do, so that it is never half there.</summary>
    private void Write(string name, string http)
    {
        var path = _folder.At(name.Split('/'));
        File.WriteAllText(path + ".new", $"cete.http {{ {http} }}");
        File.Move(path + ".new", path, overwrite: true);
    }

    private static Task SaysAsync(TestNode node, string words) =>
        Eventually.TrueAsync(() => node.Process.ErrorSoFar.Contains(words, StringComparison.Ordinal), $"the node says '{words}'");

    /// <summary>What the node answers to the beginning of a request that never goes on.</summary>
    private static async Task<string> EndOfAsync(TestNode node, string beginning)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(3), TimeProvider.System);
    }
}
