using System.Text;

namespace Cete.Hocon;

/// <summary>Joining what stands in a row (sections "Value concatenation" and "Array and object concatenation").</summary>
internal sealed partial class Resolver
{
    private long _joinedChars;

    private Head? Concatenate(ConcatenationNode node)
    {
        var heads = new Head?[node.Pieces.Count];
        var (defined, hasSpace, isComposite) = (0, false, false);
        Head? only = null;
        for (var i = 0; i < heads.Length; i++)
        {
            heads[i] = Evaluate(node.Pieces[i]);
            if (node.Spaces[i] is not null)
            {
                hasSpace = true;
            }
            else if (heads[i] is { } head)
            {
                defined++;
                only = head;
                isComposite |= head is ArrayHead or ObjectHead;
            }
        }

        // Optional substitutions that are all undefined leave nothing, whatever whitespace stands between them.
        if (defined == 0)
        {
            return null;
        }

        if (defined == 1 && (isComposite || !hasSpace))
        {
            return only;
        }

        return isComposite ? Join(node, heads) : JoinText(node, heads);
    }

    private ScalarHead JoinText(ConcatenationNode node, Head?[] heads)
    {
        var text = new StringBuilder();
        foreach (var head in heads)
        {
            var piece = head is ScalarHead scalar ? scalar.Scalar.Text : string.Empty;
            _joinedChars += piece.Length;
            if (_joinedChars > _limits.ResolvedCharsMax)
            {
                throw diagnostics.Abort(node.Origin.Error(
                    $"joined strings are longer than {_limits.ResolvedCharsMax} characters together; they multiply each other"));
            }

            text.Append(piece);
        }

        return new ScalarHead(new HoconScalar(HoconKind.String, text.ToString(), node.Origin));
    }

    private Head? Join(ConcatenationNode node, Head?[] heads)
    {
        Head? joined = null;
        List<Head>? elements = null;
        for (var i = 0; i < heads.Length; i++)
        {
            if (heads[i] is not { } head || node.Spaces[i] is not null)
            {
                continue;
            }

            if (joined is null)
            {
                joined = head;
            }
            else if (joined is ObjectHead lower && head is ObjectHead upper)
            {
                joined = Merge(lower, upper);
            }
            else if (joined is ArrayHead or ObjectHead && head is ArrayHead or ObjectHead
                && ToArray(joined) is { } left && ToArray(head) is { } right)
            {
                // The list that grows belongs to this concatenation; the pieces' own lists stay as they are.
                Step(right.Elements.Count + (elements is null ? left.Elements.Count : 0), node.Origin);
                elements ??= [.. left.Elements];
                elements.AddRange(right.Elements);
                joined = new ArrayHead(node.Origin, elements);
            }
            else
            {
                diagnostics.Report(node.Origin.Error(
                    $"{Describe(joined)} ({joined.Origin}) and {Describe(head)} ({head.Origin}) cannot stand in one value; "
                    + "separate them by a comma or a new line, or give both the same kind"));
                return null;
            }
        }

        return joined;
    }

    // Section "Conversion of numerically-indexed objects to arrays".
    private ArrayHead? ToArray(Head head)
    {
        if (head is not ObjectHead value)
        {
            return head as ArrayHead;
        }

        var indexed = new List<(int Index, Head Head)>();
        foreach (var (key, slot) in value.Fields)
        {
            if (HoconArray.TryIndex(key, out var index) && Read(slot) is { } element)
            {
                indexed.Add((index, element));
            }
        }

        if (indexed.Count == 0)
        {
            return null;
        }

        Step(indexed.Count, head.Origin);
        return new ArrayHead(head.Origin, [.. indexed.OrderBy(static each => each.Index).Select(static each => each.Head)]);
    }

    private static string Describe(Head head) => HoconValue.Describe(head.Kind);
}
