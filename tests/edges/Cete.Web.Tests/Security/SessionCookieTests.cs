using Cete.Core;
using Cete.Web.Security;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Tests.Security;

public sealed class SessionCookieTests
{
    private static readonly Instant Ends = Instant.From(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly SessionCookie _cookie = new("abcdefghijklmnop");

    [Theory]
    [InlineData("http", "cete-abcdefgh", "")]
    [InlineData("https", "__Host-cete-abcdefgh", "; secure")]
    public void ScriptsNeverSeeItAndOtherSitesNeverSendIt(string scheme, string name, string secure)
    {
        var context = new DefaultHttpContext { Request = { Scheme = scheme } };
        _cookie.Write(context, "cete_s_x", Ends);
        Assert.Equal($"{name}=cete_s_x; expires=Wed, 02 Jan 2030 03:04:05 GMT; path=/{secure}; samesite=lax; httponly", context.Response.Headers.SetCookie);
    }

    [Fact]
    public void ItIsReadUnderTheNameThatItHasThere()
    {
        var context = new DefaultHttpContext { Request = { Scheme = "https" } };
        context.Request.Headers.Cookie = "cete-abcdefgh=planted; __Host-cete-abcdefgh=mine; __Host-cete-zzzzzzzz=another node's";
        Assert.Equal("mine", _cookie.Read(context.Request));
        context.Request.Scheme = "http";
        Assert.Equal("planted", _cookie.Read(context.Request));
        context.Request.Headers.Cookie = "cete-abcdefgh=";
        Assert.Null(_cookie.Read(context.Request));
    }

    [Fact]
    public void ItIsTakenAwayAsItWasGiven()
    {
        var context = new DefaultHttpContext { Request = { Scheme = "https" } };
        _cookie.Remove(context);
        Assert.Equal(
            "__Host-cete-abcdefgh=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; secure; samesite=lax; httponly", context.Response.Headers.SetCookie);
    }

    [Fact]
    public void AShortIdIsTakenAsItIs() => Assert.Equal("cete-n-1", new SessionCookie("n-1").NameFor(new DefaultHttpContext().Request));
}
