using Cete.Core;

namespace Cete.Ports.Folders;

/// <summary>Keeps a user's subscriptions and what came of them, so that they survive what carries them out. For several callers at once.</summary>
public interface ISubscriptionBook
{
    /// <summary>All of them, the oldest first.</summary>
    Outcome<IReadOnlyList<Subscription>> All();

    /// <summary>Adds one under a new number.</summary>
    Outcome<Subscription> Add(SubscriptionRequest request, DateTimeOffset now);

    /// <summary>Keeps one as it stands now, together with files of it: all or nothing.</summary>
    Failure? Keep(Subscription subscription, IReadOnlyList<SubscribedFile> files);

    /// <summary>Keeps files, each in the place of what stood at its local path; those named in <paramref name="forget"/> are forgotten before.</summary>
    Failure? Keep(IReadOnlyList<SubscribedFile> files, IReadOnlyList<SubscribedFile>? forget = null);

    /// <summary>Forgets one with all its files.</summary>
    Failure? Forget(long id);

    /// <summary>The file that goes to a local path.</summary>
    Outcome<SubscribedFile?> At(long id, string local);

    /// <summary>The file of an entry.</summary>
    Outcome<SubscribedFile?> Of(long id, long entry);

    /// <summary>Files of a state in the order in which they were found, those only that may be tried by now.</summary>
    Outcome<IReadOnlyList<SubscribedFile>> In(long id, WantedState state, DateTimeOffset now, int countMax);

    /// <summary>Files whose entries stand below a path of the index, behind a local path, in order of those.</summary>
    Outcome<IReadOnlyList<SubscribedFile>> Below(long id, string path, string after, int countMax);

    /// <summary>Files that were found last, the newest first.</summary>
    Outcome<IReadOnlyList<SubscribedFile>> Newest(long id, int countMax);

    /// <summary>How many files there are of each state.</summary>
    Outcome<IReadOnlyDictionary<WantedState, long>> Count(long id);
}
