using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.App.Output;
using Cete.Bank;
using Cete.Core;
using Cete.Storage;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>
/// The keys by which this node signs payments for accounts: a file each in <c>delegates/</c> of the data folder, readable by its owner alone, named by
/// account and key. What the account lets count no longer is deleted: when it is removed, and once a day.
/// </summary>
internal sealed class DelegateKeyFiles : IDelegateKeys
{
    private const string FolderName = "delegates";
    private const string Ending = ".pem";

    /// <summary>A key that nobody has let count by then is dropped: somebody looked at what he was to sign, and did not.</summary>
    private static readonly TimeSpan PendingKept = TimeSpan.FromHours(1);

    /// <summary>Files that there are at most: a key that is made and never approved costs one until it is dropped.</summary>
    private const int FilesMax = 10_000;

    private readonly string _folder;
    private readonly KeyId _community;
    private readonly TimeProvider _clock;

    /// <param name="data">The node's data folder.</param>
    /// <param name="node">The name of the node's key.</param>
    /// <param name="community">The community.</param>
    /// <param name="clock">Tells what is old.</param>
    public DelegateKeyFiles(string data, KeyId node, KeyId community, TimeProvider clock) =>
        (_folder, Node, _community, _clock) = (Path.Combine(data, FolderName), node, community, clock);

    /// <inheritdoc/>
    public KeyId Node { get; }

    /// <inheritdoc/>
    public Outcome<DeviceAct.AddDelegate> Make(AccountId account, long cap, Instant expiresAt)
    {
        if (PrivateFile.MakeFolder(_folder) is { } unmade)
        {
            return unmade;
        }

        if (Files().Take(FilesMax).Count() == FilesMax)
        {
            return new Failure(FailureKind.Unavailable, "this node keeps as many keys of accounts as it can; try again in an hour, or at another node");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signingKey = key.ExportSubjectPublicKeyInfo();
        var written = PrivateFile.Write(PathOf(account, KeyId.Of(signingKey)), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        return written is not null
            ? written
            : new DeviceAct.AddDelegate(
                signingKey, Node.ToString(), expiresAt.Microseconds, cap, DelegateCertificate.Make(key, _community, account, Node));
    }

    /// <inheritdoc/>
    public bool Has(AccountId account, KeyId key) => File.Exists(PathOf(account, key));

    /// <inheritdoc/>
    public Outcome<byte[]> Sign(DelegateRecord @delegate, string purpose, ReadOnlyMemory<byte> payload)
    {
        var now = Instant.From(_clock.GetUtcNow());
        var said = @delegate.Node != Node || !@delegate.Counts(now) ? Gone : DelegatedActs.Judge(purpose, payload.Span, @delegate.Cap);
        var pem = said.Succeeded ? PrivateFile.Read(PathOf(@delegate.Account, @delegate.Id)) : said.Failure;
        if (!pem.Succeeded)
        {
            return pem.Failure;
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(pem.Value ?? []));
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            return Gone;
        }

        var statement = SignedStatement.Sign(key, _community, purpose, @delegate.Account, now.Microseconds, payload.Span);
        if (statement.Device != @delegate.Id)
        {
            return Gone;
        }

        NodeLog.DelegateSigned(NodeLog.Log, @delegate.Id.ToString(), @delegate.Account.ToString(), said.Value!);
        return statement.ToArray();
    }

    private static Failure Gone { get; } = new(
        FailureKind.Forbidden, "this node may not pay for the account any more, or has lost the key for it; let it pay anew on the page of your account");

    /// <inheritdoc/>
    public void Remove(AccountId account, KeyId key)
    {
        try
        {
            File.Delete(PathOf(account, key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It counts no longer, and is tried again with the next look.
        }
    }

    /// <summary>Looks once a day which keys still count, until it is stopped.</summary>
    public async Task RunAsync(AccountsService accounts, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var isDone = await SweepAsync(accounts, stop);
                await Task.Delay(isDone ? AccountsLimits.PruneInterval : AccountsLimits.PruneRetry, _clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Deletes the keys that count no longer; false where the accounts could not be asked.</summary>
    public async Task<bool> SweepAsync(AccountsService accounts, CancellationToken stop)
    {
        foreach (var path in Files().ToList())
        {
            if (Path.GetFileNameWithoutExtension(path).Split('-') is not [var first, var second]
                || !AccountId.TryParse(first, out var account) || !KeyId.TryParse(second, out var key))
            {
                continue;
            }

            var known = await accounts.DelegatesAsync(account, stop);
            if (!known.Succeeded)
            {
                return false;
            }

            var now = _clock.GetUtcNow();
            if (!known.Value.Any(one => one.Id == key && one.Counts(Instant.From(now))) && now - File.GetLastWriteTimeUtc(path) > PendingKept)
            {
                Remove(account, key);
            }
        }

        return true;
    }

    private IEnumerable<string> Files() => Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*" + Ending) : [];

    private string PathOf(AccountId account, KeyId key) => Path.Combine(_folder, $"{account}-{key}{Ending}");
}
