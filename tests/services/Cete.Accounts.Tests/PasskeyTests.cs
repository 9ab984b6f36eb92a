using System.Buffers.Text;
using Cete.Accounts.Passkeys;
using Cete.Core;
using Cete.Testing;

namespace Cete.Accounts.Tests;

/// <summary>Passkeys: who shows one is let in, and whatever is forged, copied, stale or another's is not.</summary>
public sealed class PasskeyTests
{
    private static readonly RelyingParty Party = new("example.org");
    private static readonly PageHost Page = new("example.org", null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_is_made_by_whoever_knows_the_password_and_logs_in_without_it(bool isRsa)
    {
        using var bench = await Bench.BegunAsync();
        using var key = new SoftAuthenticator(isRsa: isRsa);
        var bob = await bench.RegisterAsync("bob");
        var own = await OwnAsync(bench, bob);
        (await AddAsync(bench, own, key, proof: "not the password")).Refused(FailureKind.Forbidden, "the password is wrong");
        Assert.True((await AddAsync(bench, own, key)).Value);
        var known = Assert.Single((await bench.Service.PasskeysAsync("BOB", Cancel)).Value);
        Assert.Equal((bob.Id, "blue key", 0L, "internal usb"), (known.Account, known.Label, known.Counter, string.Join(' ', known.Transports)));
        Assert.Empty((await bench.Service.PasskeysAsync("nobody", Cancel)).Value);

        var opened = (await ShowAsync(bench, key, bob.Id.ToArray())).Value;
        Assert.Equal(bob.Id, opened.Account.Id);
        Assert.True((await bench.Service.SessionAsync(opened.Secret, Cancel)).Succeeded);
        Assert.True((await ShowAsync(bench, key)).Succeeded);
        var used = (await bench.Service.PasskeysAsync(bob.Id, Cancel)).Value[0];
        Assert.Equal((2L, bench.Now), (used.Counter, used.UsedAt));

        Assert.True((await bench.Service.RenamePasskeyAsync(bob.Id, known.Name, "red key", Cancel)).Value);
        Assert.Equal("red key", (await bench.Service.ExportAsync(bob.Id, Cancel)).Value.Passkeys.Single().Label);
        (await bench.Service.RemovePasskeyAsync(bench.Ada.Id, known.Name, Cancel)).Refused(FailureKind.NotFound, "no such passkey");
        (await bench.Service.RemovePasskeyAsync(bob.Id, "?", Cancel)).Refused(FailureKind.NotFound, "no such passkey");
        Assert.True((await bench.Service.RemovePasskeyAsync(bob.Id, known.Name, Cancel)).Value);
        (await ShowAsync(bench, key)).Refused(FailureKind.Unauthenticated, "no account here knows");
    }

    [Fact]
    public async Task Where_there_is_a_second_factor_it_is_made_by_that_and_stands_for_both()
    {
        using var bench = await Bench.BegunAsync();
        using var key = new SoftAuthenticator();
        var bob = await bench.RegisterAsync("bob");
        var own = await OwnAsync(bench, bob);
        var setup = (await bench.Service.BeginSecondFactorAsync(bob.Id, "Garden", Cancel)).Value;
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode(setup.Secret, secret));
        Assert.True((await bench.Service.ConfirmSecondFactorAsync(bob.Id, Totp.CodeOf(secret, Totp.StepOf(bench.Now)), Cancel)).Value);
        (await AddAsync(bench, own, key)).Refused(FailureKind.Unauthenticated, "code is wrong");
        bench.Wait(TimeSpan.FromMinutes(1));
        Assert.True((await AddAsync(bench, own, key, Totp.CodeOf(secret, Totp.StepOf(bench.Now)))).Value);
        Assert.True((await ShowAsync(bench, key)).Succeeded);
    }

