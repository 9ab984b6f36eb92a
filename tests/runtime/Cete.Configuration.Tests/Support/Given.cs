namespace Cete.Configuration.Tests.Support;

/// <summary>Short ways to load settings.</summary>
internal static class Given
{
    public static SettingsLoad Text(string text, params string[] definitions)
    {
        var files = new MemoryFiles { ["x.conf"] = text };
        return new SettingsLoader(Layers("x.conf", definitions), files).Load();
    }

    public static SettingsLoad Variables(params (string Name, string Value)[] variables) => new SettingsLoader(
        new SettingsLayers { Environment = variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal) }, new MemoryFiles()).Load();

    public static SettingsLayers Layers(string file, params string[] definitions) => new()
    {
        Files = [new SettingsFile(file, true)],
        Definitions = [.. definitions.Select(text => Definition.Parse(text).Value)],
    };

    public static string OneProblem(SettingsLoad load)
    {
        Assert.Null(load.Settings);
        return Assert.Single(load.Problems).ToString();
    }

    public static string OneWarning(SettingsLoad load)
    {
        Assert.NotNull(load.Settings);
        return Assert.Single(load.Warnings).ToString();
    }

    public static SettingValue Value(SettingsLoad load, string path) => load.Settings!.List.Single(value => value.Setting.Path == path);
}
