using Cete.Api;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Backup;

/// <summary>
/// Has the services of a node take nothing over from each other while they are copied one after the other: else the copy of one could hold what
/// that of another does not know of yet.
/// </summary>
internal sealed class ImportPause(NodeClient client)
{
    /// <summary>Longer than one group takes as a rule. It ends by itself when nobody holds it any more.</summary>
    private const int Seconds = 600;

    private IReadOnlyDictionary<string, long>? _since;

    /// <summary>Begins it, or goes on with it; fails when it had a gap.</summary>
    public async Task<Failure?> HoldAsync(CancellationToken stop)
    {
        var held = await AskAsync(Seconds, stop);
        if (!held.Succeeded)
        {
            return held.Failure;
        }

        _since ??= held.Value.Since;
        return _since.All(group => held.Value.Since.TryGetValue(group.Key, out var since) && since == group.Value)
            ? null
            : new Failure(FailureKind.Conflict, "services took over from each other while they were copied: another backup was made at the same time, or this one took too long; run it again");
    }

    /// <summary>Ends it; where that fails it ends by itself.</summary>
    public async Task EndAsync()
    {
        if (_since is not null)
        {
            await AskAsync(0, CancellationToken.None);
        }
    }

    private Task<Outcome<PauseImportsAnswer>> AskAsync(int seconds, CancellationToken stop) => client.CommandAsync(
        HttpMethod.Post, Routes.BackupPause, new PauseImportsRequest(seconds), ApiJson.Default.PauseImportsRequest, ApiJson.Default.PauseImportsAnswer, stop);
}
