namespace Cete.Program.Tests;

/// <summary><c>cete search</c> for more than files.</summary>
public sealed class SearchTests : IDisposable
{
    private const string Diary = """
        cete = 1
        service { name = diary, version = 1.0.0, title = Diary }
        records {
          days { fields { title { type = text, max = 100 }, text = markdown }, rules { list = "", view = "", create = "" } }
        }

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FilesAndRecordsAreFoundTogetherAndApart()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        var file = _folder.WriteText("diary.conf", Diary);
        (await CeteProcess.RunAsync(["service", "publish", file, "--yes", "--node", node.Address.AbsoluteUri])).Ended(0);
        (await node.CeteAsync("put", _folder.WriteText("solaris.txt", "about it"), "--to", "/films")).Ended(0);
        using var http = new HttpClient { BaseAddress = node.Address };
        using var body = new StringContent("{\"title\":\"Monday\",\"text\":\"Saw *Solaris* again\"}", System.Text.Encoding.UTF8, "application/json");
        using var made = await http.PostAsync(new Uri("/api/services/diary/records/days", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.True(made.IsSuccessStatusCode);

        var all = (await node.CeteAsync("search", "solaris", "--everywhere")).Ended(0);
        Assert.Contains("/films/solaris.txt", all.Out, StringComparison.Ordinal);
        Assert.Contains("Saw Solaris again", all.Out, StringComparison.Ordinal);
        Assert.Equal(string.Empty, all.Error);
        var lines = (await node.CeteAsync("search", "solar", "--service", "diary", "--json")).Ended(0).Lines.ToList();
        Assert.Equal(["diary/days"], lines.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal("/services/diary/days/1", lines[0].GetProperty("address").GetString());
        Assert.DoesNotContain("diary", (await node.CeteAsync("search", "solaris")).Ended(0).Out, StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await node.CeteAsync("search", "nothingatall", "--everywhere")).Ended(0).Error, StringComparison.Ordinal);
        var unknown = (await node.CeteAsync("search", "x", "--service", "nothing")).Ended(3);
        Assert.Contains("there is no service 'nothing'", unknown.Error, StringComparison.Ordinal);
        var mixed = (await node.CeteAsync("search", "x", "--everywhere", "--kind", "video")).Ended(2);
        Assert.Contains("--kind is for files alone", mixed.Error, StringComparison.Ordinal);
    }
}
