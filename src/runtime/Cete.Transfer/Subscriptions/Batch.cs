using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Transfer.Subscriptions;

/// <summary>What a page of changes comes to, before it is kept.</summary>
/// <param name="subscription">As it stands behind the page.</param>
internal sealed class Batch(Subscription subscription)
{
    private const int FilesMax = 5_000;

    private readonly Dictionary<string, SubscribedFile> _files = new(StringComparer.Ordinal);

    public Subscription Subscription { get; set; } = subscription;

    /// <summary>Entries came that a search may find.</summary>
    public bool MustSearch { get; private set; }

    public List<SubscribedFile> Files => [.. _files.Values];

    /// <summary>What is kept of a local path in this very batch; null where nothing is.</summary>
    public SubscribedFile? Known(string local) => _files.GetValueOrDefault(local);

    /// <summary>What is kept of an entry in this very batch.</summary>
    public SubscribedFile? Known(long entry) => _files.Values.LastOrDefault(file => file.Entry == entry);

    /// <summary>Never fails: so it stands in the place of what may.</summary>
    public Failure? Add(SubscribedFile file)
    {
        _files[file.Local] = file;
        return null;
    }

    public Failure? Search()
    {
        MustSearch = true;
        return null;
    }

    /// <summary>Keeps what there is by now where it is much. The cursor stays: should it end here, the page is gone through once more.</summary>
    public Failure? Spill(ISubscriptionBook book)
    {
        if (_files.Count < FilesMax)
        {
            return null;
        }

        var failure = book.Keep(Files);
        _files.Clear();
        return failure;
    }

    /// <summary>As <see cref="Spill"/>, however little it is: what is looked up next stands in the book alone.</summary>
    public Failure? Flush(ISubscriptionBook book)
    {
        var failure = _files.Count == 0 ? null : book.Keep(Files);
        _files.Clear();
        return failure;
    }
}
