using Cete.Core;

namespace Cete.Groups.Store;

/// <summary>The log raises the group to a level that this program does not know: it must not apply what follows.</summary>
internal sealed class NewerLevelException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
}
