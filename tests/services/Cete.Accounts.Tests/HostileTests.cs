using System.Text;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts.Tests;

/// <summary>Whatever strangers send is read within bounds, refused by a failure, and never throws.</summary>
public sealed class HostileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_with_bytes_changed_are_refused_or_carried_out_and_the_tables_stay_whole()
    {
        using var source = await Bench.BegunAsync();
        await RandomSteps.RunAsync(source, seed: 7, count: 60);
        var handed = source.Group.Handed;
        var chance = new Prng(11);
        using var bench = await Bench.BegunAsync();
        var refused = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var (at, command) = handed[chance.Next(handed.Count)];
            var body = command.Body.ToArray();
            for (var flips = chance.Next(4); flips >= 0 && body.Length > 0; flips--)
            {
                body[chance.Next(body.Length)] = (byte)chance.Next(256);
            }

            var cut = chance.Chance(1, 4) ? body.AsMemory(0, chance.Next(body.Length + 1)) : body;
            bench.Group.Now = Instant.Max(at, bench.Now);
            var result = (await bench.Group.SubmitAsync(command with { Body = cut }, Cancel)).Value.Result;
            refused += result.Succeeded ? 0 : 1;
        }

        Assert.InRange(refused, 1_000, 4_000);
        var rules = (await bench.Service.RulesAsync(Cancel)).Value;
        Assert.Equal((Bench.Community, 1L), (rules.Community, rules.RolesVersion));
        (await bench.SubmitAsync(new Proto.Done(), Bench.Node)).Refused(FailureKind.Invalid, "know no command 'Done'");
    }

    [Fact]
    public void Texts_and_bytes_are_read_or_refused()
    {
        var chance = new Prng(12);
        var seeds = new[]
        {
            SessionSecret.Create(SessionKind.Browser), InvitationText.Create().Text, RecoveryCode.Create().ToString(), "bob", "Ελένη", "correct horse",
            "{\"act\":\"set-roles\",\"account\":\"abc\",\"roles\":[\"dj\"]}", "{\"device\":null}", "{\"keys\":[\"AAAA\"]}",
        };
        for (var i = 0; i < 20_000; i++)
        {
            var letters = seeds[chance.Next(seeds.Length)].ToCharArray();
            for (var flips = chance.Next(4); flips >= 0; flips--)
            {
                letters[chance.Next(letters.Length)] = (char)(chance.Chance(1, 2) ? chance.Next(128) : chance.Next(65_536));
            }

            var text = new string(letters);
            _ = (SessionSecret.HashOf(text), InvitationText.Parse(text).Succeeded, RecoveryCode.Parse(text).Succeeded);
            if (AccountName.Parse(text) is { Succeeded: true, Value: var name })
            {
                Assert.InRange(Encoding.UTF8.GetByteCount(name.Skeleton), 1, AccountsLimits.NameBytesMax);
                Assert.InRange(Encoding.UTF8.GetByteCount(name.Key), 1, AccountsLimits.NameBytesMax);
            }

            _ = PasswordText.Choose(text, null).Succeeded;
            var bytes = Encoding.UTF8.GetBytes(text);
            _ = (GovernAct.Parse(bytes).Succeeded, DeviceAct.Parse(bytes).Succeeded, RecoveryAct.Parse(bytes).Succeeded, RecoveryKeysAct.Parse(bytes).Succeeded);
            Assert.False(SignedStatement.Parse(bytes).Succeeded);
        }
    }

    [Fact]
    public void Personal_text_that_was_tampered_with_is_shown_as_none()
    {
        var id = Ids.Account(1);
        var sealedText = PersonalText.Seal(id, new Proto.Personal { DisplayName = "Bob" });
        var (key, text) = (sealedText.Key.ToByteArray(), sealedText.Text.ToByteArray());
        Assert.Equal("Bob", PersonalText.Open(id, key, text).DisplayName);
        Assert.Equal("", PersonalText.Open(Ids.Account(2), key, text).DisplayName);
        text[^1] ^= 1;
        Assert.Equal("", PersonalText.Open(id, key, text).DisplayName);
        Assert.Equal("", PersonalText.Open(id, key, []).DisplayName);
        Assert.Equal("", PersonalText.Open(id, [], text).DisplayName);
    }
}
