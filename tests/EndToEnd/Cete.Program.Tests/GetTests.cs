using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cete.Program.Tests;

[Collection(NodeCollection.Name)]
public sealed class GetTests(SharedNode shared) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ByPathFolderRootIdFileAndItsAddress()
    {
        var large = _folder.Write("ways/large.bin", 2_000_000, 51);
        _folder.Write("ways/sub/small", 5, 52);
        (await shared.Node.CeteAsync("put", _folder.At("ways"))).Ended(0);
        var entry = (await shared.Node.CeteAsync("ls", "/ways/large.bin", "--json")).Ended(0).Json;
        var address = new Uri(shared.Node.Address, entry.GetProperty("idFile").GetString()!);
        var idFile = await IdFileAsync(entry);
        File.WriteAllText(_folder.At("any name.cete"), idFile.ToJsonString());

        var all = (await shared.Node.CeteAsync("get", "/ways/", "ways/large.bin", "--to", _folder.At("a", "b", "c"), "--json")).Ended(0);
        Assert.Equal((3, 4_000_005), (all.Number("files"), all.Number("fetchedBytes")));
        Assert.Equal(Disk.List(_folder.At("ways")), Disk.List(_folder.At("a", "b", "c", "ways")));
        Disk.AssertSame(large, _folder.At("a", "b", "c", "large.bin"));
        foreach (var what in new[] { entry.GetProperty("root").GetString()!, address.AbsoluteUri, _folder.At("any name.cete") })
        {
            var to = _folder.At($"to {what.Length}");
            (await CeteProcess.RunAsync(["get", what, "--to", to, "--node", shared.Node.Address.AbsoluteUri])).Ended(0);
            Disk.AssertSame(large, Assert.Single(Directory.GetFiles(to)));
        }

        var again = (await shared.Node.CeteAsync("get", "/ways", "/ways", "--to", _folder.At("a", "b", "c"), "--json")).Ended(0);
        Assert.Equal((2, 2, 0), (again.Number("files"), again.Number("alreadyThere"), again.Number("fetchedBytes")));
        (await shared.Node.CeteAsync("get", "/ways/none", "--to", _folder.At("none"))).Ended(3);
        (await shared.Node.CeteAsync("get", new string('0', 64), "--to", _folder.At("none"))).Ended(3);
        (await shared.Node.CeteAsync("get", "none.cete", "--to", _folder.At("none"))).Ended(3);
        Assert.False(Directory.Exists(_folder.At("none")));
    }

    [Fact]
    public async Task WhatIsThereWithOtherContentIsLeftUnlessToldOtherwise()
    {
        var file = _folder.Write("clash", 400_000, 61);
        (await shared.Node.CeteAsync("put", file)).Ended(0);
        _folder.WriteText("out/clash", "mine");
        _folder.WriteText("out/file", "mine");
        Directory.CreateDirectory(_folder.At("folder", "clash"));
        Assert.Contains("other content", (await shared.Node.CeteAsync("get", "/clash", "--to", _folder.At("out"))).Ended(4).Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder.At("out", "clash")));
        var below = (await shared.Node.CeteAsync("get", "/clash", "--to", _folder.At("out", "file", "x"))).Ended(4);
        Assert.Contains("a folder is needed", below.Error, StringComparison.Ordinal);
        (await shared.Node.CeteAsync("get", "/clash", "--to", _folder.At("folder"), "--overwrite")).Ended(4);
        (await shared.Node.CeteAsync("get", "/clash", "--to", _folder.At("out"), "--overwrite")).Ended(0);
        Disk.AssertSame(file, _folder.At("out", "clash"));
        Directory.CreateDirectory(_folder.At("links"));
        File.CreateSymbolicLink(_folder.At("links", "clash"), "nowhere");
        (await shared.Node.CeteAsync("get", "/clash", "--to", _folder.At("links"))).Ended(4);
        Assert.False(File.Exists(_folder.At("links", "nowhere")));
    }

    [Fact]
    public async Task EqualFilesInOneFolderDoNotDisturbEachOther()
    {
        for (var i = 0; i < 12; i++)
        {
            _folder.Write($"equal/large {i}", 1_000_000, 71);
            _folder.Write($"equal/empty {i}", 0, 0);
        }

        (await shared.Node.CeteAsync("put", _folder.At("equal"))).Ended(0);
        (await shared.Node.CeteAsync("get", "/equal", "--to", _folder.At("out"), "--at-once", "12")).Ended(0);
        Assert.Equal(Disk.List(_folder.At("equal")), Disk.List(_folder.At("out", "equal")));
    }

    [Fact]
    public async Task IdFilesThatLieOrAreBrokenAreRefusedEachForItsReason()
    {
        (await shared.Node.CeteAsync("put", _folder.Write("honest", 1_000_000, 81))).Ended(0);
        var good = await IdFileAsync((await shared.Node.CeteAsync("ls", "/honest", "--json")).Ended(0).Json);
        var layer = good["layer"]!.GetValue<string>();
        var cases = new (string Name, string Text, string Code)[]
        {
            ("cut", good.ToJsonString()[..300], "Invalid"),
            ("nothing", string.Empty, "Invalid"),
            ("array", "[1]", "Invalid"),
            ("other", "{\"a\":1}", "Invalid"),
            ("newer", With("cete", 2), "Conflict"),
            ("root", With("root", new string('a', 64)), "Damaged"),
            ("layer", With("layer", Turn(layer)), "Damaged"),
            ("layer cut", With("layer", layer[..^2]), "Invalid"),
            ("layer no hex", With("layer", "x" + layer[1..]), "Invalid"),
            ("length", With("length", 1_000_000_000), "Invalid"),
            ("negative", With("length", -1), "Invalid"),
            ("piece", With("pieceLength", 3), "Invalid"),
            ("up", With("name", "../../x"), "Invalid"),
            ("absolute", With("name", "/tmp/x"), "Invalid"),
            ("dots", With("name", ".."), "Invalid"),
            ("nul", With("name", "a\0b"), "Invalid"),
            ("escape", With("name", "a\u001b[2J"), "Invalid"),
            ("huge", new string(' ', 20 << 20), "TooLarge"),
            ("deep", new string('[', 100_000), "Invalid"),
        };
        foreach (var (name, text, _) in cases)
        {
            _folder.WriteText(name + ".cete", text);
        }

        File.WriteAllText(_folder.At("good.cete"), good.ToJsonString());
        var ran = await shared.Node.CeteAsync(
            ["get", "--json", "--to", _folder.At("out", "deep"), .. cases.Select(c => _folder.At(c.Name + ".cete")), _folder.At("good.cete")]);
        ran.Ended(8);
        Assert.Equal(
            cases.Select(c => $"{c.Name}.cete {c.Code}").Order(StringComparer.Ordinal),
            ran.Problems.Select(p => $"{Path.GetFileName(p.Path)} {p.Code}").Order(StringComparer.Ordinal));
        Assert.Equal(["honest"], Directory.GetFiles(_folder.At("out"), "*", SearchOption.AllDirectories).Select(Path.GetFileName));

        string With(string member, JsonNode value)
        {
            var changed = good.DeepClone().AsObject();
            changed[member] = value;
            return changed.ToJsonString();
        }
    }

    [Fact]
    public async Task AnIdFileMayNameSourcesThatAreGone()
    {
        var file = _folder.Write("sources", 1_000_000, 91);
        (await shared.Node.CeteAsync("put", file)).Ended(0);
        var id = await IdFileAsync((await shared.Node.CeteAsync("ls", "/sources", "--json")).Ended(0).Json);
        id["sources"] = new JsonArray("http://127.0.0.1:1/", "ftp://nothing/", shared.Node.Address.AbsoluteUri);
        File.WriteAllText(_folder.At("s.cete"), id.ToJsonString());
        (await CeteProcess.RunAsync(["get", _folder.At("s.cete"), "--to", _folder.At("out"), "--node", "127.0.0.1:1"])).Ended(0);
        Disk.AssertSame(file, _folder.At("out", "sources"));
        id["sources"] = new JsonArray("http://127.0.0.1:1/");
        File.WriteAllText(_folder.At("s.cete"), id.ToJsonString());
        (await CeteProcess.RunAsync(["get", _folder.At("s.cete"), "--to", _folder.At("none"), "--patience", "1"])).Ended(5);
        Assert.False(File.Exists(_folder.At("none", "sources")));
    }

    private static string Turn(string hex) => (hex[0] == '0' ? '1' : '0') + hex[1..];

    private async Task<JsonNode> IdFileAsync(JsonElement entry)
    {
        using var http = new HttpClient();
        var address = new Uri(shared.Node.Address, entry.GetProperty("idFile").GetString()!);
        return JsonNode.Parse(await http.GetStringAsync(address, TestContext.Current.CancellationToken))!;
    }
}
