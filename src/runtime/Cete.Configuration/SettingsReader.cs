using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>Reads values within their ranges and gathers what is wrong, so that all of it is told at once.</summary>
internal sealed class SettingsReader(HoconObject configuration)
{
    /// <summary>What is wrong, as <c>file:line:column: what, and how to mend it</c>.</summary>
    public List<string> Problems { get; } = [];

    public string Text(string path) => Read(path, configuration.GetString, _ => null);

    public long Number(string path, long min, long max) =>
        Read(path, configuration.GetInt64, value => value < min || value > max ? $"is a number from {min} to {max}" : null);

    public long Size(string path, long min, long max) =>
        Read(path, configuration.GetBytes, value => value < min || value > max ? $"is a size from {min} to {max} bytes" : null);

    public TimeSpan Duration(string path, TimeSpan min, TimeSpan max) =>
        Read(path, configuration.GetDuration, value => value < min || value > max ? $"is a duration from {min} to {max}" : null);

    private T Read<T>(string path, Func<string, T> read, Func<T, string?> check)
    {
        try
        {
            var value = read(path);
            if (check(value) is { } problem)
            {
                Problems.Add($"{configuration.Get(path).Origin}: {path} {problem}; it is {value}");
            }

            return value;
        }
        catch (HoconException error)
        {
            Problems.AddRange(error.Errors.Select(e => e.ToString()));
            return default!;
        }
    }
}
