using Cete.Actors;
using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Log;

/// <summary>
/// Owns the node's log, on the blocking dispatcher. Additions that arrive while a sync is under way wait in the mailbox and share the
/// next one: that is the group commit.
/// </summary>
internal sealed class LogActor(INodeLog log) : Actor<LogMessage>
{
    /// <summary>Bytes read back at once: bounds the memory of a replay.</summary>
    private const int ReadBytesMax = 4 * 1024 * 1024;

    private readonly Dictionary<GroupId, Client> _clients = [];
    private readonly List<Client> _waiting = [];
    private bool _flushing;
    private long _buffered;

    protected override void Receive(LogMessage message)
    {
        switch (message)
        {
            case LogMessage.Open open:
                Open(open);
                break;
            case LogMessage.Append append:
                Append(append);
                break;
            case LogMessage.Flush:
                Flush();
                break;
            case LogMessage.Read read:
                Read(read);
                break;
            case LogMessage.Release release:
                Release(release);
                break;
        }
    }

    private void Open(LogMessage.Open open)
    {
        // What waits of a group that opens again is of its old attempt: it is synced now, so that the bounds are what the disk holds.
        Flush();
        _clients[open.Group] = new Client(open.Group, open.Owner);
        var bounds = log.Bounds(open.Group);
        try
        {
            open.Owner.Tell(new GroupMessage.LogOpened(bounds, [.. bounds.MembersAt.SelectMany(index => log.Read(open.Group, index, index, ReadBytesMax))]));
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            open.Owner.Tell(new GroupMessage.Broken(new Failure(FailureKind.Damaged, error.Message)));
        }
    }

    private void Append(LogMessage.Append append)
    {
        var client = _clients[append.Group];
        if (append.Attempt <= client.FailedAttempt)
        {
            return;
        }

        (client.Attempt, client.Write) = (append.Attempt, append.Write);
        if (append.State is { } state)
        {
            log.Append(append.Group, state);
        }

        if (append.ResetTo is { } snapshot)
        {
            log.Reset(append.Group, snapshot.Index, snapshot.Term);
        }

        foreach (var entry in append.Entries)
        {
            log.Append(entry);
            _buffered += entry.Data.Length;
            client.FirstWaiting = client.FirstWaiting == 0 ? entry.Index : client.FirstWaiting;
        }

        if (!client.IsWaiting)
        {
            client.IsWaiting = true;
            _waiting.Add(client);
        }

        if (_buffered >= Limits.LogBatchBytesMax / 2)
        {
            Flush();
        }
        else if (!_flushing)
        {
            _flushing = Context.Self.Tell(LogMessage.Flush.Instance);
        }
    }

    private void Flush()
    {
        var bytes = _buffered;
        (_flushing, _buffered) = (false, 0);
        if (_waiting.Count == 0)
        {
            return;
        }

        var failure = GroupMetrics.Sync(bytes, log.Sync);
        foreach (var client in _waiting)
        {
            client.Owner.Tell(failure is null
                ? new GroupMessage.LogSynced(client.Attempt, client.Write)
                : new GroupMessage.LogFailed(client.Attempt, client.FirstWaiting, failure));
            if (failure is not null)
            {
                client.FailedAttempt = client.Attempt;
            }

            (client.FirstWaiting, client.IsWaiting) = (0, false);
        }

        _waiting.Clear();
        if (log.Holder is { } holder && _clients.TryGetValue(holder, out var late))
        {
            late.Owner.Tell(new GroupMessage.CheckpointWanted());
        }
    }

    private void Read(LogMessage.Read read)
    {
        var owner = _clients[read.Group].Owner;
        try
        {
            owner.Tell(new GroupMessage.EntriesRead(read.For, read.From, log.Read(read.Group, read.From, read.To, ReadBytesMax)));
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            owner.Tell(new GroupMessage.Broken(new Failure(FailureKind.Damaged, error.Message)));
        }
    }

    private void Release(LogMessage.Release release)
    {
        try
        {
            log.Release(release.Group, release.Through);
            _clients[release.Group].Owner.Tell(new GroupMessage.Released(log.Bounds(release.Group).First - 1));
        }
        catch (IOException)
        {
            // A segment that could not be removed is only in the way: the next start finds and releases it again.
            return;
        }
    }

    private sealed class Client(GroupId group, GroupMailbox owner)
    {
        public GroupId Group { get; } = group;

        public GroupMailbox Owner { get; } = owner;

        public int Attempt { get; set; }

        public int FailedAttempt { get; set; }

        public long Write { get; set; }

        public long FirstWaiting { get; set; }

        public bool IsWaiting { get; set; }
    }
}
