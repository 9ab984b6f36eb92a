using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Nodes whose clocks are years apart, and tokens that end while somebody waits.</summary>
public sealed class ClockTests : IDisposable
{
    private static readonly TimeSpan WithinHandshakes = TimeSpan.FromMinutes(1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("+3y", "expired 2 years ago")]
    [InlineData("-3y", "not valid yet")]
    public async Task ANodeWhoseClockIsYearsOffIsToldSoWhenItWantsToJoin(string off, string says)
    {
        FakeClock.Needed();
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        var token = await TokenAsync(first);
        var began = TimeProvider.System.GetTimestamp();
        var ran = await JoinAsync(token, FakeClock.Off(off));
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.Contains("one of the two computers has its clock wrong", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < WithinHandshakes);

        // Once the clock is right the same token and folder do.
        await using var second = await TestNode.StartAsync(_folder.At("joining"), ["--token", token, "--name", "second", .. Local]);
        await SameListAsync(2, first, second);
    }

    [Theory]
    [InlineData("+3y", "expired 2 years ago")]
    [InlineData("-3y", "not valid yet")]
    public async Task AMemberThatComesBackWithAClockYearsOffServesOnAndItsDoctorNamesTheClock(string off, string says)
    {
        FakeClock.Needed();
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using (var second = await Community.JoinAsync(first, _folder, "second"))
        {
            await SameListAsync(2, first, second);
            (await second.EndAsync(CeteProcess.Terminate)).Ended(0);
        }

        await using var wrong = await TestNode.StartAsync(_folder.At("second"), Local, FakeClock.Off(off));
        await Eventually.TrueAsync(() => Problem(wrong, "meeting").Contains(says, StringComparison.Ordinal), "the doctor says why it meets nobody");
        Assert.Contains("one of the two computers has its clock wrong", Problem(wrong, "meeting"), StringComparison.Ordinal);
        Assert.Single(await AliveAsync(first));
        var ended = (await wrong.EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);

        // It is told to people once, however often it is tried.
        Assert.Single(ended.Error.Split('\n'), line => line.Contains("warning 1040", StringComparison.Ordinal));

        await using var right = await TestNode.StartAsync(_folder.At("second"), Local);
        await SameListAsync(2, first, right);
    }

    [Theory]
    [InlineData("+3y", "ahead of")]
    [InlineData("-3y", "behind")]
    public async Task AMemberWhoseClockJumpsStaysAndItsDoctorSaysSo(string off, string side)
    {
        FakeClock.Needed();
        var clock = _folder.At("clock");
        await File.WriteAllTextAsync(clock, "+0", TestContext.Current.CancellationToken);
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await TestNode.StartAsync(
            _folder.At("second"), ["--token", await TokenAsync(first), "--name", "second", .. Local], FakeClock.ByFile(clock));
        await SameListAsync(2, first, second);
        Assert.Empty(Problem(second, "clock"));

        await File.WriteAllTextAsync(clock, off, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Problem(second, "clock").Contains($"1095 days {side}", StringComparison.Ordinal), "the doctor sees the jump");
        Assert.Equal(2, (await AliveAsync(first)).Count);
        Assert.False(second.Process.HasExited);

        await File.WriteAllTextAsync(clock, "+0", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Problem(second, "clock").Length == 0, "all is well again");
        await SameListAsync(2, first, second);
        var ended = (await second.EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenThatExpiredLetsNobodyInByWhicheverClock()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        var made = (await AdministerAsync(first, "token", "create", "--seconds", "1", "--json")).Ended(0).Json;
        await Eventually.TrueAsync(() => StateOf(first, made.GetProperty("id").GetString()!) == "expired", "the token has expired");
        var token = made.GetProperty("token").GetString()!;
        var ran = await JoinAsync(token);
        Assert.NotEqual(0, ran.Code);
        Assert.Contains("the token expired", ran.Error, StringComparison.Ordinal);
        Assert.Contains("ask who sent it for another", ran.Error, StringComparison.Ordinal);

        // For the newcomer's clock it counts still; that of the community decides.
        FakeClock.Needed();
        ran = await JoinAsync(token, FakeClock.Off("-30m"));
        Assert.NotEqual(0, ran.Code);
        Assert.Contains("did not let this node in", ran.Error, StringComparison.Ordinal);
        Assert.Contains("ended at", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
        Assert.Single(await AliveAsync(first));
    }

    private static string StateOf(TestNode first, string token) => AdministerAsync(first, "token", "list", "--json").Result.Ended(0).Lines
        .Single(known => known.GetProperty("id").GetString() == token).GetProperty("state").GetString()!;

    /// <summary>What the doctor of a node calls a problem, by its check; empty when it does not.</summary>
    private static string Problem(TestNode node, string check)
    {
        var ran = node.CeteAsync("doctor", "--json").Result;
        Assert.Empty(ran.Error);
        return ran.Json.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("check").GetString() == check && finding.GetProperty("level").GetString() == "problem")
            .Select(finding => finding.GetProperty("seen").GetString()!).FirstOrDefault(string.Empty);
    }

    private Task<Ran> JoinAsync(string token, IReadOnlyDictionary<string, string>? variables = null) => CeteProcess.RunAsync(
        ["node", "--data", _folder.At("joining"), "--http", "127.0.0.1:0", "--name", "second", "--token", token, .. Local], variables: variables);
}
