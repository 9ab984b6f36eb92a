using Cete.Core;

namespace Cete.Hocon;

/// <summary>Where an include statement wants its text from (section "Include syntax").</summary>
public enum IncludeKind
{
    /// <summary><c>include "name"</c>: whatever the including text's own kind of place is.</summary>
    Any,

    /// <summary><c>include file("name")</c>: the file system.</summary>
    File,

    /// <summary><c>include classpath("name")</c>: what is shipped with the program.</summary>
    Classpath,
}

/// <summary>One wish for a text.</summary>
/// <param name="Kind">Where it should come from.</param>
/// <param name="Name">As written, or with an extension that was tried (section "Include semantics: file formats and extensions").</param>
/// <param name="IncludingSource">The source name of the text that includes: a relative name is relative to it.</param>
public sealed record IncludeRequest(IncludeKind Kind, string Name, string IncludingSource);

/// <summary>A text that was found.</summary>
/// <param name="Text">HOCON or JSON, or Java properties if the name that was asked for ends in <c>.properties</c>.</param>
/// <param name="Source">Its name in errors and origins. The same text must have the same name each time: cycles are found by it.</param>
public sealed record IncludedText(string Text, string Source);

/// <summary>Finds what include statements name. Does the I/O, if any, that this library does not do.</summary>
public interface IIncludeSource
{
    /// <summary>
    /// The text, or why there is none: <see cref="FailureKind.NotFound"/> is silent unless the include is required, anything else is an
    /// error of the including document.
    /// </summary>
    Outcome<IncludedText> Open(IncludeRequest request);
}
