using Cete.Actors;
using Cete.Core;
using Cete.Groups.Proto;
using Cete.Groups.Wire;

namespace Cete.Groups.Import;

/// <summary>What an importer works with.</summary>
/// <param name="Group">The group that imports.</param>
/// <param name="Source">The group that is imported from.</param>
/// <param name="Machine">Knows at which level it is.</param>
/// <param name="Network">Where the source's replicas are.</param>
/// <param name="Board">Where it shows how it stands.</param>
/// <param name="Rules">What makes each event have its effect once.</param>
internal sealed record ImportParts(Group Group, GroupId Source, IFeedImporter Machine, GroupNetwork Network, ReplicaBoard Board, ImportRules Rules);

/// <summary>
/// Follows the feed of another group for the root of its own: asks any node that has a replica of the source, and proposes what it is told. One
/// thing at a time; what is right to apply is decided in the log (<see cref="ImportTable"/>), so whatever it does twice or too late is harmless.
/// </summary>
internal sealed class ImportActor(ImportParts parts) : Actor<ImportMessage>
{
    /// <summary>Between two looks where there is nothing to do but to wait: paused, or a level that comes yet.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two questions of which the first had no event for an answer.</summary>
    private static readonly TimeSpan EmptyPause = TimeSpan.FromMilliseconds(20);

    /// <summary>After a source that did not answer, doubled up to the longest.</summary>
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(10);

    /// <summary>After an event that is refused, doubled: another node of the source may tell a better one, a newer program may understand it.</summary>
    private static readonly TimeSpan RefusedMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefusedMax = TimeSpan.FromHours(1);

    private static readonly TimeSpan FeedDeadline = ImportLimits.WaitMax + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ScanDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Tries to get a piece of a scan, after which it counts as gone.</summary>
    private const int PieceTriesMax = 5;

    private Stage _stage;
    private ImportCursor? _cursor;
    private ImportPage? _page;
    private int _taken;
    private int _batchMax = Limits.PageItemsMax;

    /// <summary>A scan is to be begun that stands at this index at least; null when none is.</summary>
    private long? _scanFrom;
    private ScanPlace _asked;
    private ImportCursor? _proposed;
    private int _node;
    private int _tries;
    private int _refusals;
    private Failure? _failure;
    private long? _behind;

    private enum Stage
    {
        Idle,
        Reading,
        AskingFeed,
        AskingScan,
        Proposing,
    }

    protected override void Started() => Look();

    protected override void Receive(ImportMessage message)
    {
        switch (message)
        {
            case ImportMessage.Look when _stage == Stage.Idle:
                Look();
                break;
            case ImportMessage.StateRead read when _stage == Stage.Reading:
                Take(read.State);
                break;
            case ImportMessage.Told told when _stage == Stage.AskingFeed:
                TakeFeed(told.Answer);
                break;
            case ImportMessage.Told told when _stage == Stage.AskingScan:
                TakeScan(told.Answer);
                break;
            case ImportMessage.Proposed proposed when _stage == Stage.Proposing:
                Take(proposed.Answer);
                break;
        }

        Show();
    }

    protected override void Stopped() => parts.Board.Imports.TryRemove(parts.Source, out _);

    private void Look()
    {
        _page = null;
        if (!parts.Group.Status.IsRoot)
        {
            // Whoever is the root goes on from the cursor in the store; this one is told when it is it again.
            (_stage, _cursor, _scanFrom, _failure, _behind, _tries, _refusals) = (Stage.Idle, null, null, null, null, 0, 0);
            Context.Timers.CancelAll();
            return;
        }

        _stage = Stage.Reading;
        var (source, rules) = (parts.Source, parts.Rules);
        Context.PipeTo(
            parts.Group.ReadAsync(sql => new ImportState(rules.Read(sql, source), ImportTable.PausedUntil(sql)), ReadLevel.Local),
            state => new ImportMessage.StateRead(state),
            error => new ImportMessage.StateRead(new Failure(FailureKind.Unavailable, error.Message)));
    }

    private void LookIn(TimeSpan delay)
    {
        _stage = Stage.Idle;
        Context.Timers.StartSingle(nameof(ImportMessage.Look), ImportMessage.Look.Instance, delay);
    }

