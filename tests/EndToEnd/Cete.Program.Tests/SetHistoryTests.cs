namespace Cete.Program.Tests;

/// <summary>The checker of histories notices what it is there for.</summary>
public sealed class SetHistoryTests
{
    private readonly SetHistory _history = new();

    [Fact]
    public void WhatOverlapsMayStandInAnyOrder()
    {
        _history.Add("a", 0, 10);
        _history.Add("b", 0, 10);
        _history.Read([], 1, 2);
        _history.Read(["b"], 3, 9);
        _history.Read(["a", "b"], 3, 11);
        _history.Add("never answered", 5, null);
        Assert.Null(_history.Explain());
        _history.Read(["a", "b", "never answered"], 20, 21);
        Assert.Null(_history.Explain());
        Assert.Equal(["a", "b"], _history.Acknowledged);
        Assert.Equal(7, _history.Count);
    }

    [Fact]
    public void AnAcknowledgedAdditionThatIsNotReadLaterIsNoticed()
    {
        _history.Add("a", 0, 1);
        _history.Read([], 2, 3);
        Assert.Contains("the addition of a had ended", _history.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadingBackwardsIsNoticed()
    {
        _history.Add("a", 0, 10);
        _history.Read(["a"], 1, 2);
        _history.Read([], 3, 4);
        Assert.Contains("a reading of 1 names had ended", _history.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void ALaterAdditionWithoutAnEarlierOneIsNoticed()
    {
        _history.Add("a", 0, 1);
        _history.Add("b", 2, 9);
        _history.Read(["b"], 0, 9);
        Assert.NotNull(_history.Explain());
    }

    [Fact]
    public void ReadingsThatContradictEachOtherAreNoticed()
    {
        _history.Add("a", 0, 10);
        _history.Add("b", 0, 10);
        _history.Read(["a"], 1, 9);
        _history.Read(["b"], 1, 9);
        Assert.Contains("saw what the other did not", _history.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsReadBeforeItIsAddedIsNoticed()
    {
        _history.Read(["a"], 0, 1);
        Assert.Contains("never added", _history.Explain(), StringComparison.Ordinal);
        _history.Add("a", 2, 3);
        Assert.NotNull(_history.Explain());
    }
}
