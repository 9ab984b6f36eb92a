using System.Text.Json;
using Cete.Core;

namespace Cete.Api.Tests;

public sealed class ProblemsTests
{
    public static TheoryData<FailureKind, int, string> Kinds() => new()
    {
        { FailureKind.Invalid, 400, "invalid" },
        { FailureKind.Forbidden, 403, "forbidden" },
        { FailureKind.NotFound, 404, "not-found" },
        { FailureKind.Conflict, 409, "conflict" },
        { FailureKind.Expired, 410, "expired" },
        { FailureKind.TooLarge, 413, "too-large" },
        { FailureKind.Damaged, 422, "damaged" },
        { FailureKind.Full, 507, "full" },
        { FailureKind.Unavailable, 503, "unavailable" },
        { FailureKind.Cancelled, 503, "cancelled" },
        { FailureKind.Unauthenticated, 401, "unauthenticated" },
        { FailureKind.Throttled, 429, "throttled" },
        { FailureKind.Unpaid, 402, "unpaid" },
        { FailureKind.TakenDown, 451, "taken-down" },
    };

    [Fact]
    public void Every_kind_is_listed_here() => Assert.Equal(Enum.GetValues<FailureKind>().Order(), Kinds().Select(row => row.Data.Item1).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failure_becomes_a_problem_and_comes_back(FailureKind kind, int status, string code)
    {
        var failure = new Failure(kind, "what, where and what to do");
        var problem = Problems.Of(failure);
        Assert.Equal((status, code, "urn:cete:problem:" + code), (problem.Status, problem.Code, problem.Type));
        Assert.Equal(status, Problems.StatusOf(kind));
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(problem, ApiJson.Default.Problem), ApiJson.Default.Problem);
        Assert.Equal(problem, read);
        Assert.Equal(failure, Problems.ToFailure(read, 200));
    }

    [Theory]
    [InlineData(400, FailureKind.Invalid)]
    [InlineData(401, FailureKind.Unauthenticated)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    [InlineData(409, FailureKind.Conflict)]
    [InlineData(413, FailureKind.TooLarge)]
    [InlineData(418, FailureKind.Invalid)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.Unavailable)]
    [InlineData(599, FailureKind.Unavailable)]
    public void A_problem_from_elsewhere_is_judged_by_its_status(int status, FailureKind kind)
    {
        Assert.Equal(kind, Problems.ToFailure(null, status).Kind);
        var foreign = new Problem("about:blank", "Oh", status, "the detail", "ISE-17");
        Assert.Equal(new Failure(kind, "the detail"), Problems.ToFailure(foreign, status));
        var empty = JsonSerializer.Deserialize("{}", ApiJson.Default.Problem);
        Assert.Equal(kind, Problems.ToFailure(empty, status).Kind);
        Assert.Contains($"{status}", Problems.ToFailure(empty, status).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_without_detail_still_says_something()
    {
        var problem = JsonSerializer.Deserialize("""{"code":"full"}""", ApiJson.Default.Problem);
        var failure = Problems.ToFailure(problem, 507);
        Assert.Equal(FailureKind.Full, failure.Kind);
        Assert.False(string.IsNullOrEmpty(failure.Message));
    }
}
