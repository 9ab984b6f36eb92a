using Cete.Hocon;

namespace Cete.Described;

/// <summary>One thing that is wrong with a description, or doubtful.</summary>
/// <param name="Source">Name of the file.</param>
/// <param name="Line">From 1; 0 where no text is behind it.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Path">Where in the tree, as <c>records.books.fields.title</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to do about it; may be empty.</param>
/// <param name="IsWarning">It can be published all the same.</param>
public sealed record Problem(string Source, int Line, int Column, string Path, string Message, string Hint, bool IsWarning)
{
    /// <summary><c>file:line:column: message</c>, with the hint behind it.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? Source : $"{Source}:{Line}:{Column}";
        var hint = Hint.Length == 0 ? string.Empty : $"; {Hint}";
        return $"{place}: {(IsWarning ? "warning: " : string.Empty)}{(Path.Length == 0 ? string.Empty : Path + ": ")}{Message}{hint}";
    }
}

/// <summary>What is found wrong while a description is read, at most so much that somebody would read it.</summary>
internal sealed class Problems
{
    /// <summary>After so many the rest is left out.</summary>
    private const int CountMax = 100;

    private readonly List<Problem> _found = [];

    public IReadOnlyList<Problem> All => [.. _found.OrderBy(one => one.Line).ThenBy(one => one.Column)];

    public bool HasErrors => _found.Exists(one => !one.IsWarning);

    public void Add(HoconOrigin at, string path, string message, string hint = "", bool isWarning = false) =>
        Add(new Problem(at.Source, at.Line, at.Column, path, message, hint, isWarning));

    public void Add(Problem problem)
    {
        if (_found.Count < CountMax)
        {
            _found.Add(problem);
        }
    }
}
