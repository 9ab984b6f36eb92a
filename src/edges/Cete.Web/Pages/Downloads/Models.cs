using Cete.Core;
using Cete.Ports;

namespace Cete.Web.Pages.Downloads;

// Razor makes its components public, and with them what they are given.

/// <summary>What every page of the agent shows around its content.</summary>
/// <param name="Now">Against which "3 minutes ago" is said.</param>
/// <param name="Styles">Addresses of the style sheets.</param>
/// <param name="Script">Address of the script.</param>
/// <param name="Icon">Address of the icon.</param>
/// <param name="Token">Shows that a form is one of this page.</param>
public sealed record DownloadsFrame(Instant Now, IReadOnlyList<string> Styles, string Script, string Icon, string Token);

/// <summary>All downloads.</summary>
/// <param name="Open">Those that have not ended, in their order, with what they do where they run.</param>
/// <param name="Ended">Those that have, the newest first.</param>
public sealed record DownloadsModel(IReadOnlyList<(DownloadJob Job, JobDetails? Details)> Open, IReadOnlyList<DownloadJob> Ended);

/// <summary>One download.</summary>
/// <param name="Job">The download.</param>
/// <param name="Details">What it does; of one that does not run nothing.</param>
/// <param name="Previews">Where what is here of its files can be looked at, by their numbers.</param>
public sealed record DownloadModel(DownloadJob Job, JobDetails Details, IReadOnlyDictionary<int, string> Previews);

/// <summary>A file of a download that is looked at.</summary>
/// <param name="Job">The download.</param>
/// <param name="File">The file.</param>
/// <param name="Address">Where its bytes are.</param>
public sealed record DownloadFileModel(DownloadJob Job, JobFile File, string Address);

/// <summary>Something that cannot be shown.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Message">What, and what to do.</param>
public sealed record DownloadsProblem(int Status, string Message);
