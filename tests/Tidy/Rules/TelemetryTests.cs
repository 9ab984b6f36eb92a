namespace Cete.Tidy.Tests.Rules;

public sealed class TelemetryTests
{
    private const string Source = "src/app/Cete/Log.cs";

    [Fact]
    public void TableAndSourceAgree() => Tidy.AssertClean(Telemetry.Findings(Checkout.Here));

    [Fact]
    public void EveryDisagreementIsFound()
    {
        var planted = Checkout.Planted(
            (Source, """
            var known = Meter.CreateCounter<long>("cete.known", "By", "x");
            var other = Meter.CreateHistogram<int>(
                "cete.unit", "ms", "x");
            var missing = Meter.CreateGauge<int>("cete.missing", "s", "x");
            using var span = Source.StartActivity("cete.span");
            using var unknown = Source.StartActivity("cete.lost", Kind.Client);
            [LoggerMessage(1001, LogLevel.Error, "x")]
            public static partial void Known(ILogger log);
            [LoggerMessage(1001, LogLevel.Error, "x")]
            public static partial void Known(ILogger log, int again);
            [LoggerMessage(2001, LogLevel.Error, "x")]
            public static partial void Elsewhere(ILogger log);
            """),
            (Telemetry.Table, """
            | `cete.known` | counter | By | what | none |
            | `cete.unit` | histogram | s | what | none |
            | `cete.gone` | gauge | s | what | none |
            | `cete.span` | what | none |
            | `cete.no.span` | what | none |
            | `src/app/Cete` | 1001 to 1999 |
            | 1001 | error | Known | nothing |
            | 2001 | error | Elsewhere | nothing |
            | 1002 | error | Gone | nothing |
            """));
        Tidy.AssertFound(
            Telemetry.Findings(planted), $"{Source}:2", $"{Source}:4", $"{Source}:6", $"{Source}:9", $"{Source}:11",
            $"{Telemetry.Table}:2", $"{Telemetry.Table}:3", $"{Telemetry.Table}:5", $"{Telemetry.Table}:9");
    }
}
