using Cete.Core;
using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>Files as one load saw them, each read once, those that were looked for in vain among them; what they include is found through this too.</summary>
public sealed class TrackedFiles(ISettingsFiles files) : IIncludeSource
{
    private readonly SortedDictionary<string, Outcome<string>> _seen = new(StringComparer.Ordinal);

    /// <summary>The text of a file, or why there is none.</summary>
    public Outcome<string> Read(string path)
    {
        if (!_seen.TryGetValue(path, out var text))
        {
            _seen[path] = text = files.Read(path);
        }

        return text;
    }

    /// <inheritdoc/>
    public Outcome<IncludedText> Open(IncludeRequest request)
    {
        if (request.Kind == IncludeKind.Classpath)
        {
            return request.Name == Reference.Name
                ? new IncludedText(Reference.Text, Reference.Name)
                : new Failure(FailureKind.NotFound, $"the program ships no '{request.Name}'");
        }

        var path = files.Locate(request.Name, request.IncludingSource);
        return Read(path).Then(text => new IncludedText(text, path));
    }

    /// <summary>The same files as they are now.</summary>
    public TrackedFiles ReadAgain()
    {
        var again = new TrackedFiles(files);
        foreach (var path in _seen.Keys)
        {
            again.Read(path);
        }

        return again;
    }

    /// <summary>Whether the files of <paramref name="other"/> say the same as these.</summary>
    public bool SaysTheSameAs(TrackedFiles other) => _seen.Count == other._seen.Count
        && _seen.All(file => other._seen.TryGetValue(file.Key, out var theirs)
            && theirs.Succeeded == file.Value.Succeeded
            && (theirs.Succeeded ? theirs.Value == file.Value.Value : theirs.Failure == file.Value.Failure));
}
