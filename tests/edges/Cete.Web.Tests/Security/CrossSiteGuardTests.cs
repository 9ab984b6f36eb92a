using Cete.Core;
using Cete.Web.Security;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Tests.Security;

public sealed class CrossSiteGuardTests
{
    private static readonly CrossSiteGuard Guard = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Theory]
    [InlineData("POST", "same-origin", null, true, true)]
    [InlineData("POST", "none", null, true, true)]
    [InlineData("POST", "same-site", null, true, false)]
    [InlineData("POST", "cross-site", null, true, false)]
    [InlineData("POST", "cross-site", "http://node.example:2383", true, false)]
    [InlineData("POST", "Same-Origin", null, true, false)]
    [InlineData("POST", "something newer", null, true, false)]
    [InlineData("POST", null, "http://node.example:2383", true, true)]
    [InlineData("POST", null, "https://node.example:2383", true, false)]
    [InlineData("POST", null, "http://node.example:2384", true, false)]
    [InlineData("POST", null, "http://node.example", true, false)]
    [InlineData("POST", null, "http://other.example:2383", true, false)]
    [InlineData("POST", null, "null", true, false)]
    [InlineData("POST", null, null, true, false)]
    [InlineData("PUT", null, null, true, false)]
    [InlineData("PATCH", "cross-site", null, true, false)]
    [InlineData("DELETE", "cross-site", null, true, false)]
    [InlineData("INVENTED", "cross-site", null, true, false)]
    [InlineData("GET", "cross-site", null, true, true)]
    [InlineData("HEAD", "cross-site", null, true, true)]
    [InlineData("POST", "cross-site", null, false, false)]
    [InlineData("POST", null, "http://other.example:2383", false, false)]
    [InlineData("POST", null, null, false, true)]
    public void WhatChangesSomethingComesFromPagesOfThisNodeAlone(string method, string? site, string? origin, bool hasSession, bool isLetIn)
    {
        var failure = CrossSiteGuard.Check(Request(method, site, origin), hasSession);
        Assert.Equal(isLetIn, failure is null);
        Assert.True(isLetIn || failure!.Kind == FailureKind.Forbidden);
    }

    [Theory]
    [InlineData("Bearer cete_t_abc", false, true)]
    [InlineData("bearer cete_t_abc", false, true)]
    [InlineData("Basic abc", false, false)]
    [InlineData("Bearer cete_t_abc", true, false)]
    public void ATokenThatNoBrowserAddsByItselfIsEnough(string authorization, bool hasSession, bool isLetIn)
    {
        var request = Request("POST", "cross-site", null);
        request.Headers.Authorization = authorization;
        Assert.Equal(isLetIn, CrossSiteGuard.Check(request, hasSession) is null);
    }

    [Fact]
    public void AFormIsTakenInTheSessionThatItWasMadeFor()
    {
        var token = Guard.TokenFor("AAAAAAAAAAA");
        Assert.Null(Guard.CheckForm("AAAAAAAAAAA", token));
        string?[] others = [null, string.Empty, token[..^1], token + "0", token.ToUpperInvariant(), Guard.TokenFor("BBBBBBBBBBB"), "é"];
        foreach (var other in others)
        {
            Assert.Equal(FailureKind.Forbidden, Guard.CheckForm("AAAAAAAAAAA", other)?.Kind);
        }

        Assert.NotEqual(token, new CrossSiteGuard(new byte[32]).TokenFor("AAAAAAAAAAA"));
        Assert.Equal(token, new CrossSiteGuard(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()).TokenFor("AAAAAAAAAAA"));
    }

    private static HttpRequest Request(string method, string? site, string? origin)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = (method, "http", new HostString("node.example", 2383));
        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        return request;
    }
}
