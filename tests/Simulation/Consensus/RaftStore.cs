using System.Buffers.Binary;
using Cete.Consensus;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>What a client asks the store to do.</summary>
internal enum StoreOperation
{
    /// <summary>Adds a value to the list of a key; answered with the list's length.</summary>
    Append,

    /// <summary>Sets the register of a key; answered with what it held.</summary>
    Set,

    /// <summary>Sets the register of a key if it holds what is expected; answered with 1, or 0.</summary>
    CompareAndSet,
}

/// <summary>A command of a client's session. Its sequence number makes it take effect once, however often it is asked.</summary>
internal readonly record struct StoreCommand(int Client, long Sequence, StoreOperation Operation, int Key, long Value, long Expected)
{
    private const int Size = 6 * sizeof(long);

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        foreach (var (at, word) in ((long[])[Client, Sequence, (long)Operation, Key, Value, Expected]).Index())
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at * sizeof(long)), word);
        }

        return bytes;
    }

    public static StoreCommand From(ReadOnlySpan<byte> bytes)
    {
        Span<long> words = stackalloc long[Size / sizeof(long)];
        for (var at = 0; at < words.Length; at++)
        {
            words[at] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(at * sizeof(long))..]);
        }

        return new StoreCommand((int)words[0], words[1], (StoreOperation)words[2], (int)words[3], words[4], words[5]);
    }
}

/// <summary>The answer to a command, and the index of the entry by which it took effect.</summary>
internal readonly record struct StoreReply(int Client, long Sequence, long Index, long Value);

/// <summary>What a key holds, as of an index.</summary>
internal readonly record struct StoreReading(long Index, long Length, long Register);

/// <summary>The state machine: registers and lists by key, and for each client the answer to its newest command.</summary>
internal sealed class RaftStore
{
    private readonly Dictionary<int, StoreReply> _sessions;
    private readonly Dictionary<int, List<long>> _lists;
    private readonly Dictionary<int, long> _registers;

    public RaftStore(Members? members)
    {
        (Members, _sessions, _lists, _registers) = (members, [], [], []);
    }

    private RaftStore(RaftStore other)
    {
        (Members, Applied, AppliedTerm, Digest) = (other.Members, other.Applied, other.AppliedTerm, other.Digest);
        (_sessions, _registers) = (new(other._sessions), new(other._registers));
        _lists = other._lists.ToDictionary(pair => pair.Key, pair => pair.Value.ToList());
    }

    /// <summary>Who the members are as of <see cref="Applied"/>.</summary>
    public Members? Members { get; private set; }

    public long Applied { get; private set; }

    public long AppliedTerm { get; private set; }

    /// <summary>Of all entries and answers so far, in order: equal where the states are.</summary>
    public ulong Digest { get; private set; }

    public IEnumerable<List<long>> Lists => _lists.Values;

    public RaftStore Clone() => new(this);

    /// <summary>Takes the next entry; returns the answer to its command, old or new, or null when it has none.</summary>
    public StoreReply? Apply(in ConsensusEntry entry)
    {
        Cete.Core.Check.That(entry.Index == Applied + 1, "entries are applied in order");
        (Applied, AppliedTerm, Members) = (entry.Index, entry.Term, entry.Members ?? Members);
        StoreReply? reply = null;
        if (!entry.Data.IsEmpty)
        {
            var command = StoreCommand.From(entry.Data.Span);
            var known = _sessions.GetValueOrDefault(command.Client);
            reply = known.Sequence >= command.Sequence
                ? known
                : _sessions[command.Client] = new StoreReply(command.Client, command.Sequence, entry.Index, Do(command));
        }

        Digest = Fingerprint.Of((long)Digest, entry.Index, entry.Term, reply?.Index ?? 0, reply?.Value ?? 0, RaftWire.DigestOf(entry));
        return reply;
    }

    public StoreReading Read(int key) => new(Applied, _lists.TryGetValue(key, out var list) ? list.Count : 0, _registers.GetValueOrDefault(key));

    private long Do(in StoreCommand command)
    {
        var register = _registers.GetValueOrDefault(command.Key);
        switch (command.Operation)
        {
            case StoreOperation.Append:
                if (!_lists.TryGetValue(command.Key, out var list))
                {
                    _lists.Add(command.Key, list = []);
                }

                list.Add(command.Value);
                return list.Count;
            case StoreOperation.Set:
                _registers[command.Key] = command.Value;
                return register;
            default:
                _registers[command.Key] = register == command.Expected ? command.Value : register;
                return register == command.Expected ? 1 : 0;
        }
    }
}