    [Fact]
    public async Task What_is_forged_does_not_count()
    {
        using var bench = await Bench.BegunAsync();
        using var key = new SoftAuthenticator();
        using var other = new SoftAuthenticator { Id = key.Id };
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        Assert.True((await AddAsync(bench, await OwnAsync(bench, bob), key)).Value);
        Task<Outcome<OpenedSession>> Lied(Action<SoftAuthenticator> lie, Action<SoftAuthenticator> truth) => LieAsync(bench, key, lie, truth);

        (await ShowAsync(bench, other)).Refused(FailureKind.Forbidden, "signature is not this passkey's");
        (await ShowAsync(bench, key, eve.Id.ToArray())).Refused(FailureKind.Unauthenticated, "no account here knows");
        (await ShowAsync(bench, key, challenge: Base64Url.EncodeToString(new byte[32]))).Refused(FailureKind.Forbidden, "used already");
        (await Lied(k => k.Origin = "https://example.org.evil.test", k => k.Origin = "https://example.org")).Refused(FailureKind.Forbidden, "another site");
        (await Lied(k => k.Origin = "http://example.org", k => k.Origin = "https://example.org")).Refused(FailureKind.Forbidden, "another site");
        (await Lied(k => k.Origin = "https://example.org:444", k => k.Origin = "https://example.org")).Refused(FailureKind.Forbidden, "another site");
        (await Lied(k => k.Origin = "https://other.example.org", k => k.Origin = "https://example.org")).Refused(FailureKind.Forbidden, "another site");
        (await Lied(k => k.More = ",\"crossOrigin\":true", k => k.More = "")).Refused(FailureKind.Forbidden, "another site");
        (await Lied(k => k.Domain = "evil.test", k => k.Domain = "example.org")).Refused(FailureKind.Forbidden, "another domain");
        (await Lied(k => k.Flags = 0x01, k => k.Flags = 0x05)).Refused(FailureKind.Forbidden, "make sure who you are");
        (await Lied(k => k.Flags = 0x04, k => k.Flags = 0x05)).Refused(FailureKind.Forbidden, "make sure who you are");
        (await Lied(k => k.Type = ClientData.Create, k => k.Type = null)).Refused(FailureKind.Forbidden, "another thing");
        Assert.True((await ShowAsync(bench, key)).Succeeded);
    }

    [Fact]
    public async Task What_was_shown_once_is_worth_nothing_the_second_time_and_a_copy_is_found_out()
    {
        using var bench = await Bench.BegunAsync();
        using var key = new SoftAuthenticator();
        var bob = await bench.RegisterAsync("bob");
        var own = await OwnAsync(bench, bob);
        var made = key.Make(bench.Service.PasskeyChallenge(own));
        Task<Outcome<bool>> Add(SessionFacts session) => bench.Service.AddPasskeyAsync(session, Party, made, Page, "", [], Bench.Password, Cancel);
        (await Add(await OwnAsync(bench, await bench.RegisterAsync("eve")))).Refused(FailureKind.Forbidden, "used already");
        made = key.Make(bench.Service.PasskeyChallenge(own));
        Assert.True((await Add(own)).Value);
        (await Add(own)).Refused(FailureKind.Forbidden, "used already");

        var shown = key.Show(bench.Service.PasskeyChallenge());
        Assert.True((await LogInAsync(bench, shown)).Succeeded);
        (await LogInAsync(bench, shown)).Refused(FailureKind.Forbidden, "used already");
        var stale = key.Show(bench.Service.PasskeyChallenge());
        bench.Wait(PasskeyChallenges.Life + TimeSpan.FromSeconds(1));
        (await LogInAsync(bench, stale)).Refused(FailureKind.Forbidden, "open for too long");

        key.Counter = 0;
        (await ShowAsync(bench, key)).Refused(FailureKind.Forbidden, "may be a copy");
        key.Counter = null;
        (await ShowAsync(bench, key)).Refused(FailureKind.Forbidden, "may be a copy");
        key.Counter = 7;
        Assert.True((await ShowAsync(bench, key)).Succeeded);
    }

    [Fact]
    public async Task One_that_counts_nothing_may_go_on_so_and_a_challenge_for_one_thing_is_for_no_other()
    {
        using var bench = await Bench.BegunAsync();
        using var key = new SoftAuthenticator { Counter = null };
        var bob = await bench.RegisterAsync("bob");
        var own = await OwnAsync(bench, bob);
        var challenge = bench.Service.PasskeyChallenge();
        (await bench.Service.AddPasskeyAsync(own, Party, key.Make(challenge), Page, "", [], Bench.Password, Cancel))
            .Refused(FailureKind.Forbidden, "used already");
        Assert.True((await AddAsync(bench, own, key)).Value);
        Assert.True((await ShowAsync(bench, key)).Succeeded);
        Assert.True((await ShowAsync(bench, key)).Succeeded);
        (await ShowAsync(bench, key, challenge: bench.Service.PasskeyChallenge(own))).Refused(FailureKind.Forbidden, "used already");
    }

    [Fact]
    public async Task An_account_has_no_more_than_it_may_and_none_once_it_is_closed_or_recovered()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        var own = await OwnAsync(bench, bob);
        using var first = new SoftAuthenticator();
        Assert.True((await AddAsync(bench, own, first)).Value);
        (await AddAsync(bench, await OwnAsync(bench, eve), first)).Refused(FailureKind.Conflict, "another passkey of that id");
        for (var i = 1; i < AccountsLimits.PasskeysMax; i++)
        {
            first.Id = [(byte)i];
            Assert.True((await AddAsync(bench, own, first)).Value);
        }

