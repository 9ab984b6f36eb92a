using Cete.Core;
using Cete.Swarm;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Killed, stopped, restarted: what was done stays done. Each test chooses its moments from a seed, which failures print.</summary>
public sealed class ResumeTests : IDisposable
{
    private const long Length = 128L << 20;
    private const int Pieces = (int)(Length / PieceLengths.Shortest);
    private readonly TempFolder _folder = new();
    private readonly ulong _seed = (ulong)TimeProvider.System.GetTimestamp();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task APutThatIsKilledSendsOnlyTheRest()
    {
        const long Large = 300L << 20;
        var path = _folder.Write("large", Large, 1);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        var incoming = Path.Combine(node.Data, "incoming");
        await using var put = node.Start("put", path, "--json");
        await Eventually.TrueAsync(() => Disk.PiecesIn(incoming, Large) > 200 || put.HasExited, "a part is there");
        put.Signal(CeteProcess.Kill);
        Assert.Equal(137, (await put.EndAsync()).Code);
        var pieces = Disk.PiecesIn(incoming, Large);
        var there = (long)pieces * PieceLengths.Shortest;

        await using var again = node.Start("put", path, "--json");
        await Eventually.TrueAsync(() => Disk.PiecesIn(incoming, Large) > pieces + 50 || again.HasExited, "it goes on");
        again.Signal(CeteProcess.Interrupt);
        (await again.EndAsync()).Ended(130);
        var last = (await node.CeteAsync("put", path, "--json")).Ended(0);
        Assert.InRange(last.Number("sentBytes"), 1, Large - there - (50L * PieceLengths.Shortest));
        Assert.Equal(Large, last.Number("bytes"));
        (await node.CeteAsync("get", "/large", "--to", _folder.At("out"))).Ended(0);
        Disk.AssertSame(path, _folder.At("out", "large"));
    }

    [Fact]
    public async Task AGetThatIsKilledOrStoppedFetchesNoPieceTwice()
    {
        var path = _folder.Write("film", Length, 2);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        var chance = new Prng(_seed);
        var (output, have) = (_folder.At("out"), 0);
        for (var i = 0; i < 5; i++)
        {
            var until = have + 1 + chance.Next(Pieces / 6);
            await using var get = node.Start("get", "/film", "--to", output, "--json");
            await Eventually.TrueAsync(() => Disk.PiecesIn(output, Length) >= until || get.HasExited, "pieces came");
            get.Signal(i % 2 == 0 ? CeteProcess.Kill : CeteProcess.Interrupt);
            var ran = await get.EndAsync();
            if (ran.Code == 0)
            {
                break;
            }

            Assert.False(File.Exists(Path.Combine(output, "film")), $"seed {_seed}: half a file under its final name");
            Assert.Equal(i % 2 == 0 ? 137 : 130, ran.Code);
            var now = Disk.PiecesIn(output, Length);
            Assert.True(now >= have, $"seed {_seed}: pieces were lost");
            if (i % 2 == 1)
            {
                Assert.True(ran.Number("fetchedBytes") == (long)(now - have) * PieceLengths.Shortest, $"seed {_seed}: {ran.Out}, {now} after {have}");
            }

            have = now;
        }

        // Between two runs a piece of the unfinished file is damaged: that one comes again, and no other.
        var part = Directory.EnumerateFiles(output, "*.cete-part", new EnumerationOptions { AttributesToSkip = 0 }).SingleOrDefault();
        if (part is not null)
        {
            Disk.Flip(part, 5);
            var last = (await node.CeteAsync("get", "/film", "--to", output, "--json")).Ended(0);
            Assert.True(last.Number("fetchedBytes") == (long)(Pieces - have + 1) * PieceLengths.Shortest, $"seed {_seed}: {last.Out}, {have} were there");
        }

        Disk.AssertSame(path, Path.Combine(output, "film"));
        Assert.Single(Directory.EnumerateFileSystemEntries(output, "*", new EnumerationOptions { AttributesToSkip = 0 }));
    }