    private void Take(Outcome<ImportState> read)
    {
        if (!read.Succeeded)
        {
            TryAgain(read.Failure);
            return;
        }

        _cursor = read.Value.Cursor;
        var now = Instant.From(Context.Clock.GetUtcNow());
        if (parts.Rules.IsPaused(now, read.Value.PausedUntil) || !parts.Machine.ImportsAt(parts.Group.Status.Level).Contains(parts.Source))
        {
            LookIn(LookInterval);
            return;
        }

        Go();
    }

    /// <summary>The next thing to do: what was told is proposed, else more is asked for.</summary>
    private void Go()
    {
        if (_page is not null)
        {
            Propose(_page);
        }
        else if (_cursor is null || _scanFrom is not null)
        {
            Ask(Stage.AskingScan, Node(), new ScanPlace(Node() ?? default, 0, 0), new SnapshotPiece { Index = _scanFrom ?? 0 });
        }
        else if (_cursor.Scan is { } scan)
        {
            Ask(Stage.AskingScan, scan.Node, scan, new SnapshotPiece { Id = scan.Id, Offset = scan.Offset });
        }
        else
        {
            _stage = Stage.AskingFeed;
            Ask(Node(), FeedDeadline, new GroupRequest
            {
                Group = parts.Source.Name,
                Feed = new FeedRead { Epoch = _cursor.Epoch, After = _cursor.Position, Wait = (long)ImportLimits.WaitMax.TotalMicroseconds },
            });
        }
    }

    private void Ask(Stage stage, KeyId? node, ScanPlace place, SnapshotPiece piece)
    {
        (_stage, _asked) = (stage, place);
        Ask(node, ScanDeadline, new GroupRequest { Group = parts.Source.Name, Scan = piece });
    }

    private void Ask(KeyId? node, TimeSpan deadline, GroupRequest request)
    {
        if (node is not { } to)
        {
            TryAgain(new Failure(FailureKind.Unavailable, $"no node with a replica of group '{parts.Source}' is known"));
            return;
        }

        Context.PipeTo(
            parts.Network.AskAsync(to, request, deadline, CancellationToken.None),
            answer => new ImportMessage.Told(answer),
            error => new ImportMessage.Told(new Failure(FailureKind.Unavailable, error.Message)));
    }

    private void TakeFeed(Outcome<GroupResponse> answer)
    {
        if (answer.Failure is { } failure || answer.Value.Feed is not { } piece)
        {
            TryAgain(answer.Failure ?? new Failure(FailureKind.Damaged, "an answer without events"));
            return;
        }

        if (parts.Rules.MustBegin(_cursor, piece.Epoch, piece.Oldest))
        {
            // A replica that is behind can say so too: a scan is made by one that has heard of its root since.
            _scanFrom = Math.Max(0, piece.Oldest / Store.FeedTable.EventsPerCommandMax);
            Go();
            return;
        }

        var page = ImportPage.OfFeed(piece, _cursor!);
        if (!page.Succeeded)
        {
            TryAgain(page.Failure);
            return;
        }

        Answered();
        if (page.Value.Steps.Count == 0)
        {
            // Another one the next time: this one may be cut off from its group.
            _behind = 0;
            _node++;
            LookIn(EmptyPause);
            return;
        }

        _behind = Math.Max(0, piece.Applied - (_cursor!.Position / Store.FeedTable.EventsPerCommandMax));
        Begin(page.Value);
    }

    private void TakeScan(Outcome<GroupResponse> answer)
    {
        if (!answer.Succeeded)
        {
            if (_asked.Id != 0 && (answer.Failure.Kind == FailureKind.NotFound || _tries >= PieceTriesMax))
            {
                (_scanFrom, _tries) = (0, 0);
                _node++;
            }

            TryAgain(answer.Failure);
            return;
        }

        var read = ImportPage.OfScan(answer.Value, _cursor, _asked);
        if (!read.Succeeded)
        {
            _scanFrom = 0;
            TryAgain(read.Failure);
            return;
        }

        Answered();
        var (page, header) = read.Value;
        if (header is not null && _cursor is { Scan: null } && !parts.Rules.MustBegin(_cursor, header.Epoch, header.Oldest))
        {
            // The feed goes on after all: who said that it does not was mistaken.
            _scanFrom = null;
            _node++;
            Go();
            return;
        }

        _scanFrom = null;
        Begin(page);
    }

