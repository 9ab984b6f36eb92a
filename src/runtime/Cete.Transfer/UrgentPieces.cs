namespace Cete.Transfer;

/// <summary>Tells a download which pieces somebody waits for. For several callers at once.</summary>
public sealed class UrgentPieces
{
    private volatile Action<int, int>? _download;

    /// <summary>These are to come before others.</summary>
    public void Urge(int first, int count) => _download?.Invoke(first, count);

    /// <summary>It is to be told.</summary>
    internal void Attach(Action<int, int> download) => _download = download;

    /// <summary>It is not there any more.</summary>
    internal void Detach() => _download = null;
}
