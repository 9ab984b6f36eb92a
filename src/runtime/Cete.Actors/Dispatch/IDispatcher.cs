namespace Cete.Actors;

/// <summary>Decides when and on which thread actors take their turns.</summary>
public interface IDispatcher
{
    /// <summary>
    /// Takes over work that has something to do. It never runs the work within this call and never throws; work that is scheduled is
    /// not scheduled again until a turn of it has returned false.
    /// </summary>
    /// <param name="work">What to run, one turn at a time, until a turn returns false.</param>
    void Schedule(IRunnable work);
}

/// <summary>An actor as its dispatcher sees it.</summary>
public interface IRunnable
{
    /// <summary>Takes a turn. There is never more than one at a time for one actor.</summary>
    /// <param name="messagesMax">How many messages to handle at most, at least 1.</param>
    /// <returns>True if there is more to do: the dispatcher owes a further turn.</returns>
    bool Run(int messagesMax);
}
