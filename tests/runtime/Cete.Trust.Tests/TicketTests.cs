using Cete.Core;
using Cete.Trust.Tests.Support;
using Cete.Trust.Tickets;

namespace Cete.Trust.Tests;

/// <summary>Rights to one content: what counts, and each way in which one does not.</summary>
public sealed class TicketTests : IDisposable
{
    private static readonly Hash256 Content = Hash256.Of("content"u8);
    private static readonly KeyId Holder = KeyId.Of("holder"u8);

    private readonly Community _community = new();
    private readonly NodeIdentity _issuer;
    private readonly List<KeyId> _removed = [];
    private readonly Dictionary<KeyId, PeerCertificate> _known = [];

    public TicketTests()
    {
        _issuer = _community.Admit("accounts");
        _known[_issuer.Id] = _issuer.Facts;
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _community.Dispose();
    }

    [Fact]
    public void ATicketCountsForItsContentAndKey()
    {
        var text = Issuer(_issuer).ForKey(Content, Holder).ToString();
        var ticket = Verifier().Verify(text, Content, Holder).Value;
        Assert.Equal((Content, Holder, Ticket.TierNormal), (ticket.Content, ticket.Holder!.Value, ticket.Tier));
        Assert.Equal(Ticket.LifeMax, ticket.Until - ticket.From);
        Assert.InRange(text.Length, 1_000, 4_000);

        // A stranger to the nodes, such as an agent, verifies it too: it brings its issuer's certificates along.
        _known.Clear();
        Assert.True(Verifier().Verify(text, Content, Holder).Succeeded);
    }

    [Fact]
    public void ItCountsForNoOtherContentOrKeyAndNotWithoutAKey()
    {
        var text = Issuer(_issuer).ForKey(Content, Holder).ToString();
        Refused("not for", text, Hash256.Of("other"u8), Holder);
        Refused("another key", text, Content, KeyId.Of("thief"u8));
        Refused("another key", text, Content, null);
    }

    [Fact]
    public void ACapabilityIsShortAndCountsForWhoeverHasIt()
    {
        var text = Issuer(_issuer).ForAnybody(Content, TimeSpan.FromDays(2), 1_000).ToString();
        Assert.InRange(text.Length, 100, 300);
        Assert.Equal(1_000, Verifier().Verify(text, Content, null).Value.BytesMax);
        Assert.True(Verifier().Verify(text, Content, Holder).Succeeded);
        Refused("not for", text, Hash256.Of("other"u8), null);

        // Whoever does not know its issuer cannot tell.
        _known.Clear();
        Refused("not known here", text, Content, null);
    }

    [Fact]
    public void ItEndsAndBeginsWithSlackForClocksThatDiffer()
    {
        var text = Issuer(_issuer).ForKey(Content, Holder).ToString();
        var slack = TicketVerifier.ClockSlack;
        foreach (var (at, counts) in new[]
        {
            (-slack - TimeSpan.FromSeconds(1), false), (-slack, true), (Ticket.LifeMax, true),
            (Ticket.LifeMax + slack - TimeSpan.FromSeconds(1), true), (Ticket.LifeMax + slack, false), (TimeSpan.FromDays(20), false),
        })
        {
            _community.Clock.Now = Community.Founded + at;
            Assert.True(Verifier().Verify(text, Content, Holder).Succeeded == counts, $"{at}");
        }
    }

    [Fact]
    public void OneThatCountsForLongerThanMayBeDoesNotCount()
    {
        var good = Issuer(_issuer).ForKey(Content, Holder);
        foreach (var until in new[] { good.Until + TimeSpan.FromSeconds(1), new Instant(long.MaxValue), new Instant(long.MinValue), good.From })
        {
            Refused("longer than one may", Signed(good with { Until = until }), Content, Holder);
        }

        Refused("longer than one may", Signed(good with { From = new Instant(long.MinValue), Until = new Instant(long.MaxValue) }), Content, Holder);
        Refused("longer than one may", Signed(good with { Holder = null, Until = good.From + TimeSpan.FromDays(31) }), Content, null);
    }

