using System.Collections.Concurrent;
using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;

namespace Cete.Groups.Tests.Support;

/// <summary>What a <see cref="GroupHost"/> is made of; null stands for the real part.</summary>
internal sealed record HostParts
{
    public NotesMachine Machine { get; init; } = new();

    public GroupSettings Settings { get; init; } = new();

    /// <summary>Settings that change while the node runs.</summary>
    public Func<GroupSettings>? LiveSettings { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Func<INodeLog, INodeLog>? Log { get; init; }

    public Func<IStateStores, IStateStores>? Stores { get; init; }
}

/// <summary>A node with one group over real files, as a program would put it together.</summary>
internal sealed class GroupHost : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly INodeLog _log;

    private GroupHost(HostParts parts, INodeLog log, IStateStores stores, string name)
    {
        _log = log;
        _system = new ActorSystem("node", new ActorSystemOptions { Clock = parts.Clock, Failures = Failures.Enqueue });
        Groups = new NodeGroups(_system, log, stores, KeyId.Of("node-1"u8), parts.LiveSettings ?? (() => parts.Settings), parts.Clock, seed: 1);
        Group = Groups.Start(GroupId.Of(name), parts.Machine, GroupOrigin.Founding);
    }

    public NodeGroups Groups { get; }

    public IReplica Group { get; }

    /// <summary>What actors threw.</summary>
    public ConcurrentQueue<ActorFailure> Failures { get; } = new();

    public static GroupHost Open(string folder, HostParts? parts = null, string name = "notes")
    {
        parts ??= new HostParts();
        INodeLog log = OpenLog(folder);
        IStateStores stores = new SqliteStateStores(Path.Combine(folder, "groups"));
        return new GroupHost(parts, parts.Log?.Invoke(log) ?? log, parts.Stores?.Invoke(stores) ?? stores, name);
    }

    public static SegmentLog OpenLog(string folder) => SegmentLog.Open(new PhysicalFiles(), Path.Combine(folder, "log")).Value;

    public Task<Outcome<CommandReply>> SendAsync(string type, string body, RequestId? id = null) =>
        Group.SubmitAsync(new ClientCommand(type, Encoding.UTF8.GetBytes(body), Asker.Local, id));

    /// <summary>Adds a note; the answer is how many notes its writer, the first word, has by then.</summary>
    public async Task<string> AddAsync(string text, RequestId? id = null) => Text(await SendAsync("add", text, id));

    public async Task<string> AddThenFailAsync(string text, RequestId? id) => Text(await SendAsync("add-then-fail", text, id));

    /// <summary>All notes in the order of the log.</summary>
    public async Task<List<string>> NotesAsync(ReadLevel level = ReadLevel.Linearizable)
    {
        var notes = await Group.ReadAsync(sql => sql.Query("SELECT text FROM notes ORDER BY log_index", row => row.GetString(0)), level);
        return notes.Value;
    }

    public async Task<T?> ScalarAsync<T>(string sql) => (await Group.ReadAsync(session => session.Scalar<T>(sql))).Value;

    public async Task<FeedPage> FeedAsync(long after, int countMax = 100) => (await Group.ReadFeedAsync(after, countMax)).Value;

    public static string Text(Outcome<CommandReply> reply)
    {
        Assert.True(reply.Succeeded, reply.Failure?.ToString());
        return reply.Value.Result.Failure is { } failure ? $"{failure.Kind}: {failure.Message}" : Encoding.UTF8.GetString(reply.Value.Result.Value.Span);
    }

    public static FailureKind KindOf(Outcome<CommandReply> reply)
    {
        Assert.True(reply.Succeeded, reply.Failure?.ToString());
        Assert.NotNull(reply.Value.Result.Failure);
        return reply.Value.Result.Failure.Kind;
    }

    public Task StopSystemAsync() => _system.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync();
        _log.Dispose();
    }
}
