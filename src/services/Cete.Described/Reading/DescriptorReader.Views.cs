using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <content>Views: those that are described, and good ones where none are.</content>
public sealed partial class DescriptorReader
{
    /// <summary>What a kind of view needs: the name of the key, and the types of field that can stand there.</summary>
    private static readonly Dictionary<string, (string Key, FieldType[] Types, bool IsNeeded)[]> ViewKeys = new(StringComparer.Ordinal)
    {
        ["board"] = [("column", [FieldType.Select], true)],
        ["calendar"] =
        [
            ("start", [FieldType.Date, FieldType.DateTime], true), ("end", [FieldType.Date, FieldType.DateTime], false),
            ("recurrence", [FieldType.Recurrence], false), ("zone", [FieldType.TimeZone], false),
        ],
        ["tree"] = [("parent", [FieldType.Relation], true)],
        ["thread"] = [("parent", [FieldType.Relation], true)],
        ["gallery"] = [("image", [FieldType.File, FieldType.Link], true)],
        ["cards"] = [("image", [FieldType.File, FieldType.Link], false)],
        ["chat"] = [("text", [FieldType.Text, FieldType.Markdown], true)],
        ["chart"] = [("group", [], true), ("value", [FieldType.Integer, FieldType.Decimal, FieldType.Credits, FieldType.Rating], false)],
    };

    private List<ViewDescriptor> ReadViews(IReadOnlyList<RecordKind> records)
    {
        List<ViewDescriptor> views = [];
        foreach (var (name, value) in _root.Members("views", DescriptorLimits.PartsMax, Names.IsWord, Names.WordForm))
        {
            if (_isNew && name == Names.OfAbout)
            {
                _problems.Add(value.Origin, $"views.{name}", $"'{name}' is the address of the page that tells of the service", "take another name");
            }

            if (value is not HoconObject inner)
            {
                _problems.Add(value.Origin, $"views.{name}", "is to be an object", "write { kind = table, records = ... }");
                continue;
            }

            var section = new Section(inner, $"views.{name}", _problems);
            views.Add(ReadView(name, section, records));
            section.Close();
        }

        // Whatever has no view of its own is a table.
        views.AddRange(records.Where(kind => views.All(view => view.Records != kind.Name || view.Kind is "form" or "detail" or "chart"))
            .Where(kind => views.All(view => view.Name != DefaultName(kind)))
            .Select(kind => new ViewDescriptor(DefaultName(kind), "table", kind.Title) { Records = kind.Name, Sort = ["-id"] }));
        return views;
    }

    private static string DefaultName(RecordKind kind) => kind.Name == Names.OfAbout ? Names.OfAbout + "-list" : kind.Name.Replace('_', '-');

    private ViewDescriptor ReadView(string name, Section section, IReadOnlyList<RecordKind> records)
    {
        // A kind that is not known here may be known to newer clients, as long as it says what to show in its place.
        var fallback = section.Choice("fallback", ViewDescriptor.Kinds) ?? string.Empty;
        var kind = (fallback.Length > 0 ? section.Text("kind", DescriptorLimits.NameLengthMax) : section.Choice("kind", ViewDescriptor.Kinds)) ?? "table";
        var title = section.Words("title") ?? Words.Of(Titled(name));
        var parts = section.Names("parts", DescriptorLimits.PartsMax);
        if (kind == "page")
        {
            foreach (var wrong in parts.Where(part => part.Split(':') is not { Length: 1 or 2 } words || !words.All(Names.IsWord)))
            {
                section.Wrong("parts", $"'{Section.Show(wrong)}' is no view", "write the name of a view, or SERVICE:VIEW");
            }

            return new ViewDescriptor(name, kind, title) { Parts = parts, Fallback = fallback };
        }

        if (section.Choice("records", [.. records.Select(each => each.Name)]) is not { } source)
        {
            if (!section.Has("records"))
            {
                section.Wrong("records", "a view needs records", Nearest.Hint(string.Empty, [.. records.Select(each => each.Name)]));
            }

            foreach (var known in (string[])["filter", "sort", "show", "keys"])
            {
                section.Has(known);
            }

            return new ViewDescriptor(name, kind, title);
        }

        var record = records.First(each => each.Name == source);
        var filter = section.Expression("filter", _scopes.With(("record", record.Type)), ExpressionType.Bool);
        if (filter?.WhyNotSql("record") is { } reason)
        {
            section.Wrong("filter", $"the database cannot answer this: {reason.Message}");
        }

        return new ViewDescriptor(name, kind, title)
        {
            Records = source,
            Filter = filter,
            Sort = ReadFieldNames(section, "sort", record, isSort: true),
            Show = ReadFieldNames(section, "show", record, isSort: false),
            Keys = ReadViewKeys(section, kind, record),
            Fallback = fallback,
            Parts = parts,
        };
    }

    /// <summary>Its column has an order.</summary>
    private static bool IsOrdered(FieldDescriptor field) => field.Type is not (FieldType.Sealed or FieldType.MultiSelect or FieldType.Formula);

    private static List<string> ReadFieldNames(Section section, string key, RecordKind record, bool isSort)
    {
        List<string> names = [];
        foreach (var written in section.Names(key, DescriptorLimits.FieldsMax))
        {
            var name = isSort && written.StartsWith('-') ? written[1..] : written;
            if (Names.OfEveryRecord.Contains(name) || (record.Field(name) is { } field && (!isSort || IsOrdered(field))))
            {
                names.Add(written);
            }
            else
            {
                section.Wrong(
                    key, $"{record.Name} have no field '{Section.Show(name)}' for that",
                    Nearest.Hint(name, [.. record.Fields.Select(each => each.Name), .. Names.OfEveryRecord]));
            }
        }

        if (isSort && names.Count > 3)
        {
            section.Wrong(key, "names more than three fields");
        }

        return names;
    }

    private static Dictionary<string, string> ReadViewKeys(Section section, string kind, RecordKind record)
    {
        Dictionary<string, string> keys = new(StringComparer.Ordinal);
        var wanted = ViewKeys.GetValueOrDefault(kind) ?? [];
        var below = section.Below("keys");
        foreach (var (key, types, isNeeded) in wanted)
        {
            var fits = record.Fields.Where(field => types.Length == 0 || types.Contains(field.Type)).ToArray();
            var named = below?.Choice(key, [.. fits.Select(field => field.Name)]);

            // Where but one field can be meant, it need not be named.
            var name = named ?? (below?.Has(key) != true && fits.Length > 0 && (fits.Length == 1 || isNeeded) ? fits[0].Name : null);
            if (name is not null)
            {
                keys[key] = name;
            }
            else if (isNeeded && below?.Has(key) != true)
            {
                section.Wrong("keys", $"a {kind} needs a field for '{key}'", $"{record.Name} have none that fits");
            }
        }

        below?.Close();
        return keys;
    }
}
