using Cete.Core;

namespace Cete.Configuration.Tests.Support;

/// <summary>Files in memory; a null text is a file that cannot be read.</summary>
internal sealed class MemoryFiles : ISettingsFiles
{
    private readonly Dictionary<string, string?> _files = new(StringComparer.Ordinal);

    public string? this[string path]
    {
        set => _files[path] = value;
    }

    public void Remove(string path) => _files.Remove(path);

    public string Locate(string name, string includingPath) => name;

    public Outcome<string> Read(string path)
    {
        if (!_files.TryGetValue(path, out var text))
        {
            return new Failure(FailureKind.NotFound, $"there is no file {path}");
        }

        return text is null ? new Failure(FailureKind.Forbidden, $"{path} cannot be read") : text;
    }
}
