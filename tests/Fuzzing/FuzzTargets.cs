using Cete.Fuzzing.Targets;

namespace Cete.Fuzzing;

/// <summary>All that reads what strangers send, in one list: the tests run it, and so does the program by hand.</summary>
internal static class FuzzTargets
{
    private static readonly (string Name, Func<FuzzTarget> Make)[] All =
    [
        .. CoreTargets.All, .. ExpressionTargets.All, .. DescribedTargets.All,
        .. FormatTargets.All, .. TrustTargets.All, .. AccountTargets.All, .. GroupTargets.All, .. ClusterTargets.All, .. MachineTargets.All,
        .. FabricTargets.All, .. StorageTargets.All, .. SwarmTargets.All, .. WebTargets.All, .. PaymentTargets.All, .. BankTargets.All,
    ];

    /// <summary>Their names, in the order in which they run.</summary>
    public static string[] Names { get; } = [.. All.Select(target => target.Name)];

    /// <summary>Makes one of them, or all. Some hold servers or files: whoever asked disposes them.</summary>
    public static List<FuzzTarget> Make(string? only) => [.. All.Where(target => only is null || target.Name == only).Select(target => target.Make())];
}
