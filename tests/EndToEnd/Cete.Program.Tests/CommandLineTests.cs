namespace Cete.Program.Tests;

[Collection(NodeCollection.Name)]
public sealed class CommandLineTests(SharedNode shared) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("put")]
    [InlineData("put", "x", "--frobnicate")]
    [InlineData("put", "")]
    [InlineData("get", "/x", "--to", "")]
    [InlineData("get", "/x", "--at-once", "0")]
    [InlineData("get", "/x", "--patience", "x")]
    [InlineData("search", "x", "--limit", "0")]
    [InlineData("search", "x", "--kind", "")]
    [InlineData("ls", "--sort", "colour")]
    [InlineData("ls", "--node", "ftp://x")]
    [InlineData("node", "--data", "")]
    public async Task AMistakenCommandLineEndsWithTwoAndAHint(params string[] arguments)
    {
        var ran = (await CeteProcess.RunAsync(arguments)).Ended(2);
        Assert.Empty(ran.Out);
        Assert.Contains("--help", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake of the program", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("-0.25")]
    [InlineData("0")]
    public async Task AnAmountThatIsNotPositiveIsCalledThat(string amount)
    {
        var error = (await CeteProcess.RunAsync(["bank", "send", "ben", amount, "--node", "http://127.0.0.1:9/"])).Ended(2).Error;
        Assert.StartsWith("cete: an amount is positive", error, StringComparison.Ordinal);
        Assert.DoesNotContain("option", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no journal, but the notes of a meeting that took some time: all agreed, nothing was written down, and nobody was asked again\n")]
    [InlineData("\u0002\b\u0001")]
    [InlineData("\u0003ab")]
    public async Task AFileThatIsNoJournalIsNamedWithWhatItShouldBe(string content)
    {
        var file = _folder.At("notes.txt");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var error = (await CeteProcess.RunAsync(["bank", "audit", "--from", file])).Ended(6).Error;
        Assert.StartsWith($"cete: {file}: it is no journal as 'cete bank audit --save FILE' writes it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessagesHoldNoControlCharactersOfNames()
    {
        Directory.CreateDirectory(_folder.At("loops"));
        File.CreateSymbolicLink(_folder.At("loops", "bad\u001b[31mred"), "bad\u001b[31mred");
        AssertPlain((await shared.Node.CeteAsync("put", _folder.At("loops"))).Error);
        AssertPlain((await CeteProcess.RunAsync(["put", "x", "--bad\u001b[31mred"])).Ended(2).Error);
        AssertPlain((await CeteProcess.RunAsync(["ls", "--node", "ftp://\u001b[31mred"])).Ended(2).Error);
        AssertPlain((await CeteProcess.RunAsync(["node", "--http", "\u001b[31mred"])).Ended(2).Error);
        AssertPlain((await CeteProcess.RunAsync(["node", "--data", _folder.At("\u001b[31mred")])).Ended(3).Error);
    }

    [Theory]
    [InlineData("put", "x", "--to", "/a/../b")]
    [InlineData("ls", "/..")]
    [InlineData("search", "x", "--in", "/a/./b")]
    [InlineData("node", "--create", "a/b", "--data", "/nowhere")]
    [InlineData("node", "--create", " ", "--data", "/nowhere")]
    [InlineData("node", "--data", "/nowhere", "--http", "nonsense")]
    [InlineData("node", "--data", "/nowhere", "--http", "127.0.0.1:99999")]
    public async Task WhatCannotMeanAnythingEndsWithTwo(params string[] arguments)
    {
        var ran = (await CeteProcess.RunAsync(arguments)).Ended(2);
        Assert.StartsWith("cete: ", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/nowhere"));
    }

    [Theory]
    [InlineData("node")]
    [InlineData("put")]
    [InlineData("get")]
    [InlineData("ls")]
    [InlineData("search")]
    public async Task HelpOfEachVerbHoldsExamples(string verb)
    {
        var ran = (await CeteProcess.RunAsync([verb, "--help"])).Ended(0);
        Assert.Contains($"  cete {verb} ", ran.Out, StringComparison.Ordinal);
        AssertPlain(ran.Out + ran.Error);
    }

    [Fact]
    public async Task ANodeThatDoesNotRunIsSaidClearly()
    {
        var file = _folder.WriteText("f", "x");
        foreach (var arguments in new string[][] { ["put", file], ["ls"], ["search", "x"], ["get", "/x"] })
        {
            var ran = (await CeteProcess.RunAsync([.. arguments, "--node", "127.0.0.1:1"])).Ended(5);
            Assert.Contains("no node answers at http://127.0.0.1:1/", ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheEnvironmentNamesTheNodeAndNonsenseInItIsNotPassedOver()
    {
        Assert.Contains("CETE_NODE", (await CeteProcess.RunAsync(["ls"], null, ("CETE_NODE", "ftp://x"))).Ended(2).Error, StringComparison.Ordinal);
        (await CeteProcess.RunAsync(["ls"], null, ("CETE_NODE", shared.Node.Address.AbsoluteUri))).Ended(0);
    }

    [Fact]
    public async Task PipedOutputHasNoControlCharactersAndJsonIsAlone()
    {
        var file = _folder.WriteText("plain/one.txt", "x");
        _folder.WriteText("plain/bad\u001b[31mred", "x");
        var put = (await shared.Node.CeteAsync("put", _folder.At("plain"))).Ended(8);
        AssertPlain(put.Out + put.Error);
        Assert.Contains("bad\uFFFD[31mred", put.Error, StringComparison.Ordinal);
        foreach (var arguments in new string[][] { ["ls", "/plain"], ["search", "one"], ["get", "/plain", "--to", _folder.At("out")] })
        {
            var ran = (await shared.Node.CeteAsync(arguments)).Ended(0);
            AssertPlain(ran.Out + ran.Error);
            Assert.NotEmpty(ran.Out);
            var json = (await shared.Node.CeteAsync([.. arguments, "--json"])).Ended(0);
            Assert.NotEmpty(json.Lines);
            Assert.Empty(json.Error);
        }

        Disk.AssertSame(file, _folder.At("out", "plain", "one.txt"));
    }

    private static void AssertPlain(string text) => Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
}
