using System.Collections.Concurrent;
using System.Collections.Frozen;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;

namespace Cete.Accounts;

/// <summary>
/// What this node knows of all accounts, a copy that follows their group: answers at once, and tells the groups of this node who asks.
/// Until it was read for the first time it knows nobody, and nobody may do anything.
/// </summary>
/// <param name="hasAccounts">Whether the community has accounts; while it has none, whoever is at a node may do everything there.</param>
public sealed class StandingBook(Func<bool> hasAccounts) : IAskers
{
    private static readonly Failure NotYet = new(FailureKind.Unavailable, "this node does not know the community's accounts yet; try again in a moment");

    /// <summary>Groups whose commands are an administrator's by his key: the node that hands one in has checked his proof (DESIGN.md §4).</summary>
    private static readonly FrozenSet<string> Governed = new[] { "tracker" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<AccountId, AccountStanding> _known = [];
    private volatile IReadOnlyList<Grant>? _guest;

    /// <summary>The community has accounts.</summary>
    public bool HasAccounts => hasAccounts();

    /// <summary>It was read.</summary>
    public bool IsKnown => _guest is not null;

    /// <summary>Accounts that are known.</summary>
    public int Count => _known.Count;

    /// <summary>What somebody without an account may do.</summary>
    public Standing Guest => new(string.Empty, [RoleDefinition.Guest], _guest ?? []);

    /// <summary>How an account stands; null for one that is not known, or closed.</summary>
    public AccountStanding? Find(AccountId account) => _known.GetValueOrDefault(account);

    /// <summary>What people call an account; null for what is none, or not known.</summary>
    public string? NameOf(string account) => AccountId.TryParse(account, out var id) ? Find(id)?.Name : null;

    /// <summary>The account that people call so; null for none that is known. Goes through all of them: for what people type, not for lists.</summary>
    public AccountId? ByName(string name)
    {
        foreach (var (account, standing) in _known)
        {
            if (standing.Name.Length > 0 && string.Equals(standing.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return account;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public Outcome<Asker> Stamp(GroupId group, Asker named, FabricPeer? from)
    {
        if (AccountId.TryParse(named.Account, out var account))
        {
            // The accounts know best themselves; of one that was just made, others may hear a moment later.
            return group == AccountsService.Name ? named
                : Find(account) is { } known ? AskerOf(known.Standing.Narrowed(named.Grants))
                : IsKnown ? new Failure(FailureKind.Unavailable, "this node does not know the account yet, or it was closed; try again in a moment")
                : NotYet;
        }

        if (named.Account.Length == 0)
        {
            return IsKnown || group == AccountsService.Name ? AskerOf(Guest) : NotYet;
        }

        return from is null || !HasAccounts ? NodeAskers.Instance.Stamp(group, named, from) : StampOther(group, named, from);
    }

    /// <summary>What another node hands in that names no account: it speaks for itself, with no rights but what its roles mean to a service.</summary>
    private static Outcome<Asker> StampOther(GroupId group, Asker named, FabricPeer from)
    {
        if (named.Account == Asker.Local.Account && Governed.Contains(group.Name))
        {
            return Asker.Local;
        }

        return !KeyId.TryParse(named.Account, out _)
            ? new Failure(FailureKind.Forbidden, $"node {from.Id} asks in nobody's name; in a community with accounts that is not taken")
            : NodeAskers.Check(named, from) is { } failure ? failure
            : named with { Grants = [] };
    }

    /// <summary>Follows the group until it is stopped.</summary>
    /// <param name="read">A page of what changed behind a version.</param>
    /// <param name="wait">Completes when there may be more, or after a while.</param>
    /// <param name="stop">Ends it.</param>
    public async Task FollowAsync(
        Func<long, CancellationToken, Task<Outcome<StandingsPage>>> read, Func<CancellationToken, Task> wait, CancellationToken stop)
    {
        var (version, roles) = (0L, 0L);
        try
        {
            while (true)
            {
                // Asked before it is read: what comes between the two is not missed.
                var more = wait(stop);
                var page = await read(version, stop);
                if (page.Succeeded && page.Value.RolesVersion != roles && version > 0)
                {
                    (version, roles) = (0, page.Value.RolesVersion);
                    continue;
                }

                if (page.Succeeded)
                {
                    Take(page.Value);
                    (version, roles) = (page.Value.Version, page.Value.RolesVersion);
                }

                if (page is not { Succeeded: true, Value.IsMore: true })
                {
                    await more;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private static Asker AskerOf(Standing standing) => new(standing.Account, standing.Roles) { Grants = standing.Grants };

    private void Take(StandingsPage page)
    {
        foreach (var standing in page.Items)
        {
            if (standing.IsClosed)
            {
                _known.TryRemove(standing.Account, out _);
            }
            else
            {
                _known[standing.Account] = standing;
            }
        }

        if (!page.IsMore)
        {
            _guest = page.Guest;
        }
    }
}
