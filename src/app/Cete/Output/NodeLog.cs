using Cete.Configuration;
using Microsoft.Extensions.Logging;

namespace Cete.App.Output;

/// <summary>
/// The events of a node. Numbers stay for ever, since people search and filter by them; TELEMETRY.md of Cete.Cluster lists them with what to do.
/// </summary>
internal static partial class NodeLog
{
    private static volatile ISettings<EffectiveSettings>? _settings;

    /// <summary>The log of this process: there is one error stream.</summary>
    public static ILogger Log { get; } = new LogOutput(Console.Error, TimeProvider.System, () => _settings?.Current.Values.Log);

    /// <summary>Does as the settings say from now on.</summary>
    public static void Follow(ISettings<EffectiveSettings> settings) => _settings = settings;

    [LoggerMessage(1001, LogLevel.Information, "node {Node} of community '{Community}' is ready at {Address}; others meet it at {Fabric}")]
    public static partial void Ready(ILogger log, string node, string community, Uri address, string fabric);

    [LoggerMessage(1002, LogLevel.Information, "the node stops")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(1003, LogLevel.Information, "metrics and traces are sent to {Collector}")]
    public static partial void TelemetryOn(ILogger log, string collector);

    [LoggerMessage(1010, LogLevel.Information, "{Text}")]
    public static partial void SettingsSaid(ILogger log, string text);

    [LoggerMessage(1011, LogLevel.Information, "{Text}")]
    public static partial void WebCertificateSaid(ILogger log, string text);

    [LoggerMessage(1020, LogLevel.Error, "{Actor} failed ({Answer}): {Cause}")]
    public static partial void ActorFailed(ILogger log, string actor, string answer, string cause);

    [LoggerMessage(1021, LogLevel.Error, "a mistake of the program's own in {Method} {Path}")]
    public static partial void RequestFailed(ILogger log, Exception bug, string method, string path);

    [LoggerMessage(1030, LogLevel.Information, "node {Node} '{Name}' is there")]
    public static partial void MemberJoined(ILogger log, string node, string name);

    [LoggerMessage(1031, LogLevel.Warning, "node {Node} '{Name}' does not answer")]
    public static partial void MemberSuspected(ILogger log, string node, string name);

    [LoggerMessage(1032, LogLevel.Warning, "node {Node} '{Name}' is gone")]
    public static partial void MemberGone(ILogger log, string node, string name);

    [LoggerMessage(1033, LogLevel.Information, "node {Node} '{Name}' has left")]
    public static partial void MemberLeft(ILogger log, string node, string name);

    [LoggerMessage(1034, LogLevel.Information, "group '{Group}' begins on this node: nobody in the community had it")]
    public static partial void GroupBegins(ILogger log, string group);

    [LoggerMessage(1035, LogLevel.Information, "group '{Group}': {Step}")]
    public static partial void Placed(ILogger log, string group, string step);

    [LoggerMessage(1036, LogLevel.Error, "{Trouble}; {Mend}")]
    public static partial void TwoGroups(ILogger log, string trouble, string mend);

    [LoggerMessage(1037, LogLevel.Error, "{Trouble}")]
    public static partial void OldCopy(ILogger log, string trouble);

    [LoggerMessage(1038, LogLevel.Information, "the old copy of group '{Group}' has caught up with what it had acknowledged")]
    public static partial void CopyCaughtUp(ILogger log, string group);

    [LoggerMessage(1039, LogLevel.Warning, "nobody who is there has group '{Group}', and it does not begin on this node: {Reason}")]
    public static partial void GroupWaits(ILogger log, string group, string reason);

    [LoggerMessage(1040, LogLevel.Warning, "{Reason}")]
    public static partial void MeetingRefused(ILogger log, string reason);

    [LoggerMessage(1041, LogLevel.Warning, "the node's certificate could not be renewed: {Reason}; it counts until {Ends}")]
    public static partial void RenewalFailed(ILogger log, string reason, DateTimeOffset ends);

    [LoggerMessage(1042, LogLevel.Warning, "the roster that was kept does not count any more ({Reason}); it is fetched anew")]
    public static partial void RosterRefused(ILogger log, string reason);

    [LoggerMessage(1043, LogLevel.Error, "{Reason}")]
    public static partial void TrustFileFailed(ILogger log, string reason);

    [LoggerMessage(1044, LogLevel.Error, "another process was started as node {Node} with a copy of its keys; it is to stop by itself")]
    public static partial void Twin(ILogger log, string node);

    [LoggerMessage(1045, LogLevel.Warning, "what the roster need not list any more could not be forgotten: {Reason}; it is tried again")]
    public static partial void PruningFailed(ILogger log, string reason);

    [LoggerMessage(1046, LogLevel.Information, "this node can let others into the community from now on, by the issuing key {Issuer}")]
    public static partial void Issues(ILogger log, string issuer);

    [LoggerMessage(1047, LogLevel.Warning, "an issuing key could not be handed to another node that keeps the roster: {Reason}; it is tried again")]
    public static partial void KeyNotHandedOut(ILogger log, string reason);

    [LoggerMessage(1048, LogLevel.Warning, "the community's accounts could not be begun: {Reason}")]
    public static partial void AccountsNotBegun(ILogger log, string reason);

    [LoggerMessage(1049, LogLevel.Warning, "the bank could not be looked after: {Reason}; it is tried again")]
    public static partial void BankNotKept(ILogger log, string reason);

    [LoggerMessage(1050, LogLevel.Information, "the key {Key} signed for the account {Account}: {What}")]
    public static partial void DelegateSigned(ILogger log, string key, string account, string what);

    [LoggerMessage(1051, LogLevel.Warning, "the cache could not fetch {What}; it is tried again when somebody else asks for it")]
    public static partial void CacheFailed(ILogger log, string what);

    [LoggerMessage(1052, LogLevel.Warning, "described services could not be looked after: {Reason}; it is tried again")]
    public static partial void ServicesNotKept(ILogger log, string reason);
}
