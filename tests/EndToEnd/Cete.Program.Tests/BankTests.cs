using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Downloads that are paid, by processes: the bank's root is killed in the middle of one, and not one credit is made or lost.</summary>
public sealed class BankTests : IDisposable
{
    private const string Anna = "anna";
    private const string Ben = "ben";
    private const long Credit = 1_000_000;
    private const long FilmBytes = 200L << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private readonly TempFolder _folder = new();
    private readonly Users _users;

    public BankTests() => _users = new Users(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ADownloadIsPaidToTheLastMicroCreditThoughTheBanksRootIsKilledInTheMiddle()
    {
        await using var community = await Replicas.StartAsync(_folder, 3);
        await Eventually.TrueAsync(
            async () => await community.Apis[0].GroupAsync("bank") is { Succeeded: true, Value.FailuresTolerated: 1 }, "three nodes keep the bank", Bound);
        var root = await community.RootedAsync("bank");
        var left = community.Nodes.First(node => node != root);
        await _users.RegisterAsync(left, Ben);
        await _users.HasAsync(Ben, left, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "a newcomer is given credits");
        var film = _folder.Write("film", FilmBytes, 1);
        (await left.CeteAsync("put", film, "--to", "/films")).Ended(0);
        await DecideAsync(left, "--price", "2.5", "--community", "100", "--close-delay", "1");

        // Without a word beforehand nothing is paid, hence nothing fetched.
        var refused = await _users.AsAsync(Ben, left, "get", "/films/film", "--to", _folder.At("refused"), "--json");
        Assert.Equal(11, refused.Code);
        Assert.False(File.Exists(_folder.At("refused/film")));

        var target = _folder.At("out");
        await using var get = CeteProcess.Start(
            ["get", "/films/film", "--to", target, "--yes", "--json", "--node", left.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _users.SettingsOf(Ben)));
        await Eventually.TrueAsync(() => Disk.PiecesIn(target, FilmBytes) > 0 || get.HasExited, "a part was fetched", Bound);
        await root.EndAsync(CeteProcess.Kill);
        var got = (await get.EndAsync()).Ended(0);
        var paid = got.Json.GetProperty("paid").GetInt64();
        Assert.Equal(File.ReadAllBytes(film), File.ReadAllBytes(Path.Combine(target, "film")));
        Assert.InRange(paid, FilmBytes / 1024 * 2_500_000 / 1024, FilmBytes / 1024 * 2_700_000 / 1024);

        // What he paid, and no more, is missing; it is where it belongs, and the whole journal says so.
        await community.RootedAsync("bank", left);
        await _users.HasAsync(
            Ben, left,
            balance => balance.GetProperty("reserved").GetInt64() == 0 && balance.GetProperty("granted").GetInt64() == (5_000 * Credit) - paid,
            "what was not used came back");
        var audit = await CeteProcess.RunAsync(["bank", "audit", "--json", "--node", left.Address.AbsoluteUri]);
        Assert.Equal(0, audit.Ended(0).Number("sum"));
        Assert.Equal(2 * 5_000 * Credit, audit.Number("supply"));
        var supply = await SupplyAsync(left);
        Assert.Equal(paid / 10, Of(supply, "treasury"));
        Assert.Equal(paid - (paid / 10), Of(supply, "node") + Of(supply, "user"));
    }

    [Fact]
    public async Task WhatWasGivenIsNotSentOnWhatIsPaidOutIsAndOnce()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        await _users.RegisterAsync(node, Anna);
        await _users.RegisterAsync(node, Ben);
        await _users.HasAsync(Anna, node, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "a newcomer is given credits");
        await _users.HasAsync(Ben, node, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "a newcomer is given credits");
        var without = await _users.AsAsync(Anna, node, "bank", "send", Ben, "1");
        Assert.Equal(11, without.Code);
        Assert.Contains("0 credits are there", without.Error, StringComparison.Ordinal);

        // Members decide nothing and pay nothing out.
        Assert.Equal(9, (await _users.AsAsync(Anna, node, "bank", "policy", "--price", "1")).Code);
        Assert.Equal(9, (await _users.AsAsync(Anna, node, "bank", "pay-out", Anna, "1")).Code);
        Assert.Contains("amount", (await _users.AsAsync(Anna, node, "bank", "send", Ben, "0")).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _users.AsAsync(Anna, node, "bank", "send", Ben, "1.0000001")).Code);
        Assert.Equal(3, (await _users.AsAsync(Anna, node, "bank", "send", "nobody-of-that-name", "1")).Code);

