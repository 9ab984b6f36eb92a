using System.Runtime.CompilerServices;
using Cete.Actors;
using Cete.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cete.App.Compose.Operations;

/// <summary>Sends metrics and traces to a collector by OTLP. A node without one loads none of this.</summary>
internal static class Telemetry
{
    private const string ServiceName = "cete";

    private static readonly string[] Meters =
    [
        ActorSystem.InstrumentationName, "Cete.Cluster", "Cete.Groups", "Cete.Net", "Cete.Net.Fabric", "Cete.Transfer", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    private static readonly string[] Sources = [ActorSystem.InstrumentationName, "Cete.Groups", "Cete.Net.Fabric", "Microsoft.AspNetCore"];

    /// <summary>Begins to send; null when nobody collects. Disposing sends what is left.</summary>
    /// <param name="settings">Where to send.</param>
    /// <param name="node">Id of the node.</param>
    public static IDisposable? Start(TelemetrySettings settings, string node) => settings.Otlp.Length == 0 ? null : Sender.Open(settings, node);

    /// <summary>What names the libraries stands in a type of its own: they are loaded when it is used.</summary>
    private sealed class Sender(MeterProvider metrics, TracerProvider traces) : IDisposable
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static Sender Open(TelemetrySettings settings, string node)
        {
            var resource = ResourceBuilder.CreateEmpty().AddService(ServiceName, serviceVersion: NodeHost.Version, serviceInstanceId: node);
            var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter((exporter, reader) =>
            {
                Address(exporter, settings, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.Interval.TotalMilliseconds;
            }).Build();
            var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources)
                .AddOtlpExporter(exporter => Address(exporter, settings, "v1/traces")).Build();
            return new Sender(metrics, traces);
        }

        public void Dispose()
        {
            traces.Dispose();
            metrics.Dispose();
        }

        private static void Address(OtlpExporterOptions exporter, TelemetrySettings settings, string path)
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri(settings.Otlp.TrimEnd('/') + "/" + path);
        }
    }
}
