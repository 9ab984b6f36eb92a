using System.Net.Sockets;
using Cete.Testing;

namespace Cete.Program.Tests;

[Collection(NodeCollection.Name)]
public sealed class PutTests(SharedNode shared) : IDisposable
{
    private static readonly string[] OddNames =
    [
        "two words", "'single' \"double\"", "back\\slash", "emoji \U0001F355.txt", "cafe\u0301 combining", "caf\u00e9 composed",
        "-leading-dash", "--json", "@home",
        "%41%2F", "#?&=+;", "*[x]{y}", "~", "trailing.", "trailing ", " leading", "$HOME `ls`", "<b>&amp;",
        "\u05e9\u05dc\u05d5\u05dd", "zero\u200dwidth", "C:name",
        ".hidden", "NUL", "x.cete", new string('n', 255), new string('\u00e9', 127),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AgainSendsNothingAChangeIsSentAndSameContentIsKnown()
    {
        var small = _folder.Write("again/small", 1_000, 11);
        var large = _folder.Write("again/large", 3_000_000, 12);
        _folder.Write("again/empty", 0, 0);
        var first = (await shared.Node.CeteAsync("put", _folder.At("again"), "--json")).Ended(0);
        Assert.Equal((3, 3_001_000, 3_001_000), (first.Number("files"), first.Number("bytes"), first.Number("sentBytes")));
        var second = (await shared.Node.CeteAsync("put", _folder.At("again"), "--json")).Ended(0);
        Assert.Equal((3, 3_001_000, 0), (second.Number("files"), second.Number("bytes"), second.Number("sentBytes")));
        Assert.Equal((3, 3), (second.Number("knownFiles"), second.Number("unchanged")));

        Disk.Flip(large, 2_999_999);
        File.Copy(small, _folder.At("again", "copy of small"));
        File.Copy(large, _folder.At("again", "copy of large"));
        var third = (await shared.Node.CeteAsync("put", _folder.At("again"), "--json")).Ended(0);
        Assert.Equal((5, 3_000_000, 2), (third.Number("files"), third.Number("sentBytes"), third.Number("unchanged")));
        (await shared.Node.CeteAsync("get", "/again", "--to", _folder.At("out"))).Ended(0);
        Assert.Equal(Disk.List(_folder.At("again")), Disk.List(_folder.At("out", "again")));
    }

    [Fact]
    public async Task OddNamesComeBackAsTheyWere()
    {
        foreach (var (name, i) in OddNames.Select((name, i) => (name, i)))
        {
            _folder.Write($"odd/{name}", 10 + i, (ulong)i);
            _folder.Write($"odd/sub/{name}/f", 300_000, (ulong)i % 3);
        }

        (await CeteProcess.RunAsync(["put", "--to", "/odd", "--node", shared.Node.Address.AbsoluteUri, "--", .. OddNames, "sub"], _folder.At("odd"))).Ended(0);
        (await shared.Node.CeteAsync("get", "/odd", "--to", _folder.At("all"))).Ended(0);

        // The index keeps names composed (NFC): that is all by which a name may differ.
        Assert.Equal(
            Disk.List(_folder.At("odd")).Select(line => line.Normalize()).Order(StringComparer.Ordinal), Disk.List(_folder.At("all", "odd")));
        (await shared.Node.CeteAsync(["get", "--to", _folder.At("each"), .. OddNames.Select(name => "/odd/" + name)])).Ended(0);
        Assert.Equal(OddNames.Length, Directory.GetFiles(_folder.At("each"), "*", new EnumerationOptions { AttributesToSkip = 0 }).Length);
    }

    [Fact]
    public async Task WhatCannotBePutInIsNamedAndTheOthersGoOn()
    {
        _folder.WriteText("bad/good", "x");
        _folder.WriteText("bad/line\nbreak", "x");
        _folder.WriteText("bad/tab\there", "x");
        _folder.WriteText("bad/right\u202eleft", "x");
        var bad = _folder.At("bad");
        Assert.Equal(0, await Disk.RunAsync("bash", "-c", $"printf x > $'{bad}/\\xff\\xfe'; mkfifo '{bad}/pipe'; mkdir $'{bad}/\\xc3'"));
        File.CreateSymbolicLink(_folder.At("bad", "dangling"), "nowhere");
        File.CreateSymbolicLink(_folder.At("bad", "itself"), "itself");
        File.CreateSymbolicLink(_folder.At("bad", "device"), "/dev/null");
        File.CreateSymbolicLink(_folder.At("bad", "link to good"), "good");
        Directory.CreateDirectory(_folder.At("bad", "inner"));
        _folder.WriteText("bad/zfolder/f", "x");
        Directory.CreateSymbolicLink(_folder.At("bad", "inner", "back"), "../");
        Directory.CreateSymbolicLink(_folder.At("bad", "a link to zfolder"), "zfolder/.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.At("bad", "socket")));

        var ran = (await shared.Node.CeteAsync("put", _folder.At("bad"), _folder.At("absent"), "--json")).Ended(8);
        string[] named = [.. ran.Problems.Select(p => Path.GetFileName(p.Path)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["absent", "back", "dangling", "device", "itself", "line\nbreak", "pipe", "right\u202eleft", "socket", "tab\there", "\uFFFD", "\uFFFD\uFFFD"],
            named);
        Assert.Equal(4, ran.Number("files"));
        (await shared.Node.CeteAsync("get", "/bad", "--to", _folder.At("out"))).Ended(0);
        Assert.Equal(
            ["a link to zfolder/f", "good", "link to good", "zfolder/f"],
            Disk.List(_folder.At("out", "bad")).Select(line => line[..line.LastIndexOf(' ')]));
        (await shared.Node.CeteAsync("put", _folder.At("absent"))).Ended(3);
        (await shared.Node.CeteAsync("put", _folder.At("bad", "pipe"))).Ended(2);
    }

    [Fact]
    public async Task FoldersMayBeDeepButNotTooDeepAndTimesAreKept()
    {
        var deep = string.Join('/', Enumerable.Repeat("d", 63));
        var old = _folder.WriteText($"deep/{deep[..^2]}/ok", "x");
        _folder.WriteText($"deep/{deep}/too deep", "x");
        var young = _folder.WriteText("deep/young", "x");
        File.SetLastWriteTimeUtc(old, new DateTime(1931, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(young, new DateTime(2222, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        var ran = (await shared.Node.CeteAsync("put", _folder.At("deep"), "--json")).Ended(8);
        Assert.Equal("TooLarge", Assert.Single(ran.Problems).Code);
        (await shared.Node.CeteAsync("get", "/deep", "--to", _folder.At("out"))).Ended(0);
        foreach (var name in new[] { $"deep/{deep[..^2]}/ok", "deep/young" })
        {
            Assert.Equal(File.GetLastWriteTimeUtc(_folder.At(name)), File.GetLastWriteTimeUtc(_folder.At("out", name)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFileThatGrowsOrShrinksIsNeverMixed(bool grows)
    {
        const long Length = 60_000_000;
        var name = grows ? "growing" : "shrinking";
        var path = _folder.Write(name, Length, 31);
        var before = File.ReadAllBytes(path);
        await using var put = shared.Node.Start("put", path, "--json");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var incoming = Path.Combine(shared.Node.Data, "incoming");
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(incoming).Any() || put.HasExited, "the upload has begun");
        await Eventually.TrueAsync(
            () =>
            {
                stream.SetLength(grows ? stream.Length + 1 : Math.Max(1_000_000, stream.Length - 1_000_000));
                return put.HasExited;
            },
            "put ends");
        var ran = await put.EndAsync();
        if (ran.Code == 4)
        {
            Assert.Contains(ran.Problems, p => p.Message.Contains("while it was read", StringComparison.Ordinal));
            (await shared.Node.CeteAsync("ls", "/" + name)).Ended(3);
            return;
        }

        ran.Ended(0);
        (await shared.Node.CeteAsync("get", "/" + name, "--to", _folder.At("out"))).Ended(0);
        var got = File.ReadAllBytes(_folder.At("out", name));
        Assert.True(got.AsSpan(0, (int)Math.Min(got.Length, Length)).SequenceEqual(before.AsSpan(0, (int)Math.Min(got.Length, Length))));
    }

    [Fact]
    public async Task TwoPutsOfOneFileAtOnceBothEndWell()
    {
        var path = _folder.Write("twice", 60_000_000, 41);
        await using var one = shared.Node.Start("put", path, "--json");
        await using var two = shared.Node.Start("put", path, "--json");
        (await one.EndAsync()).Ended(0);
        (await two.EndAsync()).Ended(0);
        (await shared.Node.CeteAsync("get", "/twice", "--to", _folder.At("out"))).Ended(0);
        Disk.AssertSame(path, _folder.At("out", "twice"));
    }
}
