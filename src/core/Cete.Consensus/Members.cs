using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// Who keeps copies of a group's log (Raft's configuration): voters, whose majority decides, and learners (dissertation, section 4.2.1),
/// which get everything and decide nothing. Both are in the order of their ids; nobody is in both.
/// </summary>
public sealed class Members : IEquatable<Members>
{
    /// <summary>Voters that a group may have: 5, and one more while they change (DESIGN.md §5); the rest is room for what is to come.</summary>
    public const int VotersMax = 9;

    /// <summary>Voters and learners together: the root sends to each of them itself.</summary>
    public const int CountMax = 256;

    /// <param name="voters">At least one, at most <see cref="VotersMax"/>.</param>
    /// <param name="learners">None of the voters.</param>
    public Members(IEnumerable<KeyId> voters, IEnumerable<KeyId> learners)
    {
        Voters = [.. voters.Distinct().Order()];
        Learners = [.. learners.Distinct().Order()];
        Check.That(IsSound(Voters, Learners), "a group has a few voters, and nobody is both voter and learner");
    }

    /// <summary>Those who decide.</summary>
    public IReadOnlyList<KeyId> Voters { get; }

    /// <summary>Those who only get what was decided.</summary>
    public IReadOnlyList<KeyId> Learners { get; }

    /// <summary>How many voters decide.</summary>
    public int Majority => (Voters.Count / 2) + 1;

    /// <summary>Voters and learners.</summary>
    public IEnumerable<KeyId> All => Voters.Concat(Learners);

    /// <summary>A group of one.</summary>
    public static Members Sole(KeyId node) => new([node], []);

    /// <summary>Whether these could be the members of a group; for what comes from outside.</summary>
    public static bool IsSound(IReadOnlyCollection<KeyId> voters, IReadOnlyCollection<KeyId> learners) =>
        voters.Count is > 0 and <= VotersMax && voters.Count + learners.Count <= CountMax && !voters.Intersect(learners).Any();

    public bool IsVoter(KeyId node) => Voters.Contains(node);

    public bool IsLearner(KeyId node) => Learners.Contains(node);

    public bool Contains(KeyId node) => IsVoter(node) || IsLearner(node);

    /// <summary>These, with a node as a voter.</summary>
    public Members WithVoter(KeyId node) => new(Voters.Append(node), Learners.Where(other => other != node));

    /// <summary>These, with a node as a learner.</summary>
    public Members WithLearner(KeyId node) => new(Voters.Where(other => other != node), Learners.Append(node));

    /// <summary>These without a node.</summary>
    public Members Without(KeyId node) => new(Voters.Where(other => other != node), Learners.Where(other => other != node));

    /// <summary>Whether every majority of these overlaps with every majority of the others (dissertation, section 4.1): one voter more or less.</summary>
    public bool IsOneStepFrom(Members other) => Voters.Except(other.Voters).Count() + other.Voters.Except(Voters).Count() <= 1;

    public bool Equals(Members? other) => other is not null && Voters.SequenceEqual(other.Voters) && Learners.SequenceEqual(other.Learners);

    public override bool Equals(object? obj) => Equals(obj as Members);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (var node in All)
        {
            hash.Add(node);
        }

        return hash.ToHashCode();
    }

    public override string ToString() =>
        string.Join(' ', Voters) + (Learners.Count > 0 ? $" and learners {string.Join(' ', Learners)}" : string.Empty);
}
