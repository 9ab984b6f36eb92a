using System.Globalization;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Services;
using Cete.Core;
using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Open;

/// <summary>Finds a service, and reads what its node tells of it.</summary>
internal static class ServiceFinder
{
    /// <summary>The argument that names it.</summary>
    public static System.CommandLine.Argument<string> NameArgument() => new("SERVICE") { Description = "The service; 'cete service list' lists them." };

    /// <summary>The service, in the language of whoever asks.</summary>
    public static async Task<Outcome<Scene>> FindAsync(NodeClient client, string name, CancellationToken stop)
    {
        var services = new ServicesClient(client);
        var found = await services.DescribeAsync(name, null, stop);
        if (!found.Succeeded)
        {
            var known = found.Failure.Kind == FailureKind.NotFound ? await services.ListAsync(stop) : found.Failure;
            return known is { Succeeded: true, Value.Services.Count: > 0 and var count }
                ? found.Failure with { Message = $"{found.Failure.Message}; there are {Names(known.Value, count)}" }
                : found.Failure;
        }

        var reading = DescriptorReader.ReadJson(Comparison.JsonOf(found.Value), found.Value.Name);
        return reading.Descriptor is { } descriptor
            ? new Scene(descriptor, CultureInfo.CurrentUICulture.Name, TimeZoneInfo.Local) { Now = TimeProvider.System.GetUtcNow() }
            : new Failure(FailureKind.Unavailable, $"this program is older than the description: {reading.Errors}");
    }

    private static string Names(Api.ServiceList list, int count)
    {
        const int NamesMax = 20;
        return string.Join(", ", list.Services.Take(NamesMax).Select(service => service.Name)) + (count > NamesMax ? "..." : string.Empty);
    }
}
