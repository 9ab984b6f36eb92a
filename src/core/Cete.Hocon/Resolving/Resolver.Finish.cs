using System.Runtime.CompilerServices;

namespace Cete.Hocon;

/// <summary>Heads to finished values, with the sizes counted on the way, so that shared parts cannot multiply unseen.</summary>
internal sealed partial class Resolver
{
    private HoconValue? Finish(Head head, int depth)
    {
        if (head.Finished is { } finished)
        {
            CheckSize(finished, depth + finished.Height);
            return finished;
        }

        switch (head)
        {
            case ScalarHead scalar:
                return head.Finished = scalar.Scalar;
            case ArrayHead array:
                return head.Finished = FinishArray(array, depth);
            default:
                return head.Finished = FinishObject((ObjectHead)head, depth);
        }
    }

    private HoconArray FinishArray(ArrayHead array, int depth)
    {
        CheckDepth(array, depth);
        var elements = new List<HoconValue>(array.Elements.Count);
        var size = new ValueSize();
        foreach (var element in array.Elements)
        {
            if (element is ObjectHead { IsFinishing: true })
            {
                ReportContainsItself(element, string.Empty);
            }
            else if (Finish(element, depth + 1) is { } value)
            {
                elements.Add(value);
                size.Add(value);
                CheckSize(array.Origin, size);
            }
        }

        return new HoconArray(elements, array.Origin, size);
    }

    private HoconObject FinishObject(ObjectHead head, int depth)
    {
        CheckDepth(head, depth);
        head.IsFinishing = true;
        var fields = new OrderedDictionary<string, HoconValue>(head.Fields.Count, StringComparer.Ordinal);
        var size = new ValueSize();
        foreach (var (key, slot) in head.Fields)
        {
            if (FinishField(key, slot, depth + 1) is { } value)
            {
                fields.Add(key, value);
                size.Add(value, key);
                CheckSize(head.Origin, size);
            }
        }

        head.IsFinishing = false;
        return new HoconObject(fields, head.Origin, size);
    }

    private HoconValue? FinishField(string key, Slot slot, int depth)
    {
        var head = Evaluate(slot);
        if (head is not ObjectHead { IsFinishing: true })
        {
            return head is null ? null : Finish(head, depth);
        }

        // An optional substitution that can only lead back to what contains it counts as undefined.
        if (slot.Layers[^1] is not SubstitutionNode { Syntax.IsOptional: true })
        {
            ReportContainsItself(slot.Layers[^1], key);
        }

        return null;
    }

    private void ReportContainsItself(Node node, string key)
    {
        var field = key.Length == 0 ? "this element" : $"the field {HoconPath.Render([key])}";
        diagnostics.Report(node.Origin.Error($"{field} makes a value that contains itself; refer to a part of that value instead"));
    }

    private void CheckDepth(Head head, int depth)
    {
        if (depth > _limits.Depth + 1 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw diagnostics.Abort(head.Origin.Error($"resolved, this is nested deeper than {_limits.Depth} levels; flatten it"));
        }
    }

    private void CheckSize(HoconValue value, int depth)
    {
        if (depth > _limits.Depth + 2)
        {
            throw diagnostics.Abort(value.Origin.Error($"resolved, this is nested deeper than {_limits.Depth} levels; flatten it"));
        }
    }

    private void CheckSize(HoconOrigin origin, in ValueSize size)
    {
        if (size.Nodes > _limits.ResolvedNodesMax || size.Chars > _limits.ResolvedCharsMax)
        {
            throw diagnostics.Abort(origin.Error(
                $"resolved, this is larger than {_limits.ResolvedNodesMax} values or {_limits.ResolvedCharsMax} characters; "
                + "its substitutions multiply each other"));
        }
    }
}
