using Cete.Configuration.Tests.Support;

namespace Cete.Configuration.Tests;

/// <summary>The reference is the manual: what it says of a setting is what the code does.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Lines = Reference.Text.Split('\n');

    public static TheoryData<string> Paths => [.. NodeSettings.All.Select(setting => setting.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void TheCommentSaysTheRangeAndWhetherARestartIsNeeded(string path)
    {
        var setting = NodeSettings.All.Single(one => one.Path == path);
        var comment = CommentAbove(Reference.Document.Resolve().Get(path).Origin.Line);
        Assert.Contains(setting.Range, comment, StringComparison.Ordinal);
        Assert.Contains(setting.IsLive ? "(live)" : "(restart)", comment, StringComparison.Ordinal);
        Assert.DoesNotContain(setting.IsLive ? "(restart)" : "(live)", comment, StringComparison.Ordinal);
    }

    [Fact]
    public void ItHoldsEverySettingAndNothingElseAndItsValuesAreRight()
    {
        var load = new SettingsLoader(new SettingsLayers(), new MemoryFiles()).Load();
        Assert.Empty(load.Problems);
        Assert.Empty(load.Warnings);
        Assert.Equal(NodeSettings.All, load.Settings!.List.Select(value => value.Setting));
        Assert.Equal(
            NodeSettings.All.Select(setting => setting.Path).Order(StringComparer.Ordinal),
            Reference.Document.Resolve().Leaves().Select(leaf => leaf.Key.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatIsShownOfADefaultIsWhatIsWritten()
    {
        var load = new SettingsLoader(new SettingsLayers(), new MemoryFiles()).Load();
        foreach (var value in load.Settings!.List)
        {
            var line = Lines[Reference.Document.Resolve().Get(value.Setting.Path).Origin.Line - 1];
            Assert.EndsWith($" = {value.Text}", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NoTwoSettingsShareAVariableOrTakeOneOfOtherMeaning()
    {
        var variables = NodeSettings.All.Select(setting => setting.Variable).ToList();
        Assert.Equal(variables.Count, variables.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("CETE_HTTP_CONNECTIONS_MAX", variables);
        Assert.DoesNotContain("CETE_NODE", variables);
        Assert.DoesNotContain("CETE_DEBUG", variables);
    }

    private static string CommentAbove(int line)
    {
        var comment = Lines[..(line - 1)].Reverse().TakeWhile(above => above.TrimStart().StartsWith('#')).Reverse();
        return string.Join(' ', comment.Select(above => above.Trim(' ', '#')));
    }
}
