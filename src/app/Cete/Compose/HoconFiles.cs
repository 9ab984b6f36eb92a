using Cete.Configuration;
using Cete.Core;
using Cete.Hocon;

namespace Cete.App.Compose;

/// <summary>HOCON from the disk: files, what they include (beside them, or by full path), and the environment.</summary>
internal sealed class HoconFiles : IIncludeSource
{
    private const int BytesMax = 4 * 1024 * 1024;

    public static HoconResolveOptions Options { get; } = new() { Includes = new HoconFiles(), Environment = Environment.GetEnvironmentVariable };

    /// <summary>Parses a file.</summary>
    public static Outcome<HoconDocument> Parse(string path)
    {
        var text = Read(path);
        try
        {
            return text.Then(t => HoconDocument.Parse(t, path));
        }
        catch (HoconException error)
        {
            return ToFailure(error);
        }
    }

    /// <summary>Resolves a document.</summary>
    public static Outcome<HoconObject> Resolve(HoconDocument document)
    {
        try
        {
            return document.Resolve(Options);
        }
        catch (HoconException error)
        {
            return ToFailure(error);
        }
    }

    public Outcome<IncludedText> Open(IncludeRequest request)
    {
        if (request.Kind == IncludeKind.Classpath)
        {
            return request.Name == Reference.Name
                ? new IncludedText(Reference.Text, Reference.Name)
                : new Failure(FailureKind.NotFound, $"the program ships no '{request.Name}'");
        }

        var beside = Path.GetDirectoryName(Path.GetFullPath(request.IncludingSource)) ?? ".";
        var path = Path.GetFullPath(Path.Combine(beside, request.Name));
        return Read(path).Then(text => new IncludedText(text, path));
    }

    private static Failure ToFailure(HoconException error) => new(FailureKind.Invalid, string.Join('\n', error.Errors));

    private static Outcome<string> Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return new Failure(FailureKind.NotFound, $"there is no file {path}");
            }

            return new FileInfo(path).Length > BytesMax
                ? new Failure(FailureKind.TooLarge, $"{path} has more than {BytesMax} bytes")
                : File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be read: {error.Message}");
        }
    }
}
