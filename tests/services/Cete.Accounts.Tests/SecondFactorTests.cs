using System.Text;
using Cete.Core;

namespace Cete.Accounts.Tests;

/// <summary>Codes by time, and logging in with them.</summary>
public sealed class SecondFactorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_vectors_of_RFC_6238_come_out(long seconds, string code)
    {
        var secret = Encoding.ASCII.GetBytes("12345678901234567890");
        var step = Totp.StepOf(new Instant(seconds * 1_000_000));
        Assert.Equal(code, Totp.CodeOf(secret, step, digits: 8));
        Assert.Equal(code[2..], Totp.CodeOf(secret, step));
    }

    [Fact]
    public void A_code_counts_a_step_early_and_late_and_not_before_the_last_one_used()
    {
        var secret = Encoding.ASCII.GetBytes("12345678901234567890");
        var now = new Instant(1_800_000_000_000_000);
        var step = Totp.StepOf(now);
        for (var away = -2; away <= 2; away++)
        {
            var found = Totp.StepOf(secret, Totp.CodeOf(secret, step + away), now, lastStep: 0);
            Assert.Equal(Math.Abs(away) <= 1 ? step + away : null, found);
        }

        Assert.Null(Totp.StepOf(secret, Totp.CodeOf(secret, step), now, lastStep: step));
        Assert.Equal(step + 1, Totp.StepOf(secret, Totp.CodeOf(secret, step + 1), now, lastStep: step));
        Assert.All(new[] { "", "12345", "1234567", "abcdef", "٠١٢٣٤٥" }, typed => Assert.Null(Totp.StepOf(secret, typed, now, 0)));
    }

    [Fact]
    public async Task It_counts_once_a_code_confirms_it()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var setup = (await bench.Service.BeginSecondFactorAsync(bob.Id, "The Garden", Cancel)).Value;
        Assert.Equal(
            $"otpauth://totp/The%20Garden:bob?secret={setup.Secret}&issuer=The%20Garden&algorithm=SHA1&digits=6&period=30", setup.Uri);
        Assert.True((await bob.LogInAsync()).Succeeded);
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode(setup.Secret, secret));
        (await bench.Service.ConfirmSecondFactorAsync(bob.Id, "000000", Cancel)).Refused(FailureKind.Unauthenticated, "the code is wrong");
        Assert.True((await bench.Service.ConfirmSecondFactorAsync(bob.Id, Code(0), Cancel)).Value);
        Assert.Equal(AccountsService.SecondFactorNeeded, (await bob.LogInAsync()).Failure);
        (await bob.LogInAsync("wrong password", Code(1))).Refused(FailureKind.Unauthenticated, "name or password is wrong");

        // The code that confirmed it is used up, each other one counts once.
        (await bob.LogInAsync(code: Code(0))).Refused(FailureKind.Unauthenticated, "the code is wrong");
        bench.Wait(TimeSpan.FromSeconds(30));
        Assert.True((await bob.LogInAsync(code: Code(0))).Succeeded);
        (await bob.LogInAsync(code: Code(0))).Refused(FailureKind.Unauthenticated, "the code is wrong");
        (await bench.Service.BeginSecondFactorAsync(bob.Id, "The Garden", Cancel)).Refused(FailureKind.Conflict, "remove it first");
        Assert.True((await bench.Service.AccountAsync(bob.Id, Cancel)).Value.HasSecondFactor);
        bench.Wait(TimeSpan.FromSeconds(30));
        Assert.True((await bench.Service.CheckSecondFactorAsync(bob.Id, Code(0), Cancel)).Value);
        bench.Wait(TimeSpan.FromSeconds(30));
        Assert.True((await bench.Service.RemoveSecondFactorAsync(bob.Id, Code(0), Cancel)).Value);
        (await bench.Service.RemoveSecondFactorAsync(bob.Id, Code(1), Cancel)).Refused(FailureKind.NotFound, "no second factor");
        Assert.True((await bob.LogInAsync()).Succeeded);

        string Code(int away) => Totp.CodeOf(secret, Totp.StepOf(bench.Now) + away);
    }

    [Fact]
    public async Task Codes_are_guessed_no_faster_than_passwords()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var setup = (await bench.Service.BeginSecondFactorAsync(bob.Id, "Garden", Cancel)).Value;
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode(setup.Secret, secret));
        Assert.True((await bench.Service.ConfirmSecondFactorAsync(bob.Id, Totp.CodeOf(secret, Totp.StepOf(bench.Now)), Cancel)).Value);
        var (guesses, outcome) = (0, await bob.LogInAsync(code: "000000"));
        for (; outcome.Failure!.Kind == FailureKind.Unauthenticated; guesses++)
        {
            // Asking without a code in between must not take anything back.
            await bob.LogInAsync();
            outcome = await bob.LogInAsync(code: "000000");
        }

        Assert.Equal((LoginThrottle.AccountFree, FailureKind.Throttled), (guesses, outcome.Failure.Kind));
    }
}
