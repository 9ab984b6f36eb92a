using System.Globalization;
using System.Net;
using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>Reads values within their ranges and gathers what is wrong, so that all of it is told at once.</summary>
internal sealed class SettingsReader
{
    private const int ShownMax = 60;
    private const int FileNameMax = 4096;

    private readonly HoconObject? _tree;
    private readonly Places _places;
    private readonly Dictionary<string, SettingValue> _running;
    private readonly List<SettingValue> _values = [];
    private readonly HashSet<string> _blocks = new(StringComparer.Ordinal);

    /// <param name="tree">What to read.</param>
    /// <param name="places">How places are named.</param>
    /// <param name="running">What a node runs with: of it stays what is not taken up live.</param>
    public SettingsReader(HoconObject tree, Places places, EffectiveSettings? running)
        : this(places, running?.List ?? []) => _tree = tree;

    private SettingsReader(Places places, IReadOnlyList<SettingValue> running) =>
        (_places, _running) = (places, running.ToDictionary(value => value.Setting.Path, StringComparer.Ordinal));

    public List<HoconError> Problems { get; } = [];

    public IReadOnlyList<SettingValue> Values => _values;

    public List<Setting> Settings { get; } = [];

    /// <summary>What there is to read: found by reading nothing.</summary>
    public static List<Setting> ListAll()
    {
        var reader = new SettingsReader(Places.None, []);
        NodeSettings.Read(reader);
        return reader.Settings;
    }

    /// <summary>Where to listen, on one address of this machine or on all.</summary>
    public IPEndPoint Listen(string path, TakenUp takenUp) => Read(
        new Setting(path, "HOST:PORT", takenUp),
        (tree, at) => Parse(tree.GetString(at)),
        address => address is null ? "is HOST:PORT such as 127.0.0.1:2383" : null,
        address => $"\"{address}\"")!;

    /// <summary>Some texts, each of which holds.</summary>
    public IReadOnlyList<string> Texts(string path, string range, int max, Func<string, string?> check, TakenUp takenUp) => Read(
        new Setting(path, range, takenUp),
        (tree, at) => (IReadOnlyList<string>)[.. tree.GetList(at).Select(text => text.GetString())],
        texts => texts.Count > max ? $"has at most {max} members" : texts.Select(check).FirstOrDefault(problem => problem is not null),
        texts => $"[{string.Join(", ", texts.Select(text => HoconValue.Of(text).ToString()))}]")!;

    /// <summary>One of some words.</summary>
    public string Choice(string path, IReadOnlyList<string> words, TakenUp takenUp) => Read(
        new Setting(path, string.Join(", ", words), takenUp),
        (tree, at) => tree.GetString(at),
        word => words.Contains(word) ? null : $"is one of {string.Join(", ", words)}",
        word => word)!;

    /// <summary>A file by its path; nobody looks whether it is there.</summary>
    public string File(string path, TakenUp takenUp, Func<string, string?>? check = null) => Read(
        new Setting(path, "a file or \"\"", takenUp),
        (tree, at) => tree.GetString(at),
        name => name.Length > FileNameMax || name.Any(char.IsControl) ? "is the path of a file" : check?.Invoke(name),
        name => HoconValue.Of(name).ToString());

    /// <summary>The name of a host, or none.</summary>
    public string Host(string path, TakenUp takenUp) => Read(
        new Setting(path, "the name of a host or \"\"", takenUp),
        (tree, at) => tree.GetString(at),
        name => name.Length == 0 || (name.Length <= 253 && Uri.CheckHostName(name) == UriHostNameType.Dns && !name.Any(char.IsAsciiLetterUpper))
            ? null
            : "is the name of a host in small letters, without a port, such as example.org, or \"\"",
        name => HoconValue.Of(name).ToString());

    /// <summary>The base address of a program that is spoken to by HTTP, or none.</summary>
    public string Address(string path, TakenUp takenUp) => Read(
        new Setting(path, "http://HOST:PORT or \"\"", takenUp),
        (tree, at) => tree.GetString(at),
        text => text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0)
            ? null
            : "is http://HOST:PORT, such as http://127.0.0.1:4318, or \"\"",
        text => HoconValue.Of(text).ToString());

    public long Number(string path, long min, long max, TakenUp takenUp) => Within(
        path, "a number", min, max, takenUp, (tree, at) => tree.GetInt64(at), static number => number.ToString(CultureInfo.InvariantCulture));

    public long Size(string path, long min, long max, TakenUp takenUp) =>
        Within(path, "a size", min, max, takenUp, (tree, at) => tree.GetBytes(at), Units.Show);

    public TimeSpan Duration(string path, TimeSpan min, TimeSpan max, TakenUp takenUp) =>
        Within(path, "a duration", min, max, takenUp, (tree, at) => tree.GetDuration(at), Units.Show);

    private static IPEndPoint? Parse(string text)
    {
        var named = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text[9..] : text;
        return named.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(named, out var endPoint) ? endPoint : null;
    }

    private T Within<T>(string path, string what, T min, T max, TakenUp takenUp, Func<HoconObject, string, T> read, Func<T, string> show)
        where T : IComparable<T>
    {
        var range = $"{show(min)} to {show(max)}";
        return Read(
            new Setting(path, range, takenUp), read, value => value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? $"is {what} from {range}" : null, show);
    }

    private T Read<T>(Setting setting, Func<HoconObject, string, T> read, Func<T, string?> check, Func<T, string> show)
    {
        Settings.Add(setting);
        if (_tree is null || IsBlocked(_tree, setting.Path))
        {
            return default!;
        }

        try
        {
            var value = read(_tree, setting.Path);
            var written = _tree.Get(setting.Path);
            if (check(value) is { } problem)
            {
                Problems.Add(_places.At(written.Origin, $"{setting.Path} {problem}; it is {Shorten(written)}"));
                return default!;
            }

            return Take(new SettingValue(setting, show(value), _places.Show(written.Origin), null) { Value = value! }, value);
        }
        catch (HoconException error)
        {
            Problems.AddRange(error.Errors.Select(_places.Clean));
            return default!;
        }
    }

    /// <summary>A value where a group of settings should be is one mistake, not one for each setting of the group.</summary>
    private bool IsBlocked(HoconObject tree, string path)
    {
        var keys = path.Split('.');
        for (var length = 1; length < keys.Length; length++)
        {
            var above = HoconPath.Of(keys[..length]);
            if (tree.Find(above) is not (null or HoconObject) and { } value)
            {
                if (_blocks.Add(above.ToString()))
                {
                    Problems.Add(_places.At(value.Origin, $"{above} is a group of settings such as {path}; it is {Shorten(value)}"));
                }

                return true;
            }
        }

        return false;
    }

    private T Take<T>(SettingValue read, T value)
    {
        if (_running.GetValueOrDefault(read.Setting.Path) is not { } running || read.Setting.IsLive)
        {
            _values.Add(read);
            return value;
        }

        _values.Add(running with { Next = running.Text == read.Text ? null : read });
        return (T)running.Value;
    }

    private static string Shorten(HoconValue written)
    {
        var text = written is HoconScalar { Text.Length: > 0 } scalar && !scalar.Text.Any(char.IsWhiteSpace) ? scalar.Text : written.ToString();
        return text.Length > ShownMax ? text[..ShownMax] + "..." : text;
    }
}
