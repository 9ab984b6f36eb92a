using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Configuration;
using Cete.Core;
using Microsoft.Extensions.Logging;

namespace Cete.App.Output;

/// <summary>One event of a node's log, for programs.</summary>
internal sealed record LogLine(DateTimeOffset Time, string Level, int Event, string Name, string Text, string? Exception);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class LogJson : JsonSerializerContext;

/// <summary>What a node says to the people who run it: numbered events on the error stream, a line each. For several callers at once.</summary>
internal sealed class LogOutput(TextWriter writer, TimeProvider clock, Func<LogSettings?> settings) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LeastOf(settings()?.Level);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // What others named must not look like lines of its own.
        var (level, text) = (NameOf(logLevel), EntryName.Show(formatter(state, exception)));
        var line = settings()?.Format == "json"
            ? JsonSerializer.Serialize(
                new LogLine(clock.GetUtcNow(), level, eventId.Id, eventId.Name ?? string.Empty, text, exception?.ToString()), LogJson.Default.LogLine)
            : $"cete: {clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {level} {eventId.Id} {text}{(exception is null ? string.Empty : $": {exception}")}";
        try
        {
            writer.WriteLine(line);
        }
        catch (IOException)
        {
            // Whoever read it is gone; the node goes on.
            return;
        }
    }

    private static LogLevel LeastOf(string? name) => name switch
    {
        "debug" => LogLevel.Debug,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        _ => "error",
    };
}
