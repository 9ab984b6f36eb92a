using System.Collections.Concurrent;
using System.Text;
using Cete.Configuration;
using Cete.Core;
using Cete.Hocon;

namespace Cete.App.Compose;

/// <summary>Files of HOCON on the disk. What they include is beside them, or has a full path.</summary>
internal sealed class HoconFiles : ISettingsFiles
{
    private const int CharsMax = 4 * 1024 * 1024;

    /// <summary>What can be read only once, such as what a shell makes of <c>&lt;(...)</c>: it says the same for ever.</summary>
    private readonly ConcurrentDictionary<string, string> _streams = new(StringComparer.Ordinal);

    public static HoconFiles Instance { get; } = new();

    /// <summary>One file as it is understood, with definitions over it.</summary>
    public static Outcome<HoconObject> Resolve(string path, IReadOnlyList<Definition> definitions)
    {
        var files = new TrackedFiles(Instance);
        try
        {
            var options = new HoconResolveOptions { Includes = files, Environment = Environment.GetEnvironmentVariable };
            return files.Read(path).Then(text => definitions
                .Aggregate(HoconDocument.Parse(text, path), (below, definition) => definition.Document.WithFallback(below)).Resolve(options));
        }
        catch (HoconException error)
        {
            return new Failure(FailureKind.Invalid, string.Join('\n', error.Errors));
        }
    }

    public string Locate(string name, string includingPath) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(includingPath)) ?? ".", name));

    public Outcome<string> Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return Directory.Exists(path)
                    ? new Failure(FailureKind.Invalid, $"{path} is a folder; name a file")
                    : new Failure(FailureKind.NotFound, $"there is no file {path}");
            }

            if (_streams.TryGetValue(path, out var known))
            {
                return known;
            }

            using var text = File.OpenText(path);
            var buffer = new char[4096];
            var read = new StringBuilder();
            for (var count = text.Read(buffer); count > 0; count = text.Read(buffer))
            {
                if (read.Append(buffer, 0, count).Length > CharsMax)
                {
                    return new Failure(FailureKind.TooLarge, $"{path} has more than {CharsMax} characters; that is no file of settings");
                }
            }

            if (!text.BaseStream.CanSeek)
            {
                _streams[path] = read.ToString();
            }

            return read.ToString();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be read: {error.Message}");
        }
    }
}
