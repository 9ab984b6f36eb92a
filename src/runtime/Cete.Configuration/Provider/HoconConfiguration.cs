using Cete.Hocon;
using Microsoft.Extensions.Configuration;

namespace Cete.Configuration;

/// <summary>HOCON as a source of <see cref="IConfiguration"/>: <c>a.b = [x, y]</c> is <c>a:b:0 = x</c> and <c>a:b:1 = y</c>.</summary>
/// <param name="tree">The resolved tree; when it changes, the configuration is reloaded.</param>
public sealed class HoconConfigurationSource(ISettings<HoconObject> tree) : IConfigurationSource
{
    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(tree);
}

/// <summary>What <see cref="HoconConfigurationSource"/> makes. Keys differ by more than their case, or the later one wins.</summary>
public sealed class HoconConfigurationProvider : ConfigurationProvider, IDisposable
{
    private readonly ISettings<HoconObject> _tree;
    private readonly IDisposable _subscription;

    /// <param name="tree">The resolved tree; when it changes, the reload token fires.</param>
    public HoconConfigurationProvider(ISettings<HoconObject> tree)
    {
        _tree = tree;
        _subscription = tree.OnChange(_ =>
        {
            Load();
            OnReload();
        });
    }

    /// <inheritdoc/>
    public override void Load()
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in _tree.Current)
        {
            Add(data, key, value);
        }

        Data = data;
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private static void Add(Dictionary<string, string?> data, string key, HoconValue value)
    {
        switch (value)
        {
            case HoconObject { Count: > 0 } inner:
                foreach (var (name, field) in inner)
                {
                    Add(data, ConfigurationPath.Combine(key, name), field);
                }

                break;
            case HoconArray { Count: > 0 } array:
                foreach (var (index, element) in array.Index())
                {
                    Add(data, ConfigurationPath.Combine(key, $"{index}"), element);
                }

                break;
            default:
                // As the provider for JSON has it: an empty array is an empty text, which binds to an empty list; an empty object is nothing.
                data[key] = value is HoconArray ? string.Empty : value is HoconScalar { Kind: not HoconKind.Null } scalar ? scalar.Text : null;
                break;
        }
    }
}

/// <summary>Adds HOCON to a configuration.</summary>
public static class HoconConfigurationExtensions
{
    /// <summary>Adds a tree that stays as it is.</summary>
    public static IConfigurationBuilder AddHocon(this IConfigurationBuilder builder, HoconObject tree) =>
        builder.AddHocon(new LiveSettings<HoconObject>(tree));

    /// <summary>Adds a tree that may change.</summary>
    public static IConfigurationBuilder AddHocon(this IConfigurationBuilder builder, ISettings<HoconObject> tree) =>
        builder.Add(new HoconConfigurationSource(tree));
}
