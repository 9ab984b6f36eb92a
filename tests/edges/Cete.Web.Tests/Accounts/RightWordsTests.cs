using Cete.Core;
using Cete.Web.Pages.Accounts;

namespace Cete.Web.Tests.Accounts;

/// <summary>Pages say in words what a right is, also of a right that is new.</summary>
public sealed class RightWordsTests
{
    [Fact]
    public void EveryActionHasWordsOfItsOwn()
    {
        var words = Actions.All.Select(action => RightWords.Of(Grant.Of(action))).ToList();
        Assert.Equal(words.Count, words.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(words, text => text.Contains('.', StringComparison.Ordinal));
    }
}
