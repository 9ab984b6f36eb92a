using System.Text;
using Cete.App.Output;
using Cete.Cluster.Membership;
using Cete.Cluster.Rosters;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Storage;
using Cete.Tracker;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>What handing out issuing keys needs of a node.</summary>
internal sealed record IssuingParts(
    TrustFolder Folder, IdentityHolder Identity, TrackerService Tracker, Func<GroupStatus> Status, Func<ClusterView> View, IFabric Fabric,
    Action<IssuingAuthority> Open);

/// <summary>
/// Sees to it that each voter of the tracker can let nodes in (DESIGN.md §4), so that the loss of one ends nothing. An issuing certificate needs the
/// root key, which is kept offline: so where it is at hand, spare ones are made, and handed to the voters as these come. From then on a key is on one
/// node only, and the roster can refuse it without the others.
/// </summary>
internal sealed class IssuingKeys(IssuingParts parts) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _taking = new(1, 1);
    private IssuingAuthority? _taken;
    private KeyId? _own;
    private Failure? _failure;

    /// <summary>Makes the spare keys that are not there.</summary>
    /// <param name="folder">Where they are kept.</param>
    /// <param name="root">Signs them.</param>
    /// <param name="node">The node that keeps them until others have them.</param>
    /// <param name="now">When they begin.</param>
    public static Failure? MakeSpares(TrustFolder folder, CommunityKey root, KeyId node, Instant now)
    {
        foreach (var file in TrustFolder.Spares.Where(file => !folder.Has(file)))
        {
            var made = root.CreateAuthority(node, now);
            if (!made.Succeeded)
            {
                return made.Failure;
            }

            using var spare = made.Value;
            if (folder.Write(file, spare.ToPem()) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>Lets nodes in with the key that the node has, if it has one.</summary>
    public void Begin(IssuingAuthority? authority)
    {
        if (authority is not null)
        {
            _own = authority.Id;
            parts.Open(authority);
        }
    }

    /// <summary>Hands out spare keys until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var failure = TrustFolder.Spares.Any(parts.Folder.Has) ? await HandOutAsync(stop) : null;
                if (failure is not null && failure != _failure)
                {
                    NodeLog.KeyNotHandedOut(NodeLog.Log, failure.Message);
                }

                _failure = failure;
                await Task.Delay(failure is null ? Interval : Pause, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Takes a key from another node, for good, once the roster lists it.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> TakeAsync(FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer?.Roles.Contains(RosterKeeper.SignerRole) != true)
        {
            return new Failure(FailureKind.Forbidden, $"only nodes with the role '{RosterKeeper.SignerRole}' hand out issuing keys");
        }

        var identity = parts.Identity.Current;
        var read = request.Body.Length > TrustLimits.PemCharactersMax
            ? new Failure(FailureKind.TooLarge, "that is no issuing key")
            : IssuingAuthority.FromPem(Encoding.UTF8.GetString(request.Body.Span), identity.Community);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        await _taking.WaitAsync(cancellation);
        try
        {
            return await TakeAsync(read.Value, identity, cancellation);
        }
        finally
        {
            _taking.Release();
            if (!ReferenceEquals(read.Value, _taken))
            {
                read.Value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _taken?.Dispose();
        _taking.Dispose();
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> TakeAsync(IssuingAuthority key, NodeIdentity identity, CancellationToken cancellation)
    {
        if (_own is { } own)
        {
            return own == key.Id
                ? Outcome.Of(ReadOnlyMemory<byte>.Empty)
                : new Failure(FailureKind.Conflict, $"node {identity.Id} has an issuing key already");
        }

        // The roster first: a key that it does not list makes no certificates that count. Stopped in between, it is handed over again.
        var listed = await parts.Tracker.AddIssuerAsync(new RosterIssuer(key.Id, key.Certificate, identity.Id), Asker.Local, null, cancellation);
        if (!listed.Succeeded)
        {
            return listed.Failure;
        }

        if (parts.Folder.Write(TrustFolder.Issuing, key.ToPem()) is { } failure)
        {
            return failure;
        }

        (_own, _taken) = (key.Id, key);
        parts.Open(key);
        NodeLog.Issues(NodeLog.Log, key.Id.ToString());
        return Outcome.Of(ReadOnlyMemory<byte>.Empty);
    }

    private async Task<Failure?> HandOutAsync(CancellationToken stop)
    {
        // What this replica knows is enough: whoever has a key already says so.
        var issuers = await parts.Tracker.IssuersAsync(stop, ReadLevel.Local);
        if (!issuers.Succeeded)
        {
            return null;
        }

        var self = parts.Identity.Current.Id;
        var view = parts.View();
        Failure? last = null;
        foreach (var voter in parts.Status().Members?.Voters ?? [])
        {
            if (voter == self || view.Find(voter)?.IsPresent != true || SpareFor(voter, issuers.Value) is not { } file)
            {
                continue;
            }

            last = await HandOverAsync(voter, file, stop) ?? last;
        }

        return last;
    }

    /// <summary>The spare that the roster lists as this node's already, as it was not told that it arrived; or another, if the node has no key.</summary>
    private string? SpareFor(KeyId voter, List<RosterIssuer> issuers)
    {
        string? free = null;
        foreach (var file in TrustFolder.Spares)
        {
            if (IdOf(file) is not { } id)
            {
                continue;
            }

            var listed = issuers.Find(issuer => issuer.Id == id);
            if (listed?.Node == voter)
            {
                return file;
            }

            free ??= listed is null ? file : null;
        }

        // Whoever's key was revoked gets no other one by itself: an administrator had a reason.
        return issuers.Exists(issuer => issuer.Node == voter) ? null : free;
    }

    private KeyId? IdOf(string file)
    {
        if (parts.Folder.ReadText(file) is not { Succeeded: true, Value: { } pem }
            || IssuingAuthority.FromPem(pem, parts.Identity.Current.Community) is not { Succeeded: true, Value: var key })
        {
            return null;
        }

        using (key)
        {
            return key.Id;
        }
    }

    private async Task<Failure?> HandOverAsync(KeyId voter, string file, CancellationToken stop)
    {
        var bytes = parts.Folder.Read(file);
        if (!bytes.Succeeded || bytes.Value is null)
        {
            return bytes.Failure;
        }

        var taken = await parts.Fabric.AskAsync(voter, FabricTopic.IssuingKey, bytes.Value, AskDeadline, stop);
        if (!taken.Succeeded)
        {
            return taken.Failure;
        }

        parts.Folder.Remove(file);
        return null;
    }
}
