namespace Cete.Hocon;

/// <summary>
/// A parsed text, kept as it was written: comments, order and spacing stay, so that an edit changes only what it names. Immutable.
/// </summary>
public sealed partial class HoconDocument
{
    private readonly HoconLimits _limits;
    private readonly HoconDocument? _fallback;

    private HoconDocument(SourceText source, ValueSyntax root, HoconLimits limits, HoconDocument? fallback)
        => (Source, Root, _limits, _fallback) = (source, root, limits, fallback);

    /// <summary>The name that errors and origins give.</summary>
    public string Name => Source.Name;

    /// <summary>The text. Parsing it gives an equal document.</summary>
    public string Text => Source.Text!;

    internal SourceText Source { get; }

    internal ValueSyntax Root { get; }

    /// <summary>Reads a text without looking at what its includes and substitutions name.</summary>
    /// <param name="text">HOCON or JSON.</param>
    /// <param name="source">The name of the text in errors and origins, and what its relative includes are relative to.</param>
    /// <param name="limits">The bounds; the default ones if null.</param>
    /// <exception cref="HoconException">All syntax errors that were found.</exception>
    public static HoconDocument Parse(string text, string source, HoconLimits? limits = null)
    {
        limits ??= HoconLimits.Default;
        var named = new SourceText(source, text);
        return new HoconDocument(named, Parser.Parse(named, limits), limits, null);
    }

    /// <summary>Parses and resolves in one step.</summary>
    /// <exception cref="HoconException">All errors that were found.</exception>
    public static HoconObject Load(string text, string source, HoconResolveOptions? options = null)
        => Parse(text, source, options?.Limits).Resolve(options);

    /// <summary>
    /// This document over another: what is not defined here is taken from there, before substitutions are resolved, so that a
    /// substitution there sees what is defined here. Editing edits this document only.
    /// </summary>
    public HoconDocument WithFallback(HoconDocument fallback)
        => new(Source, Root, _limits, _fallback?.WithFallback(fallback) ?? fallback);

    /// <summary>Carries out includes and substitutions.</summary>
    /// <exception cref="HoconException">All errors that were found; among them, that the root is an array.</exception>
    public HoconObject Resolve(HoconResolveOptions? options = null)
        => ResolveValue(options) as HoconObject
            ?? throw new HoconException(Source.Error(Root.Start, "the root is an array; give the array a key"));

    /// <summary>As <see cref="Resolve"/>, for texts whose root may be an array.</summary>
    /// <exception cref="HoconException">All errors that were found.</exception>
    public HoconValue ResolveValue(HoconResolveOptions? options = null)
    {
        options ??= new HoconResolveOptions { Limits = _limits };
        var documents = new Stack<HoconDocument>();
        for (var document = this; document is not null; document = document._fallback)
        {
            documents.Push(document);
        }

        var diagnostics = new Diagnostics(options.Limits);
        var root = new Merger(options, diagnostics).Merge(documents);
        var value = diagnostics.Count == 0 ? new Resolver(root, options, diagnostics).Resolve() : null;
        diagnostics.ThrowIfAny();
        return value ?? HoconObject.Empty;
    }
}
