using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Trust;

namespace Cete.App.Verbs.Accounts;

/// <summary>This terminal as a device of the account that is logged in: its key signs for that account.</summary>
internal sealed class OwnDevice : IDisposable
{
    private readonly NodeKey _key;
    private readonly KeyId _community;
    private readonly AccountId _account;

    private OwnDevice(AccountInfo self, AccountId account, KeyId community, NodeKey key) =>
        (Self, _account, _community, _key) = (self, account, community, key);

    /// <summary>The account.</summary>
    public AccountInfo Self { get; }

    /// <summary>The community that statements are signed for.</summary>
    public KeyId Community => _community;

    /// <summary>Does something that is to be signed, or says why this terminal cannot.</summary>
    public static async Task<int> UseAsync(NodeClient client, Func<OwnDevice, Task<int>> run, CancellationToken stop)
    {
        var opened = await OpenAsync(client, stop);
        if (!opened.Succeeded)
        {
            return ExitCodes.Say(opened.Failure);
        }

        using var device = opened.Value;
        return await run(device);
    }

    /// <summary>The device that this terminal is; or why it cannot sign.</summary>
    public static async Task<Outcome<OwnDevice>> OpenAsync(NodeClient client, CancellationToken stop)
    {
        if (Common.Logins() is not { } logins)
        {
            return NotLoggedIn;
        }

        var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
        if (who is not { Succeeded: true, Value: { Account: { } self, CommunityId: var communityId } }
            || !KeyId.TryParse(communityId, out var community) || !AccountId.TryParse(self.Id, out var account))
        {
            return who.Failure ?? NotLoggedIn;
        }

        if (logins.Find(communityId) is not { DeviceKey: { } pem } known || known.Account != self.Id)
        {
            return new Failure(
                FailureKind.Forbidden,
                "this terminal has no key of your account, and this is signed; do it where you registered, or make this terminal a device: "
                + "'cete account device add'");
        }

        var key = NodeKey.FromPem(pem);
        return key.Succeeded ? new OwnDevice(self, account, community, key.Value) : key.Failure;
    }

    /// <summary>Nobody is logged in, said with what to do.</summary>
    public static Failure NotLoggedIn { get; } = new(FailureKind.Unauthenticated, "nobody is logged in; log in with 'cete login NAME'");

    /// <summary>A statement of the account, on the wire.</summary>
    public byte[] Sign(string purpose, byte[] payload)
    {
        var counter = Instant.From(TimeProvider.System.GetUtcNow()).Microseconds;
        return SignedStatement.Sign(_key, _community, purpose, _account, counter, payload).ToArray();
    }

    public void Dispose() => _key.Dispose();
}
