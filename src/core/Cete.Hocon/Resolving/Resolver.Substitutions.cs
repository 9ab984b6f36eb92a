using System.Globalization;

namespace Cete.Hocon;

/// <summary>Looking up what a substitution names: the included text's place, the root, then the environment.</summary>
internal sealed partial class Resolver
{
    // Why the substitution that is being followed may come to nothing, other than that its path is not defined.
    private string? _cycle;
    private bool _hasFailed;

    private Head? Substitute(SubstitutionNode node)
    {
        var outer = (_cycle, _hasFailed);
        (_cycle, _hasFailed) = (null, false);
        _following.Add(node);
        var head = LookUp(node);
        _following.RemoveAt(_following.Count - 1);
        if (head is null && !_hasFailed && !node.Syntax.IsOptional)
        {
            diagnostics.Report(node.Origin.Error(_cycle is null
                ? $"${{{node.Syntax.Path}}} is not defined; define it, or write ${{?{node.Syntax.Path}}} if it may be missing"
                : $"${{{node.Syntax.Path}}} depends on itself: {_cycle}; break the cycle, or give it an earlier value and refer to that from outside of arrays and objects"));
            _hasFailed = true;
        }

        (_cycle, _hasFailed) = (outer._cycle, outer._hasFailed || (head is null && _hasFailed));
        return head;
    }

    private Head? LookUp(SubstitutionNode node)
    {
        var path = node.Syntax.Path;
        foreach (var prefix in node.Prefixes)
        {
            if (Find(path.After(prefix)) is { } found)
            {
                return found;
            }
        }

        return Find(path) ?? LookUpEnvironment(node);
    }

    private Head? Find(HoconPath path)
    {
        // The root is under evaluation only while its own layers are an array or a merge; then it has no fields to offer.
        var current = root.IsEvaluated ? root.Head : null;
        foreach (var key in path.Keys)
        {
            if (current is not ObjectHead parent || !parent.Fields.TryGetValue(key, out var slot))
            {
                return null;
            }

            Step(1, parent.Origin);
            current = Read(slot);
        }

        return current;
    }

    private Head? Read(Slot slot)
    {
        if (!slot.IsEvaluating)
        {
            var value = Evaluate(slot);
            _hasFailed |= slot.HasFailed;
            return value;
        }

        var below = LookBack(slot);
        if (below is null)
        {
            _cycle ??= DescribeCycle(slot);
        }

        return below;
    }

    // A layer that stands for another field is itself made of layers, and the substitution is in one of those: what is below it there
    // comes before what is below the whole field here.
    private Head? LookBack(Slot slot)
    {
        Descend(slot.Layers[slot.Current].Origin);
        var above = slot.Layers[slot.Current] is FieldNode { Slot: { IsEvaluating: true } inner } && inner != slot ? LookBack(inner) : null;
        var below = EvaluateLayers(slot, slot.Current, above);
        _depth--;
        return below;
    }

    private string DescribeCycle(Slot slot)
    {
        var paths = _following.Skip(slot.ChainStart).Select(static node => node.Syntax.Path.ToString()).ToList();
        const int Shown = 12;
        if (paths.Count > Shown)
        {
            paths.RemoveRange(Shown / 2, paths.Count - Shown);
            paths.Insert(Shown / 2, "...");
        }

        return string.Join(" → ", paths.Prepend(paths[^1]));
    }

    // Section "Substitution fallback to environment variables": the path as written, not behind its include's place.
    private Head? LookUpEnvironment(SubstitutionNode node)
    {
        if (options.Environment is not { } environment)
        {
            return null;
        }

        var name = string.Join('.', node.Syntax.Path.Elements);
        if (!node.Syntax.IsList)
        {
            return environment(name) is { } value ? FromEnvironment(name, value) : null;
        }

        var elements = new List<Head>();
        while (elements.Count < _limits.ResolvedNodesMax)
        {
            var each = name + "_" + elements.Count.ToString(CultureInfo.InvariantCulture);
            if (environment(each) is not { } value)
            {
                break;
            }

            Step(1, node.Origin);
            elements.Add(FromEnvironment(each, value));
        }

        return elements.Count == 0 ? null : new ArrayHead(elements[0].Origin, elements);
    }

    private static ScalarHead FromEnvironment(string name, string value)
        => new(new HoconScalar(HoconKind.String, value, new HoconOrigin(new SourceText("environment variable " + name, null), 0)));
}
