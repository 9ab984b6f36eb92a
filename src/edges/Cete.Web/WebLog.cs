using Microsoft.Extensions.Logging;

namespace Cete.Web;

/// <summary>What the web door writes to the log.</summary>
internal static partial class WebLog
{
    [LoggerMessage(6001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger log, Exception error, string method, string path);
}
