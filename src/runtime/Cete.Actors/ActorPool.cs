using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// A router: several actors of one kind behind one <see cref="Tell"/>. The choice is made by the sender, so there is no hop more and no
/// mailbox in front. Order holds per sender and member: by key for all messages of a key, in turn for none.
/// </summary>
/// <typeparam name="TMessage">What the members understand.</typeparam>
public sealed class ActorPool<TMessage>
{
    private readonly ActorRef<TMessage>[] _members;
    private readonly Func<TMessage, ulong>? _key;
    private uint _next;

    internal ActorPool(ActorRef<TMessage>[] members, Func<TMessage, ulong>? key)
    {
        Check.That(members.Length is >= 1 and <= 1_024);
        _members = members;
        _key = key;
    }

    /// <summary>The members, in the order of their making; stopped ones stay in the list.</summary>
    public IReadOnlyList<ActorRef<TMessage>> Members => _members;

    /// <summary>Sends to the member whose turn it is, or whose key it is.</summary>
    /// <param name="message">The message.</param>
    /// <returns>As <see cref="ActorRef{TMessage}.Tell"/> of that member: one that is full refuses, even if others are not.</returns>
    public bool Tell(TMessage message) => Pick(message).Tell(message);

    /// <summary>The member that <see cref="Tell"/> would choose for a message, for asking it; in turn, this is a turn.</summary>
    /// <param name="message">The message.</param>
    public ActorRef<TMessage> Pick(TMessage message) => _key is null ? PickNext() : PickByKey(_key(message));

    private ActorRef<TMessage> PickNext()
    {
        var first = Interlocked.Increment(ref _next) - 1;
        for (var i = 0U; i < (uint)_members.Length; i++)
        {
            var member = _members[(first + i) % (uint)_members.Length];
            if (!member.IsStopped)
            {
                return member;
            }
        }

        return _members[first % (uint)_members.Length];
    }

    /// <summary>
    /// Highest random weight (Thaler and Ravishankar, 1998): no table, and a pool is small enough to look at each member.
    /// </summary>
    private ActorRef<TMessage> PickByKey(ulong key)
    {
        var best = _members[0];
        var bestWeight = 0UL;
        for (var i = 0; i < _members.Length; i++)
        {
            var weight = Mix(key ^ Mix((ulong)i + 1));
            if (weight >= bestWeight && !_members[i].IsStopped)
            {
                (best, bestWeight) = (_members[i], weight);
            }
        }

        return best;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>Makes pools.</summary>
public static class ActorPool
{
    /// <summary>Gives the members their messages in turn, passing over those that have stopped.</summary>
    /// <param name="members">1 to 1,024 actors.</param>
    /// <exception cref="CheckFailedException">Too few or too many.</exception>
    public static ActorPool<TMessage> RoundRobin<TMessage>(IEnumerable<ActorRef<TMessage>> members) => new([.. members], null);

    /// <summary>Gives all messages of one key to one member. When a member stops, its keys, and only those, move to the others.</summary>
    /// <param name="members">1 to 1,024 actors.</param>
    /// <param name="key">The key of a message. It must not depend on the process, as hash codes of strings do.</param>
    /// <exception cref="CheckFailedException">Too few or too many.</exception>
    public static ActorPool<TMessage> ByKey<TMessage>(IEnumerable<ActorRef<TMessage>> members, Func<TMessage, ulong> key) =>
        new([.. members], key);

    /// <summary>Makes the members of a pool, which are called "name-0" and so on.</summary>
    /// <param name="size">How many, 1 to 1,024.</param>
    /// <param name="name">The beginning of their names.</param>
    /// <param name="spawn">
    /// Makes the actor of one name: <see cref="ActorSystem.Spawn"/> or <see cref="ActorContext{TMessage}.Spawn"/>.
    /// </param>
    /// <returns>Their addresses, in the order of the names.</returns>
    /// <exception cref="CheckFailedException">Too few or too many.</exception>
    public static ActorRef<TMessage>[] Spawn<TMessage>(int size, string name, Func<string, ActorRef<TMessage>> spawn)
    {
        Check.That(size is >= 1 and <= 1_024);
        var members = new ActorRef<TMessage>[size];
        for (var i = 0; i < size; i++)
        {
            members[i] = spawn($"{name}-{i}");
        }

        return members;
    }
}
