using System.Diagnostics;
using Cete.Core;

namespace Cete.App.Verbs.Open.Running;

/// <summary>Has a text edited by the program that the user likes: <c>$VISUAL</c>, else <c>$EDITOR</c>.</summary>
internal static class TextEditor
{
    private const int BytesMax = 1024 * 1024;

    private static readonly string[] Variables = ["VISUAL", "EDITOR"];

    /// <summary>The text as it was left.</summary>
    public static async Task<Outcome<string>> EditAsync(string text, string ending, CancellationToken stop)
    {
        var program = Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        if (program is null)
        {
            return new Failure(FailureKind.NotFound, "no editor is named: set EDITOR in the environment");
        }

        // The text may be nobody else's: a folder that is its owner's alone.
        var folder = Directory.CreateTempSubdirectory("cete-edit-");
        try
        {
            var file = Path.Combine(folder.FullName, "text" + ending);
            await File.WriteAllTextAsync(file, text, stop);

            // As shells and git have it: the variable may have arguments, the file is none of the text that a shell reads.
            var info = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
            foreach (var argument in (string[])["-c", program + " \"$1\"", program, file])
            {
                info.ArgumentList.Add(argument);
            }

            using var editor = Process.Start(info)!;
            await editor.WaitForExitAsync(stop);
            return editor.ExitCode != 0 ? new Failure(FailureKind.Cancelled, $"the editor ended with {editor.ExitCode}; the text is as it was")
                : new FileInfo(file).Length > BytesMax ? new Failure(FailureKind.TooLarge, "the text is longer than any field; it is as it was")
                : await File.ReadAllTextAsync(file, stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return new Failure(FailureKind.Unavailable, $"the editor cannot be used: {error.Message}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
