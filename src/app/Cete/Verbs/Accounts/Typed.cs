using System.CommandLine;
using System.Text;
using Cete.Core;

namespace Cete.App.Verbs.Accounts;

/// <summary>Secrets that people type, or scripts hand in by a file: never as an argument, which every user of a machine can read.</summary>
internal static class Typed
{
    private const int LengthMax = 4_096;

    /// <summary>The option by which scripts hand in a password.</summary>
    public static Option<string?> PasswordFile() => new("--password-file")
    {
        Description = "File whose first line is the password, '-' for the standard input; otherwise it is asked for.",
        HelpName = "FILE",
    };

    /// <summary>The option by which scripts hand in a recovery code.</summary>
    public static Option<string?> CodeFile() => new("--code-file")
    {
        Description = "File whose first line is the recovery code, '-' for the standard input; otherwise it is asked for.",
        HelpName = "FILE",
    };

    /// <summary>A password: from a file, or typed without being shown.</summary>
    public static Outcome<string> Password(string prompt, string? file) => Secret("password", "--password-file", prompt, file);

    /// <summary>A recovery code: from a file, or typed without being shown.</summary>
    public static Outcome<string> Code(string? file) => Secret("recovery code", "--code-file", "Recovery code: ", file);

    /// <summary>A new password, typed twice where it is typed.</summary>
    public static Outcome<string> NewPassword(string? file)
    {
        var first = Password("New password: ", file);
        if (!first.Succeeded || file is not null)
        {
            return first;
        }

        var second = Hidden("The same again: ");
        return second.Succeeded && second.Value != first.Value ? new Failure(FailureKind.Invalid, "the two are not the same; begin again") : second;
    }

    /// <summary>A line that may be seen.</summary>
    public static Outcome<string> Line(string prompt)
    {
        Console.Error.Write(prompt);
        return Console.ReadLine() is { Length: > 0 and <= LengthMax } line ? line.Trim() : new Failure(FailureKind.Invalid, "nothing was typed");
    }

    private static Outcome<string> Secret(string what, string option, string prompt, string? file)
    {
        if (file is null)
        {
            return Console.IsInputRedirected
                ? new Failure(FailureKind.Invalid, $"there is no terminal to ask for the {what}; hand it in by {option} FILE, or '-' for the standard input")
                : Hidden(prompt);
        }

        try
        {
            using var reader = file == "-" ? Console.In : new StreamReader(file);
            return reader.ReadLine() is { Length: > 0 and <= LengthMax } line
                ? line
                : new Failure(FailureKind.Invalid, $"the first line of {(file == "-" ? "the standard input" : file)} holds no {what}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.NotFound, $"the file with the {what} cannot be read: {error.Message}");
        }
    }

    private static Outcome<string> Hidden(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return text.Length > 0 ? text.ToString() : new Failure(FailureKind.Invalid, "nothing was typed");
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && text.Length < LengthMax)
            {
                text.Append(key.KeyChar);
            }
        }
    }
}
