namespace Cete.Hocon;

/// <summary>
/// Syntax to the merged tree: fields of the same path come together in one slot, included texts take their place, substitutions stay.
/// </summary>
internal sealed partial class Merger(HoconResolveOptions options, Diagnostics diagnostics)
{
    private readonly HoconLimits _limits = options.Limits;

    /// <summary>The root of these documents, of which the last has the highest priority.</summary>
    public Slot Merge(IEnumerable<HoconDocument> documents)
    {
        var root = new Slot();
        foreach (var document in documents)
        {
            CountInput(document.Source, document.Root);
            var scope = new FileScope(document.Source, null, [], 0, false);
            if (document.Root is ObjectSyntax syntax)
            {
                AddMembers(root.TopObject(scope.At(syntax)), syntax, scope, null, 1);
            }
            else
            {
                root.Assign(Build(document.Root, scope with { IsInArray = true }, null, 1), hidesEarlier: true);
            }
        }

        return root;
    }

    private void AddMembers(ObjectHead target, ObjectSyntax syntax, FileScope scope, PathLink? at, int depth)
    {
        CheckDepth(depth, scope.At(syntax));
        foreach (var member in syntax.Members)
        {
            if (member is FieldSyntax field)
            {
                AddField(target, field, scope, at, depth);
            }
            else if (member is IncludeSyntax include)
            {
                AddInclude(target, include, scope, at, depth);
            }
        }
    }

    private void AddField(ObjectHead target, FieldSyntax field, FileScope scope, PathLink? at, int depth)
    {
        var keys = field.Path.Keys;
        CheckDepth(depth + keys.Length - 1, new HoconOrigin(scope.Source, field.Start));
        var origin = new HoconOrigin(scope.Source, field.Value.Start);
        foreach (var key in keys[..^1])
        {
            target = SlotOf(target, key).TopObject(origin);
            at = new PathLink(at, key);
        }

        var slot = SlotOf(target, keys[^1]);
        at = new PathLink(at, keys[^1]);
        depth += keys.Length;
        if (field.Append)
        {
            slot.Assign(new AppendNode(origin, Build(field.Value, scope with { IsInArray = true }, null, depth + 1)), hidesEarlier: false);
        }
        else if (field.Value is ObjectSyntax value)
        {
            AddMembers(slot.TopObject(origin), value, scope, at, depth);
        }
        else
        {
            var node = Build(field.Value, scope, at, depth);
            slot.Assign(node, hidesEarlier: node.HidesEarlier);
        }
    }

    private static Slot SlotOf(ObjectHead target, string key)
    {
        if (!target.Fields.TryGetValue(key, out var slot))
        {
            target.Fields.Add(key, slot = new Slot());
        }

        return slot;
    }

    private Node Build(ValueSyntax syntax, FileScope scope, PathLink? at, int depth)
    {
        CheckDepth(depth, scope.At(syntax));
        var origin = scope.At(syntax);
        switch (syntax)
        {
            case LiteralSyntax literal:
                return new ScalarHead(new HoconScalar(literal.Kind, literal.Text, origin));
            case SubstitutionSyntax substitution:
                return BuildSubstitution(substitution, scope, origin);
            case ConcatenationSyntax concatenation:
                return BuildConcatenation(concatenation, scope, at, depth, origin);
            case ArraySyntax array:
                return BuildArray(array, scope, depth, origin);
            case ObjectSyntax value:
                var built = new ObjectHead(origin);
                AddMembers(built, value, scope, at, depth);
                return built;
            default:
                Core.Check.Fail("an unknown kind of syntax");
                return null;
        }
    }

    private Node BuildArray(ArraySyntax array, FileScope scope, int depth, HoconOrigin origin)
    {
        var elements = new List<Node>(array.Elements.Count);
        var inner = scope with { IsInArray = true };
        foreach (var element in array.Elements)
        {
            elements.Add(Build(element, inner, null, depth + 1));
        }

        // Objects are heads as well: their fields are looked at only when they are finished.
        return elements.TrueForAll(static element => element is Head)
            ? new ArrayHead(origin, elements.ConvertAll(static element => (Head)element))
            : new ArrayNode(origin, elements);
    }

    private Node BuildConcatenation(ConcatenationSyntax syntax, FileScope scope, PathLink? at, int depth, HoconOrigin origin)
    {
        if (syntax.Pieces.All(static piece => piece is LiteralSyntax))
        {
            var text = string.Concat(syntax.Pieces.Select(static piece => ((LiteralSyntax)piece).Text));
            return new ScalarHead(new HoconScalar(HoconKind.String, text, origin));
        }

        var pieces = new List<Node>(syntax.Pieces.Count);
        var spaces = new List<string?>(syntax.Pieces.Count);
        foreach (var piece in syntax.Pieces)
        {
            pieces.Add(Build(piece, scope, at, depth));
            spaces.Add(piece is LiteralSyntax { IsSpace: true } space ? space.Text : null);
        }

        return new ConcatenationNode(origin, pieces, spaces);
    }

    private SubstitutionNode BuildSubstitution(SubstitutionSyntax syntax, FileScope scope, HoconOrigin origin)
    {
        if (scope.IncludedInArray)
        {
            diagnostics.Report(origin.Error(
                "a text that is included inside an array cannot hold substitutions, since its place has no path; include it outside"));
        }

        return new SubstitutionNode(origin, syntax, scope.Prefixes);
    }

    private void CheckDepth(int depth, HoconOrigin origin)
    {
        if (depth > _limits.Depth + 1)
        {
            throw diagnostics.Abort(origin.Error($"nested deeper than {_limits.Depth} levels; flatten it"));
        }
    }
}
