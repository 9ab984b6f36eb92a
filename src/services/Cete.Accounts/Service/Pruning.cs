using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>Has the accounts forget what means nothing any more: when the node that keeps them starts, and once a day.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="self">Acts for this node.</param>
/// <param name="clock">Whose timers it waits by.</param>
/// <param name="failed">Is told why a look failed; it is tried again by itself.</param>
public sealed class Pruning(AccountsService accounts, Asker self, TimeProvider clock, Action<Failure> failed)
{
    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var forgotten = await accounts.PruneAsync(self, stop);
                if (!forgotten.Succeeded)
                {
                    failed(forgotten.Failure);
                }
                else if (forgotten.Value.IsMore)
                {
                    continue;
                }

                await Task.Delay(forgotten.Succeeded ? AccountsLimits.PruneInterval : AccountsLimits.PruneRetry, clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