    private void Begin(ImportPage page)
    {
        (_page, _taken) = (page, 0);
        Propose(page);
    }

    private void Propose(ImportPage page)
    {
        var steps = page.Steps.Skip(_taken).Take(_batchMax).ToList();
        _proposed = _taken + steps.Count == page.Steps.Count ? page.To : steps[^1].After;
        var import = new Proto.Import
        {
            Source = parts.Source.Name,
            From = ImportCursor.ToWire(_cursor),
            To = ImportCursor.ToWire(_proposed),
            Begins = page.Begins && _taken == 0,
            Events = { steps.Select(step => step.Event) },
        };
        _stage = Stage.Proposing;
        Context.PipeTo(
            parts.Group.ImportAsync(import),
            answer => new ImportMessage.Proposed(answer),
            error => new ImportMessage.Proposed(RootAnswer<CommandReply>.Of(new Failure(FailureKind.Unavailable, error.Message))));
    }

    private void Take(RootAnswer<CommandReply> answer)
    {
        if (answer.IsRefused || !answer.Outcome.Succeeded)
        {
            // Not the root any more, or nobody knows what came of it: the store does.
            TryAgain(answer.IsRefused ? null : answer.Outcome.Failure, isSource: false);
            return;
        }

        if (answer.Outcome.Value.Result is { Succeeded: false } refused)
        {
            Refused(refused.Failure);
            return;
        }

        var state = ImportState.Decode(answer.Outcome.Value.Result.Value);
        _cursor = state.Cursor;
        if (_cursor != _proposed)
        {
            // Paused, or somebody else was first.
            LookIn(state.PausedUntil.Microseconds > 0 ? LookInterval : TimeSpan.Zero);
            return;
        }

        (_failure, _refusals) = (null, 0);
        var count = Math.Min(_batchMax, _page!.Steps.Count - _taken);
        GroupMetrics.Imported(parts.Group.Id, parts.Source, count, _behind);
        _taken += count;
        _batchMax = Math.Min(2 * _batchMax, Limits.PageItemsMax);
        if (_taken == _page.Steps.Count)
        {
            _page = null;
        }

        Go();
    }

    /// <summary>The state machine takes no such event. Smaller pages come up to it; then the import stands still for longer and longer.</summary>
    private void Refused(Failure failure)
    {
        if (_batchMax > 1 && _page!.Steps.Count - _taken > 1)
        {
            _batchMax = Math.Max(1, Math.Min(_batchMax, _page.Steps.Count - _taken) / 2);
            Go();
            return;
        }

        _failure = failure;
        _node++;
        LookIn(Longer(RefusedMin, RefusedMax, _refusals++));
    }

    private void TryAgain(Failure? failure, bool isSource = true)
    {
        if (isSource)
        {
            _node++;
        }

        // What an event is refused for stands until one is taken.
        _failure = _refusals > 0 ? _failure : failure;
        _behind = null;
        LookIn(Longer(RetryMin, RetryMax, _tries++));
    }

    private void Answered()
    {
        _tries = 0;
        _failure = _refusals > 0 ? _failure : null;
    }

    private KeyId? Node()
    {
        var nodes = parts.Network.NodesOf(parts.Source);
        return nodes.Count == 0 ? null : nodes[(int)((uint)_node % (uint)nodes.Count)];
    }

    private void Show()
    {
        if (!parts.Group.Status.IsRoot)
        {
            parts.Board.Imports.TryRemove(parts.Source, out _);
            return;
        }

        var isScanning = _cursor?.Scan is not null || _cursor is null || _scanFrom is not null;
        var status = new ImportStatus(parts.Source, _cursor?.Epoch ?? 0, _cursor?.Position ?? 0, isScanning, isScanning ? null : _behind, _failure);
        parts.Board.Imports[parts.Source] = status;
    }

    private static TimeSpan Longer(TimeSpan least, TimeSpan most, int times) =>
        TimeSpan.FromTicks(Math.Min(most.Ticks, least.Ticks << Math.Min(times, 20)));
}
