using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Described;

/// <summary>One command on its way through the tables: who asked, when, what it costs so far, and what is to be told of it.</summary>
internal sealed class Change(AppliedCommand command, ApplyContext context, Catalogue catalogue)
{
    private readonly List<(string Type, byte[] Body)> _events = [];

    public SqlSession Sql => context.Sql;

    public Instant At => command.At;

    public long Index => command.Index;

    public Asker Asker => command.Asker;

    public Catalogue Catalogue => catalogue;

    /// <summary>The group has the tables of moderation.</summary>
    public bool HasModeration => context.Level >= Moderating.Level;

    /// <summary>Records that were written so far, by the command itself, its steps and its hooks.</summary>
    public int Written { get; private set; }

    /// <summary>A record is about to be written. The command is refused when it sets off more than it may.</summary>
    public void Count()
    {
        if (++Written > DescriptorLimits.ChangesMax)
        {
            throw new RefusedException(new Failure(
                FailureKind.TooLarge,
                $"that would change more than {DescriptorLimits.ChangesMax} records at once; the service's steps are to go through fewer"))
            {
                IsFinal = true,
            };
        }
    }

    /// <summary>What others learn of it, when all of it succeeds.</summary>
    public void Emit(string type, IMessage body) => _events.Add((type, body.ToByteArray()));

    /// <summary>Tells others of it.</summary>
    public void Tell()
    {
        foreach (var (type, body) in _events)
        {
            context.Emit(type, body);
        }
    }

    /// <summary>
    /// Does something that is undone as a whole when it is refused; why, or null. What is final goes through: the whole command is undone then.
    /// </summary>
    public Failure? Try(Action act)
    {
        var events = _events.Count;

        // Of several savepoints of one name the innermost counts, and one text is prepared once.
        Sql.Execute("SAVEPOINT hook");
        try
        {
            act();
            Sql.Execute("RELEASE SAVEPOINT hook");
            return null;
        }
        catch (RefusedException refused) when (!refused.IsFinal)
        {
            Sql.Execute("ROLLBACK TO SAVEPOINT hook");
            Sql.Execute("RELEASE SAVEPOINT hook");
            _events.RemoveRange(events, _events.Count - events);
            return refused.Failure;
        }
    }
}

/// <summary>
/// What is being done is refused. It leaves steps within steps at once; <see cref="DescribedMachine"/> and <see cref="Change.Try"/> turn it into an answer, and
/// nobody else sees it.
/// </summary>
#pragma warning disable CA1032, CA1064 // It has one use, within this assembly.
internal sealed class RefusedException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure => failure;

    /// <summary>Nothing that set it off may go on either.</summary>
    public bool IsFinal { get; init; }
}
#pragma warning restore CA1032, CA1064
