using Cete.Testing;

namespace Cete.Accounts.Tests;

/// <summary>Accounts as a node has them.</summary>
internal sealed class AccountsWorld : ReplicaWorld
{
    private AccountsWorld(string folder, SteppingClock clock)
        : base(folder, clock, AccountsService.Name, new AccountsMachine())
    {
    }

    public static AccountsWorld Start() => new(NewFolder(), new SteppingClock());

    public static async Task<AccountsWorld> ReopenAsync(AccountsWorld other) => new(await other.HandOnAsync(), other.Clock);

    public static AccountsWorld Replay(AccountsWorld other) => new(other.CopyLog(), other.Clock);
}
