using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>Settings from variables: <c>CETE_HTTP_LISTEN</c> sets <c>cete.http.listen</c>. An empty variable counts as none.</summary>
internal static class EnvironmentLayer
{
    private const string Prefix = "CETE_";

    /// <summary>Variables of other meaning: what verbs take where an option is not given, and whether a mistake shows where it happened.</summary>
    private static readonly string[] Others = ["CETE_AGENT", "CETE_CA", "CETE_DEBUG", "CETE_KEY", "CETE_NODE", "CETE_SETTINGS"];

    public static (List<Definition> Definitions, List<HoconError> Problems, List<HoconError> Warnings) Read(IReadOnlyDictionary<string, string> environment)
    {
        var (definitions, problems, warnings) = (new List<Definition>(), new List<HoconError>(), new List<HoconError>());
        var settings = NodeSettings.All.ToDictionary(setting => setting.Variable, StringComparer.Ordinal);
        foreach (var (name, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || Others.Contains(name) || value.Length == 0)
            {
                continue;
            }

            if (!settings.TryGetValue(name, out var setting))
            {
                warnings.Add(new HoconError("environment", 0, 0, $"{Nearest.Describe(name, settings.Keys, '_')}"));
                continue;
            }

            var made = Definition.Make(setting.Path, value, $"environment {name}");
            if (made.Succeeded)
            {
                definitions.Add(made.Value);
            }
            else
            {
                problems.Add(new HoconError($"environment {name}", 0, 0, made.Failure.Message));
            }
        }

        return (definitions, problems, warnings);
    }
}
