using Cete.Core;

namespace Cete.Hocon;

/// <summary>Include statements: finding the texts, and merging them in where the statement stands (section "Include semantics").</summary>
internal sealed partial class Merger
{
    private const string Properties = ".properties";

    // The later of two that exist has the priority.
    private static readonly string[] Extensions = [Properties, ".json", ".conf"];

    private int _includes;
    private long _inputChars;

    private void AddInclude(ObjectHead target, IncludeSyntax include, FileScope scope, PathLink? at, int depth)
    {
        var origin = new HoconOrigin(scope.Source, include.Start);
        var found = false;
        foreach (var name in NamesOf(include))
        {
            if (++_includes > _limits.IncludesMax)
            {
                throw diagnostics.Abort(origin.Error($"more than {_limits.IncludesMax} includes; merge some of the texts"));
            }

            var outcome = Open(new IncludeRequest(include.Kind, name, scope.Source.Name));
            if (outcome.Succeeded)
            {
                found = true;
                Merge(outcome.Value, name.EndsWith(Properties, StringComparison.Ordinal), target, scope, at, depth, origin);
            }
            else if (outcome.Failure.Kind != FailureKind.NotFound)
            {
                found = true;
                diagnostics.Report(origin.Error($"cannot include \"{name}\": {outcome.Failure.Message}"));
            }
        }

        if (!found && include.IsRequired)
        {
            diagnostics.Report(origin.Error($"the required include \"{include.Name}\" was not found; add it, or leave out required(...)"));
        }
    }

    private Outcome<IncludedText> Open(IncludeRequest request)
        => options.Includes is { } includes ? includes.Open(request) : new Failure(FailureKind.NotFound, "nothing can be included here");

    private static IEnumerable<string> NamesOf(IncludeSyntax include)
        => Extensions.Any(extension => include.Name.EndsWith(extension, StringComparison.Ordinal))
            ? [include.Name]
            : Extensions.Select(extension => include.Name + extension).Prepend(include.Name);

    private void Merge(
        IncludedText included, bool isProperties, ObjectHead target, FileScope scope, PathLink? at, int depth, HoconOrigin origin)
    {
        CheckChain(included.Source, scope, origin);
        var source = new SourceText(included.Source, included.Text);
        ValueSyntax root;
        try
        {
            root = isProperties ? PropertiesParser.Parse(source, _limits) : Parser.Parse(source, _limits);
        }
        catch (HoconException error)
        {
            foreach (var each in error.Errors)
            {
                diagnostics.Report(each);
            }

            return;
        }

        CountInput(source, root);
        if (root is not ObjectSyntax syntax)
        {
            diagnostics.Report(source.Error(root.Start, "an included text holds an object, not an array; give the array a key"));
            return;
        }

        HoconPath[] prefixes = at is null ? scope.Prefixes : [at.ToPath(), .. scope.Prefixes];
        var inner = new FileScope(source, scope, prefixes, scope.Depth + 1, scope.IncludedInArray || scope.IsInArray);
        AddMembers(target, syntax, inner, at, depth);
    }

    private void CheckChain(string included, FileScope scope, HoconOrigin origin)
    {
        if (scope.Depth + 1 > _limits.IncludeDepthMax)
        {
            throw diagnostics.Abort(origin.Error($"includes nested deeper than {_limits.IncludeDepthMax}; include from fewer levels"));
        }

        var chain = included;
        for (var each = scope; each is not null; each = each.Parent)
        {
            chain = each.Source.Name + " → " + chain;
            if (each.Source.Name == included)
            {
                throw diagnostics.Abort(origin.Error($"an include cycle: {chain}; remove one of these includes"));
            }
        }
    }

    private void CountInput(SourceText source, ValueSyntax root)
    {
        _inputChars += source.Text?.Length ?? 0;
        if (_inputChars > _limits.InputCharsMax)
        {
            throw diagnostics.Abort(source.Error(
                root.Start, $"all texts together are longer than {_limits.InputCharsMax} characters; include less or raise the bound"));
        }
    }
}
