using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service show</c>: what a service is made of.</summary>
internal static class ShowVerb
{
    /// <summary>The argument that names a service.</summary>
    public static Argument<string> NameArgument() => new("NAME") { Description = "The service." };

    /// <summary>An edition, where that is not the one in use.</summary>
    public static Option<long?> EditionOption() => new("--edition", "-e") { Description = "An edition; the one in use when absent.", HelpName = "N" };

    public static Command Make()
    {
        var (name, edition) = (NameArgument(), EditionOption());
        return AccountVerbs.Make(
            "show", Common.WithExamples("Show what a service is made of.", "cete service show library", "cete service show library --edition 2"),
            [name, edition],
            async (client, parsed, json, stop) =>
            {
                var found = await new ServicesClient(client).DescribeAsync(parsed.GetRequiredValue(name), parsed.GetValue(edition), stop);
                if (!found.Succeeded)
                {
                    return ExitCodes.Say(found.Failure);
                }

                if (json)
                {
                    JsonOut.Line(found.Value, ServicesJson.Default.ServiceDescription);
                    return ExitCodes.Ok;
                }

                var reading = DescriptorReader.ReadJson(Comparison.JsonOf(found.Value), found.Value.Name);
                if (reading.Descriptor is not { } descriptor)
                {
                    return ExitCodes.Say(new Failure(FailureKind.Unavailable, $"this program is older than the description: {reading.Errors}"));
                }

                foreach (var line in Lines(descriptor, found.Value))
                {
                    Console.WriteLine(EntryName.Show(line));
                }

                return ExitCodes.Ok;
            });
    }

    private static IEnumerable<string> Lines(ServiceDescriptor service, ServiceDescription written)
    {
        var language = CultureInfo.CurrentUICulture.Name;
        yield return $"{service.Name} {service.Version}, edition {written.Edition}: {service.Title.In(language)}";
        if (service.About.In(language) is { Length: > 0 } about)
        {
            yield return $"  {about}";
        }

        foreach (var kind in service.Records)
        {
            yield return $"records {kind.Name}: {string.Join(", ", kind.Fields.Select(field => $"{field.Name} ({FieldTypes.NameOf(field.Type)})"))}";
            foreach (var rule in (string[])["list", "view", "create", "update", "delete"])
            {
                yield return $"  {rule}: {Rule(written, "records", kind.Name, "rules", rule)}";
            }
        }

        foreach (var action in service.Actions)
        {
            yield return $"action {action.Name}{(action.On is { } on ? $" on {on}" : string.Empty)}: {Rule(written, "actions", action.Name, "who")}";
        }

        foreach (var hook in service.Hooks)
        {
            yield return hook.Trigger == HookTrigger.Schedule ? $"hook {hook.Name}: every {hook.Every}" : $"hook {hook.Name}: on {hook.Source} {hook.Trigger}";
        }

        foreach (var view in service.Views)
        {
            yield return $"view {view.Name}: {view.Kind}{(view.Records.Length > 0 ? $" of {view.Records}" : string.Empty)}";
        }
    }

    /// <summary>A rule as its author wrote it.</summary>
    private static string Rule(ServiceDescription written, params ReadOnlySpan<string> path)
    {
        JsonNode? at = written.Description;
        foreach (var name in path)
        {
            at = (at as JsonObject)?[name];
        }

        return at is null ? "nobody" : at.ToString() is { Length: > 0 } condition ? $"if {condition}" : "everybody";
    }
}
