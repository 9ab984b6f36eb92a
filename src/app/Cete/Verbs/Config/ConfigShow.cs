using System.Text.Json;
using Cete.App.Compose;
using Cete.App.Output;
using Cete.Configuration;
using Cete.Core;
using Cete.Hocon;

namespace Cete.App.Verbs.Config;

/// <summary>A value for scripts.</summary>
internal sealed record OriginLine(string Path, string Value, string Origin, bool? Live);

/// <summary><c>cete config show</c>.</summary>
internal static class ConfigShow
{
    /// <summary>Shows the settings that count.</summary>
    public static int Settings(SettingsLoad load, bool origins, bool json)
    {
        var code = SettingsOutput.Say(load);
        if (load is not { Settings: { } settings, Tree: { } tree })
        {
            return code;
        }

        if (json && !origins)
        {
            Console.WriteLine(HoconWriter.ToJson(HoconObject.Of([new("cete", tree["cete"])]), indented: true));
            return ExitCodes.Ok;
        }

        foreach (var value in settings.List)
        {
            Line(value.Setting.Path, value.Text, value.Origin, value.Setting.IsLive, json);
        }

        return ExitCodes.Ok;
    }

    /// <summary>Shows any file as it is understood.</summary>
    public static int File(string path, IReadOnlyList<Definition> definitions, bool origins, bool json)
    {
        var resolved = HoconFiles.Resolve(path, definitions);
        if (resolved.Failure is { } failure)
        {
            foreach (var line in failure.Message.Split('\n'))
            {
                SettingsOutput.Line(line);
            }

            return ExitCodes.Of(failure);
        }

        if (!origins)
        {
            Console.WriteLine(json ? HoconWriter.ToJson(resolved.Value, indented: true) : HoconWriter.ToHocon(resolved.Value));
            return ExitCodes.Ok;
        }

        foreach (var (key, value) in resolved.Value.Leaves())
        {
            Line(key.ToString(), value.ToString(), Show(value.Origin), null, json);
        }

        return ExitCodes.Ok;
    }

    private static string Show(HoconOrigin origin) => origin.Source == Definition.OptionSource ? origin.Source : $"{origin}";

    private static void Line(string path, string value, string origin, bool? live, bool json)
    {
        if (json)
        {
            var text = value.StartsWith('"') ? JsonSerializer.Deserialize(value, OutputJson.Default.String)! : value;
            JsonOut.Line(new OriginLine(path, text, origin, live), OutputJson.Default.OriginLine);
            return;
        }

        var change = live is null ? string.Empty : live.Value ? ", live" : ", restart";
        Console.WriteLine(EntryName.Show($"{path} = {value}  # {origin}{change}"));
    }
}
