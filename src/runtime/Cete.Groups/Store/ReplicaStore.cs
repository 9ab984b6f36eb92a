using System.Data.Common;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Import;
using Cete.Groups.Proto;
using Cete.Groups.Wire;
using Cete.Ports;

namespace Cete.Groups.Store;

/// <summary>
/// A group's state at one applied index. A batch of entries is one transaction with the index in it, each of several commands in a
/// savepoint: so a store is always at a whole index, and applying the log from there on gives the same store everywhere.
/// </summary>
internal sealed class ReplicaStore : IDisposable
{
    /// <summary>What the newest command caused.</summary>
    private IReadOnlyList<(string Type, byte[] Body)> _events = [];

    private const string MetaTable = "CREATE TABLE IF NOT EXISTS cete_meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)";
    public const string SetMetaText = "INSERT INTO cete_meta (name, value) VALUES (@p1, @p2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    /// <summary>Where a store stands, as one statement: each costs as much as what it writes, and this one is waited for with every batch.</summary>
    private const string SetStandText = """
        INSERT INTO cete_meta (name, value) VALUES ('applied', @p1), ('applied_term', @p2), ('stamp', @p3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """;

    private readonly GroupId _group;
    private readonly IStateStore _store;
    private readonly IStateMachine _machine;
    private readonly SqlSession _sql;
    private readonly SessionTable _sessions;
    private readonly FeedTable _feed;
    private readonly MembersTable _members;
    private readonly DigestTable _digests;
    private readonly ImportTable _imports;
    private readonly ReplicaRules _rules;

    private ReplicaStore(GroupId group, IStateStore store, IStateMachine machine, SqlSession sql, ReplicaRules rules)
    {
        (_group, _store, _machine, _sql, _rules) = (group, store, machine, sql, rules);
        _sessions = new SessionTable(sql);
        _feed = new FeedTable(sql, rules.Retention);
        _imports = new ImportTable(sql, machine as IFeedImporter, rules.Imports);
        Applied = Meta("applied");
        Level = (int)Meta("level");
        LastStamp = new Instant(Meta("stamp"));
        AppliedTerm = Meta("applied_term");
        _members = new MembersTable(sql);
        Members = _members.Read();
        Lineage = LineageRows.Read(sql);
        _digests = new DigestTable(sql, Applied, rules.DigestInterval);
    }

    public long Applied { get; private set; }

    /// <summary>The term of the entry at <see cref="Applied"/>; 0 where a program before replication applied it.</summary>
    public long AppliedTerm { get; private set; }

    /// <summary>Who the members were as of <see cref="Applied"/>; null when that was never told.</summary>
    public Members? Members { get; private set; }

    /// <summary>A program wrote it that knew of one replica only: there are no others, so it goes on by itself.</summary>
    public bool IsOfBeforeReplication => Members is null && Applied > 0 && AppliedTerm == 0;

    public StoreFacts Facts => new(Applied, AppliedTerm, Level, LastStamp, Members, Meta("installed")) { Digests = _digests.Read(), Lineage = Lineage };

    /// <summary>Which group of its name it is of.</summary>
    public Lineage Lineage { get; private set; }

    public int Level { get; private set; }

    public Instant LastStamp { get; private set; }

    public long BytesSinceCheckpoint => _store.BytesSinceCheckpoint;

    public static Outcome<ReplicaStore> Open(GroupId group, IStateStore store, IStateMachine machine, ReplicaRules? rules = null)
    {
        var sql = new SqlSession(store.Writer);
        try
        {
            sql.Script(MetaTable);
            sql.Script("""
                CREATE TABLE IF NOT EXISTS cete_sessions (session TEXT PRIMARY KEY, newest BIGINT NOT NULL, used_at BIGINT NOT NULL);
                CREATE TABLE IF NOT EXISTS cete_replies (session TEXT NOT NULL, sequence BIGINT NOT NULL, log_index BIGINT NOT NULL,
                    digest BLOB NOT NULL, reply BLOB NOT NULL, PRIMARY KEY (session, sequence));
                CREATE INDEX IF NOT EXISTS cete_sessions_used ON cete_sessions (used_at);
                CREATE TABLE IF NOT EXISTS cete_members (node BLOB PRIMARY KEY, is_voter INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS cete_feed (position BIGINT PRIMARY KEY, at BIGINT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL);
                """);
            sql.Script(ImportTable.Schema);
            var replica = new ReplicaStore(group, store, machine, sql, rules ?? new ReplicaRules());
            if (replica.Level <= machine.LevelMax)
            {
                return replica;
            }

            replica.Dispose();
            return TooNew(group, replica.Level, machine);
        }
        catch (DbException error)
        {
            store.Dispose();
            return store.Explain(error, $"opening the store of group '{group}'");
        }
    }

