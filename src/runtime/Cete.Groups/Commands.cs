using Cete.Core;

namespace Cete.Groups;

/// <summary>
/// Who asks for a command: an account with its roles and rights, which the root stamps as it knows them, a node, or whoever sits at the node's
/// own machine.
/// </summary>
/// <param name="Account">Id of the account, or of the node; empty for a guest.</param>
/// <param name="Roles">Its roles.</param>
public sealed record Asker(string Account, IReadOnlyList<string> Roles)
{
    /// <summary>Whoever sits at the node's own machine, in a community without accounts.</summary>
    public static readonly Asker Local = new("local", [RoleDefinition.Administrator]) { Grants = [Grant.All] };

    /// <summary>What it may do; nothing unless something is said.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>What it may do, to be asked.</summary>
    public Standing Standing => new(Account, Roles, Grants);

    /// <summary>An account, of which the root is to find out what it may do.</summary>
    public static Asker Of(AccountId account) => new(account.ToString(), []);
}

/// <summary>
/// What makes a command happen once: a session, and a sequence that rises with each command of it, the first being 1.
/// Repeated within the last 1,024 of its session it gets the first answer again; older, it is refused as expired.
/// </summary>
public readonly record struct RequestId(string Session, long Sequence)
{
    /// <summary>Characters of a session's name.</summary>
    public const int SessionLengthMax = 64;

    public static Failure? Check(string session, long sequence) =>
        session.Length is > 0 and <= SessionLengthMax && session.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && sequence > 0
            ? null
            : new Failure(FailureKind.Invalid, $"a request id is a session of 1 to {SessionLengthMax} letters, digits, '-' and '_', and a sequence from 1");
}

/// <summary>A command as a client hands it in.</summary>
/// <param name="Type">Its name within the service.</param>
/// <param name="Body">Its content, encoded by the service.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Id">Makes it happen once; null when repeating it does no harm.</param>
public sealed record ClientCommand(string Type, ReadOnlyMemory<byte> Body, Asker Asker, RequestId? Id = null)
{
    /// <summary>What the root itself proposes of another group's feed; of clients it is never taken.</summary>
    internal Proto.Import? Import { get; init; }

    internal static ClientCommand Of(Proto.Import import) => new(string.Empty, ReadOnlyMemory<byte>.Empty, new Asker(string.Empty, [])) { Import = import };
}

/// <summary>A committed command as the state machine sees it: the same on every replica.</summary>
/// <param name="Index">Its place in the log; unique for ever, so it can serve as an id.</param>
/// <param name="At">The root's stamp; never goes back.</param>
/// <param name="Asker">Who asked.</param>
/// <param name="Type">Its name within the service.</param>
/// <param name="Body">Its content.</param>
public sealed record AppliedCommand(long Index, Instant At, Asker Asker, string Type, ReadOnlyMemory<byte> Body);

/// <summary>The answer to a command, and where it stands in the log; a repeated command has answer and place of the first time.</summary>
public sealed record CommandReply(long Index, Outcome<ReadOnlyMemory<byte>> Result);

/// <summary>An event that a command caused, in the order in which they happened.</summary>
/// <param name="Position">From 1, rising, unique in the feed; gaps are possible.</param>
/// <param name="At">Stamp of the command.</param>
/// <param name="Type">Name of the event within the service.</param>
/// <param name="Body">Its content, encoded by the service.</param>
public sealed record FeedEvent(long Position, Instant At, string Type, ReadOnlyMemory<byte> Body);

/// <summary>A piece of a feed.</summary>
/// <param name="Epoch">Changes when the feed starts anew (a restore): cursors of another epoch mean nothing.</param>
/// <param name="Oldest">Everything from this position on is kept.</param>
/// <param name="Applied">The applied index that it was read at.</param>
/// <param name="Events">In order.</param>
public sealed record FeedPage(long Epoch, long Oldest, long Applied, IReadOnlyList<FeedEvent> Events)
{
    /// <summary>
    /// Whether a reader who has seen everything up to a position of an epoch has missed events by now: it starts from a scan of the records.
    /// </summary>
    public bool IsGone(long epoch, long after) => IsGone(Epoch, Oldest, epoch, after);

    /// <summary>The newest position that there can be by <see cref="Applied"/>: whoever stands there has seen everything up to now.</summary>
    public long End => Store.FeedTable.EndOf(Applied);

    internal static bool IsGone(long epoch, long oldest, long readerEpoch, long after) => readerEpoch != epoch || after < oldest - 1;
}
