namespace Cete.Simulation.Membership;

/// <summary>The scenarios are worth nothing unless they miss a rule that is broken.</summary>
public sealed class MembershipMutationTests
{
    [Fact]
    public void Members_that_do_not_refute_are_called_dead() => IsMissed(Mutation.NoRefutation, "members that were well called dead");

    [Fact]
    public void Members_are_suspected_for_outdated_words() => IsMissed(Mutation.NoIncarnationCheck, "suspicions for outdated words");

    [Fact]
    public void Without_exchanges_of_views_a_partition_stays() => IsMissed(Mutation.NoPushPull, "views differ after");

    private static void IsMissed(Mutation mutation, string said)
    {
        var broken = MembershipScenarios.Broken(mutation);
        var errors = Enumerable.Range(0, broken.UsualSeeds).Select(seed => broken.Failure((ulong)seed, TextWriter.Null)?.Message ?? string.Empty);
        Assert.Contains(errors, error => error.Contains(said, StringComparison.Ordinal));
    }
}
