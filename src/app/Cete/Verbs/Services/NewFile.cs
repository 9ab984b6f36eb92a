using Cete.Core;

namespace Cete.App.Verbs.Services;

/// <summary>Files that are written only where none is yet.</summary>
internal static class NewFile
{
    public static Failure? Write(string path, string text)
    {
        try
        {
            using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
            file.Write(text);
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            return new Failure(FailureKind.Conflict, $"there is a file {path} already; name another one, or remove it");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be written: {error.Message}");
        }
    }
}
