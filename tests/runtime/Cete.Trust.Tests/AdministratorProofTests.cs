using System.Globalization;
using Cete.Core;

namespace Cete.Trust.Tests;

/// <summary>What shows that a request is the administrator's.</summary>
public sealed class AdministratorProofTests : IDisposable
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private static readonly KeyId Community = KeyId.Of([1]);
    private readonly NodeKey _key = NodeKey.Create();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void It_counts_for_the_request_that_was_signed()
    {
        var field = Make();
        Assert.Null(Check(field));
        Assert.Equal(FailureKind.Forbidden, Check(field, method: "DELETE")!.Kind);
        Assert.Equal(FailureKind.Forbidden, Check(field, target: "/api/tokens?cursor=2")!.Kind);
        Assert.Equal(FailureKind.Forbidden, Check(field, body: "{\"hours\":9}")!.Kind);
        Assert.Equal(FailureKind.Forbidden, Check(field, community: KeyId.Of([2]))!.Kind);
        using var other = NodeKey.Create();
        Assert.Equal(FailureKind.Forbidden, Check(field, key: other)!.Kind);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(299, true)]
    [InlineData(-299, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    [InlineData(94_608_000, false)]
    public void It_counts_for_minutes(int seconds, bool counts)
    {
        var failure = Check(Make(), now: Now + TimeSpan.FromSeconds(seconds));
        Assert.Equal(counts, failure is null);
        Assert.True(counts || failure!.Message.Contains("clock", StringComparison.Ordinal));
    }

    [Fact]
    public void Its_time_cannot_be_moved()
    {
        var parts = Make().Split(' ');
        var later = (Now + TimeSpan.FromSeconds(200)).Microseconds.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(FailureKind.Forbidden, Check($"{later} {parts[1]}")!.Kind);
    }

    [Theory]
    [InlineData(null, FailureKind.Forbidden)]
    [InlineData("", FailureKind.Forbidden)]
    [InlineData("x", FailureKind.Invalid)]
    [InlineData("1 2 3", FailureKind.Invalid)]
    [InlineData("-1 AAAA", FailureKind.Invalid)]
    [InlineData("99999999999999999999999999 AAAA", FailureKind.Invalid)]
    [InlineData("9223372036854775807 AAAA", FailureKind.Forbidden)]
    [InlineData("0 AAAA", FailureKind.Forbidden)]
    public void Other_text_is_refused(string? field, FailureKind kind)
    {
        Assert.Equal(kind, Check(field)!.Kind);
        Assert.Equal(FailureKind.Invalid, Check("1 " + new string('A', 4_000))!.Kind);
        Assert.Equal(FailureKind.Forbidden, Check($"{Now.Microseconds} AAAA")!.Kind);
    }

    private string Make() => AdministratorProof.Make(_key, Community, Now, "POST", "/api/tokens", "{}"u8);

    private Failure? Check(
        string? field, string method = "POST", string target = "/api/tokens", string body = "{}", KeyId? community = null, NodeKey? key = null,
        Instant? now = null) => AdministratorProof.Check(
        field, (key ?? _key).PublicKey.Span, community ?? Community, now ?? Now, method, target, System.Text.Encoding.UTF8.GetBytes(body));
}
