using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts.Tests;

/// <summary>Whose statements count: every replica asks this of its own tables.</summary>
public sealed class StatementTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Open => new GovernAct.SetRegistration("closed").ToPayload();

    [Fact]
    public async Task A_statement_counts_once_and_newer_ones_after_it()
    {
        using var bench = await Bench.BegunAsync();
        var first = bench.Ada.Sign(GovernAct.Purpose, Open, counter: 10);
        Assert.True((await SubmitAsync(bench, first)).Value);
        (await SubmitAsync(bench, first)).Refused(FailureKind.Conflict, "a newer statement of this device was taken already; sign again");
        (await SubmitAsync(bench, bench.Ada.Sign(GovernAct.Purpose, Open, counter: 9))).Refused(FailureKind.Conflict, "sign again");
        Assert.False((await SubmitAsync(bench, bench.Ada.Sign(GovernAct.Purpose, Open, counter: 11))).Value);
    }

    [Fact]
    public async Task A_forged_one_does_not_count()
    {
        using var bench = await Bench.BegunAsync();
        var real = bench.Ada.Sign(GovernAct.Purpose, Open);
        using var mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = SignedStatement.Sign(mallory, Bench.Community, GovernAct.Purpose, bench.Ada.Id, real.Counter, real.Payload.Span);
        foreach (var statement in new[]
        {
            forged with { Device = bench.Ada.Device },
            real with { Payload = new GovernAct.SetRegistration("invited").ToPayload() },
            real with { Counter = real.Counter + 1 },
            real with { Signature = new byte[64] },
        })
        {
            (await SubmitAsync(bench, statement)).Refused(FailureKind.Forbidden, "was not signed with the key");
        }

        Assert.Equal(Registration.Open, (await bench.Service.RulesAsync(Cancel)).Value.Registration);
    }

    [Fact]
    public async Task One_for_another_community_or_purpose_does_not_count()
    {
        using var bench = await Bench.BegunAsync();
        var elsewhere = SignedStatement.Sign(bench.Ada.Key, KeyId.Of("elsewhere"u8), GovernAct.Purpose, bench.Ada.Id, 1, Open);
        (await SubmitAsync(bench, elsewhere)).Refused(FailureKind.Forbidden, "another community");
        (await SubmitAsync(bench, bench.Ada.Sign("bank.transfer", Open))).Refused(FailureKind.Forbidden, "signed for 'bank.transfer'");
        (await SubmitAsync(bench, bench.Ada.Sign(DeviceAct.Purpose, Open))).Refused(FailureKind.Forbidden, "signed for 'accounts.device'");
    }

    [Fact]
    public async Task One_of_an_unknown_removed_or_foreign_device_does_not_count()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var unknown = SignedStatement.Sign(second, Bench.Community, GovernAct.Purpose, bench.Ada.Id, 1, Open);
        (await SubmitAsync(bench, unknown)).Refused(FailureKind.Forbidden, "has no device");
        var foreign = SignedStatement.Sign(bob.Key, Bench.Community, GovernAct.Purpose, bench.Ada.Id, 1, Open);
        (await SubmitAsync(bench, foreign)).Refused(FailureKind.Forbidden, "has no device");

        var add = bench.Ada.Sign(DeviceAct.Purpose, new DeviceAct.Add(Person.DeviceOf(second)).ToPayload());
        Assert.True((await bench.Service.AddDeviceAsync(add.ToArray(), null, Cancel)).Value);
        Assert.True((await SubmitAsync(bench, unknown)).Value);
        var remove = bench.Ada.Sign(DeviceAct.Purpose, new DeviceAct.Remove(KeyId.Of(second.ExportSubjectPublicKeyInfo()).ToString()).ToPayload());
        Assert.True((await bench.Service.RemoveDeviceAsync(remove.ToArray(), null, Cancel)).Value);
        var late = SignedStatement.Sign(second, Bench.Community, GovernAct.Purpose, bench.Ada.Id, 2, Open);
        (await SubmitAsync(bench, late)).Refused(FailureKind.Forbidden, "was removed at");
    }

    [Fact]
    public async Task A_refused_one_is_used_up_and_cannot_be_kept_for_later()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var early = bob.Sign(GovernAct.Purpose, Open);
        (await SubmitAsync(bench, early)).Refused(FailureKind.Forbidden, "has no right to 'accounts.govern'");
        await bench.Ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), [RoleDefinition.Administrator]));
        (await SubmitAsync(bench, early)).Refused(FailureKind.Conflict, "sign again");
        Assert.True((await SubmitAsync(bench, bob.Sign(GovernAct.Purpose, Open))).Value);
    }

    [Fact]
    public async Task Payloads_say_one_thing_in_one_form()
    {
        using var bench = await Bench.BegunAsync();
        string[] payloads =
        [
            "", "null", "[]", "{}", "{\"act\":\"explode\"}", "{\"act\":\"resume\"}", "{\"act\":\"resume\",\"account\":null}",
            "{\"act\":\"resume\",\"account\":7}",
            "{\"act\":\"resume\",\"account\":\"a\",\"account\":\"b\"}", "{\"act\":\"resume\",\"account\":\"a\",\"more\":1}",
            "{\"act\":\"resume\",\"Account\":\"a\"}",
            "{\"act\":\"resume\",\"account\":\"a\"} ,",
            "{\"act\":\"invite\",\"id\":\"*\",\"secretHash\":\"\",\"roles\":[],\"uses\":1,\"expiresAt\":1,\"note\":\"\"}",
            "{\"act\":\"set-roles\",\"account\":\"a\",\"roles\":[[[[[[[[[[]]]]]]]]]]}",
        ];
        foreach (var payload in payloads)
        {
            var statement = bench.Ada.Sign(GovernAct.Purpose, System.Text.Encoding.UTF8.GetBytes(payload));
            (await SubmitAsync(bench, statement)).Refused(FailureKind.Invalid, "is no act of governing");
        }

        var good = bench.Ada.Sign(GovernAct.Purpose, System.Text.Encoding.UTF8.GetBytes("{\"act\":\"set-registration\",\"registration\":\"closed\"}"));
        Assert.True((await SubmitAsync(bench, good)).Value);
    }

    private static Task<Outcome<bool>> SubmitAsync(Bench bench, SignedStatement statement) =>
        bench.Service.SubmitGovernAsync(statement.ToArray(), null, Cancel);
}