    [Fact]
    public async Task ANodeThatDiesAndComesBackIsWaitedForAndOneThatStaysAwayIsNot()
    {
        var path = _folder.Write("film", Length, 3);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        var output = _folder.At("out");
        await using var get = node.Start("get", "/film", "--to", output, "--json");
        await Eventually.TrueAsync(() => Disk.PiecesIn(output, Length) > 20 || get.HasExited, "pieces came");
        await node.EndAsync(CeteProcess.Kill);
        await node.RestartAsync();
        var ran = (await get.EndAsync()).Ended(0);
        Assert.Equal(Length, ran.Number("fetchedBytes"));
        Disk.AssertSame(path, Path.Combine(output, "film"));

        var other = _folder.At("other");
        await using var patient = node.Start("get", "/film", "--to", other, "--patience", "2", "--json");
        await Eventually.TrueAsync(() => Disk.PiecesIn(other, Length) > 20 || patient.HasExited, "pieces came");
        await node.EndAsync(CeteProcess.Kill);
        Assert.Contains("what is there stays", (await patient.EndAsync()).Ended(5).Problems.Single().Message, StringComparison.Ordinal);
        var have = Disk.PiecesIn(other, Length);
        Assert.True(have > 20);
        await node.RestartAsync();
        var rest = (await node.CeteAsync("get", "/film", "--to", other, "--json")).Ended(0);
        Assert.Equal((long)(Pieces - have) * PieceLengths.Shortest, rest.Number("fetchedBytes"));
    }

    [Fact]
    public async Task AFolderIsGoneOnWithWhenTheNodeComesBack()
    {
        for (var i = 0; i < 40; i++)
        {
            _folder.Write($"many/{i:00}", 2_000_000, (ulong)i);
        }

        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", _folder.At("many"))).Ended(0);
        await using var get = node.Start("get", "/many", "--to", _folder.At("out"), "--json");
        await Eventually.TrueAsync(() => File.Exists(_folder.At("out", "many", "03")) || get.HasExited, "the first files are there");
        await node.EndAsync(CeteProcess.Kill);
        await node.RestartAsync();
        (await get.EndAsync()).Ended(0);
        Assert.Equal(Disk.List(_folder.At("many")), Disk.List(_folder.At("out", "many")));
    }

    [Fact]
    public async Task ANodeThatHangsIsGivenUpAfterThePatience()
    {
        var path = _folder.Write("film", Length, 4);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        await using var get = node.Start("get", "/film", "--to", _folder.At("out"), "--patience", "2", "--json");
        await Eventually.TrueAsync(() => Disk.PiecesIn(_folder.At("out"), Length) > 20 || get.HasExited, "pieces came");
        const int Stop = 19;
        const int Continue = 18;
        node.Process.Signal(Stop);
        var began = TimeProvider.System.GetTimestamp();
        (await get.EndAsync()).Ended(5);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        node.Process.Signal(Continue);
    }

    [Fact]
    public async Task TwoGetsIntoOneFolderDoNotHarmEachOther()
    {
        var path = _folder.Write("film", Length, 5);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        await using var one = node.Start("get", "/film", "--to", _folder.At("out"), "--json");
        await using var two = node.Start("get", "/film", "--to", _folder.At("out"), "--json");
        Ran[] ends = [await one.EndAsync(), await two.EndAsync()];
        Assert.Contains(ends, ran => ran.Code == 0);
        foreach (var ran in ends.Where(ran => ran.Code != 0))
        {
            Assert.Contains("another program is fetching it", ran.Ended(4).Problems.Single().Message, StringComparison.Ordinal);
        }

        Disk.AssertSame(path, _folder.At("out", "film"));
        (await node.CeteAsync("get", "/film", "--to", _folder.At("out"))).Ended(0);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.At("out"), "*", new EnumerationOptions { AttributesToSkip = 0 }));
    }
}
