using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("example.org:7400", "example.org", 7400)]
    [InlineData("Node-1.Example.ORG:1", "node-1.example.org", 1)]
    [InlineData("localhost:65535", "localhost", 65_535)]
    [InlineData("xn--mnchen-3ya.de:80", "xn--mnchen-3ya.de", 80)]
    [InlineData("192.0.2.7:80", "192.0.2.7", 80)]
    [InlineData("[2001:DB8:0:0::1]:443", "2001:db8::1", 443)]
    [InlineData("[::ffff:192.0.2.7]:443", "::ffff:192.0.2.7", 443)]
    public void What_can_be_called_is_read(string text, string host, int port)
    {
        var address = NodeAddress.Parse(text).Value;
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(address, NodeAddress.Parse(address.ToString()).Value);
    }

    [Theory]
    [InlineData("", "port")]
    [InlineData("example.org", "port")]
    [InlineData("example.org:", "port")]
    [InlineData("example.org:0", "port")]
    [InlineData("example.org:65536", "port")]
    [InlineData("example.org:+1", "port")]
    [InlineData("example.org: 1", "port")]
    [InlineData(":80", "host name")]
    [InlineData("a..b:80", "host name")]
    [InlineData("-a.b:80", "host name")]
    [InlineData("a b:80", "host name")]
    [InlineData("münchen.de:80", "xn--")]
    [InlineData("user@host:80", "host name")]
    [InlineData("http://host:80", "brackets")]
    [InlineData("2001:db8::1:80", "brackets")]
    [InlineData("[fe80::1%eth0]:80", "IPv6")]
    [InlineData("[192.0.2.7]:80", "IPv6")]
    [InlineData("[]:80", "IPv6")]
    [InlineData("192.0.2:80", "IPv4")]
    [InlineData("192.0.2.256:80", "IPv4")]
    [InlineData("192.0.2.07:80", "IPv4")]
    [InlineData("0x7f000001.1:80", "IPv4")]
    public void What_cannot_is_refused_with_the_reason(string text, string why) => Refused.With(NodeAddress.Parse(text), "no address of a node", why);

    [Fact]
    public void Lengths_are_bounded()
    {
        var longest = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)) + "." + new string('b', 61);
        Assert.Equal(NodeAddress.HostLengthMax, longest.Length);
        Assert.True(NodeAddress.Parse(longest + ":65535").Succeeded);
        Refused.With(NodeAddress.Parse(longest + "b:1"), "host name");
        Refused.With(NodeAddress.Parse(new string('a', 64) + ".org:1"), "host name");
        Refused.With(NodeAddress.Parse(new string('a', 1_000_000)), "at most");
    }
}
