using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// Hashes passwords, one at a time on a thread of its own, off every group's path. Those that wait are bounded: beyond that it is better to say no at
/// once. Disposed by whoever made it.
/// </summary>
public sealed class PasswordHasher : IDisposable
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA-256: OWASP's figure of 2023, a tenth of a second or two of one core.</summary>
    public const int IterationsDefault = 600_000;

    /// <summary>Passwords that may wait: some seconds of work.</summary>
    public const int WaitingMax = 16;

    private static readonly Failure Busy = new(FailureKind.Throttled, "too many log in at this moment; try again in some seconds")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private readonly Lock _lock = new();
    private readonly Queue<Job> _waiting = new();
    private readonly SemaphoreSlim _count = new(0);
    private readonly int _iterations;
    private Thread? _thread;
    private bool _isDisposed;

    /// <summary>Makes one; its thread starts with the first password.</summary>
    /// <param name="iterations">Rounds of what is hashed from now on; fewer for tests.</param>
    public PasswordHasher(int iterations = IterationsDefault)
    {
        Check.That(iterations is > 0 and <= AccountsLimits.IterationsMax);
        _iterations = iterations;
    }

    /// <summary>Passwords that wait, the one being hashed not counted.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Hashes a password in its canonical form with a new salt.</summary>
    public Task<Outcome<PasswordHash>> HashAsync(string password, CancellationToken cancellation) => RunAsync(() => Hash(password), cancellation);

    /// <summary>Holds a password against a hash; without one it is never right, at the same cost.</summary>
    /// <param name="password">In its canonical form; null for what cannot be one, at the same cost too.</param>
    /// <param name="stored">What is kept of the right one; null for an account that there is not.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<PasswordVerdict>> VerifyAsync(string? password, PasswordHash? stored, CancellationToken cancellation) =>
        RunAsync(() => Verify(password, stored), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        List<Job> left;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var job in left)
        {
            job.Refuse();
        }

        _count.Release();
        _thread?.Join();
        _count.Dispose();
    }

    private static byte[] Derive(string password, ReadOnlySpan<byte> salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, AccountsLimits.PasswordHashBytes);

    private PasswordHash Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(AccountsLimits.SaltBytes);
        return new PasswordHash(_iterations, salt, Derive(password, salt, _iterations));
    }

    private PasswordVerdict Verify(string? password, PasswordHash? stored)
    {
        var salt = stored?.Salt ?? new byte[AccountsLimits.SaltBytes];
        var derived = Derive(password ?? string.Empty, salt.Span, stored?.Iterations ?? _iterations);
        var isSame = CryptographicOperations.FixedTimeEquals(derived, stored is null ? new byte[AccountsLimits.PasswordHashBytes] : stored.Hash.Span);
        var isRight = isSame && password is not null && stored is not null;
        return new PasswordVerdict(isRight, isRight && stored!.Iterations != _iterations ? Hash(password!) : null);
    }

    private Task<Outcome<T>> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var job = new Job<T>(work, cancellation);
        lock (_lock)
        {
            if (_isDisposed)
            {
                job.Refuse();
                return job.Task;
            }

            if (_waiting.Count >= WaitingMax)
            {
                return Task.FromResult<Outcome<T>>(Busy);
            }

            _waiting.Enqueue(job);
            _thread ??= Start();
        }

        _count.Release();
        return job.Task;
    }

    /// <summary>Below others, so that requests that are not about passwords keep their pace.</summary>
    private Thread Start()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "passwords", Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return thread;
    }

    private void Work()
    {
        while (true)
        {
            _count.Wait();
            Job? job;
            lock (_lock)
            {
                if (_isDisposed)
                {
                    return;
                }

                _waiting.TryDequeue(out job);
            }

            job?.Run();
        }
    }

    private abstract class Job
    {
        public abstract void Run();

        public abstract void Refuse();
    }

    private sealed class Job<T>(Func<T> work, CancellationToken cancellation) : Job
    {
        private readonly TaskCompletionSource<Outcome<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Outcome<T>> Task => _done.Task;

        public override void Run()
        {
            if (cancellation.IsCancellationRequested)
            {
                _done.SetResult(new Failure(FailureKind.Cancelled, "nobody waits for the password any more"));
                return;
            }

            try
            {
                _done.SetResult(work());
            }
            catch (CryptographicException error)
            {
                _done.SetException(error);
            }
        }

        public override void Refuse() => _done.TrySetResult(new Failure(FailureKind.Unavailable, "the node stops; try again"));
    }
}
