namespace Cete.Benchmarks;

/// <summary>The source tree that this program was built from.</summary>
internal static class Tree
{
    public static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cete.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not in a checkout");
        }

        return folder;
    }
}
