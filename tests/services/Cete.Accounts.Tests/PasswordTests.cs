using System.Diagnostics.CodeAnalysis;
using Cete.Core;
using Cete.Testing;

namespace Cete.Accounts.Tests;

/// <summary>What may be a password, how it is kept, and how guessing is slowed down.</summary>
public sealed class PasswordTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "empty")]
    [InlineData("short", "10 at least")]
    [InlineData("ninechars", "10 at least")]
    [InlineData("with\tcontrol", "control")]
    [InlineData("aaaaaaaaaaaa", "tried first")]
    [InlineData("Password123", "tried first")]
    [InlineData("1234567890", "tried first")]
    [InlineData("Benjamin.Franklin", "the account's name")]
    [InlineData("benjam1n.frankl1n", "the account's name")]
    public void Some_are_refused_and_it_is_said_why(string password, string why) =>
        PasswordText.Choose(password, AccountName.Parse("benjamin.franklin").Value).Refused(FailureKind.Invalid, why);

    [Fact]
    public void All_others_are_taken_whatever_they_are_made_of()
    {
        foreach (var password in new[] { "ten chars!", "кириллица да", "🐈🐈🐈🐈🐈", new string('x', 255) + "y", "          x" })
        {
            Assert.Equal(password, PasswordText.Choose(password, null).Value);
        }

        PasswordText.Choose(new string('x', 256) + "y", null).Refused(FailureKind.Invalid, "256 is the most");
        Assert.Null(PasswordText.Canonical(new string('x', 2_000)));
        Assert.Null(PasswordText.Canonical("broken \uD800 surrogate"));
        Assert.Equal("é", PasswordText.Canonical("e\u0301"));
    }

    [Fact]
    public async Task A_hash_tells_the_password_from_others_and_each_has_its_salt()
    {
        using var hasher = new PasswordHasher(iterations: 10);
        var (one, two) = ((await hasher.HashAsync("a good password", Cancel)).Value, (await hasher.HashAsync("a good password", Cancel)).Value);
        Assert.Equal((10, 16, 32), (one.Iterations, one.Salt.Length, one.Hash.Length));
        Assert.False(one.Salt.Span.SequenceEqual(two.Salt.Span) || one.Hash.Span.SequenceEqual(two.Hash.Span));
        Assert.Equal(new PasswordVerdict(true, null), (await hasher.VerifyAsync("a good password", one, Cancel)).Value);
        Assert.False((await hasher.VerifyAsync("a good passwore", one, Cancel)).Value.IsRight);
        Assert.False((await hasher.VerifyAsync(null, one, Cancel)).Value.IsRight);
        Assert.False((await hasher.VerifyAsync("a good password", null, Cancel)).Value.IsRight);
        using var newer = new PasswordHasher(iterations: 20);
        var verdict = (await newer.VerifyAsync("a good password", one, Cancel)).Value;
        Assert.Equal(20, verdict.Upgrade!.Iterations);
        Assert.True((await hasher.VerifyAsync("a good password", verdict.Upgrade, Cancel)).Value.IsRight);
    }

    [Fact]
    public void The_vector_of_PBKDF2_with_SHA_256_comes_out()
    {
        // RFC 7914 §11: P="passwd", S="salt", c=1; of its 64 bytes the first 32 are the first block.
        var derived = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
            "passwd"u8, "salt"u8, 1, System.Security.Cryptography.HashAlgorithmName.SHA256, AccountsLimits.PasswordHashBytes);
        Assert.Equal("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc", Convert.ToHexStringLower(derived));
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2025", Justification = "The hasher is disposed while they wait: that is what is tried.")]
    public async Task Of_too_many_at_a_time_the_last_are_refused_at_once_and_at_the_end_nobody_waits()
    {
        // Slow enough that nothing is done before all have come.
        var hasher = new PasswordHasher(iterations: 3_000_000);
        List<Task<Outcome<PasswordHash>>> waiting = [hasher.HashAsync("a good password", Cancel)];
        await Eventually.TrueAsync(() => hasher.Waiting == 0, "the first is being hashed");
        for (var i = 0; i < PasswordHasher.WaitingMax; i++)
        {
            waiting.Add(hasher.HashAsync("a good password", Cancel));
        }

        (await hasher.HashAsync("a good password", Cancel)).Refused(FailureKind.Throttled, "too many log in");
        hasher.Dispose();
        var outcomes = await Task.WhenAll(waiting);
        Assert.True(outcomes[0].Succeeded);
        Assert.All(outcomes[1..].SkipWhile(outcome => outcome.Succeeded), outcome => outcome.Refused(FailureKind.Unavailable, "stops"));
        (await hasher.HashAsync("a good password", Cancel)).Refused(FailureKind.Unavailable, "stops");
        hasher.Dispose();
    }

    [Fact]
    public async Task Who_waits_no_longer_costs_nothing()
    {
        using var hasher = new PasswordHasher(iterations: 10);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        (await hasher.HashAsync("a good password", gone.Token)).Refused(FailureKind.Cancelled, "nobody waits");
    }

    [Fact]
    public void Each_failure_beyond_the_free_ones_takes_twice_as_long_up_to_a_bound()
    {
        using var bench = Bench.Empty();
        var throttle = new LoginThrottle(bench.Group);
        for (var i = 1; i < LoginThrottle.AccountFree; i++)
        {
            Assert.Null(throttle.Begin("bob", $"192.0.2.{i}"));
        }

        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 })
        {
            Assert.Null(throttle.Begin("bob", $"198.51.100.{seconds}"));
            var refused = throttle.Begin("bob", "203.0.113.1")!;
            Assert.Equal((FailureKind.Throttled, $"too many attempts failed; try again in {seconds} s"), (refused.Kind, refused.Message));
            Assert.Null(throttle.Begin("eve", "203.0.113.2"));
            throttle.Succeed("eve", "203.0.113.2");
            bench.Wait(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.NotNull(throttle.Begin("bob", "203.0.113.1"));
            bench.Wait(TimeSpan.FromMilliseconds(1));
        }

        bench.Wait(LoginThrottle.Memory + TimeSpan.FromSeconds(1));
        for (var i = 1; i < LoginThrottle.AccountFree; i++)
        {
            Assert.Null(throttle.Begin("bob", $"192.0.2.{i}"));
        }
    }

    [Fact]
    public async Task One_address_makes_a_bounded_number_of_accounts_in_a_day()
    {
        using var bench = await Bench.BegunAsync();
        for (var i = 0; i < AccountsLimits.RegistrationsMax; i++)
        {
            // What was refused is not held against anybody.
            (await RegisterAsync("two", password: "short")).Refused(FailureKind.Invalid, "10 at least");
            Assert.True((await RegisterAsync($"one{i}")).Succeeded);
            (await RegisterAsync($"one{i}")).Refused(FailureKind.Conflict, "taken");
        }

        (await RegisterAsync("two")).Refused(FailureKind.Throttled, "another can be made in 24 h, or at once with an invitation");
        Assert.True((await RegisterAsync("two", "192.0.2.2")).Succeeded);
        Assert.True((await RegisterAsync("three", null)).Succeeded);
        var invitation = (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(1), "", TestContext.Current.CancellationToken)).Value;
        Assert.True((await RegisterAsync("four", invitation: invitation.Text)).Succeeded);
        bench.Wait(AccountsLimits.RegistrationWindow);
        Assert.True((await RegisterAsync("five")).Succeeded);

        Task<Outcome<AccountRecord>> RegisterAsync(
            string name, string? address = "192.0.2.1", string? invitation = null, string password = Bench.Password) => bench.Service.RegisterAsync(
            new NewAccount(name, password, null, [], invitation, "") { Address = address }, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Addresses_that_are_counted_are_bounded()
    {
        using var bench = Bench.Empty();
        var throttle = new RegistrationThrottle(bench.Group);
        for (var i = 0; i < AccountsLimits.RegistrationsMax; i++)
        {
            Assert.Null(throttle.Begin("192.0.2.1"));
        }

        Assert.NotNull(throttle.Begin("192.0.2.1"));
        for (var i = 0; i <= RegistrationThrottle.EntriesMax; i++)
        {
            Assert.Null(throttle.Begin($"host{i}"));
        }

        // Forgotten, as the oldest.
        Assert.Null(throttle.Begin("192.0.2.1"));
    }

    [Fact]
    public void What_is_counted_is_bounded_and_success_forgives_the_account()
    {
        using var bench = Bench.Empty();
        var throttle = new LoginThrottle(bench.Group);
        for (var i = 0; i < LoginThrottle.AccountFree; i++)
        {
            Assert.Null(throttle.Begin("bob", "192.0.2.1"));
        }

        Assert.NotNull(throttle.Begin("bob", "192.0.2.1"));
        for (var i = 0; i < LoginThrottle.EntriesMax; i++)
        {
            throttle.Begin($"name{i}", $"host{i}");
        }

        // Forgotten, as the longest idle.
        Assert.Null(throttle.Begin("bob", "192.0.2.1"));
        throttle.Succeed("bob", "192.0.2.1");
        for (var i = 0; i < LoginThrottle.AccountFree; i++)
        {
            Assert.Null(throttle.Begin("bob", "192.0.2.9"));
        }

        Assert.NotNull(throttle.Begin("bob", "192.0.2.9"));
    }
}