        first.Id = [0];
        (await AddAsync(bench, own, first)).Refused(FailureKind.TooLarge, "16 passkeys");
        Assert.True((await bench.Service.RecoverAsync("bob", bob.Codes[0], Bench.Password + "!", "192.0.2.1", Cancel)).Succeeded);
        Assert.Empty((await bench.Service.PasskeysAsync(bob.Id, Cancel)).Value);
        Assert.True((await AddAsync(bench, await OwnAsync(bench, eve), first)).Value);
        Assert.True((await eve.CloseAsync(Bench.Password)).Value);
        (await ShowAsync(bench, first)).Refused(FailureKind.Unauthenticated, "no account here knows");
    }

    [Fact]
    public void What_cannot_be_read_is_refused_and_nothing_may_stand_behind_it()
    {
        using var key = new SoftAuthenticator();
        var (data, cose, client) = (key.Data(0x40), key.PublicKey(), key.Client(ClientData.Get, "AAAA"));
        Assert.True(AuthenticatorData.Parse(data).Succeeded && CoseKey.Parse(cose).Succeeded && ClientData.Parse(client).Succeeded);
        for (var length = 0; length < data.Length; length++)
        {
            Assert.False(AuthenticatorData.Parse(data.AsMemory(0, length)).Succeeded);
        }

        for (var length = 0; length < cose.Length; length++)
        {
            Assert.False(CoseKey.Parse(cose.AsMemory(0, length)).Succeeded);
        }

        Assert.False(AuthenticatorData.Parse((byte[])[.. data, 0]).Succeeded);
        Assert.False(CoseKey.Parse((byte[])[.. cose, 0]).Succeeded);
        Assert.False(AuthenticatorData.ParseAttestation((byte[])[.. SoftAuthenticator.Attestation(data), 0]).Succeeded);
        Assert.False(AuthenticatorData.ParseAttestation(new byte[AuthenticatorData.BytesMax + 1]).Succeeded);
        Assert.False(ClientData.Parse(new byte[ClientData.BytesMax + 1]).Succeeded);
        cose[^1] ^= 1;
        CoseKey.Parse(cose).Refused(FailureKind.Invalid, "none of ES256 or RS256");
        foreach (var text in new[] { "{}", "[]", "{\"type\":1}", "{\"type\":\"a\",\"origin\":\"b\",\"challenge\":\"!\"}", "{\"type\":\"a\",\"type\":\"b\"}" })
        {
            ClientData.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Refused(FailureKind.Invalid, "cannot be read");
        }
    }

    [Theory]
    [InlineData("example.org", "https://example.org", "example.org", null, true)]
    [InlineData("example.org", "https://a.example.org:8443", "a.example.org", 8443, true)]
    [InlineData("example.org", "https://badexample.org", "badexample.org", null, false)]
    [InlineData("localhost", "http://localhost:2383", "localhost", 2383, true)]
    [InlineData("localhost", "http://localhost", "localhost", 2383, false)]
    [InlineData("localhost", "null", "localhost", null, false)]
    public void A_page_is_of_the_domain_under_the_name_that_it_was_asked_by(string domain, string origin, string host, int? port, bool isRight)
    {
        using var key = new SoftAuthenticator(domain) { Origin = origin };
        Assert.Equal(isRight, new RelyingParty(domain).Verify(key.Make("AAAA"), new PageHost(host, port)).Succeeded);
    }

    private static async Task<SessionFacts> OwnAsync(Bench bench, Person person) =>
        (await bench.Service.SessionAsync((await person.LogInAsync()).Value.Secret, Cancel)).Value;

    private static Task<Outcome<bool>> AddAsync(Bench bench, SessionFacts own, SoftAuthenticator key, string proof = Bench.Password) =>
        bench.Service.AddPasskeyAsync(
            own, Party, key.Make(bench.Service.PasskeyChallenge(own)), Page, " blue key ", ["internal", "usb"], proof, Cancel);

    private static Task<Outcome<OpenedSession>> ShowAsync(
        Bench bench, SoftAuthenticator key, ReadOnlyMemory<byte> user = default, string? challenge = null) =>
        LogInAsync(bench, key.Show(challenge ?? bench.Service.PasskeyChallenge(), user));

    private static Task<Outcome<OpenedSession>> LogInAsync(Bench bench, PasskeyShown shown) => bench.Service.LogInAsync(
        shown, Party, Page, bench.Ada.LogIn(), Bench.Node, Cancel);

    private static async Task<Outcome<OpenedSession>> LieAsync(
        Bench bench, SoftAuthenticator key, Action<SoftAuthenticator> lie, Action<SoftAuthenticator> truth)
    {
        lie(key);
        var answer = await ShowAsync(bench, key);
        truth(key);
        return answer;
    }
}
