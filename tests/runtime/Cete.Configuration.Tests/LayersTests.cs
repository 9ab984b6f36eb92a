using System.Net;
using Cete.Configuration.Tests.Support;
using Cete.Core;

namespace Cete.Configuration.Tests;

public sealed class LayersTests
{
    [Fact]
    public void WhatIsSaidLaterWinsAndTheOriginTellsWho()
    {
        var files = new MemoryFiles
        {
            ["cete.conf"] = "cete.groups { readers = 3, retry-delay = 3s, answer-deadline = 3s, checkpoint-bytes = 3MiB }",
            ["my.conf"] = "cete.groups { retry-delay = 4s, answer-deadline = 4s, checkpoint-bytes = 4MiB }",
        };
        var load = new SettingsLoader(
            new SettingsLayers
            {
                Files = [new SettingsFile("cete.conf", false), new SettingsFile("my.conf", true)],
                Environment = new Dictionary<string, string> { ["CETE_GROUPS_ANSWER_DEADLINE"] = "5s", ["CETE_GROUPS_CHECKPOINT_BYTES"] = "5MiB" },
                Definitions = [Definition.Parse("cete.groups.checkpoint-bytes=6MiB").Value],
            },
            files).Load();
        (string Path, string Text, string Origin)[] expected =
        [
            ("cete.groups.readers", "3", "cete.conf:1:25"),
            ("cete.groups.retry-delay", "4s", "my.conf:1:29"),
            ("cete.groups.answer-deadline", "5s", "environment CETE_GROUPS_ANSWER_DEADLINE"),
            ("cete.groups.checkpoint-bytes", "6MiB", "-D"),
        ];
        Assert.All(expected, e => Assert.Equal((e.Text, e.Origin), (Given.Value(load, e.Path).Text, Given.Value(load, e.Path).Origin)));
        Assert.Equal(TimeSpan.FromSeconds(5), load.Settings!.Values.Groups.AnswerDeadline);
        Assert.StartsWith("reference.conf:", Given.Value(load, "cete.http.rate-min").Origin, StringComparison.Ordinal);
        Assert.Equal(
            ["reference.conf", "cete.conf", "my.conf", "environment CETE_GROUPS_ANSWER_DEADLINE", "environment CETE_GROUPS_CHECKPOINT_BYTES", "-D"],
            load.Sources);
    }

    [Fact]
    public void AFileSeesWhatIsSetAboveItAndTheEnvironment()
    {
        var load = Given.Text("base = 2s\ncete.groups.retry-delay = ${base}\ncete.groups.answer-deadline = ${base}", "base=7s");
        Assert.Equal(TimeSpan.FromSeconds(7), load.Settings!.Values.Groups.RetryDelay);
        var files = new MemoryFiles { ["x.conf"] = "cete.groups.readers = ${?MY_READERS}" };
        var layers = Given.Layers("x.conf") with { Environment = new Dictionary<string, string> { ["MY_READERS"] = "9" } };
        Assert.Equal(9, new SettingsLoader(layers, files).Load().Settings!.Values.Groups.Readers);
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("\"127.0.0.1:0\"", "127.0.0.1:0")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("\"[::1]:80\"", "[::1]:80")]
    [InlineData("localhost:7", "127.0.0.1:7")]
    public void AnAddressNeedsNoQuotes(string written, string expected) => Assert.Equal(
        IPEndPoint.Parse(expected), Given.Text(string.Empty, $"{HttpSettings.ListenPath}={written}").Settings!.Values.Http.Listen);

    [Theory]
    [InlineData("")]
    [InlineData("${x}")]
    [InlineData("[1")]
    [InlineData("\"")]
    public void AnOptionOfItsOwnIsTextWhateverItHolds(string text)
    {
        var definition = Definition.OfText(HttpSettings.ListenPath, text, "--http");
        var load = new SettingsLoader(new SettingsLayers { Definitions = [definition] }, new MemoryFiles()).Load();
        Assert.StartsWith("--http: cete.http.listen is HOST:PORT", Given.OneProblem(load), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x=3", "3")]
    [InlineData("x=true", "true")]
    [InlineData("x= a b ", "\"a b\"")]
    [InlineData("x=", "\"\"")]
    [InlineData("x=a=b", "\"a=b\"")]
    [InlineData("x=a, y = 2", "\"a, y = 2\"")]
    [InlineData("x=a\ny = 2", "\"a\\ny = 2\"")]
    [InlineData("x=http://h/p#f", "\"http://h/p#f\"")]
    [InlineData("x=[1, {a = b}]", "[1,{\"a\":\"b\"}]")]
    [InlineData("x={a = 1}", "{\"a\":1}")]
    [InlineData("\"x\"=1", "1")]
    [InlineData("x=include y", "\"include y\"")]
    public void ADefinitionIsOneValue(string definition, string expected)
    {
        var tree = Given.Text(string.Empty, definition).Tree!;
        Assert.Equal(expected, tree["x"].ToString());
        Assert.Equal(2, tree.Count);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("=1")]
    [InlineData("")]
    [InlineData("a..b=1")]
    [InlineData(" =1")]
    [InlineData("a={")]
    [InlineData("a=[1")]
    [InlineData("a=\"b")]
    [InlineData("a=${")]
    public void ADefinitionThatMakesNoSenseIsRefused(string definition)
    {
        var failure = Definition.Parse(definition).Failure;
        Assert.Equal(FailureKind.Invalid, failure?.Kind);
        Assert.StartsWith("-D", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void VariablesSetSettingsAndEmptyOnesDoNot()
    {
        var load = Given.Variables(("CETE_HTTP_LISTEN", "127.0.0.1:9"), ("CETE_GROUPS_READERS", ""), ("CETE_NODE", "x"), ("CETE_DEBUG", "1"), ("PATH", "x"));
        Assert.Empty(load.Warnings);
        Assert.Equal(9, load.Settings!.Values.Http.Listen.Port);
        Assert.Equal("environment CETE_HTTP_LISTEN", Given.Value(load, HttpSettings.ListenPath).Origin);
        Assert.Equal(2, load.Settings.Values.Groups.Readers);
    }

    [Fact]
    public void AVariableThatSetsNothingIsWarnedAbout() => Assert.Equal(
        "environment: CETE_HTTP_LISEN is not a setting; did you mean CETE_HTTP_LISTEN?", Given.OneWarning(Given.Variables(("CETE_HTTP_LISEN", "x"))));

    [Theory]
    [InlineData("CETE_GROUPS_READERS", "many", "environment CETE_GROUPS_READERS: cete.groups.readers: expected a whole number of at most 64 bits, found the string \"many\"")]
    [InlineData("CETE_GROUPS_READERS", "99", "environment CETE_GROUPS_READERS: cete.groups.readers is a number from 1 to 32; it is 99")]
    [InlineData("CETE_HTTP_LISTEN", "nonsense", "environment CETE_HTTP_LISTEN: cete.http.listen is HOST:PORT such as 127.0.0.1:2383; it is nonsense")]
    public void AVariableWithABadValueIsAMistake(string name, string value, string problem) =>
        Assert.Equal(problem, Given.OneProblem(Given.Variables((name, value))));

    [Fact]
    public void AVariableThatIsNoHoconIsAMistake() => Assert.StartsWith(
        "environment CETE_HTTP_LISTEN: ", Given.OneProblem(Given.Variables(("CETE_HTTP_LISTEN", "{"))), StringComparison.Ordinal);
}
