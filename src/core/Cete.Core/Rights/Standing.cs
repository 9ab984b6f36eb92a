namespace Cete.Core;

/// <summary>What somebody may do, as it stands at one moment. Whether that is so, <see cref="May"/> alone decides, everywhere.</summary>
/// <param name="Account">The account's id, or what else acts; empty for a guest.</param>
/// <param name="Roles">Names of its roles.</param>
/// <param name="Grants">What those let it do.</param>
public sealed record Standing(string Account, IReadOnlyList<string> Roles, IReadOnlyList<Grant> Grants)
{
    /// <summary>Rights of one account: bounds what a decision costs, and what each command carries.</summary>
    public const int GrantsMax = 128;

    /// <summary>Somebody without an account, in a community that lets nobody do anything without one.</summary>
    public static Standing Nobody { get; } = new(string.Empty, [], []);

    /// <summary>There is an account.</summary>
    public bool IsKnown => Account.Length > 0;

    /// <summary>Whether there is anything at all to which this one may do something: what is to be refused whatever it is about can be refused early.</summary>
    public bool MayAnywhere(string action)
    {
        foreach (var grant in Grants)
        {
            if (grant.Covers(action, isOwn: IsKnown, grant.Folder))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same one, with what a token leaves of its rights.</summary>
    /// <param name="to">What the token is for; none for everything.</param>
    public Standing Narrowed(IReadOnlyList<Grant> to) => to.Count == 0
        ? this
        : this with { Grants = [.. Grants.SelectMany(own => to.Select(own.And)).OfType<Grant>().Distinct().Take(GrantsMax)] };

    /// <summary>Whether this one may do something: the only place that decides it.</summary>
    /// <param name="action">What, one of <see cref="Actions"/> or of a described service.</param>
    /// <param name="target">To what.</param>
    public bool May(string action, in ActionTarget target = default)
    {
        var isOwn = IsKnown && target.Owner == Account;
        foreach (var grant in Grants)
        {
            if (grant.Covers(action, isOwn, target.Folder))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What an action is done to.</summary>
/// <param name="Owner">To whom it belongs, as in <see cref="Standing.Account"/>; null for nobody.</param>
/// <param name="Folder">Path of the folder that it is in, or that it is; null when it is in none.</param>
public readonly record struct ActionTarget(string? Owner, string? Folder);
