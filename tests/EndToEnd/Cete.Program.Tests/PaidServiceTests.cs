using System.Text.Json;

namespace Cete.Program.Tests;

/// <summary>What a service does for credits, by processes: paid to whom it says, told before, and done by nobody who does not pay.</summary>
public sealed class PaidServiceTests : IDisposable
{
    private const string Anna = "anna";
    private const string Ben = "ben";
    private const long Credit = 1_000_000;

    private const string Shop = """
        cete = 1
        service { name = shop, version = 1.0.0 }
        records {
          songs {
            fields { title = text, cost { type = credits, default = 2 }, sold { type = integer, default = 0 } }
            rules { list = "", view = "", create = "auth.known" }
          }
        }
        actions {
          buy { on = songs, who = "auth.known", price { credits = "record.cost", to = "record.owner" }, steps = [{ set { sold = "=record.sold + 1" } }] }
          tip { on = songs, who = "auth.known", price = 0.5, steps = [{ set { sold = "=record.sold" } }] }
        }

        """;

    private readonly TempFolder _folder = new();
    private readonly Users _users;

    public PaidServiceTests() => _users = new Users(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhoDoesSomethingPaysWhomItSaysAndNobodyElse()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"), [.. Community.Local]);
        await _users.RegisterAsync(node, Anna);
        await _users.RegisterAsync(node, Ben);
        await _users.HasAsync(Ben, node, balance => Of(balance, "granted") == 5_000 * Credit, "a newcomer is given credits");
        (await CeteProcess.RunAsync(["service", "publish", _folder.WriteText("shop.conf", Shop), "--node", node.Address.AbsoluteUri])).Ended(0);
        (await _users.AsAsync(Anna, node, "do", "shop", "songs", "create", "title=Blue in Green")).Ended(0);

        // Told before, and not done without a word.
        var asked = await _users.AsAsync(Ben, node, "do", "shop", "buy", "1", "--json");
        Assert.Equal(11, asked.Code);
        Assert.Contains("It costs 2 credits", asked.Error, StringComparison.Ordinal);
        Assert.Contains("--max-price 2", asked.Error, StringComparison.Ordinal);
        Assert.Equal(11, (await _users.AsAsync(Ben, node, "do", "shop", "buy", "1", "--max-price", "1.9")).Code);
        Assert.Equal(2, (await _users.AsAsync(Ben, node, "do", "shop", "buy", "1", "--max-price", "much")).Code);
        Assert.Equal(0, (await SongAsync(node)).GetProperty("sold").GetInt64());

        // Twice to her, once to the community; by what she sells she earns, and pays herself nothing.
        (await _users.AsAsync(Ben, node, "do", "shop", "buy", "1", "--max-price", "2")).Ended(0);
        (await _users.AsAsync(Ben, node, "do", "shop", "songs/1", "buy", "--max-price", "2", "--json")).Ended(0);
        (await _users.AsAsync(Ben, node, "do", "shop", "tip", "1", "--max-price", "1")).Ended(0);
        (await _users.AsAsync(Anna, node, "do", "shop", "buy", "1")).Ended(0);
        Assert.Equal(3, (await SongAsync(node)).GetProperty("sold").GetInt64());
        await _users.HasAsync(Anna, node, balance => Of(balance, "own") == 4 * Credit, "she was paid");
        await _users.HasAsync(
            Ben, node, balance => Of(balance, "granted") + Of(balance, "reserved") == (5_000 * Credit) - (9 * Credit / 2) && Of(balance, "reserved") == 0,
            "he paid that and no more");
        var audit = await CeteProcess.RunAsync(["bank", "audit", "--json", "--node", node.Address.AbsoluteUri]);
        Assert.Equal(0, audit.Ended(0).Number("sum"));
    }

    private static long Of(JsonElement balance, string name) => balance.GetProperty(name).GetInt64();

    private static async Task<JsonElement> SongAsync(TestNode node)
    {
        var shown = await CeteProcess.RunAsync(["open", "shop", "songs/1", "--json", "--node", node.Address.AbsoluteUri]);
        return shown.Ended(0).Json.GetProperty("fields");
    }
}
