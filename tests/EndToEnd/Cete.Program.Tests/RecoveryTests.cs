using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Who may let others in: the administrator's key, issuing keys that are revoked, and a community whose first node is gone for ever.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ACommunityGoesOnWithoutItsFirstNodeByItsRootKey()
    {
        var (first, key, passphrase) = await FoundAsync(_folder);
        await using var gone = first;
        await using var second = await JoinAsync(first, _folder, "second");
        await using var third = await JoinAsync(first, _folder, "third");
        await SameListAsync(3, first, second, third);
        await first.EndAsync(CeteProcess.Kill);
        Directory.Delete(first.Data, recursive: true);

        // While it runs it holds its folder; and a wrong passphrase opens nothing.
        Assert.Contains("another process", (await RecoverAsync(_folder, second, key, passphrase)).Error, StringComparison.Ordinal);
        (await second.EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.Contains("passphrase is wrong", (await RecoverAsync(_folder, second, key, passphrase + "x")).Error, StringComparison.Ordinal);
        Assert.Contains("no file", (await RecoverAsync(_folder, second, key + ".gone", passphrase)).Error, StringComparison.Ordinal);
        (await RecoverAsync(_folder, second, key, passphrase)).Ended(0);
        await second.RestartAsync();
        await Eventually.TrueAsync(() => AliveAsync(third).Result.SequenceEqual(["second", "third"]), "the third takes the second as what it is now");

        // It lets others in; those who never heard of the first node too.
        await using var fourth = await JoinAsync(second, _folder, "fourth");
        await SameListAsync(3, second, third, fourth);
        (await AdministerAsync(second, "community", "remove", await IdAsync(second, "fourth"))).Ended(0);
        await Eventually.TrueAsync(() => !AliveAsync(third).Result.Contains("fourth"), "the third hears of a removal by the new keeper");
    }

    [Fact]
    public async Task NodesWhoseIssuerIsRevokedGetOtherCertificatesByThemselves()
    {
        var (founder, key, passphrase) = await FoundAsync(_folder);
        await using var first = founder;
        await using var second = await JoinAsync(first, _folder, "second");
        await SameListAsync(2, first, second);
        var old = (await AdministerAsync(first, "community", "issuers", "--json")).Ended(0).Json.GetProperty("id").GetString()!;
        Assert.Contains("the last key", (await AdministerAsync(first, "community", "revoke-issuer", old)).Error, StringComparison.Ordinal);

        (await first.EndAsync(CeteProcess.Terminate)).Ended(0);
        (await RecoverAsync(_folder, first, key, passphrase)).Ended(0);
        await first.RestartAsync();
        await using var third = await JoinAsync(first, _folder, "third");
        await SameListAsync(3, first, second, third);

        // One is there when the key is revoked, another hears of it when it is back.
        await second.EndAsync(CeteProcess.Kill);
        var before = await CertificateAsync(first, "third");
        (await AdministerAsync(first, "community", "revoke-issuer", old)).Ended(0);
        Assert.Contains("revoked already", (await AdministerAsync(first, "community", "revoke-issuer", old)).Ended(0).Out, StringComparison.Ordinal);
        await second.RestartAsync();
        await SameListAsync(3, first, second, third);
        Assert.Equal(before, await CertificateAsync(first, "third"));
    }

    [Fact]
    public async Task TheAdministratorsKeyIsAskedFor()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var other = await TestNode.CreateAsync(_folder.At("other"), Local);
        string[] remove = ["community", "remove", await IdAsync(first, Environment.MachineName)];
        foreach (var verb in (string[][])[["token", "create"], ["token", "list"], ["community", "issuers"], remove])
        {
            string[] command = [.. verb, "--node", first.Address.AbsoluteUri, "--key"];
            Assert.Contains("administrator", (await CeteProcess.RunAsync([.. command, KeyOf(other)])).Ended(9).Error, StringComparison.Ordinal);
            Assert.Contains("there is no key", (await CeteProcess.RunAsync([.. command, "/gone"])).Error, StringComparison.Ordinal);
        }

        using var http = new HttpClient();
        foreach (var path in (string[])["api/tokens", "API/tokens", "api/Tokens/", "api/%54okens", "Api/Issuers", $"api/NODES/{remove[2]}/removal"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete])
            {
                using var plain = await http.SendAsync(new HttpRequestMessage(method, new Uri(first.Address, path)), TestContext.Current.CancellationToken);
                Assert.Equal(System.Net.HttpStatusCode.Forbidden, plain.StatusCode);
            }
        }
    }

    private static async Task<string> CertificateAsync(TestNode by, string name) =>
        (await ListAsync(by)).GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("name").GetString() == name)
            .GetProperty("certificateEnds").GetString()!;
}
