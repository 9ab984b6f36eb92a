using System.Text;
using Cete.Core;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class JoinTokenTests
{
    private static readonly KeyId Id = new("communitycommunityco"u8);
    private static readonly Instant Expiry = Community.Founded + TimeSpan.FromDays(1);
    private readonly JoinToken _token =
        JoinToken.Create(Id, Expiry, Addresses("example.org:7400", "[2001:db8::1]:7400"), "ada", Community.Roles("index", "cache")).Value;

    [Fact]
    public void It_comes_back_from_its_line_and_its_link()
    {
        var line = _token.ToLine();
        Assert.Matches("^cete1[a-z2-7]+$", line);
        Same(_token, JoinToken.Parse(line).Value);
        Assert.Equal("cete:join/" + line, _token.ToLink());
        Same(_token, JoinToken.Parse(_token.ToLink()).Value);

        var bare = JoinToken.Create(Id, Expiry, Addresses("192.0.2.1:1"), null, RoleSet.Empty).Value;
        Same(bare, JoinToken.Parse(bare.ToLine()).Value);
        Assert.InRange(bare.ToLine().Length, 100, 160);
        Assert.Equal($"token {_token.Id}", _token.ToString());
    }

    [Fact]
    public void What_terminals_and_letters_do_to_a_line_does_no_harm()
    {
        var line = _token.ToLine();
        Same(_token, JoinToken.Parse($"  {line}\r\n").Value);
        Same(_token, JoinToken.Parse(line.ToUpperInvariant()).Value);
        Same(_token, JoinToken.Parse(string.Join("\n  ", line.Chunk(40).Select(part => new string(part)))).Value);
    }

    [Fact]
    public void A_wrong_letter_anywhere_is_told_as_damage()
    {
        var line = _token.ToLine();
        for (var at = 5; at < line.Length; at++)
        {
            foreach (var other in "ax7")
            {
                if (line[at] != other)
                {
                    var failure = Refused.With(JoinToken.Parse($"{line[..at]}{other}{line[(at + 1)..]}"), "damaged", "copy it again");
                    Assert.Equal(FailureKind.Damaged, failure.Kind);
                }
            }
        }
    }

    [Fact]
    public void A_line_cut_off_anywhere_is_told_as_such()
    {
        var line = _token.ToLine();
        for (var length = 5; length < line.Length; length++)
        {
            Refused.With(JoinToken.Parse(line[..length]), "damaged", "cut off");
        }

        Refused.With(JoinToken.Parse(line + "a"), "damaged", "too many");
        Refused.With(JoinToken.Parse(line.Remove(40, 1)), "damaged");
        Refused.With(JoinToken.Parse(line + line), "damaged");
    }

    [Theory]
    [InlineData("", "not a token")]
    [InlineData("cete", "not a token")]
    [InlineData("cete0abc", "not a token")]
    [InlineData("hello", "not a token")]
    [InlineData("cete:join/", "not a token")]
    [InlineData("cete:join/cete:join/cete1", "not a token")]
    [InlineData("cete2abcdefgh", "newer version")]
    [InlineData("cete:join/cete9", "newer version")]
    [InlineData("cete1", "cut off")]
    [InlineData("cete1*", "damaged")]
    [InlineData("cete1aaaaaaaa", "damaged")]
    public void What_is_no_token_is_told_as_what_it_is(string text, string why) => Refused.With(JoinToken.Parse(text), why);

    [Fact]
    public void Lines_are_bounded()
    {
        Assert.Equal(FailureKind.TooLarge, Refused.With(JoinToken.Parse("cete1" + new string('a', 5_000)), "not a token", "characters").Kind);
        Assert.Equal(FailureKind.TooLarge, JoinToken.Parse(new string(' ', 50_000_000)).Failure!.Kind);

        var host = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)) + "." + new string('b', 61);
        var roles = Enumerable.Range(0, RoleSet.CountMax).Select(i => $"r{i}".PadRight(RoleSet.NameLengthMax, 'x')).ToArray();
        var most = JoinToken.Create(
            Id, Expiry, Addresses([.. Enumerable.Repeat(host + ":65535", JoinToken.AddressesMax)]), new string('a', JoinToken.AccountBytesMax),
            Community.Roles(roles)).Value;
        Same(most, JoinToken.Parse(most.ToLine()).Value);
    }

    [Fact]
    public void A_sum_that_fits_saves_no_field_that_does_not()
    {
        foreach (var (address, account) in new[] { ("nonsense", "ada"), ("a.org:1", new string('x', 65)), ("a.org:1", "a\nb") })
        {
            Refused.With(JoinToken.Parse(Raw(address, account)), "");
        }

        Assert.True(JoinToken.Parse(Raw("a.org:1", "ada")).Succeeded);
        Refused.With(JoinToken.Parse(Raw("a.org:1", "ada", "Bank")), "malformed");
        Refused.With(JoinToken.Parse(Raw("a.org:1", "ada", "bank", secretSize: 15)), "malformed");
    }

    [Fact]
    public void What_a_token_cannot_hold_is_refused_when_it_is_made()
    {
        Refused.With(JoinToken.Create(Id, Expiry, [], null, RoleSet.Empty), "1 to 4 addresses");
        Refused.With(JoinToken.Create(Id, Expiry, Addresses("a:1", "b:1", "c:1", "d:1", "e:1"), null, RoleSet.Empty), "1 to 4 addresses");
        Refused.With(JoinToken.Create(Id, Expiry, Addresses("a:1"), "", RoleSet.Empty), "account");
        Refused.With(JoinToken.Create(Id, Expiry, Addresses("a:1"), new string('é', 33), RoleSet.Empty), "account");
        Refused.With(JoinToken.Create(Id, new Instant(-1_000_000), Addresses("a:1"), null, RoleSet.Empty), "end of a token");
    }

    [Fact]
    public void Its_secret_matches_the_hash_that_is_kept_and_no_other()
    {
        Assert.True(JoinToken.Matches(_token.Secret, _token.SecretHash));
        var near = _token.Secret.ToArray();
        near[^1] ^= 1;
        Assert.False(JoinToken.Matches(near, _token.SecretHash));
        Assert.False(JoinToken.Matches([], Hash256.Of([])));
        var other = JoinToken.Create(Id, Expiry, Addresses("a:1"), null, RoleSet.Empty).Value;
        Assert.NotEqual(_token.SecretHash, other.SecretHash);
        Assert.NotEqual(_token.Id, other.Id);
    }

    [Fact]
    public void It_ends_when_it_says()
    {
        Assert.Null(_token.CheckTime(Expiry));
        var failure = _token.CheckTime(Expiry + TimeSpan.FromHours(3))!;
        Assert.Equal(FailureKind.Expired, failure.Kind);
        Assert.Contains("the token expired 3 hours ago", failure.Message, StringComparison.Ordinal);
    }

    private static NodeAddress[] Addresses(params string[] texts) => [.. texts.Select(text => NodeAddress.Parse(text).Value)];

    private static void Same(JoinToken a, JoinToken b)
    {
        Assert.Equal((a.Id, a.SecretHash, a.Community, a.ExpirySeconds, a.Account), (b.Id, b.SecretHash, b.Community, b.ExpirySeconds, b.Account));
        Assert.Equal(a.Secret.ToArray(), b.Secret.ToArray());
        Assert.Equal(a.Addresses, b.Addresses);
        Assert.Equal(a.Roles, b.Roles);
    }

    /// <summary>A line whose length and sum fit whatever stands in it.</summary>
    private static string Raw(string address, string account, string role = "bank", int secretSize = 16)
    {
        byte[] fields =
        [
            .. Item(4, new byte[8]), .. Item(4, new byte[secretSize]), .. Item(4, new byte[20]), .. Item(2, [1]),
            .. Item(0x30, Item(12, Encoding.UTF8.GetBytes(address))), .. Item(0x30, Item(12, Encoding.UTF8.GetBytes(role))),
            .. Item(0x30, Item(12, Encoding.UTF8.GetBytes(account))),
        ];
        var der = Item(0x30, fields);
        byte[] bytes = [(byte)(der.Length >> 8), (byte)der.Length, .. System.Security.Cryptography.SHA256.HashData(der)[..3], .. der];
        return "cete1" + Base32.Encode(bytes);

        static byte[] Item(byte tag, byte[] content) =>
            content.Length < 128 ? [tag, (byte)content.Length, .. content] : [tag, 0x81, (byte)content.Length, .. content];
    }
}
