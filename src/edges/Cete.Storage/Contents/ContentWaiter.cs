namespace Cete.Storage.Contents;

/// <summary>Somebody who waits for the bytes at an offset.</summary>
/// <param name="offset">Where.</param>
/// <param name="forget">Takes it off the list.</param>
internal sealed class ContentWaiter(long offset, Action<ContentWaiter> forget) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private CancellationTokenRegistration _registration;

    public long Offset => offset;

    /// <summary>Gives up when asked to. Not under the lock of the list.</summary>
    public void StopOn(CancellationToken cancellation)
    {
        _registration = cancellation.UnsafeRegister(
            static (waiter, token) =>
            {
                var self = (ContentWaiter)waiter!;
                self.Forget();
                self.TrySetCanceled(token);
            },
            this);
        if (Task.IsCompleted)
        {
            _registration.Unregister();
        }
    }

    /// <summary>It waits no longer. The registration is not disposed, which would wait for a lock that the caller may hold.</summary>
    public void End(bool isThere)
    {
        _registration.Unregister();
        TrySetResult(isThere);
    }

    private void Forget() => forget(this);
}
