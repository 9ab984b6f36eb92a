using System.Security.Cryptography;
using Cete.Accounts;
using Cete.App.Output;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Storage;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>
/// Makes the accounts of a community with its first administrator, on the node that has the administrator's key: at once for a community that is
/// just made, later for one that is older than accounts. Whoever made the community is logged in by it on this machine.
/// </summary>
/// <param name="folder">Of the node.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="logins">What the user of this machine is logged in to; null where there is no user.</param>
internal sealed class AccountsBeginning(NodeFolder folder, AccountsService accounts, ISessionBook? logins)
{
    private const string NameDefault = "administrator";
    private const int NamesMax = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(90);

    /// <summary>Makes them, unless they are there.</summary>
    /// <returns>Why not, or null: also where there is nothing to do here.</returns>
    public async Task<Failure?> EnterAsync(CancellationToken cancellation)
    {
        var administrator = folder.Trust.ReadText(TrustFolder.Administrator);
        if (administrator is not { Succeeded: true, Value: { } pem })
        {
            return administrator.Failure;
        }

        // What this replica has is enough to see that they are there: then the node starts though no root can be found yet.
        var begun = await accounts.HasBegunAsync(cancellation, ReadLevel.Local);
        if (begun is not { Succeeded: true, Value: false })
        {
            return begun.Failure;
        }

        var key = NodeKey.FromPem(pem);
        return key.Succeeded ? await BeginAsync(key.Value, pem, cancellation) : key.Failure;
    }

    /// <summary>Tries until they are there, for a community whose accounts begin later.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await EnterAsync(stop) is { } failure)
            {
                if (failure.Kind != FailureKind.Unavailable)
                {
                    NodeLog.AccountsNotBegun(NodeLog.Log, failure.Message);
                }

                await Task.Delay(Pause, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task<Failure?> BeginAsync(NodeKey key, string pem, CancellationToken cancellation)
    {
        using var owned = key;
        Failure? failure = null;
        foreach (var name in Names)
        {
            // In accounts that a backup brought, the name may be somebody's.
            failure = await BeginAsync(name, key, pem, cancellation);
            if (failure is not { Kind: FailureKind.Conflict })
            {
                return failure;
            }
        }

        return failure;
    }

    private async Task<Failure?> BeginAsync(string name, NodeKey key, string pem, CancellationToken cancellation)
    {
        var (account, secret) = (new AccountId(RandomNumberGenerator.GetBytes(AccountId.Size)), SessionSecret.Create(SessionKind.Terminal));
        var device = new NewDevice(key.PublicKey, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, "the administrator's key");
        var beginning = new Beginning(account, name, device, Registration.Open)
        {
            Session = logins is null ? null : new NewSession(secret, SessionKind.Terminal, Environment.MachineName, SessionLife),
        };

        // Kept before it counts: were the node killed in between, nobody could log in by it any more.
        var expires = TimeProvider.System.GetUtcNow() + SessionLife;
        var community = folder.Identity.Current.Community.ToString();
        if (logins?.Keep(new KnownSession(community, folder.Data.Facts.Community, account.ToString(), name, secret, expires, pem)) is { } unkept)
        {
            NodeLog.AccountsNotBegun(NodeLog.Log, unkept.Message);
        }

        var begun = await accounts.BeginAsync(
            beginning, new Asker(folder.Identity.Current.Id.ToString(), [AccountsMachine.AccountsRole]), cancellation);
        if (begun.Failure is { Kind: FailureKind.Conflict })
        {
            logins?.Forget(community);
        }

        return begun.Failure;
    }

    /// <summary>The first administrator is called what the user is called on this machine, where that can be the name of an account.</summary>
    private static IEnumerable<string> Names
    {
        get
        {
            var name = AccountName.Parse(Environment.UserName) is { Succeeded: true, Value.Text: var text } ? text : NameDefault;
            return Enumerable.Range(1, NamesMax).Select(number => number == 1 ? name : $"{name}-{number}");
        }
    }
}