        // A receipt shows what it says, and not something else.
        var receipt = _folder.At("receipt.json");
        await Eventually.TrueAsync(
            async () => (await _users.AsAsync(Anna, node, "bank", "receipt", "1", "--save", receipt)).Code == 0, "the journal is under a signed head", Bound);
        (await _users.AsAsync(Anna, node, "bank", "receipt", receipt, "--check")).Ended(0);
        await File.WriteAllTextAsync(
            receipt, (await File.ReadAllTextAsync(receipt, Cancel)).Replace("5000000000", "6000000000", StringComparison.Ordinal), Cancel);
        Assert.Equal(6, (await _users.AsAsync(Anna, node, "bank", "receipt", receipt, "--check")).Code);

        // A journal that was kept is looked at without a node; one byte of an entry that is changed is found.
        var journal = _folder.At("journal");
        (await _users.AsAsync(Anna, node, "bank", "audit", "--save", journal)).Ended(0);
        (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
        (await CeteProcess.RunAsync(["bank", "audit", "--from", journal])).Ended(0);
        var bytes = await File.ReadAllBytesAsync(journal, Cancel);
        var amount = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x80, 0xe4, 0x97, 0xd0, 0x12]);
        bytes[amount + 1] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes, Cancel);
        var found = await CeteProcess.RunAsync(["bank", "audit", "--from", journal]);
        Assert.Equal(6, found.Code);
        Assert.Contains("entry 1 ", found.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatANodeEarnedThatBelongsToNobodyIsClaimedToTheMicroCreditAndNoMore()
    {
        var data = _folder.At("node");
        await using var node = await TestNode.CreateAsync(data);
        await _users.RegisterAsync(node, Anna);
        await _users.RegisterAsync(node, Ben);
        await _users.HasAsync(Ben, node, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "a newcomer is given credits");
        var film = _folder.Write("film", 3 << 20, 2);
        (await node.CeteAsync("put", film, "--to", "/films")).Ended(0);
        await DecideAsync(node, "--price", "2.5", "--community", "100", "--close-delay", "1");
        var paid = (await _users.AsAsync(Ben, node, "get", "/films/film", "--to", _folder.At("out"), "--yes", "--json")).Ended(0).Number("paid");
        var earned = paid - (paid / 10);
        await Eventually.TrueAsync(async () => Of(await SupplyAsync(node), "node") == earned, "the node is paid", Bound);

        // Only with the node's key, by somebody who is logged in, and for an account.
        var elsewhere = await _users.AsAsync(Anna, node, "bank", "claim", "--data", _folder.At("nowhere"));
        Assert.Equal(3, elsewhere.Code);
        Assert.Contains("--data", elsewhere.Error, StringComparison.Ordinal);
        Assert.Equal(9, (await _users.AsAsync("guest", node, "bank", "claim", "--data", data)).Code);
        Assert.Equal(2, (await _users.AsAsync(Anna, node, "bank", "claim", "--data", data, "--for", "treasury")).Code);
        Assert.Equal(3, (await _users.AsAsync(Anna, node, "bank", "claim", "--data", data, "--for", "nobody-of-that-name")).Code);

        Assert.Equal(earned, (await _users.AsAsync(Anna, node, "bank", "claim", "--data", data, "--json")).Ended(0).Number("amount"));
        await _users.HasAsync(Anna, node, balance => balance.GetProperty("own").GetInt64() == earned, "what the node earned is its owner's");
        var supply = await SupplyAsync(node);
        Assert.Equal((0, earned), (Of(supply, "node"), Of(supply, "user")));
        Assert.Equal(0, (await _users.AsAsync(Anna, node, "bank", "claim", "--data", data, "--for", Ben, "--json")).Ended(0).Number("amount"));
        Assert.Equal(0, (await _users.AsAsync(Anna, node, "bank", "audit", "--json")).Ended(0).Number("sum"));

        // What she has now she can send on; more than that is too little, and she is told how to earn.
        var tooMuch = await _users.AsAsync(Anna, node, "bank", "send", Ben, "100000");
        Assert.Equal(11, tooMuch.Code);
        Assert.Contains("cete token create", tooMuch.Error, StringComparison.Ordinal);
        (await _users.AsAsync(Anna, node, "bank", "send", Ben, "1")).Ended(0);
    }

    [Fact]
    public async Task WhoFiledWhatIsDownloadedGetsTheAuthorsPart()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        await _users.RegisterAsync(node, Anna);
        await _users.RegisterAsync(node, Ben);
        await _users.HasAsync(Ben, node, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "a newcomer is given credits");
        (await _users.AsAsync(Anna, node, "put", _folder.Write("film", 3 << 20, 2), "--to", "/films")).Ended(0);
        (await node.CeteAsync("put", _folder.Write("other", 1 << 20, 3), "--to", "/mixed")).Ended(0);
        (await _users.AsAsync(Anna, node, "put", _folder.Write("hers", 1 << 20, 4), "--to", "/mixed")).Ended(0);
        await DecideAsync(node, "--price", "2.5", "--author", "200", "--community", "100", "--close-delay", "1");
        var paid = (await _users.AsAsync(Ben, node, "get", "/films/film", "--to", _folder.At("out"), "--yes", "--json")).Ended(0).Number("paid");
        Assert.True(paid >= 3 * 2_500_000);
        await _users.HasAsync(Anna, node, balance => balance.GetProperty("own").GetInt64() == paid / 5, "the author gets a fifth");
        var supply = await SupplyAsync(node);
        Assert.Equal((paid / 10, paid - (paid / 5) - (paid / 10)), (Of(supply, "treasury"), Of(supply, "node")));

        // A lane has one author: of several nobody is named, and the provider keeps it all.
        var mixed = (await _users.AsAsync(Ben, node, "get", "/mixed", "--to", _folder.At("out"), "--yes", "--json")).Ended(0).Number("paid");
        await Eventually.TrueAsync(
            async () => Of(await SupplyAsync(node), "node") + Of(await SupplyAsync(node), "treasury") == paid - (paid / 5) + mixed, "all is paid", Bound);
        Assert.Equal(paid / 5, (await _users.AsAsync(Anna, node, "bank", "balance", "--json")).Ended(0).Number("own"));
        Assert.Equal(0, (await _users.AsAsync(Anna, node, "bank", "audit", "--json")).Ended(0).Number("sum"));
    }

    [Fact]
    public async Task WithoutEnoughCreditsADownloadIsRefusedUntilTheCommunityLetsThoseComeLast()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        await _users.RegisterAsync(node, Ben);
        await _users.HasAsync(Ben, node, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "a newcomer is given credits");
        var film = _folder.Write("film", 3 << 20, 2);
        (await node.CeteAsync("put", film, "--to", "/films")).Ended(0);
        await DecideAsync(node, "--price", "2000");
        var refused = await _users.AsAsync(Ben, node, "get", "/films/film", "--to", _folder.At("out"), "--yes", "--json");
        Assert.Equal(11, refused.Code);
        Assert.Contains("cete token create", refused.Error + refused.Out, StringComparison.Ordinal);
        await DecideAsync(node, "--out-of-credits", "last");
        await Eventually.TrueAsync(
            async () => (await _users.AsAsync(Ben, node, "get", "/films/film", "--to", _folder.At("out"), "--yes", "--json")) is { Code: 0 } got
                && got.Json.GetProperty("paid").GetInt64() == 0,
            "he comes last", Bound);
        Assert.Equal(File.ReadAllBytes(film), File.ReadAllBytes(_folder.At("out/film")));
        await _users.HasAsync(Ben, node, balance => balance.GetProperty("granted").GetInt64() == 5_000 * Credit, "nothing was paid");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static long Of(JsonElement supply, string kind) => supply.GetProperty("accounts").EnumerateArray()
        .Where(one => one.GetProperty("kind").GetString() == kind).Sum(one => one.GetProperty("balance").GetInt64());

    private static async Task<JsonElement> SupplyAsync(TestNode node) =>
        (await CeteProcess.RunAsync(["bank", "supply", "--json", "--node", node.Address.AbsoluteUri])).Ended(0).Json;

    /// <summary>As the administrator; until the node where it is to count asks for it.</summary>
    private static async Task DecideAsync(TestNode node, params string[] arguments)
    {
        (await CeteProcess.RunAsync(["bank", "policy", .. arguments, "--node", node.Address.AbsoluteUri])).Ended(0);
        using var http = new HttpClient { BaseAddress = node.Address };
        await Eventually.TrueAsync(
            async () =>
            {
                using var asked = await http.GetAsync("/files/films/film", HttpCompletionOption.ResponseHeadersRead, Cancel);
                return (int)asked.StatusCode == 402;
            },
            "the price counts", Bound);
    }
}