    /// <summary>
    /// Makes this node the only voter of a group that begins here, or that began before members were kept; true where it did. It counts once it is
    /// durable: somebody may be told of which group this is.
    /// </summary>
    public bool Found(KeyId self, Func<Lineage> draw)
    {
        if (Members is not null)
        {
            return false;
        }

        var (members, lineage) = (Members.Sole(self), draw());
        InOne(() =>
        {
            _members.Write(members);
            LineageRows.Write(_sql, lineage);
        });
        (Members, Lineage) = (members, lineage);
        return true;
    }

    /// <summary>Notes of which group this replica is. False when that could not be made durable.</summary>
    public bool Adopt(Lineage lineage)
    {
        InOne(() => LineageRows.Write(_sql, lineage));
        Lineage = lineage;
        return _store.Checkpoint();
    }

    /// <summary>Looks whether a snapshot is what its sender said, before it takes the place of a store, and notes in it that it does.</summary>
    /// <param name="connection">To the snapshot.</param>
    /// <param name="said">The index that it was said to stand at.</param>
    /// <param name="applied">The index that the store stands at.</param>
    /// <param name="lineage">Of which group it has to be.</param>
    /// <param name="machine">Of the service.</param>
    public static Failure? Inspect(DbConnection connection, long said, long applied, Lineage lineage, IStateMachine machine)
    {
        using var sql = new SqlSession(connection);
        try
        {
            var stands = sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = 'applied'");
            var term = sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = 'applied_term'");
            var level = sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = 'level'");
            if (stands != said || stands <= applied || term < 1 || new MembersTable(sql).Read() is null)
            {
                return new Failure(FailureKind.Damaged, $"the snapshot stands at {stands} in term {term}, it was said to stand at {said}; ask for another one");
            }

            if (LineageRows.Read(sql) is var other && other != lineage)
            {
                return new Failure(FailureKind.Conflict, $"the snapshot is of another group of that name: lineage {other} instead of {lineage}");
            }

            if (level > machine.LevelMax)
            {
                return new Failure(FailureKind.Conflict, $"the snapshot is at apply level {level}, this program knows {machine.LevelMax}: bring it up to date");
            }

            // In the snapshot itself: a stop right after it took the store's place must not look like a log that lost something.
            sql.Execute(SetMetaText, "installed", stands);
            return null;
        }
        catch (DbException error)
        {
            return new Failure(FailureKind.Damaged, $"the snapshot is no store of a group: {error.Message}");
        }
    }

    /// <summary>Makes a snapshot of one community's group the beginning of another one's.</summary>
    public static void BeginAnew(SqlSession sql, KeyId self, Lineage lineage)
    {
        var applied = Meta(sql, "applied");
        var term = Math.Max(1, Meta(sql, "applied_term"));
        new MembersTable(sql).Write(Members.Sole(self));
        sql.Execute(SetMetaText, "applied_term", term);
        sql.Execute(SetMetaText, "installed", applied);
        LineageRows.Write(sql, lineage);
        ImportTable.Forget(sql);
    }

    /// <summary>Makes the group of a replica that goes on by itself another one than that of the replicas it leaves behind.</summary>
    public static void BeginLineage(SqlSession sql, Lineage lineage)
    {
        sql.Script(MetaTable);
        sql.Execute("BEGIN IMMEDIATE");
        LineageRows.Write(sql, lineage);
        sql.Execute("COMMIT");
    }

    public AppliedBatch Apply(IReadOnlyList<LogEntry> entries)
    {
        Check.That(entries.Count > 0 && entries[0].Index == Applied + 1, "entries are applied in order, each once");
        var (level, stamp, members) = (Level, LastStamp, Members);
        List<AppliedReply> replies = new(entries.Count);
        _sql.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var entry in entries)
            {
                ApplyEntry(entry, isAlone: entries.Count == 1, replies);
            }

