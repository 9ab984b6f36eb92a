using Cete.Core;
using Cete.Described;
using Cete.Expressions;
using Cete.Web.Pages.Services;

namespace Cete.Web.Tests.Services;

public sealed class RecordTreeTests
{
    [Fact]
    public void A_chain_a_circle_and_orphans_are_each_shown_once()
    {
        // 1..300 hang on each other; 301 and 302 in a circle; 303 on itself; 304 on one that is elsewhere.
        List<RecordView> records =
        [
            .. Enumerable.Range(1, 300).Select(i => Record(i, i == 1 ? null : i - 1)), Record(301, 302), Record(302, 301), Record(303, 303), Record(304, 9_999),
        ];
        var trees = RecordTree.Of(records, "parent");
        Assert.Equal([1, 304, 301, 303], trees.Select(tree => tree.Record.Id));
        Assert.Equal(Enumerable.Range(1, 304).Select(i => (long)i), trees.SelectMany(All).Order());
        Assert.Equal(9, Depth(trees[0]));
    }

    private static IEnumerable<long> All(RecordTree tree) => tree.Below.SelectMany(All).Prepend(tree.Record.Id);

    private static int Depth(RecordTree tree) => 1 + tree.Below.Select(Depth).DefaultIfEmpty(0).Max();

    private static RecordView Record(long id, long? parent) =>
        new("k", id, string.Empty, new Instant(0), new Instant(0), 1, [new("parent", parent is { } on ? Value.Of(on) : Value.Null)]);
}
