namespace Cete.Api;

/// <summary>A ticket is wanted.</summary>
/// <param name="Content">Root of the content.</param>
/// <param name="Key">Id of the key that will make the connections.</param>
public sealed record TicketRequest(string? Content, string? Key);

/// <summary>A ticket.</summary>
/// <param name="Ticket">Shown at the peer door in the field <c>Cete-Ticket</c>.</param>
/// <param name="Until">When it ends.</param>
public sealed record TicketAnswer(string Ticket, DateTimeOffset Until);

/// <summary>An address is wanted by which anybody can download.</summary>
/// <param name="Content">Root of the content.</param>
/// <param name="Name">Under which name it is to be saved.</param>
/// <param name="Hours">How long it counts, 1 to 720.</param>
/// <param name="Bytes">How much one node sends for it; 0 for no bound.</param>
public sealed record CapabilityRequest(string? Content, string? Name = null, int Hours = 24, long Bytes = 0);

/// <summary>Such an address.</summary>
/// <param name="Path">At any node of the community that has the content.</param>
/// <param name="Until">When it ends.</param>
public sealed record CapabilityAnswer(string Path, DateTimeOffset Until);
