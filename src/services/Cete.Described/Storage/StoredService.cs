using Cete.Expressions;

namespace Cete.Described;

/// <summary>A published service with its tables.</summary>
/// <param name="number">Its number in this community: tables are named by it, so that services can be called as they like.</param>
/// <param name="edition">How often it was published.</param>
/// <param name="descriptor">Its description.</param>
internal sealed class StoredService(long number, long edition, ServiceDescriptor descriptor) : ISqlNames
{
    private readonly Dictionary<string, StoredKind> _kinds =
        descriptor.Records.ToDictionary(kind => kind.Name, kind => new StoredKind(number, kind), StringComparer.Ordinal);

    public long Number => number;

    public long Edition => edition;

    public ServiceDescriptor Descriptor => descriptor;

    public string Name => descriptor.Name;

    public IEnumerable<StoredKind> Kinds => _kinds.Values;

    public StoredKind? Find(string kind) => _kinds.GetValueOrDefault(kind);

    public StoredKind Of(string kind) => _kinds[kind];

    string ISqlNames.Table(RecordType type) => _kinds[type.Name].Table;

    string ISqlNames.Column(RecordType type, string field) => StoredKind.ColumnOf(field);

    string ISqlNames.Alive(RecordType type, string alias) => StoredKind.IsAlive(alias);
}

/// <summary>A kind of record with its table.</summary>
internal sealed class StoredKind
{
    /// <summary>What every table begins with.</summary>
    public const string CommonColumns = "id, owner, created_at, updated_at, revision, deleted_at, hidden";

    private readonly Dictionary<string, int> _places;

    public StoredKind(long service, RecordKind kind)
    {
        (Service, Kind, Table) = (service, kind, TableOf(service, kind.Name));
        Fields = [.. kind.Fields.Where(field => field.IsStored)];
        Types = [.. Fields.Select(TypeOf)];
        _places = Fields.Select((field, i) => (field.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i, StringComparer.Ordinal);
        var columns = string.Concat(Fields.Select(field => $", {ColumnOf(field.Name)}"));
        Select = $"SELECT {CommonColumns}{columns} FROM {Table}";
        Columns = CommonColumns + columns;
        var values = string.Join(", ", Enumerable.Range(1, 5 + Fields.Count).Select(i => $"@p{i}"));
        Insert = $"INSERT INTO {Table} (id, owner, created_at, updated_at, revision{columns}) VALUES ({values})";
        Search = kind.Search;
        SearchPlaces = [.. kind.Search.Select(field => PlaceOf(field.Name))];
        TextTable = TextIndex.TableOf(service, kind.Name);
        var (places, words) = (Enumerable.Range(0, Search.Count).Select(TextIndex.ColumnOf), Enumerable.Range(2, Search.Count).Select(i => $"@p{i}"));
        InsertText = $"INSERT INTO {TextTable} (rowid, {string.Join(", ", places)}) VALUES (@p1, {string.Join(", ", words)})";
    }

    public long Service { get; }

    public RecordKind Kind { get; }

    public string Name => Kind.Name;

    public string Table { get; }

    /// <summary>The fields that have columns, in their order.</summary>
    public IReadOnlyList<FieldDescriptor> Fields { get; }

    /// <summary>Of each of them, how it is kept.</summary>
    public IReadOnlyList<ExpressionType> Types { get; }

    public string Columns { get; }

    public string Select { get; }

    public string Insert { get; }

    /// <summary>The fields whose words records are found by.</summary>
    public IReadOnlyList<FieldDescriptor> Search { get; }

    /// <summary>Of each of them, which of <see cref="Fields"/> it is.</summary>
    public IReadOnlyList<int> SearchPlaces { get; }

    /// <summary>The table of their words.</summary>
    public string TextTable { get; }

    public string InsertText { get; }

    /// <summary>Which column of <see cref="Fields"/> it is; -1 for none.</summary>
    public int PlaceOf(string field) => _places.GetValueOrDefault(field, -1);

    public static string TableOf(long service, string kind) => $"s{service}_{kind}";

    public static string ColumnOf(string field) => field switch
    {
        "id" => "id",
        "owner" => "owner",
        "created" => "created_at",
        "updated" => "updated_at",
        "revision" => "revision",
        _ => $"f_{field}",
    };

    public static string IsAlive(string alias) => $"{alias}.deleted_at IS NULL AND {alias}.hidden = 0";

    /// <summary>Whole numbers are kept in 64 bits wherever the store is.</summary>
    public static string SqlTypeOf(FieldDescriptor field) => TypeOf(field).Kind is ValueKind.Text or ValueKind.List ? "TEXT" : "BIGINT";

    private static ExpressionType TypeOf(FieldDescriptor field) => FieldTypes.ToExpressionType(field.Type, null) ?? ExpressionType.Text;
}
