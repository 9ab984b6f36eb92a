using System.Globalization;
using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;

namespace Cete.CrashHost;

/// <summary>A group over the real log and store of a folder, and the loops that write into it.</summary>
internal sealed class Host : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly SegmentLog _log;
    private readonly IGroup _group;

    private Host(string folder, long checkpointBytes)
    {
        _system = new ActorSystem("crash", new ActorSystemOptions());
        _log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(folder, "log")).Value;
        var stores = new SqliteStateStores(Path.Combine(folder, "groups"));
        var groups = new NodeGroups(_system, _log, stores, KeyId.Of("node-1"u8), new GroupSettings { CheckpointBytes = checkpointBytes });
        _group = groups.Start(GroupId.Of("numbers"), new NumbersMachine());
    }

    public static Host Open(string folder, long checkpointBytes) => new(folder, checkpointBytes);

    /// <summary>
    /// Null when each loop's numbers stand in the state once, in order and without gaps, and end with the acknowledged one or the one
    /// behind it, which was under way when the process was killed.
    /// </summary>
    public async Task<string?> VerifyAsync(IReadOnlyList<long> acked)
    {
        var read = await _group.ReadAsync(sql => acked.Select((_, loop) => LoopOf(sql, loop)).ToList());
        if (!read.Succeeded)
        {
            return $"the state cannot be read: {read.Failure}";
        }

        for (var loop = 0; loop < acked.Count; loop++)
        {
            var (count, distinct, newest, disorder) = read.Value[loop];
            if (count != distinct || disorder != 0 || newest != count || newest < acked[loop] || newest > acked[loop] + 1)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"loop {loop}: acknowledged {acked[loop]}; in the state {count} numbers, {distinct} different, up to {newest}, {disorder} out of order");
            }
        }

        return null;
    }

    /// <summary>Asks for one number after the other, the first one perhaps for the second time, until the process ends.</summary>
    public async Task WriteAsync(int loop, long last, Acknowledgements output)
    {
        for (var number = last + 1; ; number++)
        {
            var body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{loop} {number}"));
            var reply = await _group.SubmitAsync(new ClientCommand("add", body, Asker.Local, new RequestId($"loop-{loop}", number)));
            var answer = reply.Succeeded ? reply.Value.Result : reply.Failure;
            if (!answer.Succeeded || Encoding.UTF8.GetString(answer.Value.Span) != number.ToString(CultureInfo.InvariantCulture))
            {
                throw new InvalidOperationException($"loop {loop}, number {number}: {answer.Failure?.Message ?? "another answer than its number"}");
            }

            output.Add(loop, number);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync();
        _log.Dispose();
    }

    private static (long Count, long Distinct, long Newest, long Disorder) LoopOf(SqlSession sql, int loop) => sql.First(
        """
        SELECT count(*), count(DISTINCT number), coalesce(max(number), 0), coalesce(sum(number <> place), 0)
        FROM (SELECT number, row_number() OVER (ORDER BY log_index) AS place FROM numbers WHERE loop = @p1) AS ordered
        """,
        row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
        (long)loop);
}
