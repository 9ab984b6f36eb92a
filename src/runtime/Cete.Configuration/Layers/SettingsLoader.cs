using Cete.Core;
using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>What came of reading settings.</summary>
/// <param name="Settings">They; null when something is wrong.</param>
/// <param name="Tree">All that was read, resolved; null when it is not HOCON.</param>
/// <param name="Problems">What is wrong, each with its place and how to mend it.</param>
/// <param name="Warnings">What does no harm but is hardly meant.</param>
public sealed record SettingsLoad(
    EffectiveSettings? Settings, HoconObject? Tree, IReadOnlyList<HoconError> Problems, IReadOnlyList<HoconError> Warnings)
{
    /// <summary>The kind of the first problem.</summary>
    public FailureKind Kind { get; init; } = FailureKind.Invalid;

    /// <summary>The layers that said something, the weakest first.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>A problem on one line; of a file that cannot be read at all the message names it already.</summary>
    public static string Describe(HoconError problem) =>
        problem.Line == 0 && problem.Message.Contains(problem.Source, StringComparison.Ordinal) ? problem.Message : problem.ToString();
}

/// <summary>
/// Reads the layers of a node's settings over each other: the reference, files, environment, definitions. Remembers which files it looked at, to
/// tell when they have changed. One caller at a time.
/// </summary>
public sealed class SettingsLoader(SettingsLayers layers, ISettingsFiles files)
{
    private TrackedFiles _loaded = new(files);
    private TrackedFiles? _changed;

    /// <summary>Reads all layers; given what a node runs with, keeps of that what is not taken up live.</summary>
    public SettingsLoad Load(EffectiveSettings? running = null)
    {
        (_loaded, _changed) = (new TrackedFiles(files), null);
        var environment = EnvironmentLayer.Read(layers.Environment);
        Definition[] definitions = [.. environment.Definitions, .. layers.Definitions];
        var places = new Places(definitions.Select(definition => definition.Source));
        var problems = environment.Problems;
        List<string> sources = [Reference.Name];
        var (document, kind) = Merge(definitions, sources, problems);
        var tree = problems.Count == 0 ? Resolve(document, places, problems) : null;
        if (tree is null)
        {
            return new SettingsLoad(null, null, problems, environment.Warnings) { Kind = kind, Sources = sources };
        }

        var reader = new SettingsReader(tree, places, running);
        var values = NodeSettings.Read(reader);
        var settings = reader.Problems.Count == 0 ? new EffectiveSettings(values, reader.Values, tree) : null;
        return new SettingsLoad(settings, tree, reader.Problems, [.. environment.Warnings, .. UnknownKeys.Find(tree, places)]) { Sources = sources };
    }

    /// <summary>
    /// Whether the files say something else than when they were loaded, and said the same when this was asked before: a file that is just being
    /// written is left alone until it is done.
    /// </summary>
    public bool HaveFilesChanged()
    {
        var now = _loaded.ReadAgain();
        var isSettled = _changed is not null && now.SaysTheSameAs(_changed);
        _changed = now.SaysTheSameAs(_loaded) ? null : now;
        return isSettled && _changed is not null;
    }

    private (HoconDocument Document, FailureKind Kind) Merge(Definition[] definitions, List<string> sources, List<HoconError> problems)
    {
        var (document, kind) = (Reference.Document, FailureKind.Invalid);
        foreach (var file in layers.Files)
        {
            var text = _loaded.Read(file.Path);
            if (text.Succeeded)
            {
                sources.Add(file.Path);
                document = Parse(text.Value, file.Path, problems)?.WithFallback(document) ?? document;
            }
            else if (file.IsRequired || text.Failure.Kind != FailureKind.NotFound)
            {
                kind = problems.Count == 0 ? text.Failure.Kind : kind;
                problems.Add(new HoconError(file.Path, 0, 0, text.Failure.Message));
            }
        }

        sources.AddRange(definitions.Select(definition => definition.Source).Distinct());
        return (definitions.Aggregate(document, (below, definition) => definition.Document.WithFallback(below)), kind);
    }

    private static HoconDocument? Parse(string text, string path, List<HoconError> problems)
    {
        try
        {
            return HoconDocument.Parse(text, path);
        }
        catch (HoconException error)
        {
            problems.AddRange(error.Errors);
            return null;
        }
    }

    private HoconObject? Resolve(HoconDocument document, Places places, List<HoconError> problems)
    {
        try
        {
            return document.Resolve(new HoconResolveOptions { Includes = _loaded, Environment = layers.Environment.GetValueOrDefault });
        }
        catch (HoconException error)
        {
            problems.AddRange(error.Errors.Select(places.Clean));
            return null;
        }
    }
}
