using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <summary>What came of reading a description: the problems, and the descriptor where none of them forbids it.</summary>
/// <param name="Descriptor">Null where there are errors.</param>
/// <param name="Problems">In the order of the text.</param>
public sealed record DescriptorReading(ServiceDescriptor? Descriptor, IReadOnlyList<Problem> Problems)
{
    /// <summary>All errors in one text, for where there is no list.</summary>
    public string Errors => string.Join("; ", Problems.Where(problem => !problem.IsWarning).Take(10));
}

/// <summary>
/// Reads descriptions: a resolved HOCON tree in, a descriptor out, with everything that is wrong with it found at once. Names come first, then what
/// refers to them.
/// </summary>
public sealed partial class DescriptorReader
{
    /// <summary>The newest form of descriptions that is understood.</summary>
    public const int Format = 1;

    private static readonly HoconLimits JsonLimits = new()
    {
        InputCharsMax = DescriptorLimits.JsonCharsMax,
        DepthMax = DescriptorLimits.DepthMax,
        IncludesMax = 0,
        ResolvedCharsMax = DescriptorLimits.JsonCharsMax,
    };

    private readonly Section _root;
    private readonly Problems _problems = new();
    private readonly Dictionary<string, RecordType> _types = new(StringComparer.Ordinal);
    private readonly ExpressionScopes _scopes;

    private readonly bool _isNew;

    private DescriptorReader(HoconObject root, bool isNew)
    {
        _isNew = isNew;
        _root = new Section(root, string.Empty, _problems);
        _scopes = new ExpressionScopes(_types);
    }

    /// <summary>Reads a tree whose includes and substitutions are resolved.</summary>
    public static DescriptorReading Read(HoconObject root) => Read(root, isNew: true);

    private static DescriptorReading Read(HoconObject root, bool isNew)
    {
        var reader = new DescriptorReader(root, isNew);
        var json = HoconWriter.ToJson(root);
        if (json.Length > DescriptorLimits.JsonCharsMax)
        {
            reader._problems.Add(
                root.Origin, string.Empty, $"the description has {json.Length} characters as JSON; {DescriptorLimits.JsonCharsMax} is the most");
            return new DescriptorReading(null, reader._problems.All);
        }

        var descriptor = reader.Read(json);
        return new DescriptorReading(reader._problems.HasErrors ? null : descriptor, reader._problems.All);
    }

    /// <summary>Reads the JSON form: no includes, no substitutions, and bounded.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What it is called in problems.</param>
    /// <param name="isNew">It is to be published: what was before a name was taken by an address goes on under it.</param>
    public static DescriptorReading ReadJson(string json, string source, bool isNew = true)
    {
        try
        {
            return Read(HoconDocument.Parse(json, source, JsonLimits).Resolve(new HoconResolveOptions { Limits = JsonLimits }), isNew);
        }
        catch (HoconException error)
        {
            return new DescriptorReading(
                null, [.. error.Errors.Select(one => new Problem(one.Source, one.Line, one.Column, string.Empty, one.Message, string.Empty, false))]);
        }
    }

    private ServiceDescriptor? Read(string json)
    {
        if (_root.Find("cete") is { } format && (format is not HoconScalar { Text: "1" }))
        {
            _root.Wrong("cete", $"the form of this description is not known here; {Format} is the newest", "bring your node up to date");
            return null;
        }

        if (_root.Below("service") is not { } service)
        {
            _problems.Add(_root.Origin, string.Empty, "there is no service", "begin with service { name = my-service }");
            return null;
        }

        var (name, version) = (service.Text("name"), service.Text("version") ?? "1.0.0");
        if (name is null || !Names.IsWord(name))
        {
            service.Wrong("name", name is null ? "a service needs a name" : $"'{Section.Show(name)}' is no name", Names.WordForm);
        }
        else if (_isNew && name == Names.OfModeration)
        {
            service.Wrong("name", $"'{name}' is the address of another page", "call it otherwise");
        }

        if (version.Length > 40 || !Version.TryParse(version.Split('-', '+')[0], out _))
        {
            service.Wrong("version", $"'{Section.Show(version)}' is no version", "write three numbers, as 1.0.0");
        }

        var title = service.Words("title") ?? Words.Of(Titled(name ?? "service"));
        var about = service.Words("about") ?? Words.Of(string.Empty);
        var icon = service.Text("icon", DescriptorLimits.NameLengthMax) ?? string.Empty;
        service.Close();
        var records = ReadRecords();
        var emits = ReadEmits();
        var descriptor = new ServiceDescriptor(name ?? "service", version, title)
        {
            About = about,
            Icon = icon,
            Records = records,
            Actions = ReadActions(records, emits),
            Hooks = ReadHooks(records, emits),
            Views = ReadViews(records),
            Feeds = ReadFeeds(records),
            Provides = ReadInterfaces("provides"),
            Consumes = ReadInterfaces("consumes"),
            Emits = [.. emits.Keys],
            Json = json,
        };
        _root.Close();
        HookLoops.Find(descriptor, _root, _problems);
        return descriptor;
    }

    private IReadOnlyList<string> ReadInterfaces(string key)
    {
        var names = _root.Names(key, DescriptorLimits.PartsMax);
        foreach (var wrong in names.Where(name => name.Split('/') is not [var word, var number] || !Names.IsWord(word) || !int.TryParse(number, out _)))
        {
            _root.Wrong(key, $"'{Section.Show(wrong)}' is no interface", "write a name and a version, as forum/1");
        }

        return names;
    }

    private Dictionary<string, RecordType> ReadEmits()
    {
        Dictionary<string, RecordType> events = new(StringComparer.Ordinal);
        foreach (var (name, value) in _root.Members("emits", DescriptorLimits.PartsMax, Names.IsWord, Names.WordForm))
        {
            events[name] = ReadTypes(name, value, $"emits.{name}");
        }

        return events;
    }

    /// <summary>Names and types alone, as events have them: <c>{ title = text, at = date-time }</c>.</summary>
    private RecordType ReadTypes(string name, HoconValue value, string path)
    {
        var type = new RecordType(name);
        if (value is not HoconObject fields)
        {
            _problems.Add(value.Origin, path, "is to be an object", "write the names of its fields with their types, as { title = text }");
            return type;
        }

        foreach (var (field, kind) in fields.Take(DescriptorLimits.FieldsMax))
        {
            var known = kind is HoconScalar scalar ? FieldTypes.Find(scalar.Text) : null;
            if (!Names.IsField(field))
            {
                _problems.Add(kind.Origin, path, $"'{Section.Show(field)}' is no name", Names.FieldForm);
            }
            else if (known is not { } found || FieldTypes.ToExpressionType(found, null) is not { } shape)
            {
                _problems.Add(kind.Origin, $"{path}.{field}", "is to be the type of a field", $"there are {string.Join(", ", FieldTypes.All)}");
            }
            else
            {
                type.Add(field, shape);
            }
        }

        return type;
    }

    /// <summary>A name as people would read it: <c>due-date</c> is 'Due date'.</summary>
    private static string Titled(string name)
    {
        var words = name.Replace('-', ' ').Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
