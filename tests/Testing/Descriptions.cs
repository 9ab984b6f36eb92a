namespace Cete.Testing;

/// <summary>
/// Descriptions of services that stand in the repository: copies beside the tests, since a build that can be repeated knows no path of its sources.
/// </summary>
internal static class Descriptions
{
    /// <summary>Where the copies are: <c>samples/services</c>, <c>hocon/services</c> and <c>hocon/README.md</c> below.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "descriptions");

    /// <summary>The path of a sample.</summary>
    public static string Sample(string name) => Path.Combine(Folder, "samples", "services", name);

    /// <summary>The path of one of the services that every community can begin with.</summary>
    public static string Own(string name) => Path.Combine(Folder, "hocon", "services", name + ".conf");
}
