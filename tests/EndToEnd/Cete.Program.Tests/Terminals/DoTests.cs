using Cete.Testing;

namespace Cete.Program.Tests.Terminals;

/// <summary>Described services for scripts: <c>cete open</c> into a pipe, and <c>cete do</c>.</summary>
public sealed class DoTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ScriptsReadAndWriteRecords()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await RunAsync(node, "service", "publish", Descriptions.Own("forum"))).Ended(0);
        (await RunAsync(node, "do", "forum", "boards", "create", "name=General")).Ended(0);
        var text = _folder.WriteText("post.md", "First line\r\nsecond line\n");
        var made = await RunAsync(node, "do", "forum", "topics", "create", "board=1", "title=Two words", $"text=@{text}", "--json");
        Assert.Equal(1, made.Ended(0).Number("id"));
        (await RunAsync(node, "do", "forum", "topics", "create", "board=1", "title=\u001b]0;x\u0007\u202e日本", "text=x")).Ended(2);
        (await RunAsync(node, "do", "forum", "topics", "create", "board=1", "title=\u202e日本", "text=x")).Ended(0);

        // As JSON, one a line; sorted, filtered, page by page; and one of them.
        var lines = (await RunAsync(node, "open", "forum", "topics", "--json", "--sort", "title")).Ended(0).Lines;
        Assert.Equal(["Two words", "\u202e日本"], lines.Select(line => line.GetProperty("fields").GetProperty("title").GetString()));
        Assert.Equal("First line\nsecond line\n", lines[0].GetProperty("fields").GetProperty("text").GetString());
        Assert.Single((await RunAsync(node, "open", "forum", "topics", "--json", "--filter", "record.title.startsWith('Two')")).Ended(0).Lines);
        var first = (await RunAsync(node, "open", "forum", "topics", "--json", "--sort", "id", "--limit", "1")).Ended(0);
        Assert.Equal(1, first.Number("id"));
        var cursor = first.Error.Trim().Split(' ')[^1];
        Assert.Equal(2, (await RunAsync(node, "open", "forum", "topics", "--json", "--sort", "id", "--after", cursor)).Ended(0).Number("id"));
        Assert.Equal(1, (await RunAsync(node, "open", "forum", "topics/1", "--json")).Ended(0).Number("id"));

        // As people read it, into a pipe: nothing of others moves a cursor.
        var table = (await RunAsync(node, "open", "forum")).Ended(0).Out;
        Assert.Equal("#  Title      Board    Posts  Last post", table.Split('\n')[0]);
        Assert.Contains("\uFFFD日本", table, StringComparison.Ordinal);
        var shown = (await RunAsync(node, "open", "forum", "topics/1")).Ended(0).Out;
        Assert.Contains("Title      Two words\nBoard      General\n", shown, StringComparison.Ordinal);
        Assert.Contains("by administrator", shown, StringComparison.Ordinal);

        // Changed, deleted, brought back; all that is wrong at once, by field.
        (await RunAsync(node, "do", "forum", "topics", "1", "update", "title=Better")).Ended(0);
        Assert.Contains("--yes", (await RunAsync(node, "do", "forum", "topics", "1", "delete")).Ended(2).Error, StringComparison.Ordinal);
        (await RunAsync(node, "do", "forum", "topics/1", "delete", "--yes")).Ended(0);
        Assert.Equal(3, (await RunAsync(node, "open", "forum", "topics/1")).Code);
        (await RunAsync(node, "do", "forum", "topics", "1", "restore")).Ended(0);
        var wrong = (await RunAsync(node, "do", "forum", "topics", "create", "board=x", "colour=red")).Ended(2).Error;
        Assert.Equal(["board", "colour", "title", "text"], wrong.Trim().Split('\n').Select(line => line.Split(' ')[1].TrimEnd(':')));
        Assert.Equal(3, (await RunAsync(node, "open", "forum", "topix")).Code);
        Assert.Equal(3, (await RunAsync(node, "do", "forum", "topix", "create")).Code);
        Assert.Equal(2, (await RunAsync(node, "open", "forum", "topics", "--filter", "record.nothing == 1")).Code);
    }

    [Fact]
    public async Task ActionsAreDoneByTheirNames()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await RunAsync(node, "service", "publish", Descriptions.Own("polls"))).Ended(0);
        (await RunAsync(node, "do", "polls", "polls", "create", "question=Tea?", "closes=2099-01-01T00:00:00Z")).Ended(0);
        Assert.Contains("two choices", (await RunAsync(node, "do", "polls", "open", "1")).Ended(4).Error, StringComparison.Ordinal);
        (await RunAsync(node, "do", "polls", "choices", "create", "poll=1", "text=Yes")).Ended(0);
        (await RunAsync(node, "do", "polls", "choices", "create", "poll=1", "text=No")).Ended(0);
        (await RunAsync(node, "do", "polls", "polls", "1", "open")).Ended(0);
        (await RunAsync(node, "do", "polls", "vote", "1", "--json")).Ended(0);
        Assert.Contains("already", (await RunAsync(node, "do", "polls", "choices", "2", "vote")).Ended(4).Error, StringComparison.Ordinal);
        Assert.Contains("Nobody can vote any more then.", (await RunAsync(node, "do", "polls", "close", "1")).Ended(2).Error, StringComparison.Ordinal);
        (await RunAsync(node, "do", "polls", "close", "1", "--yes")).Ended(0);
        Assert.Equal(1, (await RunAsync(node, "open", "polls", "choices/1", "--json")).Ended(0).Json.GetProperty("fields").GetProperty("votes").GetInt32());
    }

    private static Task<Ran> RunAsync(TestNode node, params string[] arguments) => CeteProcess.RunAsync([.. arguments, "--node", node.Address.AbsoluteUri]);
}
