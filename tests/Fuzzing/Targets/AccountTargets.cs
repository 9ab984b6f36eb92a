using System.Text;
using Cete.Accounts;
using Cete.Accounts.Passkeys;
using Cete.Core;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Fuzzing.Targets;

/// <summary>What is signed for accounts, secrets that are typed, names.</summary>
internal static class AccountTargets
{
    private static readonly string[] JsonWords =
        ["null", "[null]", "\"act\":\"set-roles\"", "\"roles\":[null]", ",\"x\":1", "{}", "[", "\\ud800", "\"\"", "-1", "1e99", "\"act\":", "[\"dj\",null]"];

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("govern-act", GovernActs), ("device-act", DeviceActs), ("close-act", CloseActs), ("register-act", RegisterActs),
        ("passkey-made", PasskeysMade), ("passkey-shown", PasskeysShown), ("passkey-key", PasskeyKeys), ("passkey-client", PasskeyClients),
        ("key-approval", KeyApprovals), ("recovery-act", RecoveryActs), ("recovery-keys-act", RecoveryKeysActs),
        ("recovery-code", RecoveryCodes), ("invitation", Invitations), ("session-secret", SessionSecrets), ("account-name", AccountNames),
        ("password", Passwords), ("told-session", ToldSessions), ("told-standings", ToldStandings), ("desk-question", Questions),
    ];

    /// <summary>Acts of each kind, for whoever signs them too.</summary>
    public static IReadOnlyList<GovernAct> Acts(string account) =>
    [
        new GovernAct.SetRoles(account, ["moderator"]), new GovernAct.Suspend(account, "noise"), new GovernAct.Resume(account),
        new GovernAct.DefineRole("dj", ["index.read", "index.move:own@/music"]), new GovernAct.RemoveRole("dj"), new GovernAct.SetRegistration("invited"),
        new GovernAct.CloseAccount(account, "gone"), new GovernAct.Invite(new byte[8], new byte[32], ["moderator"], 1, 1_800_000_100_000_000, "for ann"),
    ];

    private static FuzzTarget GovernActs() => OfJson(
        "govern-act",
        input => Oracle.Again(
            bytes => GovernAct.Parse(bytes),
            act =>
            {
                Oracle.That(act is not GovernAct.SetRoles { Roles: var roles } || !roles.Contains(null!), "a role is nothing");
                Oracle.That(act is not GovernAct.DefineRole { Grants: var grants } || !grants.Contains(null!), "a right is nothing");
                return act.ToPayload();
            },
            input),
        Acts(new AccountId(new byte[16]).ToString()).Select(act => act.ToPayload()));

    private static FuzzTarget DeviceActs() => OfJson(
        "device-act", input => Oracle.Again(bytes => DeviceAct.Parse(bytes), act => act.ToPayload(), input),
        [new DeviceAct.Add(Device).ToPayload(), new DeviceAct.Remove(KeyId.Of("d"u8).ToString()).ToPayload()]);

    private static FuzzTarget CloseActs() => OfJson(
        "close-act", input => Oracle.Again(bytes => CloseAct.Parse(bytes), act => act.ToPayload(), input),
        [new CloseAct(new AccountId(new byte[16]).ToString()).ToPayload()]);

    private static FuzzTarget RegisterActs() => OfJson(
        "register-act", input => Oracle.Again(bytes => RegisterAct.Parse(bytes), act => act.ToPayload(), input),
        [new RegisterAct("0123456789abcdef", "bob", new byte[32]).ToPayload()]);

    private static FuzzTarget PasskeysMade() => new(
        "passkey-made",
        input => Oracle.Of(
            AuthenticatorData.ParseAttestation(input),
            data => Oracle.That(data.Credential is null || !data.Credential.Id.IsEmpty, "a passkey without an id")),
        () => OfAuthenticator(key => SoftAuthenticator.Attestation(key.Data(0x40))));

    private static FuzzTarget PasskeysShown() => new(
        "passkey-shown", input => Oracle.Of(AuthenticatorData.Parse(input), _ => { }), () => OfAuthenticator(key => key.Data(0)));

    private static FuzzTarget PasskeyKeys() => new(
        "passkey-key", input => Oracle.Of(CoseKey.Parse(input), key => Oracle.That(!key.Verify([1], [2]), "nothing was signed")),
        () => OfAuthenticator(key => key.PublicKey()));

    private static FuzzTarget PasskeyClients() => OfJson(
        "passkey-client", input => Oracle.Of(ClientData.Parse(input), _ => { }), OfAuthenticator(key => key.Client(ClientData.Get, "AAAA")));

    private static IEnumerable<byte[]> OfAuthenticator(Func<SoftAuthenticator, byte[]> make)
    {
        foreach (var isRsa in new[] { false, true })
        {
            using var key = new SoftAuthenticator(isRsa: isRsa);
            yield return make(key);
        }
    }

    private static FuzzTarget RecoveryActs() => OfJson(
        "recovery-act", input => Oracle.Again(bytes => RecoveryAct.Parse(bytes), act => act.ToPayload(), input),
        [new RecoveryAct(null).ToPayload(), new RecoveryAct(Device).ToPayload()]);

    private static FuzzTarget RecoveryKeysActs() => OfJson(
        "recovery-keys-act", input => Oracle.Again(bytes => RecoveryKeysAct.Parse(bytes), act => act.ToPayload(), input),
        [new RecoveryKeysAct([]).ToPayload(), new RecoveryKeysAct([new byte[91], new byte[91]]).ToPayload()]);

    private static FuzzTarget RecoveryCodes() => FuzzTarget.OfText(
        "recovery-code", text => Oracle.Again(RecoveryCode.Parse, code => code.ToString(), text), ["abcde-fghij-klmno-pqrst", " ABCDE FGHIJ-klmno 23456"],
            "-", " ", "\u0130", "1");

    private static FuzzTarget Invitations() => FuzzTarget.OfText(
        "invitation", text => Oracle.Again(InvitationText.Parse, invitation => invitation.Text, text),
            [InvitationText.Create().Text, $"  {InvitationText.Create().Text}\n"], "cete_i_", " ");

    private static FuzzTarget SessionSecrets() => FuzzTarget.OfText(
        "session-secret", text => SessionSecret.HashOf(text) is null ? "refused" : FuzzTarget.Taken,
        [SessionSecret.Create(SessionKind.Browser), SessionSecret.Create(SessionKind.Token)], "cete_s_", "cete_t_", "=");

    private static FuzzTarget AccountNames() => FuzzTarget.OfText(
        "account-name",
        text => Oracle.Of(AccountName.Parse(text), name =>
        {
            Oracle.That(Encoding.UTF8.GetByteCount(name.Skeleton) is > 0 and <= AccountsLimits.NameBytesMax, "a skeleton out of its bounds");
            Oracle.That(Encoding.UTF8.GetByteCount(name.Key) is > 0 and <= AccountsLimits.NameBytesMax, "a key out of its bounds");
            var again = AccountName.Parse(name.Text);
            Oracle.That(again is { Succeeded: true, Value: var second } && second.Text == name.Text && second.Key == name.Key
                && second.Skeleton == name.Skeleton, "a name is read otherwise the second time");
        }),
        ["bob", "\u0395\u03BB\u03AD\u03BD\u03B7", "\u9EC4\u6843", "a.b-c_1", "\uFF42\uFF4F\uFF42"],
        "\u0301", "\u200D", "\u0430", "\u0131", "\u1E9E", "\uFDFA", "\u0130", " ", "_");

    private static FuzzTarget Passwords() => FuzzTarget.OfText(
        "password", text => Oracle.Of(PasswordText.Choose(text, AccountName.Parse("ann").Value)),
            ["correct horse battery", "\u0395\u03BB\u03AD\u03BD\u03B7 and more letters"], "\u0301", "\u00A0", "password");

    private static FuzzTarget ToldSessions() => new("told-session", input => Oracle.Of(DeskCodec.ReadSession(input), _ => { }), () =>
    [
        DeskCodec.Write(new SessionFacts(new AccountId(new byte[16]), "s1", SessionKind.Token, [Grant.Of("index.read")], new Instant(5),
            KeyId.Of("d"u8))).Value.ToArray(),
        DeskCodec.Write((Outcome<SessionFacts>)new Failure(FailureKind.NotFound, "none")).Value.ToArray(),
    ]);

    private static FuzzTarget ToldStandings() => new(
        "told-standings",
        input => Oracle.Again(bytes => DeskCodec.ReadStandings(bytes), page => DeskCodec.Write((Outcome<StandingsPage>)page).Value.ToArray(), input),
        () =>
        [
            DeskCodec.Write((Outcome<StandingsPage>)new StandingsPage(
                7, 1, [new AccountStanding(new AccountId(new byte[16]), "ann", ["member"], [Grant.All], true, false, 6)], [Grant.Of("index.read")],
                    true)).Value.ToArray(),
        ])
    { Dictionary = [Encoding.UTF8.GetBytes("index.*@/a"), Encoding.UTF8.GetBytes(":own")] };

    private static FuzzTarget Questions() => new(
        "desk-question", input => DeskCodec.ReadRequest(input) is (null, null) ? "refused" : FuzzTarget.Taken,
        () => [DeskCodec.AskSession(Hash256.Of("s"u8)).ToArray(), DeskCodec.AskStandings(5).ToArray()]);

    private static NewDevice Device => new(new byte[91], new byte[91], new byte[64], "a phone");

    private static FuzzTarget KeyApprovals() => OfJson(
        "key-approval",
        input =>
        {
            using var key = NodeKey.Create();
            var (community, account) = (KeyId.Of("c"u8), new AccountId(new byte[16]));
            var payload = input.Length <= SignedStatement.PayloadBytesMax ? input : [];
            var statement = SignedStatement.Sign(key, community, KeyApproval.DevicePurpose, account, 1, payload).ToArray();
            return Oracle.Of(
                KeyApproval.Verify(statement, key.PublicKey.Span, community, account, KeyApproval.DevicePurpose), _ => { });
        },
        [
            new DeviceAct.Add(Device with { SigningKey = KeyOf() }).ToPayload(), new DeviceAct.Remove(KeyId.Of("d"u8).ToString()).ToPayload(),
            new DeviceAct.RemoveDelegate(KeyId.Of("d"u8).ToString()).ToPayload(),
            new DeviceAct.AddDelegate(KeyOf(), KeyId.Of("n"u8).ToString(), 5, 7, new byte[64]).ToPayload(),
        ]);

    private static byte[] KeyOf()
    {
        using var key = NodeKey.Create();
        return key.PublicKey.ToArray();
    }

    private static FuzzTarget OfJson(string name, Func<byte[], string> run, IEnumerable<byte[]> examples) => new(name, run, () => examples)
    {
        Dictionary = [.. JsonWords.Select(Encoding.UTF8.GetBytes)],
    };
}
