using Cete.Core;
using Cete.Groups.Import;

namespace Cete.Groups.Tests.Simulated;

/// <summary>A rule of <see cref="ImportRules"/> that is broken.</summary>
/// <param name="Rule">Its name, with what is wrong.</param>
/// <param name="Rules">The rules with that one broken, anew for each node.</param>
/// <param name="SeedsMost">So many seeds are tried at most.</param>
internal sealed record FeedMutation(string Rule, Func<ImportRules> Rules, int SeedsMost = 400)
{
    public static IReadOnlyList<FeedMutation> All { get; } =
    [
        new("Write: outside the transaction", () => new WritesElsewhere()),
        new("MustBegin: whatever the epoch", () => new AnyEpoch()),
        new("MustBegin: though events were dropped", () => new AnyOldest()),
        new("IsNext: always", () => new AppliesAlways()),
        new("IsPaused: never", () => new NeverPaused()),
    ];

    /// <summary>The seeds that it took, and what was said; null when nobody noticed.</summary>
    public (int Seeds, string Said)? Caught()
    {
        for (var seed = 1; seed <= SeedsMost; seed++)
        {
            try
            {
                using var cluster = new FeedCluster(new Prng((ulong)seed), Rules);
                cluster.Run();
            }
            catch (Exception noticed) when (noticed is Xunit.Sdk.XunitException or InvalidOperationException)
            {
                return (seed, noticed.Message);
            }
        }

        return null;
    }

    /// <summary>As if the cursor were in another database than what was imported: neither a rollback nor a crash takes it back.</summary>
    private sealed class WritesElsewhere : ImportRules
    {
        private readonly Dictionary<GroupId, ImportCursor> _cursors = [];

        public override ImportCursor? Read(SqlSession sql, GroupId source) => _cursors.GetValueOrDefault(source);

        public override void Write(SqlSession sql, GroupId source, ImportCursor cursor) => _cursors[source] = cursor;
    }

    private sealed class AnyEpoch : ImportRules
    {
        public override bool MustBegin(ImportCursor? cursor, long epoch, long oldest) => base.MustBegin(cursor, cursor?.Epoch ?? epoch, oldest);
    }

    private sealed class AnyOldest : ImportRules
    {
        public override bool MustBegin(ImportCursor? cursor, long epoch, long oldest) => base.MustBegin(cursor, epoch, 1);
    }

    private sealed class AppliesAlways : ImportRules
    {
        public override bool IsNext(ImportCursor? own, ImportCursor? from) => true;
    }

    private sealed class NeverPaused : ImportRules
    {
        public override bool IsPaused(Instant at, Instant until) => false;
    }
}
