using System.Security.Cryptography;
using Cete.Core;
using Cete.Groups;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts.Tests;

/// <summary>Keys that sign for accounts, and codes that bring an account back.</summary>
public sealed class DeviceTests
{
    private const string NewPassword = "another one entirely";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_is_added_and_removed_by_another_of_its_account()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var device = Person.DeviceOf(phone, "phone");
        Assert.True((await AddAsync(bench, bob, device)).Value);
        (await AddAsync(bench, bob, device)).Refused(FailureKind.Conflict, "was added already");
        (await AddAsync(bench, eve, device)).Refused(FailureKind.Conflict, "was added already");
        var listed = (await bench.Service.DevicesAsync(bob.Id, Cancel)).Value.Single(known => known.Label == "phone");
        Assert.Equal((KeyId.Of(device.SigningKey.Span), bench.Now), (listed.Id, listed.AddedAt));
        Assert.True(DeviceCertificate.IsRight(listed.Certificate, listed.SigningKey, Bench.Community, listed.ExchangeKey));

        var opened = (await bench.Service.LogInAsync(bob.LogIn() with { Device = listed.Id }, Bench.Node, Cancel)).Value;
        (await RemoveAsync(bench, eve, listed.Id)).Refused(FailureKind.NotFound, "no device");
        (await RemoveAsync(bench, bob, bob.Device)).Refused(FailureKind.Conflict, "does not remove itself");
        Assert.True((await RemoveAsync(bench, bob, listed.Id)).Value);
        (await RemoveAsync(bench, bob, listed.Id)).Refused(FailureKind.Conflict, "removed already");
        Assert.False((await bench.Service.SessionAsync(opened.Secret, Cancel)).Succeeded);
        (await AddAsync(bench, bob, device)).Refused(FailureKind.Conflict, "and removed; make a new key");
        var statement = bob.Sign(DeviceAct.Purpose, new DeviceAct.Remove(listed.Id.ToString()).ToPayload());
        (await bench.Service.AddDeviceAsync(statement.ToArray(), null, Cancel)).Refused(FailureKind.Invalid, "another thing");
    }

    [Fact]
    public async Task Its_keys_are_its_own_and_of_one_kind()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var good = Person.DeviceOf(phone);
        var other = Person.DeviceOf(phone);
        var key = phone.ExportSubjectPublicKeyInfo();
        (NewDevice Device, FailureKind Kind, string Text)[] wrong =
        [
            (good with { Certificate = other.Certificate }, FailureKind.Forbidden, "certificate was not made"),
            (good with { Certificate = default }, FailureKind.Forbidden, "certificate was not made"),
            (good with { Certificate = new byte[64] }, FailureKind.Forbidden, "certificate was not made"),
            (good with { ExchangeKey = default, Certificate = default }, FailureKind.Forbidden, "certificate was not made"),
            (good with { Certificate = DeviceCertificate.Make(phone, KeyId.Of("elsewhere"u8), good.ExchangeKey.Span) }, FailureKind.Forbidden, "certificate"),
            (good with { ExchangeKey = key, Certificate = DeviceCertificate.Make(phone, Bench.Community, key) }, FailureKind.Invalid, "it needs two"),
            (good with { SigningKey = large.ExportSubjectPublicKeyInfo() }, FailureKind.Invalid, "P-256"),
            (good with { SigningKey = default }, FailureKind.Invalid, "P-256"),
            (good with { ExchangeKey = new byte[91] }, FailureKind.Invalid, "P-256"),
            (good with { Label = "a\u0007b" }, FailureKind.Invalid, "label"),
        ];
        foreach (var (device, kind, text) in wrong)
        {
            (await AddAsync(bench, bob, device)).Refused(kind, text);
        }

        Assert.True((await AddAsync(bench, bob, good with { ExchangeKey = default, Certificate = DeviceCertificate.Make(phone, Bench.Community, []) })).Value);
    }

    [Fact]
    public async Task An_account_has_no_more_than_it_may()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        for (var i = 1; i < AccountsLimits.DevicesMax; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Assert.True((await AddAsync(bench, bob, Person.DeviceOf(key))).Value);
        }

        using var last = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await AddAsync(bench, bob, Person.DeviceOf(last))).Refused(FailureKind.TooLarge, "32 devices are listed");
    }

    [Fact]
    public async Task A_recovery_code_brings_an_account_back_once()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var opened = (await bob.LogInAsync()).Value;
        (await bench.Service.RecoverAsync("eve", bob.Codes[0], NewPassword, "192.0.2.1", Cancel)).Refused(FailureKind.Forbidden, "no such recovery code");
        (await bench.Service.RecoverAsync("bob", RecoveryCode.Create(), NewPassword, "192.0.2.1", Cancel))
            .Refused(FailureKind.Forbidden, "no such recovery code");
        (await bench.Service.RecoverAsync("bob", bob.Codes[0], "bob", "192.0.2.1", Cancel)).Refused(FailureKind.Invalid, "10 at least");
        var record = (await bench.Service.RecoverAsync("BOB", bob.Codes[0], NewPassword, "192.0.2.1", Cancel)).Value;
        Assert.Equal((bob.Id, 1), (record.Id, record.RecoveryKeysLeft));
        Assert.False((await bench.Service.SessionAsync(opened.Secret, Cancel)).Succeeded);
        Assert.False((await bob.LogInAsync()).Succeeded);
        Assert.True((await bob.LogInAsync(NewPassword)).Succeeded);
        (await bench.Service.RecoverAsync("bob", bob.Codes[0], Bench.Password, "192.0.2.1", Cancel)).Refused(FailureKind.Forbidden, "or it was used");
    }

    [Fact]
    public async Task It_brings_in_a_device_and_a_node_that_has_not_seen_it_cannot_use_it()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var device = Person.DeviceOf(phone, "new phone");

        // What the accounts keep is the public half: nothing that is signed with another key counts for it.
        using var mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var payload = new RecoveryAct(device).ToPayload();
        var forged = SignedStatement.Sign(mallory, Bench.Community, RecoveryAct.Purpose, default, 1, payload) with
        {
            Device = KeyId.Of(bob.Codes[0].PublicKey()),
        };
        (await bench.Service.RecoverAsync("bob", forged.ToArray(), NewPassword, "192.0.2.1", Cancel)).Refused(FailureKind.Forbidden, "was not signed");
        var swapped = bob.Codes[0].Sign(Bench.Community, 1, null) with { Payload = payload };
        (await bench.Service.RecoverAsync("bob", swapped.ToArray(), NewPassword, "192.0.2.1", Cancel)).Refused(FailureKind.Forbidden, "was not signed");

        var statement = bob.Codes[0].Sign(Bench.Community, 1, device);
        Assert.True((await bench.Service.RecoverAsync("bob", statement.ToArray(), NewPassword, "192.0.2.1", Cancel)).Succeeded);
        var old = bob.Device;
        bob.Take(ECDsa.Create(phone.ExportParameters(true)));
        Assert.True((await RemoveAsync(bench, bob, old)).Value);
    }

    [Fact]
    public async Task It_removes_a_second_factor_whose_device_is_lost()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var setup = (await bench.Service.BeginSecondFactorAsync(bob.Id, "Garden", Cancel)).Value;
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode(setup.Secret, secret));
        Assert.True((await bench.Service.ConfirmSecondFactorAsync(bob.Id, Totp.CodeOf(secret, Totp.StepOf(bench.Now)), Cancel)).Value);
        Assert.True((await bench.Service.RecoverAsync("bob", bob.Codes[1], NewPassword, "192.0.2.1", Cancel)).Succeeded);
        Assert.True((await bob.LogInAsync(NewPassword)).Succeeded);
    }

    [Fact]
    public async Task New_recovery_codes_are_signed_by_a_device()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var code = RecoveryCode.Create();
        IReadOnlyList<ReadOnlyMemory<byte>> keys = [code.PublicKey()];
        var payload = new RecoveryKeysAct(keys).ToPayload();
        (await bench.Service.SetRecoveryKeysAsync(bob.Id, keys, default, Bench.Password, Cancel)).Refused(FailureKind.Invalid, "no signed statement");
        var other = bob.Sign(RecoveryKeysAct.Purpose, new RecoveryKeysAct([RecoveryCode.Create().PublicKey()]).ToPayload());
        (await bench.Service.SetRecoveryKeysAsync(bob.Id, keys, other.ToArray(), null, Cancel)).Refused(FailureKind.Forbidden, "other recovery keys");
        var eve = await bench.RegisterAsync("eve");
        (await bench.Service.SetRecoveryKeysAsync(bob.Id, keys, eve.Sign(RecoveryKeysAct.Purpose, payload).ToArray(), null, Cancel))
            .Refused(FailureKind.Forbidden, "other recovery keys");
        Assert.True((await bench.Service.SetRecoveryKeysAsync(bob.Id, keys, bob.Sign(RecoveryKeysAct.Purpose, payload).ToArray(), null, Cancel)).Value);
        (await bench.Service.RecoverAsync("bob", bob.Codes[0], NewPassword, "192.0.2.1", Cancel)).Refused(FailureKind.Forbidden, "no such recovery code");
        Assert.True((await bench.Service.RecoverAsync("bob", code, NewPassword, "192.0.2.1", Cancel)).Succeeded);
    }

    [Fact]
    public async Task An_account_without_a_device_gets_its_first_by_a_recovery_code()
    {
        using var bench = await Bench.BegunAsync();
        var bob = bench.NewPerson("bob");
        bob.Id = (await bench.Service.RegisterAsync(bob.NewAccount() with { Device = null }, null, Cancel)).Value.Id;
        (await AddAsync(bench, bob, bob.NewDevice())).Refused(FailureKind.Forbidden, "has no device");
        IReadOnlyList<ReadOnlyMemory<byte>> keys = [RecoveryCode.Create().PublicKey()];
        (await bench.Service.SetRecoveryKeysAsync(bob.Id, keys, default, null, Cancel)).Refused(FailureKind.Forbidden, "the password is wrong");
        Assert.True((await bench.Service.SetRecoveryKeysAsync(bob.Id, [.. keys, .. bob.RecoveryKeys()], default, Bench.Password, Cancel)).Value);
        var statement = bob.Codes[0].Sign(Bench.Community, 1, bob.NewDevice());
        Assert.True((await bench.Service.RecoverAsync("bob", statement.ToArray(), NewPassword, "192.0.2.1", Cancel)).Succeeded);
        (await bob.GovernAsync(new GovernAct.SetRegistration("closed"))).Refused(FailureKind.Forbidden, "has no right");
    }

    [Fact]
    public async Task An_account_without_a_device_gets_its_first_by_its_password()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, eve) = (bench.NewPerson("bob"), await bench.RegisterAsync("eve"));
        bob.Id = (await bench.Service.RegisterAsync(bob.NewAccount() with { Device = null }, null, Cancel)).Value.Id;
        var device = bob.NewDevice();
        (await FirstAsync(bench, bob, device, "not the password")).Refused(FailureKind.Forbidden, "the password is wrong");
        (await FirstAsync(bench, bob, device with { Certificate = new byte[64] }, Bench.Password)).Refused(FailureKind.Forbidden, "certificate");
        (await FirstAsync(bench, bob, eve.NewDevice(), Bench.Password)).Refused(FailureKind.Conflict, "was added already");
        Assert.True((await FirstAsync(bench, bob, device, Bench.Password)).Value);
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await FirstAsync(bench, bob, Person.DeviceOf(phone), Bench.Password)).Refused(FailureKind.Conflict, "have that one approve");
        (await FirstAsync(bench, eve, Person.DeviceOf(phone), Bench.Password)).Refused(FailureKind.Conflict, "have that one approve");
        Assert.True((await AddAsync(bench, bob, Person.DeviceOf(phone))).Value);
        Assert.True((await bob.CloseAsync(Bench.Password)).Value);
        (await bench.SubmitAsync(FirstDevice(bob, device), Asker.Of(bob.Id))).Refused(FailureKind.Conflict, "was closed");
    }

    [Fact]
    public async Task A_first_device_is_asked_for_by_the_account_itself_alone()
    {
        using var bench = await Bench.BegunAsync();
        var bob = bench.NewPerson("bob");
        bob.Id = (await bench.Service.RegisterAsync(bob.NewAccount() with { Device = null }, null, Cancel)).Value.Id;
        foreach (var asker in new[] { Bench.Node, Asker.Local, Asker.Of(bench.Ada.Id), new Asker(string.Empty, []) })
        {
            (await bench.SubmitAsync(FirstDevice(bob, bob.NewDevice()), asker)).Refused(FailureKind.Forbidden, "itself may ask");
        }

        (await bench.SubmitAsync(new Proto.AddFirstDevice { Account = ByteString.CopyFrom(bob.Id.ToArray()) }, Asker.Of(bob.Id)))
            .Refused(FailureKind.Invalid, "device is missing");
    }

    [Fact]
    public void A_recovery_code_is_read_as_people_type_it_and_is_one_key_for_ever()
    {
        var code = RecoveryCode.Parse("abcde-fghij-klmno-pqrst").Value;
        Assert.Equal("abcde-fghij-klmno-pqrst", code.ToString());
        Assert.Equal(code.PublicKey(), RecoveryCode.Parse(" ABCDE fghij klmno-PQRST").Value.PublicKey());

        // Codes are on paper: the way from letters to key must not change.
        Assert.Equal("whkvnshcw5rfegk4x576llu5js7syuhq", KeyId.Of(code.PublicKey()).ToString());
        foreach (var text in new[] { "", "abcde", "abcde-fghij-klmno-pqrs1", "abcde-fghij-klmno-pqrstu", new string('a', 1_000) })
        {
            RecoveryCode.Parse(text).Refused(FailureKind.Invalid, "4 groups of 5");
        }

        Assert.Equal(23, RecoveryCode.Create().ToString().Length);
    }

    private static Task<Outcome<bool>> FirstAsync(Bench bench, Person person, NewDevice device, string password) =>
        bench.Service.AddFirstDeviceAsync(person.Id, device, password, Cancel);

    private static Proto.AddFirstDevice FirstDevice(Person person, NewDevice device) => new()
    {
        Account = ByteString.CopyFrom(person.Id.ToArray()),
        Device = new Proto.Device
        {
            SigningKey = ByteString.CopyFrom(device.SigningKey.Span),
            ExchangeKey = ByteString.CopyFrom(device.ExchangeKey.Span),
            Certificate = ByteString.CopyFrom(device.Certificate.Span),
            Label = device.Label,
        },
    };

    private static Task<Outcome<bool>> AddAsync(Bench bench, Person person, NewDevice device) =>
        bench.Service.AddDeviceAsync(person.Sign(DeviceAct.Purpose, new DeviceAct.Add(device).ToPayload()).ToArray(), null, Cancel);

    private static Task<Outcome<bool>> RemoveAsync(Bench bench, Person person, KeyId device) =>
        bench.Service.RemoveDeviceAsync(person.Sign(DeviceAct.Purpose, new DeviceAct.Remove(device.ToString()).ToPayload()).ToArray(), null, Cancel);
}