            _sql.Execute(SetStandText, entries[^1].Index, entries[^1].Term, LastStamp.Microseconds);
            var digests = _digests.Write();
            _sql.Execute("COMMIT");
            (Applied, AppliedTerm) = (entries[^1].Index, entries[^1].Term);
            return new AppliedBatch(Applied, Level, Members, replies) { Digests = digests };
        }
        catch
        {
            (Level, LastStamp, Members) = (level, stamp, members);
            RollBack();
            throw;
        }
    }

    /// <summary>A number of the store's own; 0 where it was never noted.</summary>
    public static long Meta(SqlSession sql, string name) => sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = @p1", name);

    public Failure Explain(DbException error, string doing) => _store.Explain(error, doing);

    public bool Checkpoint() => _store.Checkpoint();

    public void WriteSnapshot(Stream target) => _store.WriteSnapshot(target);

    public void Dispose()
    {
        _digests.Dispose();
        _sql.Dispose();
        _store.Dispose();
    }

    private void ApplyEntry(in LogEntry entry, bool isAlone, List<AppliedReply> replies)
    {
        if (entry.Kind == LogEntryKind.Members)
        {
            Members = ConsensusCodec.DecodeMembers(entry.Data) ?? throw new InvalidDataException($"entry {entry.Index} of group '{_group}' names no members");
            _members.Write(Members);
            _digests.Add(entry, [], []);
            return;
        }

        if (entry.Data.IsEmpty || GroupCodec.Decode(entry.Data) is not { } command)
        {
            _digests.Add(entry, [], []);
            return;
        }

        LastStamp = Instant.Max(LastStamp, new Instant(command.StampedAt));
        if (command.RaiseLevelTo > 0)
        {
            Raise(command.RaiseLevelTo);
            _digests.Add(entry, [], []);
        }
        else
        {
            _events = [];
            var reply = ApplyOnce(command, entry.Index, isAlone);
            _digests.Add(entry, GroupCodec.Encode(reply.Result), _events);
            replies.Add(new AppliedReply(entry.Index, reply));
        }

        if (entry.Index % _rules.SweepInterval == 0)
        {
            _sessions.Sweep(LastStamp);
            _feed.Sweep(LastStamp);
        }
    }

    private void Raise(int level)
    {
        if (level > _machine.LevelMax)
        {
            throw new NewerLevelException(TooNew(_group, level, _machine));
        }

        while (Level < level)
        {
            Level++;
            _machine.Raise(Level, _sql);
        }

        SetMeta("level", Level);
    }

    private CommandReply ApplyOnce(StampedCommand command, long index, bool isAlone)
    {
        if (command.Session.Length == 0)
        {
            return new CommandReply(index, ApplyCommand(command, index, isAlone));
        }

        if (_sessions.Find(command, index) is { } known)
        {
            return known;
        }

        var result = ApplyCommand(command, index, isAlone);
        _sessions.Remember(command, index, LastStamp, result);
        return new CommandReply(index, result);
    }

    /// <param name="command">What to carry out.</param>
    /// <param name="index">Where it stands in the log.</param>
    /// <param name="isAlone">
    /// Nothing else is in its batch, so the transaction is savepoint enough: SQLite keeps a copy of every page that is changed within one.
    /// </param>
    private Outcome<ReadOnlyMemory<byte>> ApplyCommand(StampedCommand command, long index, bool isAlone)
    {
        var context = new ApplyContext(_sql, Level);
        if (!isAlone)
        {
            _sql.Execute("SAVEPOINT command");
        }

        var applied = command.Import is null ? GroupCodec.ToApplied(command, index, LastStamp) : null;
        var result = applied is null ? _imports.Apply(command.Import!, index, LastStamp, context) : _machine.Apply(applied, context);
        if (result.Succeeded && context.EventBytes > Limits.EventBytesMax)
        {
            result = new Failure(FailureKind.TooLarge, $"the command causes an event of {context.EventBytes} bytes; {Limits.EventBytesMax} is the most");
        }

        if (result.Succeeded)
        {
            _feed.Add(index, LastStamp, context.Events);
            _events = context.Events;
        }
        else
        {
            _sql.Execute(isAlone ? "ROLLBACK" : "ROLLBACK TO command");
            _sql.ForgetDerived();
            if (isAlone)
            {
                _sql.Execute("BEGIN IMMEDIATE");
            }

            if (applied is not null)
            {
                _machine.Refused(applied, result.Failure, new ApplyContext(_sql, Level));
            }
        }

        if (!isAlone)
        {
            _sql.Execute("RELEASE command");
        }

        return result;
    }

    private void InOne(Action write)
    {
        _sql.Execute("BEGIN IMMEDIATE");
        try
        {
            write();
            _sql.Execute("COMMIT");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        _sql.ForgetDerived();
        try
        {
            _sql.Execute("ROLLBACK");
        }
        catch (DbException)
        {
            // SQLite rolls back by itself after some errors, a full disk for one, and then refuses this: either way it is done.
        }

        _digests.Forget();
    }

    private static Failure TooNew(GroupId group, int level, IStateMachine machine) =>
        new(
            FailureKind.Conflict,
            $"group '{group}' is at apply level {level}, this program knows {machine.LevelMax}: it was written by a newer version, use that one");

    private long Meta(string name) => Meta(_sql, name);

    private void SetMeta(string name, long value) =>
        _sql.Execute(SetMetaText, name, value);
}