    [Fact]
    public void ItsIssuerIsANodeThatKeepsAccountsAndIsStillThere()
    {
        using var share = _community.Admit("share");
        Refused("does not have the role", Issuer(share).ForKey(Content, Holder).ToString(), Content, Holder);
        var text = Issuer(_issuer).ForKey(Content, Holder).ToString();
        _removed.Add(_issuer.Id);
        Refused("was removed", text, Content, Holder);
        Refused("was removed", Issuer(_issuer).ForAnybody(Content, TimeSpan.FromHours(1), 0).ToString(), Content, null);
    }

    [Fact]
    public void OneOfAnotherCommunityDoesNotCount()
    {
        using var other = new Community("others");
        using var foreign = other.Admit("accounts");
        var issuer = new TicketIssuer(foreign.Key, () => foreign.Issued, other.Root.Id, other.Clock);
        Refused("another community", issuer.ForKey(Content, Holder).ToString(), Content, Holder);

        // Signed by a node of this community, for another one.
        var mixed = new TicketIssuer(_issuer.Key, () => _issuer.Issued, other.Root.Id, _community.Clock);
        Refused("not signed by its issuer", mixed.ForKey(Content, Holder).ToString(), Content, Holder);

        // With the certificates of an honest node around a signature of somebody else's.
        var dressed = new TicketIssuer(foreign.Key, () => _issuer.Issued, _community.Root.Id, _community.Clock);
        Refused("names another issuer", dressed.ForKey(Content, Holder).ToString(), Content, Holder);
    }

    [Fact]
    public void WhateverIsChangedInItItCountsNoLonger()
    {
        foreach (var (ticket, holder) in new[]
        {
            (Issuer(_issuer).ForKey(Content, Holder), (KeyId?)Holder), (Issuer(_issuer).ForAnybody(Content, TimeSpan.FromHours(1), 5), null),
        })
        {
            var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(ticket.ToString());
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] ^= 0x10;
                var outcome = Verifier().Verify(System.Buffers.Text.Base64Url.EncodeToString(bytes), Content, holder);
                Assert.False(outcome.Succeeded, $"byte {at}");
                bytes[at] ^= 0x10;
            }

            for (var length = 0; length < bytes.Length; length++)
            {
                // Cut behind its signature it is one without certificates, which counts where the issuer is known.
                var outcome = Verifier().Verify(System.Buffers.Text.Base64Url.EncodeToString(bytes.AsSpan(0, length)), Content, holder);
                Assert.True(!outcome.Succeeded || outcome.Value.Chain is null, $"length {length}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("AQ")]
    [InlineData("not a ticket at all")]
    public void WhatIsNoneIsSaidToBeNone(string text) => Refused("no ticket", text, Content, null);

    [Fact]
    public void OneThatIsTooLongIsNotRead() => Refused("at most", new string('A', Ticket.TextLengthMax + 1), Content, null);

    private TicketIssuer Issuer(NodeIdentity node) => new(node.Key, () => node.Issued, _community.Root.Id, _community.Clock);

    private TicketVerifier Verifier() => new(
        new CertificateVerifier(_community.Root.Id, _community.Clock), id => _known.GetValueOrDefault(id),
        peer => _removed.Contains(peer.Node) ? new Failure(FailureKind.Forbidden, "it was removed") : null, _community.Clock);

    private string Signed(Ticket ticket) =>
        (ticket with { Signature = _issuer.Key.Sign(Ticket.Purpose, _community.Root.Id, ticket.Body()) }).ToString();

    private void Refused(string why, string text, Hash256 content, KeyId? holder)
    {
        var failure = Verifier().Verify(text, content, holder).Failure;
        Assert.NotNull(failure);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}
