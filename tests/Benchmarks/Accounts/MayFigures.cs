using BenchmarkDotNet.Attributes;
using Cete.Accounts;
using Cete.Core;
using Cete.Groups;

namespace Cete.Benchmarks.Accounts;

/// <summary>What it costs to find out whether somebody may do something: it is asked for every request, command and row.</summary>
public class MayFigures
{
    private const int People = 10_000;

    private readonly StandingBook _book = new(() => true);
    private readonly AccountId _account = IdOf(People / 2);
    private readonly GroupId _index = GroupId.Of("index");
    private readonly Asker _asker = Asker.Of(IdOf(People / 2));

    private Standing _member = Standing.Nobody;
    private Standing _most = Standing.Nobody;

    /// <summary>A book of many, and somebody with as many rights as one can have, the last of which is the one that counts.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var grants = RoleDefinition.Defaults.Where(role => role.Name is "guest" or "member").SelectMany(role => role.Grants).Distinct().ToList();
        _member = new Standing("me", ["member"], grants);
        _most = new Standing("me", ["member"],
            [.. Enumerable.Range(1, Standing.GrantsMax - 1).Select(i => Grant.Of($"index.move:own@/folder {i}")), Grant.Of("index.remove:own@/music")]);
        var page = new StandingsPage(
            People, 1, [.. Enumerable.Range(0, People).Select(i => new AccountStanding(IdOf(i), $"name-{i}", ["member"], grants, false, false, i + 1))],
                grants, IsMore: false);
        _book.FollowAsync((_, _) => Task.FromResult<Outcome<StandingsPage>>(page), _ => Task.FromCanceled(new CancellationToken(true)), CancellationToken.None)
            .ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        Check.That(_book.Find(_account) is not null && _member.May(Actions.IndexRemove, new ActionTarget("me", "/music")));
    }

    /// <summary>A member and an entry of his own: the seventh of eight rights says yes.</summary>
    [Benchmark]
    public bool Member() => _member.May(Actions.IndexRemove, new ActionTarget("me", "/music/new"));

    /// <summary>128 rights, the last one says yes.</summary>
    [Benchmark]
    public bool Most() => _most.May(Actions.IndexRemove, new ActionTarget("me", "/music/new"));

    /// <summary>Found among ten thousand accounts, then asked.</summary>
    [Benchmark]
    public bool ThroughBook() => _book.Find(_account)!.Standing.May(Actions.IndexRemove, new ActionTarget(_asker.Account, "/music/new"));

    /// <summary>What a root stamps on a command, then asked.</summary>
    [Benchmark]
    public bool Stamped() => _book.Stamp(_index, _asker, null).Value.Standing.May(Actions.IndexFile);

    private static AccountId IdOf(int number) => new(Hash256.Of(BitConverter.GetBytes(number)).ToArray().AsSpan(0, AccountId.Size));
}
