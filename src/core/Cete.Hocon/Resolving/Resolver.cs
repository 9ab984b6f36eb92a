using System.Runtime.CompilerServices;

namespace Cete.Hocon;

/// <summary>
/// The merged tree to values. Evaluation is lazy and remembers: a field is evaluated, only as far as to know its kind, when something
/// asks for it. A substitution that comes back to a field under evaluation reads the layers below the current one ("look back").
/// </summary>
internal sealed partial class Resolver(Slot root, HoconResolveOptions options, Diagnostics diagnostics)
{
    private readonly HoconLimits _limits = options.Limits;
    private readonly List<SubstitutionNode> _following = [];
    private long _steps;
    private int _depth;

    /// <summary>The finished root; null only when errors were reported.</summary>
    public HoconValue? Resolve()
    {
        var head = Evaluate(root);
        return head is null ? null : Finish(head, 1);
    }

    private Head? Evaluate(Slot slot)
    {
        if (!slot.IsEvaluated)
        {
            var outer = _hasFailed;
            _hasFailed = false;
            slot.ChainStart = _following.Count;
            slot.Head = EvaluateLayers(slot, slot.Layers.Count, null);
            slot.HasFailed = slot.Head is null && _hasFailed;
            _hasFailed = outer;
            slot.IsEvaluated = true;
        }

        return slot.Head;
    }

    // The value of the layers below `upTo`, under what the layers above have come to: the first that is no object ends the search.
    private Head? EvaluateLayers(Slot slot, int upTo, Head? above)
    {
        if (above is not null and not ObjectHead)
        {
            return above;
        }

        var outer = slot.Current;
        for (var i = upTo - 1; i >= 0; i--)
        {
            slot.Current = i;
            var layer = slot.Layers[i];
            var head = layer is AppendNode append ? EvaluateAppends(slot, append, ref i) : Evaluate(layer);
            if (head is ObjectHead lower)
            {
                above = above is ObjectHead upper ? Merge(lower, upper) : lower;
            }
            else if (head is not null)
            {
                above ??= head;
                break;
            }
        }

        slot.Current = outer;
        return above;
    }

    private Head? Evaluate(Node node)
    {
        if (node is Head head)
        {
            return head;
        }

        Descend(node.Origin);
        var value = node switch
        {
            SubstitutionNode substitution => Substitute(substitution),
            ConcatenationNode concatenation => Concatenate(concatenation),
            ArrayNode array => EvaluateArray(array),
            FieldNode field => Read(field.Slot),
            _ => null,
        };
        _depth--;
        return value;
    }

    private ArrayHead EvaluateArray(ArrayNode array)
    {
        var elements = new List<Head>(array.Elements.Count);
        foreach (var element in array.Elements)
        {
            if (Evaluate(element) is { } head)
            {
                elements.Add(head);
            }
        }

        return new ArrayHead(array.Origin, elements);
    }

    // "a += x" is "a = ${?a} [x]". Rows of them are common and long, so a row is one array that is filled, not one array each.
    private ArrayHead EvaluateAppends(Slot slot, AppendNode last, ref int index)
    {
        var top = index;
        while (index > 0 && slot.Layers[index - 1] is AppendNode)
        {
            index--;
        }

        var below = EvaluateLayers(slot, index, null);
        var elements = new List<Head>();
        if (below is not null)
        {
            if (ToArray(below) is { } array)
            {
                elements.AddRange(array.Elements);
            }
            else
            {
                diagnostics.Report(last.Origin.Error(
                    $"+= adds to an array, but what is there is {Describe(below)} ({below.Origin}); use = to replace it"));
            }
        }

        Step(elements.Count, last.Origin);
        for (var i = index; i <= top; i++)
        {
            slot.Current = i;
            if (Evaluate(((AppendNode)slot.Layers[i]).Element) is { } element)
            {
                elements.Add(element);
            }
        }

        // Everything below is part of this array.
        index = 0;
        return new ArrayHead(last.Origin, elements);
    }

    // Keys of the lower object keep their place; a field of both becomes one with two layers.
    private ObjectHead Merge(ObjectHead lower, ObjectHead upper)
    {
        if (lower == upper || upper.Fields.Count == 0)
        {
            return lower;
        }

        if (lower.Fields.Count == 0)
        {
            return upper;
        }

        Step(lower.Fields.Count + upper.Fields.Count, upper.Origin);
        var merged = new ObjectHead(upper.Origin);
        foreach (var (key, slot) in lower.Fields)
        {
            merged.Fields.Add(key, slot);
        }

        foreach (var (key, slot) in upper.Fields)
        {
            if (merged.Fields.TryGetValue(key, out var below) && below != slot && !HidesAll(slot))
            {
                var both = new Slot();
                both.Assign(new FieldNode(below.Layers[^1].Origin, below), hidesEarlier: false);
                both.Assign(new FieldNode(slot.Layers[^1].Origin, slot), hidesEarlier: false);
                merged.Fields[key] = both;
            }
            else
            {
                merged.Fields[key] = slot;
            }
        }

        return merged;
    }

    private static bool HidesAll(Slot slot) => slot.Layers[0].HidesEarlier && slot.Layers.Count == 1;

    // The second test is for callers that come with little stack left: it never decides on an ordinary thread.
    private void Descend(HoconOrigin origin)
    {
        Step(1, origin);
        if (++_depth > _limits.SubstitutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw diagnostics.Abort(origin.Error(
                $"substitutions lead through more than {Math.Min(_depth, _limits.SubstitutionDepth)} steps before a value is found; "
                + "shorten the chain, or write += where each adds to an array"));
        }
    }

    private void Step(long count, HoconOrigin origin)
    {
        _steps += count;
        if (_steps > _limits.StepsMax)
        {
            throw diagnostics.Abort(origin.Error(
                $"the substitutions take more than {_limits.StepsMax} steps; they multiply each other: refer to fewer or smaller values"));
        }
    }
}
